#[guest_sdk::space]
mod app {
    #[init]
    fn load() -> u32 {
        0
    }

    #[endpoint]
    fn predict(counter: &mut u32, x: f64) -> f64 {
        x
    }
}

fn main() {}
