//! Calling a space: JSON or multipart in, JSON or server-sent events out.

use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::extract::{FromRequest as _, Multipart, Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures::{Stream, StreamExt as _, stream};
use host_runtime::{GuestEvent, Invocation, InvokeError, Outcome};
use serde_json::json;
use spaces::interface::Endpoint;
use spaces::manifest::Visibility;
use spaces::value::Value;
use spaces::value::decode::{Part, decode_inputs};
use spaces::value::encode::{check_outputs, encode_outputs};
use spaces::view::{CallAnswer, CallEvent, ErrorBody, Timings};
use tokio::sync::mpsc;

use super::error::ApiError;
use super::extract::{SESSION_COOKIE, Session, Space};
use crate::app::App;
use crate::auth::Caller;
use crate::convert;
use crate::live::LiveSpace;

/// Events that wait for a slow client before its guest has to wait.
const EVENT_BACKLOG: usize = 16;
/// The most parts of a multipart body.
const MAX_PARTS: usize = 256;

/// `GET /spaces/{owner}/{name}/api`: the interface.
pub(super) async fn interface(
    State(app): State<Arc<App>>,
    caller: Caller,
    Space(id): Space,
) -> Result<Response, ApiError> {
    let detail = app.store.space(&id).await?.filter(|detail| may_use(caller, detail.summary.visibility));
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
    let space = app.live_space(&id).await?;
    if !may_use(caller, space.visibility) {
        return Err(ApiError::no_space(&id));
    }
    let Some(index) = space.interface.endpoints.iter().position(|candidate| candidate.name == endpoint) else {
        return Err(unknown_endpoint(&space, &endpoint));
    };
    let wants = Wants::of(request.headers(), space.interface.endpoints[index].streams);
    let (body, parts) = read_body(request).await?;
    let inputs = decode(&space, index, body, parts).await?;
    let call = Call { app, space, index, arrived, session };
    let set_cookie = call.session.fresh.then(|| session_cookie(&call.session.id));
    let mut response = match wants {
        Wants::Answer => call.answer(inputs).await?,
        Wants::Events => call.events(inputs),
    };
    if let Some(Ok(cookie)) = set_cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Who may see and use a space.
pub(super) fn may_use(caller: Caller, visibility: Visibility) -> bool {
    match (caller, visibility) {
        (Caller::Admin, _) | (_, Visibility::Public | Visibility::Unlisted) => true,
        (Caller::Anyone, Visibility::Private) => false,
    }
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

fn unknown_endpoint(space: &LiveSpace, endpoint: &str) -> ApiError {
    let known: Vec<_> = space.interface.endpoints.iter().map(|known| format!("`{}`", known.name)).collect();
    let message = format!("space `{}` has no endpoint `{endpoint}`; it has {}", space.id, known.join(", "));
    ApiError::new(StatusCode::NOT_FOUND, "unknown_endpoint", message)
}

async fn read_body(request: Request) -> Result<(serde_json::Value, Vec<Part>), ApiError> {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = content_type.unwrap_or("application/json").split(';').next().unwrap_or_default().trim();
    if media_type.eq_ignore_ascii_case("multipart/form-data") {
        return Ok((serde_json::Value::Null, read_parts(request).await?));
    }
    if !media_type.eq_ignore_ascii_case("application/json") {
        let message = format!("the body is `{media_type}`; send `application/json` or `multipart/form-data`");
        return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", message));
    }
    let bytes =
        Bytes::from_request(request, &()).await.map_err(|error| body_error(error.status(), &error.body_text()))?;
    if bytes.is_empty() {
        return Ok((serde_json::Value::Object(serde_json::Map::new()), Vec::new()));
    }
    let body = serde_json::from_slice(&bytes).map_err(|error| {
        ApiError::new(StatusCode::BAD_REQUEST, "invalid_json", format!("the body is not JSON: {error}"))
    })?;
    Ok((body, Vec::new()))
}

async fn read_parts(request: Request) -> Result<Vec<Part>, ApiError> {
    let mut multipart =
        Multipart::from_request(request, &()).await.map_err(|error| body_error(error.status(), &error.body_text()))?;
    let mut parts = Vec::new();
    while let Some(field) =
        multipart.next_field().await.map_err(|error| body_error(error.status(), &error.body_text()))?
    {
        if parts.len() == MAX_PARTS {
            return Err(body_error(StatusCode::BAD_REQUEST, "the body has too many parts"));
        }
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        let mime_type = field.content_type().map(str::to_owned);
        let bytes = field.bytes().await.map_err(|error| body_error(error.status(), &error.body_text()))?;
        parts.push(Part { name, file_name, mime_type, bytes: bytes.into() });
    }
    Ok(parts)
}

fn body_error(status: StatusCode, reason: &str) -> ApiError {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => {
            ApiError::new(status, "body_too_large", "the body is larger than this server takes; send a smaller file")
        }
        _ => ApiError::new(StatusCode::BAD_REQUEST, "invalid_body", format!("the body cannot be read: {reason}")),
    }
}

async fn decode(
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
    // Files of the bundle come from the disk.
    let space = Arc::clone(space);
    let decoded = crate::blocking::run(move || {
        decode_inputs(&space.interface.endpoints[index], body, parts, space.assets.as_ref())
    });
    Ok(decoded.await?)
}

fn session_cookie(id: &str) -> Result<HeaderValue, header::InvalidHeaderValue> {
    HeaderValue::from_str(&format!("{SESSION_COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400"))
}

/// One call, with all that it needs.
struct Call {
    app: Arc<App>,
    space: Arc<LiveSpace>,
    /// The endpoint's index in the interface.
    index: usize,
    arrived: Instant,
    session: Session,
}

impl Call {
    fn endpoint(&self) -> &Endpoint {
        &self.space.interface.endpoints[self.index]
    }

    async fn answer(&self, inputs: Vec<Value>) -> Result<Response, ApiError> {
        let answer = self.run(inputs, None).await?;
        let timing = answer.timings;
        let header = format!(
            "queue;dur={:.3}, instantiate;dur={:.3}, call;dur={:.3}, total;dur={:.3}",
            timing.queue_ms, timing.instantiate_ms, timing.call_ms, timing.total_ms
        );
        Ok(([("server-timing", header)], Json(answer)).into_response())
    }

    fn events(self, inputs: Vec<Value>) -> Response {
        let (sender, receiver) = mpsc::channel(EVENT_BACKLOG);
        // Within the response's own stream, so that a client that goes away takes the guest with it.
        let events = call_events(Arc::new(self), inputs, sender, receiver);
        let sse = Sse::new(events.map(|event| Ok::<_, std::convert::Infallible>(sse_event(event))));
        let mut response = sse.keep_alive(KeepAlive::default()).into_response();
        response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
        response
    }

    async fn run(&self, inputs: Vec<Value>, events: Option<mpsc::Sender<GuestEvent>>) -> Result<CallAnswer, ApiError> {
        let outcome = self.invoke(inputs, events).await;
        let metrics = &self.space.metrics;
        match &outcome {
            Ok(outcome) => {
                metrics.completed.increment(1);
                metrics.call_seconds.record(outcome.call);
                metrics.instantiate_seconds.record(outcome.instantiate);
            }
            Err(_) => metrics.failed.increment(1),
        }
        let outcome = outcome?;
        let timings = (outcome.queued, outcome.instantiate, outcome.call);
        let outputs = convert::values_from_guest(outcome.outputs)?;
        check_outputs(self.endpoint(), &outputs)?;
        let data = encode_outputs(self.endpoint(), outputs);
        let timings = Timings {
            queue_ms: ms(timings.0),
            instantiate_ms: ms(timings.1),
            call_ms: ms(timings.2),
            total_ms: ms(self.arrived.elapsed()),
        };
        Ok(CallAnswer { data, timings })
    }

    async fn invoke(
        &self,
        inputs: Vec<Value>,
        events: Option<mpsc::Sender<GuestEvent>>,
    ) -> Result<Outcome, InvokeError> {
        let id = super::middleware::current_request_id().unwrap_or_default();
        let invocation = Invocation {
            endpoint: self.endpoint().name.clone(),
            inputs: inputs.into_iter().map(convert::value_to_guest).collect(),
            limits: self.app.limits,
            assets: Arc::clone(&self.space.assets) as _,
            config: Arc::clone(&self.space.config),
            session: Some((self.session.id.clone(), self.app.sessions.open(&self.space.id, &self.session.id))),
            inference: Some(Arc::clone(&self.space.inference) as _),
            events,
            log: self.app.logs.sink(&self.space.id, Some(&id)),
            id,
        };
        self.app.sandbox.invoke(&self.space.app, invocation).await
    }

    fn guest_event(&self, event: GuestEvent) -> Result<CallEvent, ApiError> {
        match event {
            GuestEvent::Progress { fraction, message } => Ok(CallEvent::Progress { fraction, message }),
            GuestEvent::Output(values) => {
                let values = convert::values_from_guest(values)?;
                check_outputs(self.endpoint(), &values)?;
                Ok(CallEvent::Output { data: encode_outputs(self.endpoint(), values) })
            }
        }
    }
}

/// Progress and partial outputs as they come, then exactly one last event.
fn call_events(
    call: Arc<Call>,
    inputs: Vec<Value>,
    sender: mpsc::Sender<GuestEvent>,
    mut receiver: mpsc::Receiver<GuestEvent>,
) -> impl Stream<Item = CallEvent> + Send {
    let request_id = super::middleware::current_request_id();
    let running = Arc::clone(&call);
    let mut work = Some(Box::pin(async move { running.run(inputs, Some(sender)).await }));
    let mut last = None;
    let mut ended = false;
    stream::poll_fn(move |context| {
        use std::task::Poll;
        if ended {
            return Poll::Ready(None);
        }
        if let Some(running) = &mut work
            && let Poll::Ready(result) = running.as_mut().poll(context)
        {
            work = None;
            last = Some(result);
        }
        // What the guest sent comes before its end.
        match receiver.poll_recv(context) {
            Poll::Ready(Some(event)) => match call.guest_event(event) {
                Ok(event) => return Poll::Ready(Some(event)),
                Err(error) => {
                    work = None;
                    ended = true;
                    return Poll::Ready(Some(CallEvent::Error(with_id(error.body, &request_id))));
                }
            },
            Poll::Pending if last.is_none() => return Poll::Pending,
            Poll::Pending | Poll::Ready(None) => {}
        }
        match last.take() {
            Some(result) => {
                ended = true;
                Poll::Ready(Some(match result {
                    Ok(answer) => CallEvent::Complete(answer),
                    Err(error) => CallEvent::Error(with_id(error.body, &request_id)),
                }))
            }
            None => Poll::Pending,
        }
    })
}

fn with_id(mut body: ErrorBody, id: &Option<String>) -> ErrorBody {
    body.request_id.clone_from(id);
    body
}

fn sse_event(event: CallEvent) -> Event {
    let (name, data) = match event {
        CallEvent::Progress { fraction, message } => ("progress", json!({ "fraction": fraction, "message": message })),
        CallEvent::Output { data } => ("output", json!({ "data": data })),
        CallEvent::Complete(answer) => ("complete", json!(answer)),
        CallEvent::Error(error) => ("error", json!(error)),
    };
    Event::default().event(name).data(data.to_string())
}

fn ms(duration: std::time::Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
