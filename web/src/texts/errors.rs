//! What is wrong with what was entered, and why a call has failed, where the browser finds it.

pub(crate) const FILL_IN_FIRST: &str = "Fill this in first.";
pub(crate) const CHOOSE_FILE_FIRST: &str = "Choose a file first.";
pub(crate) const WRITE_FIRST: &str = "Write a message first.";
pub(crate) const CHOOSE_OF_LIST: &str = "Choose one of the list.";

pub(crate) fn not_a_number(text: &str) -> String {
    format!("`{text}` is not a number.")
}

pub(crate) fn not_json(error: &serde_json::Error) -> String {
    format!("This is not valid JSON: {error}.")
}

/// What is wrong with one input; `message` is a sentence.
pub(crate) fn of_input(label: &str, message: &str) -> String {
    format!("{label}: {message}")
}

pub(crate) fn unreadable_file(name: &str) -> String {
    format!("`{name}` cannot be read.")
}

pub(crate) fn files_too_large(size: &str, limit: &str) -> String {
    format!("The files come to {size}; this server takes at most {limit}.")
}

pub(crate) const GIVEN_UP: &str = "the call was given up";
pub(crate) const CANNOT_BUILD_REQUEST: &str = "The browser cannot build the request.";
pub(crate) const CONNECTION_ENDED: &str = "The connection ended before the answer was complete. Try again.";
pub(crate) const EMPTY_ANSWER: &str = "The answer is empty.";
pub(crate) const UNREADABLE_ANSWER: &str = "The answer cannot be read.";
pub(crate) const UNREACHABLE: &str = "The server cannot be reached. Check the connection and try again.";
pub(crate) const TOO_LARGE: &str = "The files are larger than this server takes.";
pub(crate) const TOO_MANY: &str = "Too many calls in a short time. Wait a moment and try again.";
pub(crate) const BUSY: &str = "The server is busy. Try again in a moment.";

pub(crate) fn status(status: u16) -> String {
    format!("The server answered with status {status}.")
}
