//! What the code that `#[space]` writes calls.

use std::cell::OnceCell;

use crate::{CallError, Value};

/// The inputs of one call, handed out in order.
#[derive(Debug)]
pub struct Inputs(std::vec::IntoIter<Value>);

impl Inputs {
    /// From what the host passed.
    pub fn new(values: Vec<Value>) -> Self {
        Self(values.into_iter())
    }

    /// The next input, which the endpoint calls `name`; `read` is its type's [`Input::from_value`].
    ///
    /// [`Input::from_value`]: crate::component::Input::from_value
    ///
    /// # Errors
    /// [`CallError::InvalidInput`] when `read` refuses it.
    pub fn take<T>(&mut self, name: &str, read: fn(Value) -> Result<T, String>) -> Result<T, CallError> {
        read(self.0.next().unwrap_or(Value::Null))
            .map_err(|message| CallError::InvalidInput((name.to_owned(), message)))
    }
}

/// What `#[init]` returned. It lives as long as the frozen memory: every call sees it as `init` left it.
#[derive(Debug, Default)]
pub struct State<T: 'static>(OnceCell<&'static T>);

impl<T> State<T> {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self(OnceCell::new())
    }

    /// Keeps `value`; a second one is ignored.
    pub fn set(&self, value: T) {
        self.0.get_or_init(|| Box::leak(Box::new(value)));
    }

    /// The kept value.
    ///
    /// # Errors
    /// [`CallError::Failed`] when `init` has not run.
    pub fn get(&self) -> Result<&'static T, CallError> {
        self.0.get().copied().ok_or_else(|| CallError::Failed("the space was not initialised".to_owned()))
    }
}
