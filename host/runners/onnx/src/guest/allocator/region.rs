//! Memory for large blocks, first fit by address.

use std::alloc::Layout;
use std::arch::wasm32::memory_grow;
use std::cell::Cell;
use std::ptr;

/// Sizes and addresses are multiples of this, so that a free block has room for its own description.
const GRAIN_BYTES: usize = 16;
const PAGE_BYTES: usize = 64 << 10;

/// A list of free blocks in the order of their addresses, which lies in the blocks themselves.
///
/// A free block is otherwise as it was freed. Blocks in use have no description: whoever frees one knows its size.
pub(super) struct Region {
    first: Cell<*mut Free>,
    /// Blocks that do not last begin here.
    split: Cell<usize>,
}

/// The beginning of a free block.
struct Free {
    bytes: usize,
    next: *mut Free,
}

// SAFETY: a guest has one thread.
unsafe impl Sync for Region {}

impl Region {
    pub(super) const fn new() -> Self {
        Self { first: Cell::new(ptr::null_mut()), split: Cell::new(0) }
    }

    /// True until the first block.
    pub(super) fn is_unused(&self) -> bool {
        self.split.get() == 0
    }

    /// Keeps the next `bytes` of memory for blocks that last.
    pub(super) fn reserve(&self, bytes: usize) {
        if let Some(start) = self.grow(bytes) {
            self.split.set(start + bytes);
        }
    }

    /// Takes a block: the lowest free one, or where it does not last the lowest above what is reserved. Null where
    /// memory is used up.
    pub(super) fn alloc(&self, layout: Layout, lasts: bool) -> *mut u8 {
        let Some(bytes) = layout.size().checked_next_multiple_of(GRAIN_BYTES) else { return ptr::null_mut() };
        let align = layout.align().max(GRAIN_BYTES);
        let from = if lasts { 0 } else { self.split.get() };
        if let Some(block) = self.take(bytes, align, from) {
            return block;
        }
        // A free block at the very end is not counted in: it is small beside what is missing.
        let Some(missing) = bytes.checked_add(align) else { return ptr::null_mut() };
        if self.grow(missing).is_none() {
            return ptr::null_mut();
        }
        self.take(bytes, align, from).unwrap_or(ptr::null_mut())
    }

    /// Gives a block back.
    ///
    /// # Safety
    /// The block must come from [`Region::alloc`] with this layout, and nothing may use it any more.
    pub(super) unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises; `alloc` rounded the size in the same way.
        unsafe { self.insert(block, layout.size().next_multiple_of(GRAIN_BYTES)) };
    }

    fn take(&self, bytes: usize, align: usize, from: usize) -> Option<*mut u8> {
        let mut previous: *mut Free = ptr::null_mut();
        let mut at = self.first.get();
        while !at.is_null() {
            // SAFETY: the list holds free blocks, each with its description.
            let Free { bytes: free, next } = unsafe { at.read() };
            let (start, end) = (at.addr(), at.addr() + free);
            let block = start.max(from).checked_next_multiple_of(align);
            if let Some(block) = block
                && block.checked_add(bytes).is_some_and(|end_of_block| end_of_block <= end)
            {
                let (before, after) = (block - start, end - block - bytes);
                let mut rest = next;
                // SAFETY: both pieces lie in the free block, and are empty or long enough for a description, since all
                // addresses and sizes are multiples of the grain.
                unsafe {
                    if after > 0 {
                        rest = at.byte_add(before + bytes);
                        rest.write(Free { bytes: after, next });
                    }
                    if before > 0 {
                        at.write(Free { bytes: before, next: rest });
                        rest = at;
                    }
                    self.link(previous, rest);
                    return Some(at.byte_add(before).cast());
                }
            }
            (previous, at) = (at, next);
        }
        None
    }

    /// # Safety
    /// `previous` must be in the list or null.
    unsafe fn link(&self, previous: *mut Free, next: *mut Free) {
        if previous.is_null() {
            self.first.set(next);
        } else {
            // SAFETY: as the caller promises.
            unsafe { (*previous).next = next };
        }
    }

    /// # Safety
    /// The block must be nobody's.
    unsafe fn insert(&self, block: *mut u8, mut bytes: usize) {
        let block: *mut Free = block.cast();
        let mut previous: *mut Free = ptr::null_mut();
        let mut next = self.first.get();
        // SAFETY: the list holds free blocks; the new one is nobody's and at least a grain long.
        unsafe {
            while !next.is_null() && next < block {
                (previous, next) = (next, (*next).next);
            }
            if !next.is_null() && block.byte_add(bytes) == next {
                let Free { bytes: more, next: after } = next.read();
                // The description would be stored with the image.
                ptr::write_bytes(next, 0, 1);
                bytes += more;
                next = after;
            }
            if !previous.is_null() && previous.byte_add((*previous).bytes) == block {
                (*previous).bytes += bytes;
                (*previous).next = next;
            } else {
                block.write(Free { bytes, next });
                self.link(previous, block);
            }
        }
    }

    /// Adds at least `bytes` from the system and returns where they begin.
    fn grow(&self, bytes: usize) -> Option<usize> {
        let pages = bytes.div_ceil(PAGE_BYTES);
        match memory_grow::<0>(pages) {
            usize::MAX => None,
            page => {
                let start = page * PAGE_BYTES;
                // SAFETY: nobody else knows of the new pages.
                unsafe { self.insert(ptr::with_exposed_provenance_mut(start), pages * PAGE_BYTES) };
                Some(start)
            }
        }
    }
}
