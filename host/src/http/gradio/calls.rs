//! Calls: through the queue with a stream that tells of them, or in one request.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};
use spaces::value::encode::Encoded;
use tokio_util::sync::CancellationToken;

use super::messages::{Completed, Content, Failure, error};
use super::queue::Ticket;
use super::session::{Client, JoinError, Session, is_hash};
use super::values::Desk;
use super::visitor::{Guest, unprocessable};
use super::{Detail, Gradio};
use crate::calling::{Call, Update};
use crate::http::access::endpoint_index;
use crate::http::body::{self, BodyError};
use crate::http::error::ApiError;
use crate::http::extract::Space;

use crate::http::patience::{self, Arrival};
use crate::origin::Origin;

/// The head of a call's body. What it carries is read when its turn has come: as JSON values it would take many times the
/// room while it waits.
#[derive(Deserialize)]
struct Head {
    #[expect(dead_code, reason = "checked to be there")]
    data: IgnoredAny,
    fn_index: Option<usize>,
    session_hash: Option<String>,
}

#[derive(Deserialize)]
struct Data {
    data: Vec<Value>,
}

/// A call that has come, not yet read.
struct Arrived {
    desk: Desk,
    endpoint: Result<usize, ApiError>,
    inputs: Inputs,
    /// The guest's session.
    session: String,
    at: Instant,
    origin: Origin,
    arrival: Arrival,
}

enum Inputs {
    /// A body whose `data` lists them.
    Listed(Bytes),
    /// A body with a key for each.
    Named(Bytes),
}

/// `POST queue/join`: takes a call; its stream tells the rest.
pub(super) async fn join(
    Extension(gradio): Extension<Arc<Gradio>>,
    Guest(desk): Guest,
    request: Request,
) -> Result<Response, Detail> {
    let at = Instant::now();
    let (bytes, arrival) = read(&desk, request).await?;
    let head = head(&bytes)?;
    let hash = head.session_hash.ok_or_else(|| unprocessable("`session_hash` is missing: a client makes one up"))?;
    let endpoint = by_index(&desk, head.fn_index);
    let session = gradio.sessions.open(&desk.space.id, &hash).map_err(busy)?;
    let arrived = Arrived {
        desk,
        endpoint,
        inputs: Inputs::Listed(bytes),
        session: guest_session(&hash),
        at,
        origin: Origin::current(),
        arrival,
    };
    let event = arrived.enqueue(&gradio, &session)?;
    session.cross().await;
    Ok(Json(json!({ "event_id": event })).into_response())
}

#[derive(Deserialize)]
pub(super) struct DataQuery {
    session_hash: String,
}

/// `GET queue/data`: the stream of a session.
///
/// Older JavaScript clients send no token with it. Whoever knows the name of a session that has begun may listen to it:
/// its client made it up, and showed its token when it joined.
pub(super) async fn data(
    Extension(gradio): Extension<Arc<Gradio>>,
    Space(id): Space,
    guest: Result<Guest, Detail>,
    Query(query): Query<DataQuery>,
    headers: HeaderMap,
) -> Result<Response, Detail> {
    if !is_hash(&query.session_hash) {
        return Err(unprocessable("`session_hash` is not one").into());
    }
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("");
    let session = match gradio.sessions.find(&id, &query.session_hash) {
        Some(session) => session,
        None => gradio.sessions.open(&guest?.0.space.id, &query.session_hash).map_err(busy)?,
    };
    let messages = session.listen(Client::of(agent));
    Ok(event_stream(messages.map(Ok::<_, Infallible>)))
}

/// `POST run/{endpoint}`: the call and its answer in one request.
pub(super) async fn run(Guest(desk): Guest, Path(name): Path<EndpointPath>, request: Request) -> Response {
    let result = run_now(desk, &name.endpoint, request).await;
    match result {
        Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Err(error) => Detail(error).into_response(),
    }
}

#[derive(Deserialize)]
pub(super) struct EndpointPath {
    endpoint: String,
}

