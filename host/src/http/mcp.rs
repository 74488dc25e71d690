//! Model Context Protocol over streamable HTTP: each space is a server whose tools are its endpoints, and the whole
//! host is one through which spaces are found, described and called.
//!
//! `rmcp` speaks the protocol, one request at a time and without sessions of its own, so strangers leave nothing behind.
//! Since the revision of 2026-07-28 the protocol has none; for clients of older ones the session's id is only a name, made
//! here and remembered by them, under which a running call can be cancelled and the guest finds its visitor again.
//! Its check of `Host` is off: a server is reached under names that it need not know, and [`origin`] keeps out the pages
//! of strangers, which is what that check is for.

mod call;
mod files;
mod origin;
mod progress;
mod result;
mod running;
mod site;
mod space;
mod tools;

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Extension, Router};
use bytes::Bytes;
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use self::running::{Running, key};
use self::site::SiteServer;
use self::space::SpaceServer;
use super::access::usable_space;
use super::body;
use super::error::ApiError;
use super::extract::{Session, Space, is_session_id};
use super::patience::{self, Arrival};
use crate::app::App;
use crate::auth::Caller;
use crate::origin::Origin;

/// The header that names a session of older clients.
const SESSION_ID: &str = "mcp-session-id";

pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/mcp", post(site))
        .route("/spaces/{owner}/{name}/mcp", post(space))
        // Where Gradio's spaces have it, so that a client that knows them needs no other address.
        .route("/spaces/{owner}/{name}/gradio_api/mcp", post(space))
        .route("/spaces/{owner}/{name}/gradio_api/mcp/", post(space))
        .layer(Extension(Arc::<Running>::default()))
}

/// Who asks, with what.
#[derive(Clone)]
struct Visit {
    app: Arc<App>,
    caller: Caller,
    /// The visitor's session in the spaces that are called.
    session: String,
    /// The HTTP request.
    origin: Origin,
    arrived: Instant,
    /// Its bytes count for as long as anything is done with them.
    arrival: Arc<Arrival>,
    /// Where the call can be cancelled from another request, and under which name.
    running: Arc<Running>,
    key: Option<running::Key>,
}

async fn site(
    State(app): State<Arc<App>>,
    caller: Caller,
    Extension(running): Extension<Arc<Running>>,
    request: Request,
) -> Result<Response, ApiError> {
    let max_body_bytes = app.limits.maxima.max_body_bytes;
    serve(app, caller, running, max_body_bytes, request, |visit| SiteServer { visit }).await
}

async fn space(
    State(app): State<Arc<App>>,
    caller: Caller,
    Space(id): Space,
    Extension(running): Extension<Arc<Running>>,
    request: Request,
) -> Result<Response, ApiError> {
    let space = usable_space(&app, caller, &id).await?;
    let max_body_bytes = space.limits.max_body_bytes;
    serve(app, caller, running, max_body_bytes, request, |visit| SpaceServer { visit, space }).await
}

/// Answers one message with the server that `make` makes of the visit.
async fn serve<S: ServerHandler + Clone + Send + Sync>(
    app: Arc<App>,
    caller: Caller,
    running: Arc<Running>,
    max_body_bytes: u64,
    request: Request,
    make: impl FnOnce(Visit) -> S,
) -> Result<Response, ApiError> {
    let arrived = Instant::now();
    origin::check(&app.public_url, request.headers())?;
    let (request, arrival) = patience::bound(request, max_body_bytes, &app.bodies)?;
    let (mut parts, body) = request.into_parts();
    let body = body::read_bytes(Request::from_parts(parts.clone(), body)).await;
    let body = body.map_err(|error| arrival.explain(error))?;
    let message = match Message::read(&body) {
        Ok(message) => message,
        Err(error) => return Ok(not_json(&error)),
    };
    let named = parts.headers.get(SESSION_ID).and_then(|id| id.to_str().ok()).filter(|id| is_session_id(id));
    let named = named.map(str::to_owned);
    if let (Some(session), Some(cancelled)) = (&named, message.cancelled()) {
        running.cancel(&key(session, cancelled));
    }
    let Ok(visitor) = Session::from_request_parts(&mut parts, &app).await;
    let visit = Visit {
        app,
        caller,
        key: named.as_deref().zip(message.id.as_ref()).map(|(session, id)| key(session, id)),
        session: named.unwrap_or(visitor.id),
        origin: Origin::current(),
        arrived,
        arrival: Arc::new(arrival),
        running,
    };
    let mut response = answer(make(visit), parts, body).await;
    if message.method.as_deref() == Some("initialize")
        && response.status() == StatusCode::OK
        && let Ok(id) = HeaderValue::from_str(&hex::encode(rand::random::<[u8; 16]>()))
    {
        response.headers_mut().insert(SESSION_ID, id);
    }
    Ok(response)
}

async fn answer<S: ServerHandler + Clone + Send + Sync>(server: S, parts: Parts, body: Bytes) -> Response {
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        // A plain answer where there is no progress to tell: clients bound the size of an event more tightly.
        .with_json_response(true)
        .disable_allowed_hosts()
        .with_max_request_body_bytes(body.len());
    let service = StreamableHttpService::new(move || Ok(server.clone()), Arc::<NeverSessionManager>::default(), config);
    service.handle(Request::from_parts(parts, Body::from(body))).await.map(Body::new)
}

/// What has to be known of a message before it is answered.
#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    id: Option<Json>,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    params: Option<Params>,
}

#[derive(Deserialize)]
struct Params {
    #[serde(default, rename = "requestId")]
    request_id: Option<Json>,
}

fn not_json(error: &serde_json::Error) -> Response {
    let message = format!("the body is not JSON: {error}");
    // -32700 is JSON-RPC's code for it.
    let body = json!({ "jsonrpc": "2.0", "id": null, "error": { "code": -32700, "message": message } });
    (StatusCode::BAD_REQUEST, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

impl Message {
    /// Reads a body; what is JSON but no message is left to `rmcp`.
    fn read(body: &[u8]) -> Result<Self, serde_json::Error> {
        match serde_json::from_slice(body) {
            Err(error) if error.is_data() => Ok(Self { id: None, method: None, params: None }),
            read => read,
        }
    }

    /// The id of the request that this says is no longer wanted.
    fn cancelled(&self) -> Option<&Json> {
        match self.method.as_deref() {
            Some("notifications/cancelled") => self.params.as_ref()?.request_id.as_ref(),
            _ => None,
        }
    }
}
