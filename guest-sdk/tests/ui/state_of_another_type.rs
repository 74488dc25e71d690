#[guest_sdk::space]
mod app {
    struct Model;

    #[init]
    fn load() -> guest_sdk::Result<Model> {
        Ok(Model)
    }

    #[endpoint]
    fn predict(model: &Vec<f64>, x: f64) -> f64 {
        model[0] * x
    }
}

fn main() {}
