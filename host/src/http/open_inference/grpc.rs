//! The same protocol over gRPC, on a port of its own: `--grpc-listen`.
//!
//! tonic gives the service and the framing; connections, their limits and their draining are those of all HTTP here.

mod messages;
mod service;
mod status;

/// Generated from `host/proto/open_inference.proto`, and checked in: a generator among the build's own dependencies
/// changes features of crates that wasmtime's macros are built with, so that each build would compile both anew.
#[rustfmt::skip]
#[allow(clippy::all, clippy::pedantic, clippy::doc_markdown, clippy::allow_attributes_without_reason, unreachable_pub, dead_code, reason = "generated")]
mod proto;

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use tonic::Status;
use tower_http::catch_panic::CatchPanicLayer;

use self::proto::grpc_inference_service_server::GrpcInferenceServiceServer;
use self::service::Service;
use self::status::status;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Session;
use crate::http::middleware;
use crate::http::patience::{Arrival, Pauses, bound_messages};

/// What a message has around its tensors: names, shapes and the sizes of parts.
const ENVELOPE_BYTES: u64 = 64 << 10;

/// What is known of a request before its message is read.
#[derive(Clone)]
struct Admitted {
    caller: Caller,
    session: String,
    /// The message counts for as long as this lives.
    _arrival: Arc<Arrival>,
}

/// The service.
pub(crate) fn router(app: Arc<App>) -> Router {
    // Only the message says for which space it is, so until then the bound is the largest of any.
    let max_bytes = usize::try_from(max_message_bytes(&app)).unwrap_or(usize::MAX);
    let service = GrpcInferenceServiceServer::new(Service::new(Arc::clone(&app)))
        .max_decoding_message_size(max_bytes)
        .max_encoding_message_size(usize::MAX);
    Router::new()
        .route_service("/inference.GRPCInferenceService/{method}", service)
        .layer(from_fn_with_state(Arc::clone(&app), admit))
        .fallback(async || Status::unimplemented("there is no such service").into_http::<Body>())
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app, middleware::request))
}

fn max_message_bytes(app: &App) -> u64 {
    app.limits.maxima.max_body_bytes + ENVELOPE_BYTES
}

/// Finds out who asks, and bounds what is read.
async fn admit(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let caller = match Caller::from_request_parts(&mut parts, &app).await {
        Ok(caller) => caller,
        Err(error) => return status(error).into_http::<Body>(),
    };
    let Ok(session) = Session::from_request_parts(&mut parts, &app).await;
    let pauses = if parts.uri.path().ends_with("/ModelStreamInfer") { Pauses::Allowed } else { Pauses::Refused };
    let request = Request::from_parts(parts, body);
    let (mut request, arrival) = bound_messages(request, max_message_bytes(&app), pauses, &app.bodies);
    request.extensions_mut().insert(Admitted { caller, session: session.id, _arrival: Arc::new(arrival) });
    next.run(request).await
}

fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let mut response = crate::http::error::panicked(panic);
    let failed = Status::internal("the server failed; if it happens again, tell its operator").into_http::<Body>();
    // What the log wants of it stays.
    let extensions = std::mem::take(response.extensions_mut());
    let mut failed = failed.into_response();
    *failed.extensions_mut() = extensions;
    failed
}
