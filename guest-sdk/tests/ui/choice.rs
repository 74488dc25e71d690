#[derive(Clone, Copy, PartialEq, guest_sdk::Choice)]
enum Tone {
    Plain,
    Custom(u8),
}

#[derive(guest_sdk::Choice)]
struct Point;

fn main() {}
