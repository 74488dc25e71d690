//! Calling a space: JSON or multipart in, JSON or server-sent events out.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::StreamExt as _;
use serde::Serialize;
use serde_json::json;
use spaces::value::Value;
use spaces::value::decode::{Part, decode_inputs};
use spaces::value::encode::{Encoded, encode_outputs};
use spaces::view::{CallAnswer, CallEvent};

use super::access::{endpoint_index, may_use, usable_space};
use super::body;
use super::error::ApiError;
use super::extract::{Admin, Path, SESSION_COOKIE, Session, Space};
use super::patience::{self, Arrival};
use crate::app::App;
use crate::auth::Caller;
use crate::calling::{Call, Cost, Update};
use crate::live::LiveSpace;
use crate::origin::Origin;

/// `GET /spaces/{owner}/{name}/api`: the interface.
pub(super) async fn interface(
    State(app): State<Arc<App>>,
    caller: Caller,
    Space(id): Space,
) -> Result<Response, ApiError> {
    let detail = app.store.space(&id, &app.limits).await?.filter(|detail| may_use(caller, detail.summary.visibility));
    let detail = detail.ok_or_else(|| ApiError::no_space(&id))?;
    Ok(Json(json!({ "interface": detail.interface })).into_response())
}

#[derive(serde::Deserialize)]
pub(super) struct EndpointPath {
    endpoint: String,
}

/// `POST /spaces/{owner}/{name}/api/{endpoint}`: one invocation.
pub(super) async fn call(
    State(app): State<Arc<App>>,
    caller: Caller,
    Space(id): Space,
    Path(EndpointPath { endpoint }): Path<EndpointPath>,
    session: Session,
    request: Request,
) -> Result<Response, ApiError> {
    let arrived = Instant::now();
    let space = usable_space(&app, caller, &id).await?;
    invoke(app, space, &endpoint, session, arrived, request).await
}

/// A revision of a space, with one of its endpoints or files.
#[derive(serde::Deserialize)]
pub(super) struct PreviewPath {
    number: u64,
    endpoint: String,
}

/// `POST /spaces/{owner}/{name}/revisions/{number}/api/{endpoint}`: one invocation of a revision that need not be live.
///
/// For the admin alone, not for whoever knows its digest: what is no longer live may have been replaced for a reason,
/// and its digest was in every list of revisions.
pub(super) async fn call_preview(
    State(app): State<Arc<App>>,
    _: Admin,
    Space(id): Space,
    Path(PreviewPath { number, endpoint }): Path<PreviewPath>,
    session: Session,
    request: Request,
) -> Result<Response, ApiError> {
    let arrived = Instant::now();
    let space = app.preview_space(&id, number).await?;
    invoke(app, space, &endpoint, session, arrived, request).await
}

