//! Gives memory back that a large request has left in the allocator.
//!
//! The C library keeps what is freed in small pieces, since the next request may want it. After a guest has handed over
//! a million texts that is a hundred megabytes, for good.

/// Growth since the last time that is worth the walk through all free pieces, in bytes.
const WORTH: u64 = 16 << 20;

/// Watches the memory of this process.
#[derive(Default)]
pub(crate) struct Trim {
    /// Resident memory after the last time.
    floor: u64,
}

impl Trim {
    /// Gives memory back where there is much. Blocks for some milliseconds then.
    pub(crate) fn look(&mut self) {
        let now = resident_bytes();
        if now < self.floor {
            self.floor = now;
        }
        if now > self.floor + WORTH {
            give_back();
            self.floor = resident_bytes();
        }
    }
}

fn resident_bytes() -> u64 {
    // The second number is resident pages: proc(5).
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = text.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
    pages * rustix::param::page_size() as u64
}

#[cfg(target_env = "gnu")]
#[expect(unsafe_code, reason = "a call of the C library that takes no pointer")]
fn give_back() {
    // SAFETY: `malloc_trim` may be called at any time from any thread: malloc_trim(3).
    unsafe { libc::malloc_trim(0) };
}

/// Other C libraries give memory back by themselves.
#[cfg(not(target_env = "gnu"))]
fn give_back() {}
