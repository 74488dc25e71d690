//! The space's log, shown live to its author.
//!
//! ```
//! guest_sdk::log::info!("loaded {} labels", 1000);
//! ```
//! Natively the entries go to standard error.

pub use crate::bindings::vitrine::space::log::Level;
pub use crate::{__debug as debug, __error as error, __info as info, __trace as trace, __warn as warn};

/// Writes one entry. The host caps length and rate, and escapes control characters.
pub fn write(level: Level, message: &str) {
    #[cfg(target_arch = "wasm32")]
    crate::bindings::vitrine::space::log::write(level, message);
    #[cfg(not(target_arch = "wasm32"))]
    to_stderr(&format!("{level:?}"), message);
}

/// Records why the guest is about to trap.
pub(crate) fn panicked(message: &str) {
    #[cfg(target_arch = "wasm32")]
    crate::bindings::vitrine::space::log::panicked(message);
    #[cfg(not(target_arch = "wasm32"))]
    to_stderr("Panic", message);
}

#[cfg(not(target_arch = "wasm32"))]
#[expect(clippy::print_stderr, reason = "natively there is no host to log to")]
fn to_stderr(level: &str, message: &str) {
    eprintln!("{level}: {message}");
}

/// Logs at level `trace`, with the arguments of [`format!`].
#[doc(hidden)]
#[macro_export]
macro_rules! __trace {
    ($($argument:tt)*) => { $crate::log::write($crate::log::Level::Trace, &::std::format!($($argument)*)) };
}

/// Logs at level `debug`, with the arguments of [`format!`].
#[doc(hidden)]
#[macro_export]
macro_rules! __debug {
    ($($argument:tt)*) => { $crate::log::write($crate::log::Level::Debug, &::std::format!($($argument)*)) };
}

/// Logs at level `info`, with the arguments of [`format!`].
#[doc(hidden)]
#[macro_export]
macro_rules! __info {
    ($($argument:tt)*) => { $crate::log::write($crate::log::Level::Info, &::std::format!($($argument)*)) };
}

/// Logs at level `warn`, with the arguments of [`format!`].
#[doc(hidden)]
#[macro_export]
macro_rules! __warn {
    ($($argument:tt)*) => { $crate::log::write($crate::log::Level::Warn, &::std::format!($($argument)*)) };
}

/// Logs at level `error`, with the arguments of [`format!`].
#[doc(hidden)]
#[macro_export]
macro_rules! __error {
    ($($argument:tt)*) => { $crate::log::write($crate::log::Level::Error, &::std::format!($($argument)*)) };
}
