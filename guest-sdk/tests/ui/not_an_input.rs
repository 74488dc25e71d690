#[guest_sdk::space]
mod app {
    #[endpoint]
    fn predict(when: std::time::Duration) -> f64 {
        when.as_secs_f64()
    }
}

fn main() {}
