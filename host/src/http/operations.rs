//! For whoever runs the server: is it alive, is it ready, what does it do.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use crate::app::App;

/// `GET /healthz`: the process answers.
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the process takes requests.
pub(super) async fn readyz(State(app): State<Arc<App>>) -> (StatusCode, &'static str) {
    if app.draining() { (StatusCode::SERVICE_UNAVAILABLE, "draining\n") } else { (StatusCode::OK, "ready\n") }
}

/// `GET /metrics`: Prometheus text.
pub(super) async fn metrics(State(app): State<Arc<App>>) -> String {
    metrics::gauge!("vitrine_guests_running").set(app.sandbox.running() as f64);
    metrics::gauge!("vitrine_guests_waiting").set(app.sandbox.waiting() as f64);
    app.native.report();
    app.metrics.render()
}
