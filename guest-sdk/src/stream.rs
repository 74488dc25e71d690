//! What a running call tells the visitor before it returns. Natively both do nothing.

use crate::Value;

/// Reports progress: `fraction` in 0..1, or `None` where the end is not known.
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
