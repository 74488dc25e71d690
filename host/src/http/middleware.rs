//! Around every request: its id, its log line, its meters.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::error::{Cause, Code};
use crate::app::App;

/// The header that carries the id of a request.
const REQUEST_ID: &str = "x-request-id";

tokio::task_local! {
    static CURRENT: String;
}

/// The id of the request that this task serves.
pub(crate) fn current_request_id() -> Option<String> {
    CURRENT.try_with(Clone::clone).ok()
}

/// Gives the request an id, and logs and counts it when its answer begins.
pub(super) async fn request(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    // Ours always: an id from outside could forge entries of the log.
    let id = hex::encode(rand::random::<[u8; 8]>());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = CURRENT.scope(id.clone(), next.run(request)).await;
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, value);
    }
    headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    let route = route.as_ref().map_or("page", MatchedPath::as_str);
    let (status, elapsed) = (response.status(), started.elapsed());
    app.meters.answered(route, status, elapsed);
    let code = response.extensions().get::<Code>().map_or("", |code| code.0.as_str());
    let cause = response.extensions().get::<Cause>().map_or("", |cause| cause.0.as_str());
    let (status, duration_ms) = (status.as_u16(), elapsed.as_secs_f64() * 1e3);
    if status >= 500 && code == "internal" {
        tracing::error!(request.id = id, %method, route, status, duration_ms, code, cause, "request failed");
    } else {
        tracing::info!(request.id = id, %method, route, status, duration_ms, code, cause, "request");
    }
    response
}
