//! Work that blocks, off the threads that serve connections.

/// Runs `work` on a thread for blocking work and gives back its result; a panic of the work goes on here.
///
/// When the process is stopping the work may never start: then this never returns either, since everybody who could
/// wait for it is being dropped.
pub(crate) async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_cancelled) => std::future::pending().await,
        },
    }
}
