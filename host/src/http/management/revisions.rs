//! Publishing, listing and rolling back.

use std::path::Path as FilePath;
use std::sync::Arc;

use axum::Json;
use axum::body::{Body, BodyDataStream};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures::StreamExt as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use spaces::manifest::Visibility;
use spaces::store::StoredObject;
use spaces::view::{PublishEvent, RevisionDiff, RevisionView, Step};
use spaces::{Digest, SpaceId};
use tokio::io::AsyncWriteExt as _;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use utoipa::{IntoParams, ToSchema};

use super::super::error::{ApiError, ErrorAnswer, publish_status};
use super::super::extract::{Admin, Path, Query, Space};
use super::super::openapi::answers::{BadQuery, NeedsToken, NoSpace};
use super::super::patience::{self, Arrival};
use crate::app::App;
use crate::auth::Caller;
use crate::catalog;
use crate::publishing::queue::Place;
use crate::publishing::{Received, Reporter, Upload};

/// Events that wait for a slow client.
const EVENT_BACKLOG: usize = 256;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PublishQuery {
    /// What the body is: `NAME.onnx`, `NAME.wasm` or `NAME.zip`.
    #[param(required = true)]
    filename: Option<String>,
    /// Over what `space.toml` says, and from the first moment on.
    visibility: Option<Visibility>,
}

/// The revisions of a space.
#[derive(Serialize, ToSchema)]
pub(super) struct Revisions {
    revisions: Vec<RevisionView>,
}

/// One revision.
#[derive(Serialize, ToSchema)]
pub(super) struct OneRevision {
    revision: RevisionView,
}

/// How a publish ended that worked.
#[derive(Serialize, ToSchema)]
struct Published {
    published: PublishedRevision,
}

#[derive(Serialize, ToSchema)]
struct PublishedRevision {
    space: SpaceId,
    revision: u64,
    url: String,
}

/// Lists the revisions of a space, the newest first.
#[utoipa::path(
    get, path = "/api/v1/spaces/{owner}/{name}/revisions", operation_id = "list_revisions", tag = "revisions",
    params(("owner" = String, Path), ("name" = String, Path)), security(("token" = [])),
    responses((status = 200, description = "The revisions", body = Revisions), NeedsToken, NoSpace),
)]
pub(super) async fn list(State(app): State<Arc<App>>, _: Admin, Space(id): Space) -> Result<Json<Revisions>, ApiError> {
    let revisions = app.store.revisions(&id).await?;
    if revisions.is_empty() {
        return Err(ApiError::no_space(&id));
    }
    Ok(Json(Revisions { revisions }))
}

#[derive(Deserialize)]
pub(super) struct RevisionPath {
    number: u64,
}

/// Makes a revision the live one: rolls back, or forward.
#[utoipa::path(
    post, path = "/api/v1/spaces/{owner}/{name}/revisions/{number}/activate", operation_id = "activate_revision",
    tag = "revisions", params(("owner" = String, Path), ("name" = String, Path), ("number" = u64, Path)),
    security(("token" = [])),
    responses(
        (status = 200, description = "The revision, live now", body = OneRevision),
        (status = 400, description = "The number is none", body = ErrorAnswer),
        NeedsToken, NoSpace,
    ),
)]
pub(super) async fn activate(
    State(app): State<Arc<App>>,
    _: Admin,
    Space(id): Space,
    Path(RevisionPath { number }): Path<RevisionPath>,
) -> Result<Json<OneRevision>, ApiError> {
    Ok(Json(OneRevision { revision: make_live(&app, &id, number).await? }))
}

/// Makes a revision the live one.
///
/// # Errors
/// Where there is no such revision.
pub(in crate::http) async fn make_live(app: &App, id: &SpaceId, number: u64) -> Result<RevisionView, ApiError> {
    let revision = app.store.activate(id, number).await?;
    app.live.forget(id);
    Ok(revision)
}

/// What a revision changes.
#[derive(Serialize, ToSchema)]
pub(super) struct Diff {
    diff: RevisionDiff,
}

