#[guest_sdk::space]
mod app {
    #[endpoint]
    fn predict(x: f64) {}
}

fn main() {}
