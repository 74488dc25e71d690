#[guest_sdk::space]
mod app {
    #[endpoint]
    #[example("typo", textt = "a")]
    fn typo(text: String) -> String {
        text
    }

    #[endpoint]
    #[example("incomplete", text = "a")]
    fn incomplete(text: String, times: u32) -> String {
        text
    }
}

fn main() {}
