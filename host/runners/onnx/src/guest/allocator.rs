//! Leaves the memory that `init` builds dense, since the host freezes it and stores it with every space.
//!
//! Loading a model goes through several copies of its weights (the file, its protobuf, plain tensors, packed ones), and
//! the last of them would lie behind the holes of the others. So large blocks come from a [`Region`] of their own, where
//! those that last are placed from its bottom and those of loading above them. What is freed while the model loads is
//! left as zeros: whatever follows the last byte that is set is not stored at all.
#![expect(unsafe_code, reason = "a global allocator is an unsafe trait")]

mod region;

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};

use self::region::Region;
use crate::memory::{LARGE_BYTES, is_lasting};

/// Blocks below this size are left as they are: they add up to little.
const MIN_CLEARED_BYTES: usize = 1024;

/// True while the model loads.
static LOADING: AtomicBool = AtomicBool::new(false);

#[global_allocator]
static ALLOCATOR: Placing = Placing { region: Region::new() };

/// Runs `load`; large blocks that it frees are cleared.
pub(super) fn clearing<T>(load: impl FnOnce() -> T) -> T {
    LOADING.store(true, Ordering::Relaxed);
    let result = load();
    LOADING.store(false, Ordering::Relaxed);
    result
}

/// The system's allocator for small blocks, a region for large ones.
struct Placing {
    region: Region,
}

impl Placing {
    fn clears(layout: Layout) -> bool {
        layout.size() >= MIN_CLEARED_BYTES && LOADING.load(Ordering::Relaxed)
    }

    fn is_large(layout: Layout) -> bool {
        layout.size() >= LARGE_BYTES
    }

    /// # Safety
    /// As [`GlobalAlloc::alloc`], with a large layout.
    unsafe fn alloc_large(&self, layout: Layout) -> *mut u8 {
        if !LOADING.load(Ordering::Relaxed) || is_lasting() {
            return self.region.alloc(layout, true);
        }
        if self.region.is_unused() {
            // The first large block is the model's file. What is built of it is about as large and goes to the bottom of
            // the region; small blocks lie below, for which the system's allocator gets its room now.
            let small = layout.size() / 8 + (256 << 10);
            // SAFETY: the size is not zero; the block goes back at once, and stays the allocator's.
            unsafe {
                let small = Layout::from_size_align_unchecked(small, 1);
                let block = System.alloc(small);
                if !block.is_null() {
                    System.dealloc(block, small);
                }
            }
            self.region.reserve(layout.size() + layout.size() / 4);
        }
        self.region.alloc(layout, false)
    }
}

// SAFETY: every block comes from `System` or the region, told apart by its size, and goes back to where it came from
// with the layout it came with.
unsafe impl GlobalAlloc for Placing {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if Self::is_large(layout) {
            // SAFETY: the layout is large.
            return unsafe { self.alloc_large(layout) };
        }
        // SAFETY: the caller's duties are those of `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if Self::is_large(layout) {
            // SAFETY: the layout is large.
            let block = unsafe { self.alloc_large(layout) };
            if !block.is_null() {
                // SAFETY: the block is `layout.size()` bytes long.
                unsafe { ptr::write_bytes(block, 0, layout.size()) };
            }
            return block;
        }
        // SAFETY: the caller's duties are those of `System`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if Self::clears(layout) {
            // SAFETY: the caller owns the block, which is `layout.size()` bytes long.
            unsafe { ptr::write_bytes(block, 0, layout.size()) };
        }
        if Self::is_large(layout) {
            // SAFETY: the block is large, so it came from the region.
            unsafe { self.region.dealloc(block, layout) };
            return;
        }
        // SAFETY: the caller's duties are those of `System`.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: the caller promises that `new_size`, rounded up to the alignment, fits `isize`.
        let new_layout = unsafe { Layout::from_size_align_unchecked(new_size, layout.align()) };
        if !Self::clears(layout) && !Self::is_large(layout) && !Self::is_large(new_layout) {
            // SAFETY: the caller's duties are those of `System`.
            return unsafe { System.realloc(block, layout, new_size) };
        }
        // SAFETY: `new_size` is not zero, which the caller promises.
        let new_block = unsafe { self.alloc(new_layout) };
        if !new_block.is_null() {
            // SAFETY: both blocks are at least as long as the shorter of them, and distinct.
            unsafe { ptr::copy_nonoverlapping(block, new_block, layout.size().min(new_size)) };
            // SAFETY: the caller owns the block.
            unsafe { self.dealloc(block, layout) };
        }
        new_block
    }
}
