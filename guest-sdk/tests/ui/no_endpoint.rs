#[guest_sdk::space]
mod app {
    fn helper() {}
}

fn main() {}
