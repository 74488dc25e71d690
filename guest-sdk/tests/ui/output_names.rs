#[guest_sdk::space]
mod app {
    #[endpoint(outputs = ["one"])]
    fn two(x: f64) -> (f64, f64) {
        (x, x)
    }
}

fn main() {}