async fn run_now(desk: Desk, name: &str, request: Request) -> Result<Vec<u8>, ApiError> {
    let at = Instant::now();
    let (bytes, arrival) = read(&desk, request).await?;
    let head = head(&bytes)?;
    // What the body says wins: for functions without a name clients put another's in the path.
    let endpoint = match head.fn_index {
        Some(_) => by_index(&desk, head.fn_index),
        None => endpoint_index(&desk.space, name),
    };
    let session = head.session_hash.map_or_else(random, |hash| guest_session(&hash));
    let origin = Origin::current();
    let arrived = Arrived { desk, endpoint, inputs: Inputs::Listed(bytes), session, at, origin, arrival };
    let completed = arrived.answer().await?;
    #[derive(serde::Serialize)]
    struct Answer<'a> {
        data: &'a [Encoded],
        is_generating: bool,
        duration: f64,
        average_duration: f64,
    }
    let Completed { data, duration } = &completed;
    let answer = Answer { data, is_generating: false, duration: *duration, average_duration: *duration };
    Ok(serde_json::to_vec(&answer).expect("answers are plain data"))
}

/// `POST call/{endpoint}`: takes a call, for clients that know no sessions.
pub(super) async fn call(
    Extension(gradio): Extension<Arc<Gradio>>,
    Guest(desk): Guest,
    Path(name): Path<EndpointPath>,
    request: Request,
) -> Result<Response, Detail> {
    take(&gradio, desk, &name.endpoint, request, Inputs::Listed).await
}

/// `POST call/v2/{endpoint}`: the same, with the inputs by their names.
pub(super) async fn call_by_name(
    Extension(gradio): Extension<Arc<Gradio>>,
    Guest(desk): Guest,
    Path(name): Path<EndpointPath>,
    request: Request,
) -> Result<Response, Detail> {
    take(&gradio, desk, &name.endpoint, request, Inputs::Named).await
}

async fn take(
    gradio: &Gradio,
    desk: Desk,
    name: &str,
    request: Request,
    inputs: impl FnOnce(Bytes) -> Inputs,
) -> Result<Response, Detail> {
    let at = Instant::now();
    // Nothing is lost yet, so the status can say it.
    let endpoint = endpoint_index(&desk.space, name)?;
    let (bytes, arrival) = read(&desk, request).await?;
    let _: IgnoredAny = parse(&bytes)?;
    #[derive(Deserialize)]
    struct Hash {
        session_hash: Option<String>,
    }
    let hash = serde_json::from_slice::<Hash>(&bytes).ok().and_then(|hash| hash.session_hash);
    let event = random();
    let session = gradio.sessions.open(&desk.space.id, &event).map_err(busy)?;
    let arrived = Arrived {
        desk,
        endpoint: Ok(endpoint),
        inputs: inputs(bytes),
        session: hash.filter(|hash| is_hash(hash)).map_or_else(|| event.clone(), |hash| guest_session(&hash)),
        at,
        origin: Origin::current(),
        arrival,
    };
    arrived.enqueue_as(event.clone(), gradio, &session)?;
    Ok(Json(json!({ "event_id": event })).into_response())
}

#[derive(Deserialize)]
pub(super) struct EventPath {
    event: String,
}

/// `GET call/{endpoint}/{event}`: the call's events by their names, with whole values.
pub(super) async fn events(
    Extension(gradio): Extension<Arc<Gradio>>,
    Guest(desk): Guest,
    Path(EventPath { event }): Path<EventPath>,
) -> Result<Response, Detail> {
    let session = gradio.sessions.find(&desk.space.id, &event).ok_or_else(|| {
        let message = "there is no such event (any more): an event is told once";
        ApiError::new(StatusCode::NOT_FOUND, "unknown_event", message)
    })?;
    session.attend();
    let listener = Listener(session);
    let messages = stream::unfold(Some(listener), async |listener| {
        let listener = listener?;
        loop {
            let (name, data, ended) = match listener.0.next().await?.content {
                Content::Generating(data) => ("generating", serde_json::to_string(&data), false),
                Content::Completed(Ok(completed)) => ("complete", serde_json::to_string(&completed.data), true),
                Content::Completed(Err(failure)) => ("error", Ok(error(&failure).to_string()), true),
                Content::Estimation { .. } | Content::Starts | Content::Progress { .. } => continue,
            };
            let data = data.expect("values are plain data");
            let text = Bytes::from(format!("event: {name}\ndata: {data}\n\n"));
            return Some((Ok::<_, Infallible>(text), (!ended).then_some(listener)));
        }
    });
    Ok(event_stream(messages))
}

