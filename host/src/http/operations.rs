//! For whoever runs the server: is it alive, is it ready, what does it do.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use crate::app::App;
use crate::meters;

/// Says that the process answers.
#[utoipa::path(
    get, path = "/healthz", tag = "server",
    responses((status = 200, description = "It does", body = String, content_type = "text/plain")),
)]
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// Says whether the process takes requests.
#[utoipa::path(
    get, path = "/readyz", tag = "server",
    responses(
        (status = 200, description = "It does", body = String, content_type = "text/plain"),
        (status = 503, description = "It is about to stop", body = String, content_type = "text/plain"),
    ),
)]
pub(super) async fn readyz(State(app): State<Arc<App>>) -> (StatusCode, &'static str) {
    if app.draining() { (StatusCode::SERVICE_UNAVAILABLE, "draining\n") } else { (StatusCode::OK, "ready\n") }
}

/// Gives the server's metrics as Prometheus text.
#[utoipa::path(
    get, path = "/metrics", tag = "server",
    responses((status = 200, description = "The metrics", body = String, content_type = "text/plain")),
)]
pub(super) async fn metrics(State(app): State<Arc<App>>) -> impl IntoResponse {
    let now = app.meters.now();
    meters::set(&now.guests_running, app.sandbox.running());
    meters::set(&now.guests_waiting, app.sandbox.waiting());
    meters::set(&now.loaded_spaces, app.live.n_loaded());
    let native = app.native.stats();
    meters::set(&now.native_running, native.running);
    meters::set(&now.native_abandoned, native.abandoned);
    meters::set(&now.native_models, native.models);
    meters::set(&now.native_model_bytes, native.model_bytes);
    ([(header::CONTENT_TYPE, meters::CONTENT_TYPE)], app.meters.text())
}
