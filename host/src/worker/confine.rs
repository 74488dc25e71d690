//! What the worker gives up before it reads a byte of a stranger's.
//!
//! Done by the process itself, as its first act and while it has one thread, so that nothing has to run between
//! fork and exec. The order matters: a change of user clears the death signal and sets the dumpable flag anew, so
//! both come after it; the folder is changed while that is still allowed.

mod sys;

use std::io;

use clap::Args;
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, Signal, chroot, getppid, set_dumpable_behavior,
    set_parent_process_death_signal, setrlimit, setsid,
};

/// What the server decides for a worker; its folder is the working directory.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Confinement {
    /// The server's process; the worker dies with it
    pub(crate) server: u32,
    /// The most memory that the kernel gives, touched or not, in MiB
    pub(crate) max_data_mib: u64,
    /// The user and group to become, with the working directory as the whole file system; none keeps the server's
    pub(crate) user: Option<u32>,
}

/// The most processor seconds of one job.
pub(crate) const MAX_CPU_SECONDS: u64 = 240;
/// The largest file that a job may write: the artefact of a large model.
pub(crate) const MAX_FILE_BYTES: u64 = 4 << 30;
/// Descriptors: the engine, the assets and the threads.
const MAX_OPEN_FILES: u64 = 256;
/// Threads of the worker's user besides those that compile: of the runtime, and of a second worker.
const MAX_OTHER_THREADS: u64 = 64;
/// Visitors of other spaces come first. Lowering one's own priority is always allowed.
const NICENESS: i32 = 10;

/// Gives up all rights that a job does not need.
///
/// # Errors
/// When the kernel refuses one of them, or the server has gone; then nothing of the job may be done.
pub(super) fn confine(confinement: Confinement) -> io::Result<()> {
    // A session of its own: no terminal, and no signal that is meant for the server's group.
    setsid()?;
    sys::close_all_but_standard_streams()?;
    let limit = |resource, value| {
        setrlimit(resource, Rlimit { current: Some(value), maximum: Some(value) }).map_err(io::Error::from)
    };
    limit(Resource::Core, 0)?;
    // The softer limit sends a signal of its own, by which the server tells the author what happened.
    setrlimit(Resource::Cpu, Rlimit { current: Some(MAX_CPU_SECONDS), maximum: Some(MAX_CPU_SECONDS + 1) })?;
    limit(Resource::Fsize, MAX_FILE_BYTES)?;
    limit(Resource::Nofile, MAX_OPEN_FILES)?;
    limit(Resource::Data, confinement.max_data_mib << 20)?;
    rustix::process::nice(NICENESS)?;
    if let Some(user) = confinement.user {
        // The kernel counts all threads of a user, so this fits only a user that runs nothing but workers.
        let n_cores = std::thread::available_parallelism().map_or(1, usize::from) as u64;
        limit(Resource::Nproc, MAX_OTHER_THREADS + 4 * n_cores)?;
        chroot(".")?;
        std::env::set_current_dir("/")?;
        sys::become_user(user)?;
    }
    sys::forbid_new_privileges()?;
    // Others of the same user cannot look into this process or attach to it.
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // Had the server died before that call, no signal would ever come.
    let server = getppid().map(rustix::process::Pid::as_raw_nonzero);
    if server.is_none_or(|server| u32::try_from(server.get()) != Ok(confinement.server)) {
        return Err(io::Error::other("the server has gone"));
    }
    Ok(())
}
