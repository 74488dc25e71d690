#[guest_sdk::space]
mod app {
    #[endpoint]
    fn predict(
        #[input(minimum = 1)] text: String,
        #[input(lines = 3)] x: f64,
        #[input(default = "yes")] tick: bool,
        #[input(default = 1)] maybe: Option<f64>,
    ) -> f64 {
        drop((text, tick, maybe));
        x
    }
}

fn main() {}
