#[guest_sdk::space]
mod app {
    struct Model;

    #[endpoint]
    fn predict(model: &Model, x: f64) -> f64 {
        x
    }
}

fn main() {}
