//! Calling a space: JSON or multipart in, JSON or server-sent events out.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::{Stream, StreamExt as _, stream};
use host_runtime::{GuestEvent, Invocation, Outcome};
use serde::Serialize;
use serde_json::json;
use spaces::interface::Endpoint;
use spaces::manifest::Visibility;
use spaces::value::Value;
use spaces::value::decode::{Part, decode_inputs};
use spaces::value::encode::{Encoded, check_outputs, encode_outputs};
use spaces::view::{CallAnswer, CallEvent, ErrorBody, Timings, Usage};
use tokio::sync::mpsc;

use super::body;
use super::error::ApiError;
use super::extract::{SESSION_COOKIE, Session, Space};
use super::patience::{self, Arrival};
use crate::app::App;
use crate::auth::Caller;
use crate::convert;
use crate::live::LiveSpace;

/// Events that wait for a slow client before its guest has to wait.
const EVENT_BACKLOG: usize = 16;

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
    let space = app.live_space(&id).await?;
    if !may_use(caller, space.visibility) {
        return Err(ApiError::no_space(&id));
    }
    let Some(index) = space.interface.endpoints.iter().position(|candidate| candidate.name == endpoint) else {
        return Err(unknown_endpoint(&space, &endpoint));
    };
    let wants = Wants::of(request.headers(), space.interface.endpoints[index].streams);
    // A full space says so before anybody sends it megabytes.
    if let Some(refusal) = app.sandbox.refusal(&space.app, &space.runtime_limits) {
        return Err(refusal.into());
    }
    let (request, arrival) = patience::bound(request, space.limits.max_body_bytes, &app.bodies)?;
    let (body, parts) = body::read(request).await.map_err(|error| arrival.explain(error))?;
    let inputs = decode(&space, index, body, parts).await?;
    let call = Call { app, space, index, arrived, session, arrival };
    let set_cookie = call.session.fresh.then(|| session_cookie(&call.session.id));
    let mut response = match wants {
        Wants::Answer => call.answer(inputs).await,
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
    /// Of the request's body, whose bytes are in memory until the call has ended.
    arrival: Arrival,
}

impl Call {
    fn endpoint(&self) -> &Endpoint {
        &self.space.interface.endpoints[self.index]
    }

    async fn answer(&self, inputs: Vec<Value>) -> Response {
        let (result, cost) = self.run(inputs, None).await;
        let body = result.map(|data| {
            let answer = cost.answer(data);
            serde_json::to_vec(&answer).expect("answers are plain data")
        });
        let out_bytes = body.as_ref().map_or(0, Vec::len);
        self.space.meters.answered(out_bytes);
        let mut response = match body {
            Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            Err(error) => error.into_response(),
        };
        if let Ok(value) = HeaderValue::from_str(&cost.server_timing(out_bytes)) {
            response.headers_mut().insert("server-timing", value);
        }
        response
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

    /// One value per output, and what it cost; failures cost as well.
    async fn run(
        &self,
        inputs: Vec<Value>,
        events: Option<mpsc::Sender<GuestEvent>>,
    ) -> (Result<Vec<Encoded>, ApiError>, Cost) {
        let Outcome { result, usage } = self.invoke(inputs, events).await;
        let result = result.map_err(ApiError::from).and_then(|outputs| {
            let outputs = convert::values_from_guest(outputs)?;
            check_outputs(self.endpoint(), &outputs)?;
            Ok(encode_outputs(self.endpoint(), outputs))
        });
        self.space.meters.record(result.is_ok(), &usage, self.arrival.bytes());
        (result, Cost { used: usage, total: self.arrived.elapsed(), in_bytes: self.arrival.bytes() })
    }

    async fn invoke(&self, inputs: Vec<Value>, events: Option<mpsc::Sender<GuestEvent>>) -> Outcome {
        let id = super::middleware::current_request_id().unwrap_or_default();
        let invocation = Invocation {
            endpoint: self.endpoint().name.clone(),
            inputs: inputs.into_iter().map(convert::value_to_guest).collect(),
            limits: self.space.runtime_limits,
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

    fn guest_event(&self, event: GuestEvent) -> Result<CallEvent<Encoded>, ApiError> {
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

/// Where a call's time went and what it used.
struct Cost {
    used: host_runtime::Usage,
    total: Duration,
    in_bytes: u64,
}

impl Cost {
    fn answer(&self, data: Vec<Encoded>) -> CallAnswer<Encoded> {
        let Self { used, total, in_bytes } = *self;
        let timings = Timings {
            queue_ms: ms(used.queued),
            instantiate_ms: ms(used.instantiate),
            call_ms: ms(used.call),
            total_ms: ms(total),
        };
        CallAnswer {
            data,
            timings,
            usage: Usage { cpu_ms: ms(used.cpu), memory_bytes: used.memory_bytes as u64, in_bytes },
        }
    }

    /// For the header `Server-Timing`, which browsers' tools draw; sizes are descriptions there, since `dur` is time.
    fn server_timing(&self, out_bytes: usize) -> String {
        let Self { used, total, in_bytes } = self;
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
}

/// Writes a time in milliseconds with three decimals, which takes a tenth of the time that a fraction's digits take.
struct Milliseconds(Duration);

impl fmt::Display for Milliseconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let microseconds = self.0.as_micros() as u64;
        write!(f, "{}.{:03}", microseconds / 1000, microseconds % 1000)
    }
}

/// Progress and partial outputs as they come, then exactly one last event.
fn call_events(
    call: Arc<Call>,
    inputs: Vec<Value>,
    sender: mpsc::Sender<GuestEvent>,
    mut receiver: mpsc::Receiver<GuestEvent>,
) -> impl Stream<Item = CallEvent<Encoded>> + Send {
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
            && let Poll::Ready((result, cost)) = running.as_mut().poll(context)
        {
            work = None;
            last = Some(result.map(|data| cost.answer(data)));
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

fn sse_event(event: CallEvent<Encoded>) -> Event {
    #[derive(Serialize)]
    struct Output {
        data: Vec<Encoded>,
    }
    let name = event.name();
    let data = match event {
        CallEvent::Progress { fraction, message } => {
            Ok(json!({ "fraction": fraction, "message": message }).to_string())
        }
        CallEvent::Output { data } => serde_json::to_string(&Output { data }),
        CallEvent::Complete(answer) => serde_json::to_string(&answer),
        CallEvent::Error(error) => serde_json::to_string(&error),
    };
    Event::default().event(name).data(data.expect("events are plain data"))
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