async fn invoke(
    app: Arc<App>,
    space: Arc<LiveSpace>,
    endpoint: &str,
    session: Session,
    arrived: Instant,
    request: Request,
) -> Result<Response, ApiError> {
    let endpoint = endpoint_index(&space, endpoint)?;
    let wants = Wants::of(request.headers(), space.interface.endpoints[endpoint].streams);
    app.refuse_if_full(&space)?;
    let (request, arrival) = patience::bound(request, space.limits.max_body_bytes, &app.bodies)?;
    let (body, parts) = body::read(request).await.map_err(|error| arrival.explain(error))?;
    let inputs = decode(&space, endpoint, body, parts).await?;
    let set_cookie = session.fresh.then(|| session_cookie(&session.id));
    let (origin, in_bytes) = (Origin::current(), arrival.bytes());
    let call = Call { app, space, endpoint, session: session.id, origin, arrived, in_bytes };
    let mut response = match wants {
        Wants::Answer => answer(&call, inputs).await,
        Wants::Events => events(call, inputs, arrival),
    };
    if let Some(Ok(cookie)) = set_cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The form of the answer.
enum Wants {
    Answer,
    Events,
}

impl Wants {
    /// What the client accepts decides; one that does not say gets events where the endpoint streams.
    fn of(headers: &HeaderMap, streams: bool) -> Self {
        let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("");
        if accept.contains("text/event-stream") {
            Self::Events
        } else if accept.contains("application/json") || !streams {
            Self::Answer
        } else {
            Self::Events
        }
    }
}

/// Decodes a body for an endpoint; files of the bundle that it names come from the disk.
pub(super) async fn decode(
    space: &Arc<LiveSpace>,
    index: usize,
    body: serde_json::Value,
    parts: Vec<Part>,
) -> Result<Vec<Value>, ApiError> {
    let endpoint = &space.interface.endpoints[index];
    let reads_files = !spaces::value::decode::asset_paths(endpoint, &body).is_empty();
    if !reads_files {
        return Ok(decode_inputs(endpoint, body, parts, space.assets.as_ref())?);
    }
    let space = Arc::clone(space);
    let decoded = crate::blocking::run(move || {
        decode_inputs(&space.interface.endpoints[index], body, parts, space.assets.as_ref())
    });
    Ok(decoded.await?)
}

fn session_cookie(id: &str) -> Result<HeaderValue, header::InvalidHeaderValue> {
    HeaderValue::from_str(&format!("{SESSION_COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400"))
}

async fn answer(call: &Call, inputs: Vec<Value>) -> Response {
    let (result, cost) = call.run(inputs).await;
    let body = result.map(|outputs| {
        let answer = call_answer(encode_outputs(call.endpoint(), outputs), &cost);
        serde_json::to_vec(&answer).expect("answers are plain data")
    });
    let out_bytes = body.as_ref().map_or(0, Vec::len);
    call.space.meters.answered(out_bytes);
    let mut response = match body {
        Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Err(error) => ApiError::from(error).into_response(),
    };
    if let Ok(value) = HeaderValue::from_str(&server_timing(&cost, out_bytes)) {
        response.headers_mut().insert("server-timing", value);
    }
    response
}

fn events(call: Call, inputs: Vec<Value>, arrival: Arrival) -> Response {
    let id = call.origin.id.clone();
    let (space, endpoint) = (Arc::clone(&call.space), call.endpoint);
    let usual = space.usual[endpoint].get();
    // Within the response's own stream, so that a client that goes away takes the guest with it.
    let events = call.updates(inputs).map(move |update| {
        // The body's bytes count for as long as the call runs.
        let _ = &arrival;
        let encode = |values| encode_outputs(&space.interface.endpoints[endpoint], values);
        let event = match update {
            Update::Queued { position } => CallEvent::Queued { position },
            Update::Progress { fraction, message } => CallEvent::Progress { fraction, message },
            Update::Output(values) => CallEvent::Output { data: encode(values) },
            Update::Done(Ok(values), cost) => CallEvent::Complete(call_answer(encode(values), &cost)),
            Update::Done(Err(error), _) => {
                let mut body = ApiError::from(error).body;
                body.request_id = Some(id.clone());
                CallEvent::Error(body)
            }
        };
        Ok::<_, std::convert::Infallible>(sse_event(event))
    });
    let mut response = Sse::new(events).keep_alive(KeepAlive::default()).into_response();
    let headers = response.headers_mut();
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    // What the call itself takes is not known yet; what others have taken is.
    let usual = usual.and_then(|usual| HeaderValue::from_str(&format!("usual;dur={}", Milliseconds(usual))).ok());
    if let Some(usual) = usual {
        headers.insert("server-timing", usual);
    }
    response
}

fn call_answer(data: Vec<Encoded>, cost: &Cost) -> CallAnswer<Encoded> {
    CallAnswer { data, timings: cost.timings(), usage: cost.usage() }
}

/// For the header `Server-Timing`, which browsers' tools draw; sizes are descriptions there, since `dur` is time.
/// What a call cost, for its client: `Server-Timing`.
pub(super) fn server_timing(cost: &Cost, out_bytes: usize) -> String {
    let Cost { used, total, in_bytes } = cost;
    format!(
        "queue;dur={}, instantiate;dur={}, call;dur={}, cpu;dur={}, total;dur={}, memory;desc=\"{} bytes\", \
         in;desc=\"{in_bytes} bytes\", out;desc=\"{out_bytes} bytes\"",
        Milliseconds(used.queued),
        Milliseconds(used.instantiate),
        Milliseconds(used.call),
        Milliseconds(used.cpu),
        Milliseconds(*total),
        used.memory_bytes,
    )
}

/// Writes a time in milliseconds with three decimals, which takes a tenth of the time that a fraction's digits take.
struct Milliseconds(Duration);

impl fmt::Display for Milliseconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let microseconds = self.0.as_micros() as u64;
        write!(f, "{}.{:03}", microseconds / 1000, microseconds % 1000)
    }
}

fn sse_event(event: CallEvent<Encoded>) -> Event {
    #[derive(Serialize)]
    struct Output {
        data: Vec<Encoded>,
    }
    let name = event.name();
    let data = match event {
        CallEvent::Queued { position } => Ok(json!({ "position": position }).to_string()),
        CallEvent::Progress { fraction, message } => {
            Ok(json!({ "fraction": fraction, "message": message }).to_string())
        }
        CallEvent::Output { data } => serde_json::to_string(&Output { data }),
        CallEvent::Complete(answer) => serde_json::to_string(&answer),
        CallEvent::Error(error) => serde_json::to_string(&error),
    };
    Event::default().event(name).data(data.expect("events are plain data"))
}
