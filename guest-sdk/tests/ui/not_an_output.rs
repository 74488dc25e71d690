#[guest_sdk::space]
mod app {
    #[endpoint]
    fn predict(x: f64) -> guest_sdk::Result<std::time::Duration> {
        Ok(std::time::Duration::from_secs_f64(x))
    }
}

fn main() {}
