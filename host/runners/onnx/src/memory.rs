//! Tells the allocator what lasts, so that the memory which is frozen after loading lies close together.
//!
//! Only the sandbox freezes memory; elsewhere nothing here does anything.

#[cfg(target_arch = "wasm32")]
use std::sync::atomic::{AtomicBool, Ordering};

/// A block of at least this many bytes is placed by how long it lasts.
pub(crate) const LARGE_BYTES: usize = 16 << 10;

#[cfg(target_arch = "wasm32")]
static LASTING: AtomicBool = AtomicBool::new(false);

/// Runs `build`; the large blocks that it allocates are expected to last as long as the space.
///
/// A wrong guess costs room, nothing else.
#[cfg(target_arch = "wasm32")]
pub(crate) fn lasting<T>(build: impl FnOnce() -> T) -> T {
    let before = LASTING.swap(true, Ordering::Relaxed);
    let result = build();
    LASTING.store(before, Ordering::Relaxed);
    result
}

/// Runs `build`.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn lasting<T>(build: impl FnOnce() -> T) -> T {
    build()
}

/// True inside [`lasting`].
#[cfg(target_arch = "wasm32")]
pub(crate) fn is_lasting() -> bool {
    LASTING.load(Ordering::Relaxed)
}
