//! Gives memory back that a large request has left in the allocator.
//!
//! The C library keeps what is freed in small pieces, since the next request may want it. After a guest has handed over
//! a million texts that is a hundred megabytes, for good.

/// Growth since the last time that is worth the walk through all free pieces, in bytes.
const WORTH: u64 = 16 << 20;

/// Watches the memory of this process.
#[derive(Default)]
pub(crate) struct Trim {
    /// Allocated memory after the last time.
    floor: u64,
}

impl Trim {
    /// Gives memory back where there is much. Blocks for some milliseconds then.
    pub(crate) fn look(&mut self) {
        let now = anonymous_bytes();
        if now < self.floor {
            self.floor = now;
        }
        if now > self.floor + WORTH {
            give_back();
            self.floor = anonymous_bytes();
        }
    }
}

/// Resident memory without pages of files: those are the kernel's to give back, and there is a lot of them where many
/// spaces are loaded.
fn anonymous_bytes() -> u64 {
    // The second number is resident pages, the third those of files: proc(5).
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let mut numbers = text.split(' ').skip(1).map(|number| number.parse::<u64>().unwrap_or(0));
    let (resident, of_files) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    resident.saturating_sub(of_files) * rustix::param::page_size() as u64
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