/// Says when nobody listens any more.
struct Listener(Arc<Session>);

impl Drop for Listener {
    fn drop(&mut self) {
        self.0.leave();
    }
}

#[derive(Deserialize)]
pub(super) struct Cancel {
    session_hash: String,
    fn_index: Option<usize>,
    event_id: Option<String>,
}

/// `POST cancel`: stops a call. Its last message says so.
pub(super) async fn cancel(
    Extension(gradio): Extension<Arc<Gradio>>,
    Guest(desk): Guest,
    body: Result<Json<Cancel>, JsonRejection>,
) -> Result<Response, Detail> {
    let Json(cancel) = body.map_err(|error| unprocessable(&error.body_text()))?;
    if let Some(session) = gradio.sessions.find(&desk.space.id, &cancel.session_hash) {
        session.cancel(cancel.event_id.as_deref(), cancel.fn_index);
    }
    Ok(Json(json!({ "success": true })).into_response())
}

/// `POST reset`: the clients ask for it after a cancel; there is nothing left to do.
pub(super) async fn reset(_: Guest) -> Response {
    Json(json!({ "success": true })).into_response()
}

impl Arrived {
    /// Puts the call into the queue; the event's id.
    fn enqueue(self, gradio: &Gradio, session: &Arc<Session>) -> Result<String, ApiError> {
        let event = random();
        self.enqueue_as(event.clone(), gradio, session)?;
        Ok(event)
    }

    fn enqueue_as(self, event: String, gradio: &Gradio, session: &Arc<Session>) -> Result<(), ApiError> {
        let Some(ticket) = gradio.queues.of(&self.desk.space).enter() else {
            let message = "the space's queue is full: try again in a moment";
            return Err(ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "queue_full", message));
        };
        gradio.queues.tidy_now_and_then();
        let stop = session.join(&event, self.endpoint.as_ref().ok().copied()).map_err(busy)?;
        tokio::spawn(work(self, event, ticket, Arc::clone(session), stop));
        Ok(())
    }

    /// Runs the call to its end.
    async fn answer(self) -> Result<Completed, ApiError> {
        let (call, inputs, desk, _arrival) = self.prepare().await?;
        let (result, cost) = call.run(inputs).await;
        let data = desk.write(call.endpoint(), result?).await?;
        Ok(Completed { data, duration: cost.total.as_secs_f64() })
    }

    /// Runs the call, telling the session what it tells.
    async fn tell_all(self, event: &str, session: &Session) -> Result<Completed, ApiError> {
        let (call, inputs, desk, _arrival) = self.prepare().await?;
        let (space, endpoint) = (Arc::clone(&call.space), call.endpoint);
        let endpoint = &space.interface.endpoints[endpoint];
        let mut updates = std::pin::pin!(call.updates(inputs));
        while let Some(update) = updates.next().await {
            let content = match update {
                // Gradio's own queue has told its ranks, and then that the call starts.
                Update::Queued { .. } => continue,
                Update::Progress { fraction, message } => Content::Progress { fraction, message },
                Update::Output(values) => Content::Generating(desk.write(endpoint, values).await?),
                Update::Done(result, cost) => {
                    let data = desk.write(endpoint, result?).await?;
                    return Ok(Completed { data, duration: cost.total.as_secs_f64() });
                }
            };
            session.tell(event, content).await;
        }
        unreachable!("the last update says how the call ended")
    }

    async fn prepare(self) -> Result<(Call, Vec<spaces::value::Value>, Desk, Arrival), ApiError> {
        let Self { desk, endpoint, inputs, session, at, origin, arrival } = self;
        let endpoint = endpoint?;
        let data = match inputs {
            Inputs::Listed(bytes) => parse::<Data>(&bytes)?.data,
            Inputs::Named(bytes) => listed(&desk, endpoint, parse(&bytes)?)?,
        };
        let inputs = desk.read(endpoint, data).await?;
        let (app, space) = (Arc::clone(&desk.app), Arc::clone(&desk.space));
        let call = Call { app, space, endpoint, session, origin, arrived: at, in_bytes: arrival.bytes() };
        Ok((call, inputs, desk, arrival))
    }
}

