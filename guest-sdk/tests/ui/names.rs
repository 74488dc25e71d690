#[guest_sdk::space]
mod app {
    #[endpoint]
    async fn later(x: f64) -> f64 {
        x
    }

    #[endpoint]
    fn input_name(_x: f64) -> f64 {
        0.0
    }

    #[endpoint]
    fn pattern((a, b): (f64, f64)) -> f64 {
        a + b
    }
}

fn main() {}
