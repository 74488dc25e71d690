//! System calls that the standard library does not offer, each behind a function that is safe to call.
#![expect(unsafe_code, reason = "calls of the C library; none of them takes memory that outlives the call")]

use std::io;

/// The first descriptor after standard input, output and error.
const FIRST_OTHER: libc::c_uint = 3;

/// Closes what the server, or whoever started it, has left open by mistake.
///
/// # Errors
/// When the kernel is older than 5.9.
pub(super) fn close_all_but_standard_streams() -> io::Result<()> {
    let no_flags: libc::c_uint = 0;
    // SAFETY: closing a descriptor that a value still owns would be wrong; this runs as the first act of a process
    // whose only thread has opened nothing yet. As a plain system call, since older C libraries lack the function.
    let result = unsafe { libc::syscall(libc::SYS_close_range, FIRST_OTHER, libc::c_uint::MAX, no_flags) };
    check(if result == 0 { 0 } else { -1 })
}

/// Becomes `id` for good, as user and as group, without further groups.
///
/// # Errors
/// When this process may not.
pub(super) fn become_user(id: u32) -> io::Result<()> {
    // SAFETY: no pointer is read for zero groups.
    check(unsafe { libc::setgroups(0, std::ptr::null()) })?;
    // SAFETY: numbers only. The group first: afterwards it could not be changed.
    check(unsafe { libc::setgid(id) })?;
    // SAFETY: numbers only.
    check(unsafe { libc::setuid(id) })
}

/// Makes sure that no program run from here gets more rights than this process has.
///
/// # Errors
/// Never on a kernel of 3.5 or later.
pub(super) fn forbid_new_privileges() -> io::Result<()> {
    let (yes, unused): (libc::c_ulong, libc::c_ulong) = (1, 0);
    // SAFETY: numbers only; the unused ones must be zero.
    check(unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, yes, unused, unused, unused) })
}

fn check(result: libc::c_int) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
