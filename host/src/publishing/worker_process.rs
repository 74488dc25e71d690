//! Starts a worker process and listens to it.

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::Signal;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;

use super::cgroup::Cgroups;
use super::{memory, spawner};
use crate::worker::{Job, MAX_CPU_SECONDS, MAX_FILE_BYTES, WorkerEvent};

/// The longest line that a worker may send: an interface with its examples.
const MAX_LINE_BYTES: u64 = 64 << 20;
/// How much of a worker's standard error is kept.
const MAX_STDERR_BYTES: u64 = 16 << 10;

/// Why a worker ended without a result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WorkerError {
    #[error("the publish worker could not be started")]
    Start(#[source] std::io::Error),
    #[error("the publish worker could not be listened to")]
    Listen(#[source] std::io::Error),
    #[error("the publish took longer than {limit:?} and was stopped")]
    TooSlow { limit: Duration },
    #[error(
        "the publish worker was stopped because it used more than {limit_mib} MiB of memory; make the app or its model smaller, or ask the operator to raise `--publish-memory`"
    )]
    OutOfMemory { limit_mib: u64 },
    #[error(
        "the publish worker was stopped because it used more than {MAX_CPU_SECONDS} seconds of processor time; make the app's code smaller"
    )]
    OutOfTime,
    #[error("the publish worker was stopped because it wrote a file of more than {} MiB", MAX_FILE_BYTES >> 20)]
    FileTooLarge,
    #[error("the publish worker was stopped ({status})")]
    Killed { status: ExitStatus },
    #[error("the publish worker failed ({status}): {stderr}")]
    Crashed { status: ExitStatus, stderr: String },
}

impl WorkerError {
    /// Stable, for programs.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Start(_) | Self::Listen(_) => "internal",
            Self::TooSlow { .. } => "publish_deadline_exceeded",
            Self::OutOfMemory { .. } => "worker_out_of_memory",
            Self::OutOfTime => "worker_out_of_time",
            Self::FileTooLarge => "worker_file_too_large",
            Self::Killed { .. } => "worker_killed",
            Self::Crashed { .. } => "worker_failed",
        }
    }
}

/// How workers run.
#[derive(Debug)]
pub(crate) struct WorkerLimits {
    /// The most memory that a worker may have touched.
    pub(crate) memory_mib: u64,
    /// The user that it becomes; none keeps the server's.
    pub(crate) user: Option<u32>,
    /// Where the kernel bounds memory to the byte; none leaves it to the watch.
    pub(crate) cgroups: Option<Cgroups>,
}

/// How much more memory than a worker may touch the kernel lets it ask for: it counts what is reserved, such as the
/// memory of a guest, too.
const DATA_PER_MEMORY: u64 = 2;
/// What Rust's allocator says before it ends a process to which the kernel gives no more memory.
const ALLOCATION_FAILED: &str = "memory allocation of ";

/// Runs one job in a process of its own, in `folder`; its events go to `events`.
///
/// Dropping the future kills the process.
///
/// # Errors
/// [`WorkerError`] when the process did not end by itself with success or a `failed` event.
pub(super) async fn run_worker(
    job: &Job,
    folder: &Path,
    limits: &WorkerLimits,
    deadline: Duration,
    events: mpsc::Sender<WorkerEvent>,
) -> Result<(), WorkerError> {
    let command = command(folder, limits).map_err(WorkerError::Start)?;
    let mut child = spawner::spawn(command).await.map_err(WorkerError::Start)?;
    let pid = child.id().ok_or_else(|| WorkerError::Start(std::io::Error::other("it has ended already")))?;
    let limit_mib = limits.memory_mib;
    // Before it gets its job.
    let cgroup = limits.cgroups.as_ref().map(|cgroups| cgroups.confine(pid, limit_mib << 20)).transpose();
    let cgroup = cgroup.unwrap_or_else(|error| {
        tracing::warn!(error = &error as &dyn std::error::Error, "the memory of a publish worker is only watched");
        None
    });
    let stopped = tokio::select! {
        result = converse(&mut child, job, limit_mib, &events) => return match result {
            Err(WorkerError::Killed { .. }) if cgroup.is_some_and(|cgroup| cgroup.ran_out()) => {
                Err(WorkerError::OutOfMemory { limit_mib })
            }
            result => result,
        },
        () = memory::exceeds(pid, limit_mib << 20) => WorkerError::OutOfMemory { limit_mib },
        () = tokio::time::sleep(deadline) => WorkerError::TooSlow { limit: deadline },
    };
    child.kill().await.map_err(WorkerError::Listen)?;
    Err(stopped)
}

fn command(folder: &Path, limits: &WorkerLimits) -> std::io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .arg("worker")
        .arg(std::process::id().to_string())
        .arg((limits.memory_mib * DATA_PER_MEMORY).to_string())
        .args(limits.user.map(|user| user.to_string()))
        // Nothing of the server's environment, which may hold tokens.
        .env_clear()
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    Ok(command)
}

async fn converse(
    child: &mut Child,
    job: &Job,
    limit_mib: u64,
    events: &mpsc::Sender<WorkerEvent>,
) -> Result<(), WorkerError> {
    let (Some(mut stdin), Some(stdout), Some(stderr)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(WorkerError::Start(std::io::Error::other("no pipes")));
    };
    let mut line = serde_json::to_vec(job).expect("jobs are plain data");
    line.push(b'\n');
    // A worker that has died already tells why by its status.
    let _ = stdin.write_all(&line).await;
    drop(stdin);
    let listen = async {
        let mut lines = BufReader::new(stdout);
        let mut failed = false;
        loop {
            let mut line = Vec::new();
            let read = (&mut lines).take(MAX_LINE_BYTES).read_until(b'\n', &mut line).await?;
            if read == 0 {
                return Ok::<_, std::io::Error>(failed);
            }
            let event: WorkerEvent = serde_json::from_slice(&line)?;
            failed |= matches!(event, WorkerEvent::Failed { .. });
            // The other end listens until this one is dropped.
            let _ = events.send(event).await;
        }
    };
    let complaints = async {
        let mut text = Vec::new();
        let _ = stderr.take(MAX_STDERR_BYTES).read_to_end(&mut text).await;
        String::from_utf8_lossy(&text).trim().to_owned()
    };
    let (heard, stderr) = tokio::join!(listen, complaints);
    let failed = heard.map_err(WorkerError::Listen)?;
    let status = child.wait().await.map_err(WorkerError::Listen)?;
    if status.success() || failed {
        return Ok(());
    }
    Err(match status.signal().and_then(Signal::from_named_raw) {
        Some(Signal::ABORT) if stderr.contains(ALLOCATION_FAILED) => WorkerError::OutOfMemory { limit_mib },
        Some(Signal::XCPU) => WorkerError::OutOfTime,
        Some(Signal::XFSZ) => WorkerError::FileTooLarge,
        _ if status.code().is_none() => WorkerError::Killed { status },
        _ => WorkerError::Crashed { status, stderr },
    })
}
