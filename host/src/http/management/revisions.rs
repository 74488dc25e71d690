//! Publishing, listing and rolling back.

use std::path::Path as FilePath;
use std::sync::Arc;

use axum::Json;
use axum::body::{Body, BodyDataStream};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures::StreamExt as _;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use spaces::Digest;
use spaces::manifest::Visibility;
use spaces::store::StoredObject;
use spaces::view::{PublishEvent, Step};
use tokio::io::AsyncWriteExt as _;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::super::error::{ApiError, publish_status};
use super::super::extract::{Admin, Space};
use super::super::patience::{self, Arrival};
use crate::app::App;
use crate::publishing::{Received, Reporter, Upload};

/// Events that wait for a slow client.
const EVENT_BACKLOG: usize = 256;

#[derive(Deserialize)]
pub(super) struct PublishQuery {
    filename: Option<String>,
    /// Over what `space.toml` says, and from the first moment on.
    visibility: Option<Visibility>,
}

/// `GET …/revisions`: the newest first.
pub(super) async fn list(State(app): State<Arc<App>>, _: Admin, Space(id): Space) -> Result<Json<Value>, ApiError> {
    let revisions = app.store.revisions(&id).await?;
    if revisions.is_empty() {
        return Err(ApiError::no_space(&id));
    }
    Ok(Json(json!({ "revisions": revisions })))
}

#[derive(Deserialize)]
pub(super) struct RevisionPath {
    number: u64,
}

/// `POST …/revisions/{number}/activate`: rolls back, or forward.
pub(super) async fn activate(
    State(app): State<Arc<App>>,
    _: Admin,
    Space(id): Space,
    Path(RevisionPath { number }): Path<RevisionPath>,
) -> Result<Json<Value>, ApiError> {
    let revision = app.store.activate(&id, number).await?;
    app.live.forget(&id);
    Ok(Json(json!({ "revision": revision })))
}

/// `POST …/revisions?filename=NAME`: receives an upload and publishes it, telling each step as it goes on; or only
/// how it ended, to a client that accepts nothing but `application/json`.
pub(super) async fn publish(
    State(app): State<Arc<App>>,
    _: Admin,
    Space(id): Space,
    query: Result<Query<PublishQuery>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let Query(query) =
        query.map_err(|error| ApiError::new(StatusCode::BAD_REQUEST, "invalid_query", error.body_text()))?;
    let filename = query.filename.ok_or_else(|| {
        let message = "say what the body is: add `?filename=NAME.onnx`, `.wasm` or `.zip` to the address";
        ApiError::new(StatusCode::BAD_REQUEST, "missing_filename", message)
    })?;
    let limit = app.args.max_upload_bytes();
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > limit) {
        return Err(too_large(limit));
    }
    let place = app.publish_queue.enter(id.owner())?;
    let draft = app.store.draft().await?;
    let file = draft.file("upload");
    let (sender, receiver) = mpsc::channel(EVENT_BACKLOG);
    let reporter = Reporter::new(&app, &id, sender);
    let since = reporter.started(Step::Receive).await;
    let (body, arrival) = patience::hurry(body);
    let stored = receive(body.into_data_stream(), &arrival, &file, limit).await?;
    reporter.finished(Step::Receive, since, Some(format!("{} bytes", stored.size_bytes))).await;
    let upload =
        Upload { space: id, filename, visibility: query.visibility, received: Received { draft, file, stored } };
    // On its own task: once all bytes are here, a client that goes away changes nothing.
    tokio::spawn(async move {
        let _turn = place.turn().await;
        app.publish(upload, reporter).await;
    });
    if accepts_json_only(&headers) {
        return outcome(receiver).await;
    }
    let lines = ReceiverStream::new(receiver).map(|event| Ok::<_, std::convert::Infallible>(line(&event)));
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(lines)).into_response())
}

/// True for a client that wants one answer, with a status that says how it went, rather than events.
fn accepts_json_only(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|value| value.as_bytes() == b"application/json")
}

/// Waits for the end of a publish and answers with it.
async fn outcome(mut events: mpsc::Receiver<PublishEvent>) -> Result<Response, ApiError> {
    while let Some(event) = events.recv().await {
        match event {
            PublishEvent::Live { space, revision, url } => {
                let published = json!({ "space": space, "revision": revision, "url": url });
                return Ok((StatusCode::CREATED, Json(json!({ "published": published }))).into_response());
            }
            PublishEvent::Failed { error, .. } => {
                return Err(ApiError::new(publish_status(&error.code), &error.code, error.message)
                    .with_field(error.field.as_deref()));
            }
            PublishEvent::Started { .. } | PublishEvent::Finished { .. } | PublishEvent::Log { .. } => {}
        }
    }
    let message = "the server stopped before the publish was done";
    Err(ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", message))
}

fn line(event: &PublishEvent) -> Bytes {
    let mut line = serde_json::to_vec(event).expect("events are plain data");
    line.push(b'\n');
    line.into()
}

fn too_large(limit: u64) -> ApiError {
    let message = format!("the upload is larger than the {} MiB that this server takes", limit >> 20);
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "upload_too_large", message)
}

/// Streams a body into a file; never more than one chunk beyond the limit.
async fn receive(
    mut body: BodyDataStream,
    arrival: &Arrival,
    file: &FilePath,
    limit: u64,
) -> Result<StoredObject, ApiError> {
    let mut written = tokio::fs::File::create(file).await.map_err(|error| ApiError::internal(&error))?;
    let mut hasher = Sha256::new();
    let mut size_bytes = 0;
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_| match arrival.too_slow() {
            true => {
                let message = "the upload came too slowly; send it again over a better line";
                ApiError::new(StatusCode::REQUEST_TIMEOUT, "upload_stalled", message)
            }
            false => {
                let message = "the upload ended before all of it had arrived";
                ApiError::new(StatusCode::BAD_REQUEST, "upload_cut_off", message)
            }
        })?;
        size_bytes += chunk.len() as u64;
        if size_bytes > limit {
            return Err(too_large(limit));
        }
        hasher.update(&chunk);
        written.write_all(&chunk).await.map_err(|error| ApiError::internal(&error))?;
    }
    written.flush().await.map_err(|error| ApiError::internal(&error))?;
    if size_bytes == 0 {
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "upload_empty", "the upload is empty"));
    }
    Ok(StoredObject { digest: Digest::from_hasher(hasher), size_bytes })
}
