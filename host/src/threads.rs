//! Threads that serve connections go before those that compute.
//!
//! A guest that computes holds its processor until the kernel's next tick, up to four milliseconds, while whoever
//! calls another space waits. Linux lets a thread that wakes up go first where it asks for shorter slices than the one
//! that runs (since 6.12; older kernels ignore the wish). That takes nothing from the guests but the order: what a
//! thread may compute in all is given by its weight.

/// The shortest slice that Linux grants, in nanoseconds.
#[cfg(target_os = "linux")]
const SHORT_SLICE_NS: u64 = 100_000;

/// `SCHED_FLAG_RESET_ON_FORK`.
#[cfg(target_os = "linux")]
const RESET_ON_FORK: u64 = 1;

/// Asks for short slices for this thread. Whether it gets them changes nothing but waiting times.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "the C library has no function for these system calls")]
pub(crate) fn prefer_short_slices() {
    let mut attributes = Attributes::default();
    let size = size_of::<Attributes>();
    // SAFETY: the kernel writes at most `size` bytes, of a structure of plain numbers: sched_setattr(2).
    let got = unsafe { libc::syscall(libc::SYS_sched_getattr, 0, &raw mut attributes, size, 0) };
    if got != 0 || attributes.policy != libc::SCHED_OTHER.unsigned_abs() {
        return;
    }
    attributes.runtime = SHORT_SLICE_NS;
    // Not for the threads and processes that this one starts.
    attributes.flags |= RESET_ON_FORK;
    // SAFETY: the kernel reads as many bytes as the structure says that it has.
    unsafe { libc::syscall(libc::SYS_sched_setattr, 0, &raw const attributes, 0) };
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn prefer_short_slices() {}

/// `struct sched_attr` in its first version.
#[cfg(target_os = "linux")]
#[derive(Default)]
#[repr(C)]
struct Attributes {
    size: u32,
    policy: u32,
    flags: u64,
    nice: i32,
    priority: u32,
    /// The slice, of ordinary threads.
    runtime: u64,
    deadline: u64,
    period: u64,
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_structure_is_the_kernels() {
        assert_eq!(size_of::<Attributes>(), 48);
    }
}