/// Compares a revision with the one before it: the interface part by part, and the files.
#[utoipa::path(
    get, path = "/api/v1/spaces/{owner}/{name}/revisions/{number}/diff", operation_id = "diff_revision",
    tag = "revisions", params(("owner" = String, Path), ("name" = String, Path), ("number" = u64, Path)),
    security(("token" = [])),
    responses(
        (status = 200, description = "What it changes", body = Diff),
        (status = 400, description = "The number is none", body = ErrorAnswer),
        NeedsToken, NoSpace,
    ),
)]
pub(super) async fn diff(
    State(app): State<Arc<App>>,
    _: Admin,
    Space(id): Space,
    Path(RevisionPath { number }): Path<RevisionPath>,
) -> Result<Json<Diff>, ApiError> {
    let diff = catalog::diff(&app.store, &id, number).await?;
    Ok(Json(Diff { diff: diff.ok_or_else(|| ApiError::no_revision(&id, number))? }))
}

/// Receives an upload and publishes it, telling each step as it goes on; or only how it ended, to a client that accepts
/// nothing but `application/json`.
#[utoipa::path(
    post, path = "/api/v1/spaces/{owner}/{name}/revisions", operation_id = "publish", tag = "revisions",
    params(("owner" = String, Path), ("name" = String, Path), PublishQuery), security(("token" = [])),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file"),
    responses(
        (status = 200, description = "The events of the publish, one a line", body = PublishEvent,
         content_type = "application/x-ndjson"),
        (status = 201, description = "The revision, live now", body = Published),
        (status = 404, description = "No space can have this name", body = ErrorAnswer),
        (status = 408, description = "The upload came too slowly", body = ErrorAnswer),
        (status = 413, description = "The upload or the unpacked bundle is too large", body = ErrorAnswer),
        (status = 422, description = "The app is invalid, fails, or costs more than a publish may", body = ErrorAnswer),
        BadQuery, NeedsToken,
    ),
)]
pub(super) async fn publish(
    State(app): State<Arc<App>>,
    _: Admin,
    Space(id): Space,
    Query(query): Query<PublishQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let filename = query.filename.ok_or_else(missing_filename)?;
    let limit = app.args.max_upload_bytes();
    let (place, body) = admit(&app, &headers, id.owner(), body)?;
    let draft = app.store.draft().await?;
    let file = draft.file("upload");
    let (sender, receiver) = mpsc::channel(EVENT_BACKLOG);
    let reporter = Reporter::new(&app, &id, sender);
    let since = reporter.started(Step::Receive).await;
    let (body, arrival) = patience::hurry(body);
    let stored = receive(body.into_data_stream(), &arrival, &file, limit).await?;
    reporter.finished(Step::Receive, since, Some(format!("{} bytes", stored.size_bytes))).await;
    let upload = Upload {
        space: id,
        filename,
        visibility: query.visibility,
        published_by: Caller::Admin.name().to_owned(),
        received: Received { draft, file, stored },
    };
    // On its own task: once all bytes are here, a client that goes away changes nothing.
    tokio::spawn(async move {
        let waiting = reporter.queue();
        let _turn = place.turn().await;
        drop(waiting);
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
                let published = PublishedRevision { space, revision, url };
                return Ok((StatusCode::CREATED, Json(Published { published })).into_response());
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

/// The file's name is missing.
pub(super) fn missing_filename() -> ApiError {
    let message = "say what the body is: add `?filename=NAME.onnx`, `.wasm` or `.zip` to the address";
    ApiError::new(StatusCode::BAD_REQUEST, "missing_filename", message)
}

/// Gives an upload its place among those of `owner`.
///
/// # Errors
/// The answer to a body that says itself that it is too large, and to one for which there is no place.
pub(super) fn admit(app: &App, headers: &HeaderMap, owner: &str, body: Body) -> Result<(Place, Body), ApiError> {
    let limit = app.args.max_upload_bytes();
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let place = match announced.is_some_and(|bytes| bytes > limit) {
        true => Err(too_large(limit)),
        false => app.publish_queue.enter(owner).map_err(ApiError::from),
    };
    match place {
        Ok(place) => Ok((place, body)),
        Err(error) => {
            patience::let_come(body);
            Err(error)
        }
    }
}

fn too_large(limit: u64) -> ApiError {
    let message = format!("the upload is larger than the {} MiB that this server takes", limit >> 20);
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "upload_too_large", message)
}

/// Streams a body into a file; never more than one chunk beyond the limit.
///
/// # Errors
/// The answer to a body that is empty, too large, too slow or cut off.
pub(super) async fn receive(
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
