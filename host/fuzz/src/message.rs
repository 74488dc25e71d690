//! What every message to an author or a visitor must be.

/// The longest message, in bytes: a screenful.
const MAX_MESSAGE_BYTES: usize = 4096;

/// Checks that an error says something, and not too much, in characters that steer no terminal.
pub(crate) fn check(error: &dyn std::fmt::Display) {
    let text = error.to_string();
    assert!(!text.trim().is_empty(), "a message is empty");
    assert!(text.len() <= MAX_MESSAGE_BYTES, "a message has {} bytes: {text}", text.len());
    let steering = text.chars().find(|c| c.is_control());
    assert!(steering.is_none(), "a message has the control character {steering:?}: {text:?}");
}