/// One event, from the queue to its last message.
async fn work(arrived: Arrived, event: String, ticket: Ticket, session: Arc<Session>, stop: CancellationToken) {
    let tell = async {
        if ticket.rank > 0 {
            let queue = Content::Estimation { rank: ticket.rank, queue_size: ticket.queue_size() };
            session.tell(&event, queue).await;
        }
        // Never closed: it lives as long as its tickets.
        let _turn = ticket.turn().await;
        session.tell(&event, Content::Starts).await;
        arrived.tell_all(&event, &session).await
    };
    let result = tokio::select! {
        biased;
        () = stop.cancelled() => Err(Failure::cancelled()),
        result = tell => result.map_err(Failure::from),
    };
    session.tell(&event, Content::Completed(result)).await;
}

async fn read(desk: &Desk, request: Request) -> Result<(Bytes, Arrival), ApiError> {
    let (request, arrival) = patience::bound(request, desk.space.limits.max_body_bytes, &desk.app.bodies)?;
    let bytes = body::read_bytes(request).await.map_err(|error| arrival.explain(error))?;
    Ok((bytes, arrival))
}

fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, ApiError> {
    serde_json::from_slice(bytes).map_err(|error| BodyError::NotJson { problem: error.to_string() }.into())
}

fn head(bytes: &[u8]) -> Result<Head, ApiError> {
    let head: Head = parse(bytes)?;
    match &head.session_hash {
        Some(hash) if !is_hash(hash) => Err(unprocessable("`session_hash` is not one: letters, digits, `-` and `_`")),
        _ => Ok(head),
    }
}

/// A call by index; without one, of the only endpoint.
fn by_index(desk: &Desk, index: Option<usize>) -> Result<usize, ApiError> {
    let n_endpoints = desk.space.interface.endpoints.len();
    let index = index.unwrap_or(0);
    if index < n_endpoints {
        return Ok(index);
    }
    let message = format!("there is no function {index}: the space has {n_endpoints}, counted from 0");
    Err(ApiError::new(StatusCode::NOT_FOUND, "unknown_endpoint", message))
}

/// Named inputs in the endpoint's order; those left out are null.
fn listed(desk: &Desk, endpoint: usize, mut named: Map<String, Value>) -> Result<Vec<Value>, ApiError> {
    let fields = &desk.space.interface.endpoints[endpoint].inputs;
    let data = fields.iter().map(|field| named.shift_remove(&field.name).unwrap_or_default()).collect();
    named.shift_remove("session_hash");
    match named.keys().next() {
        Some(name) => {
            let known: Vec<_> = fields.iter().map(|field| format!("`{}`", field.name)).collect();
            let name: String = name.chars().filter(|c| !c.is_control()).take(64).collect();
            Err(unprocessable(&format!("there is no input `{name}`; the inputs are {}", known.join(", "))))
        }
        None => Ok(data),
    }
}

/// The guest's session: kept apart from those of the pages, whose names are secret.
fn guest_session(hash: &str) -> String {
    format!("gradio-{hash}")
}

fn random() -> String {
    hex::encode(rand::random::<[u8; 16]>())
}

fn busy(error: JoinError) -> ApiError {
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "queue_full", error.to_string())
}

fn event_stream<S>(messages: S) -> Response
where
    S: futures::Stream<Item = Result<Bytes, Infallible>> + Send + 'static,
{
    let mut response = Body::from_stream(messages).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}
