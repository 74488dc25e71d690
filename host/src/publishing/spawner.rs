//! Starts processes from one thread that lives as long as the server.
//!
//! A worker asks the kernel to be killed when its parent dies, and for the kernel the parent is the *thread* that
//! started it (prctl(2), `PR_SET_PDEATHSIG`). Threads of the runtime may end before the server does.

use std::io;
use std::sync::{OnceLock, mpsc};

use tokio::process::{Child, Command};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

struct Request {
    command: Command,
    /// The runtime that waits for the process.
    runtime: Handle,
    started: oneshot::Sender<io::Result<Child>>,
}

/// Starts `command`.
///
/// # Errors
/// When the process or, at the first call, the thread cannot be started.
pub(super) async fn spawn(command: Command) -> io::Result<Child> {
    static REQUESTS: OnceLock<mpsc::Sender<Request>> = OnceLock::new();
    let requests = match REQUESTS.get() {
        Some(requests) => requests,
        None => {
            let made = start_thread()?;
            // Of two first calls one thread is kept; the other ends unused.
            REQUESTS.get_or_init(|| made)
        }
    };
    let (started, wait) = oneshot::channel();
    let gone = || io::Error::other("the thread that starts processes has ended");
    requests.send(Request { command, runtime: Handle::current(), started }).map_err(|_| gone())?;
    wait.await.map_err(|_| gone())?
}

fn start_thread() -> io::Result<mpsc::Sender<Request>> {
    let (sender, requests) = mpsc::channel::<Request>();
    std::thread::Builder::new().name("spawner".to_owned()).spawn(move || {
        for Request { mut command, runtime, started } in requests {
            let _context = runtime.enter();
            // Whoever asked may have gone: then the process is killed when the result is dropped.
            let _ = started.send(command.spawn());
        }
    })?;
    Ok(sender)
}
