//! What a running call tells the visitor before it returns. Natively all of it does nothing.

use std::fmt;
use std::marker::PhantomData;

use crate::Value;
use crate::component::Outputs;

/// Partial outputs of an endpoint that returns `T`: take it as a parameter `stream: &mut Stream<T>`.
pub struct Stream<T> {
    outputs: PhantomData<fn(T)>,
}

impl<T: Outputs> Stream<T> {
    /// Shows the visitor what is known so far. Outputs that are `None` stay as they are.
    ///
    /// Blocks while the visitor's connection is slower than the guest.
    pub fn emit(&mut self, outputs: T) {
        emit(&outputs.into_values());
    }

    /// Reports progress: `fraction` in 0..1.
    pub fn progress(&mut self, fraction: f64, message: impl AsRef<str>) {
        progress(Some(fraction), message.as_ref());
    }

    #[doc(hidden)]
    pub fn __open() -> Self {
        Self { outputs: PhantomData }
    }
}

impl<T> fmt::Debug for Stream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stream")
    }
}

/// Reports progress: `fraction` in 0..1, or `None` where the end is not known. Any endpoint may call it.
pub fn progress(fraction: Option<f64>, message: &str) {
    #[cfg(target_arch = "wasm32")]
    crate::bindings::vitrine::space::stream::progress(fraction, message);
    #[cfg(not(target_arch = "wasm32"))]
    let _ = (fraction, message);
}

/// Sends partial outputs, one per output of the endpoint, in order; [`Value::Null`] leaves an output as it is.
///
/// Blocks while the visitor's connection is slower than the guest.
pub fn emit(outputs: &[Value]) {
    #[cfg(target_arch = "wasm32")]
    crate::bindings::vitrine::space::stream::emit(outputs);
    #[cfg(not(target_arch = "wasm32"))]
    let _ = outputs;
}
