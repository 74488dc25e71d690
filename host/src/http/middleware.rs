//! Around every request: its id, its log line, its meters, its span.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::error::{Cause, Code};
use crate::app::App;
use crate::origin::Origin;
use crate::traces::Span;

/// The header that carries the id of a request.
const REQUEST_ID: &str = "x-request-id";

/// Gives the request an id, and logs and counts it when its answer begins.
pub(super) async fn request(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = Origin::fresh_id();
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or("page", MatchedPath::as_str);
    let span = app.traces.request(&method, route, request.headers());
    let origin = Origin::new(id.clone(), span.trace().clone());
    let mut response = origin.scope(next.run(request)).await;
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, value);
    }
    headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    let (status, elapsed) = (response.status(), started.elapsed());
    app.meters.answered(route, status, elapsed);
    let code = response.extensions().get::<Code>().map_or("", |code| code.0.as_str());
    let cause = response.extensions().get::<Cause>().map_or("", |cause| cause.0.as_str());
    let (status, duration_ms) = (status.as_u16(), elapsed.as_secs_f64() * 1e3);
    let trace_id = span.trace().id();
    if status >= 500 && code == "internal" {
        tracing::error!(request.id = id, trace.id = trace_id, %method, route, status, duration_ms, code, cause, "request failed");
    } else {
        tracing::info!(request.id = id, trace.id = trace_id, %method, route, status, duration_ms, code, cause, "request");
    }
    if !span.trace().is_recorded() {
        return response;
    }
    span.set("vitrine.request.id", id);
    span.set("http.response.status_code", i64::from(status));
    if status >= 500 {
        let code = response.extensions().get::<Code>().map_or_else(|| status.to_string(), |code| code.0.clone());
        span.fail(&code);
    }
    response.map(|body| Body::new(SpannedBody { body, _span: span }))
}

/// A body whose request's span ends with it: a stream is a part of its request.
struct SpannedBody {
    body: Body,
    _span: Span,
}

impl HttpBody for SpannedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
