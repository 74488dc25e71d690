//! Why a function of a space failed, as the visitor reads it.

use std::fmt;

use crate::CallError;

/// What the functions of a space return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A message for the visitor. `?` makes one of any [`std::error::Error`], with its chain of causes.
///
/// ```
/// fn parse(text: String) -> guest_sdk::Result<f64> {
///     if text.is_empty() {
///         return Err(guest_sdk::Error::invalid_input("text", "write a number"));
///     }
///     Ok(text.parse()?)
/// }
/// # assert_eq!(parse("x".into()).unwrap_err().to_string(), "invalid float literal");
/// ```
// It does not implement `std::error::Error`: that would forbid the conversion from all other errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    input: Option<String>,
    message: String,
}

impl Error {
    /// A failure that no input is to blame for.
    pub fn new(message: impl fmt::Display) -> Self {
        Self { input: None, message: message.to_string() }
    }

    /// An input that does not fit: its name, and what to do about it.
    pub fn invalid_input(input: &str, message: impl fmt::Display) -> Self {
        Self { input: Some(input.to_owned()), message: message.to_string() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.input {
            Some(input) => write!(f, "{input}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl<E: std::error::Error> From<E> for Error {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            message.push_str(": ");
            message.push_str(&cause.to_string());
            source = cause.source();
        }
        Self { input: None, message }
    }
}

impl From<Error> for CallError {
    fn from(error: Error) -> Self {
        match error.input {
            Some(input) => Self::InvalidInput((input, error.message)),
            None => Self::Failed(error.message),
        }
    }
}

/// Returns early with an [`Error`] made of the arguments of [`format!`].
#[macro_export]
macro_rules! bail {
    ($($argument:tt)*) => { return ::std::result::Result::Err($crate::Error::new(::std::format!($($argument)*))) };
}
