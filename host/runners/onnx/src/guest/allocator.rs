//! Memory that is freed while the model loads is left as zeros.
//!
//! The host freezes the memory that `init` leaves. Loading a model goes through several copies of its weights (the file,
//! its protobuf, plain tensors), and what they leave behind would be stored with every space. Zeros are not.
#![expect(unsafe_code, reason = "a global allocator is an unsafe trait")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};

/// Blocks below this size are left as they are: they add up to little.
const MIN_CLEARED_BYTES: usize = 1024;

/// True while the model loads.
static LOADING: AtomicBool = AtomicBool::new(false);

#[global_allocator]
static ALLOCATOR: Clearing = Clearing;

/// Runs `load`; large blocks that it frees are cleared.
pub(super) fn clearing<T>(load: impl FnOnce() -> T) -> T {
    LOADING.store(true, Ordering::Relaxed);
    let result = load();
    LOADING.store(false, Ordering::Relaxed);
    result
}

/// The system's allocator, which clears what is freed while the model loads.
struct Clearing;

impl Clearing {
    fn clears(layout: Layout) -> bool {
        layout.size() >= MIN_CLEARED_BYTES && LOADING.load(Ordering::Relaxed)
    }
}

// SAFETY: every block comes from `System` and goes back to it with the layout it came with.
unsafe impl GlobalAlloc for Clearing {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's duties are those of `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's duties are those of `System`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if Self::clears(layout) {
            // SAFETY: the caller owns the block, which is `layout.size()` bytes long.
            unsafe { ptr::write_bytes(block, 0, layout.size()) };
        }
        // SAFETY: the caller's duties are those of `System`.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        if !Self::clears(layout) {
            // SAFETY: the caller's duties are those of `System`.
            return unsafe { System.realloc(block, layout, new_size) };
        }
        // SAFETY: the caller promises that `new_size`, rounded up to the alignment, fits `isize`.
        let new_layout = unsafe { Layout::from_size_align_unchecked(new_size, layout.align()) };
        // SAFETY: `new_size` is not zero, which the caller promises.
        let new_block = unsafe { System.alloc(new_layout) };
        if !new_block.is_null() {
            // SAFETY: both blocks are at least as long as the shorter of them, and distinct.
            unsafe { ptr::copy_nonoverlapping(block, new_block, layout.size().min(new_size)) };
            // SAFETY: the caller owns the block.
            unsafe { self.dealloc(block, layout) };
        }
        new_block
    }
}
