#[guest_sdk::space]
mod app {
    #[endpoint]
    fn shout(text: &str) -> String {
        text.to_uppercase()
    }
}

fn main() {}
