//! Memory in proportion to the input: a size that a file only declares must not be allocated.

use std::alloc::System;
use std::panic;
use std::sync::Once;

use cap::Cap;

/// What a run may need whatever its input: buffers, tables, the runtime of a test.
const BASE_BYTES: usize = 16 << 20;
/// What a run may need for each byte of its input: parsed JSON takes tens of bytes for each of its text, and some
/// checks hold several copies.
const BYTES_PER_BYTE: usize = 1024;

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

/// Runs `check`; an allocation beyond the bound aborts, which the fuzzer reports with the input.
pub(crate) fn bounded(data: &[u8], check: fn(&[u8])) {
    static UNBOUND_PANICS: Once = Once::new();
    UNBOUND_PANICS.call_once(|| {
        let hook = panic::take_hook();
        // A backtrace takes more than a run may.
        panic::set_hook(Box::new(move |panic| {
            ALLOCATOR.set_limit(usize::MAX).expect("there is no limit");
            hook(panic);
        }));
    });
    let limit = ALLOCATOR.allocated() + BASE_BYTES + data.len() * BYTES_PER_BYTE;
    ALLOCATOR.set_limit(limit).expect("the limit is above what is allocated");
    check(data);
    ALLOCATOR.set_limit(usize::MAX).expect("there is no limit");
}
