//! Starts a worker process and listens to it.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;

use crate::worker::{Job, WorkerEvent};

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
    #[error("the publish worker was stopped by a limit on processor time, memory or file size ({status})")]
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
            Self::Killed { .. } => "worker_killed",
            Self::Crashed { .. } => "worker_failed",
        }
    }
}

/// Runs one job in a process of its own; its events go to `events`.
///
/// Dropping the future kills the process.
///
/// # Errors
/// [`WorkerError`] when the process did not end by itself with success or a `failed` event.
pub(crate) async fn run_worker(
    job: &Job,
    limit: Duration,
    events: mpsc::Sender<WorkerEvent>,
) -> Result<(), WorkerError> {
    let mut child = start().map_err(WorkerError::Start)?;
    match tokio::time::timeout(limit, converse(&mut child, job, &events)).await {
        Ok(result) => result,
        Err(_elapsed) => {
            child.kill().await.map_err(WorkerError::Listen)?;
            Err(WorkerError::TooSlow { limit })
        }
    }
}

fn start() -> std::io::Result<Child> {
    Command::new(std::env::current_exe()?)
        .arg("worker")
        // Nothing of the server's environment, which may hold tokens.
        .env_clear()
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
}

async fn converse(child: &mut Child, job: &Job, events: &mpsc::Sender<WorkerEvent>) -> Result<(), WorkerError> {
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
    match status.code() {
        None => Err(WorkerError::Killed { status }),
        Some(_) => Err(WorkerError::Crashed { status, stderr }),
    }
}
