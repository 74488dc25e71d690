//! Stopping without cutting anybody off.

use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};

use crate::app::App;

/// Waits for SIGTERM or SIGINT and starts to drain; a second one ends the process at once.
pub(crate) async fn signalled(app: Arc<App>) {
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        // Without handlers the signals do what they always do.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    app.start_draining();
    tracing::info!("stopping: running requests end, new connections are refused; a second signal stops at once");
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        std::process::exit(130);
    });
}
