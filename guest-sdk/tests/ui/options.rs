#[guest_sdk::space]
mod app {
    #[endpoint]
    fn unknown(#[input(maximal = 3)] x: f64) -> f64 {
        x
    }

    #[endpoint]
    fn range(#[input(minimum = 3, maximum = 1)] x: f64) -> f64 {
        x
    }

    #[endpoint]
    fn default(#[input(minimum = 0, default = -1)] x: f64) -> f64 {
        x
    }

    #[endpoint]
    fn slider(#[input(minimum = 0, slider)] x: f64) -> f64 {
        x
    }
}

fn main() {}
