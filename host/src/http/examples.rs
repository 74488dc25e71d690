//! `GET /spaces/{owner}/{name}/examples/{endpoint}/{example}`: what an example gave when the space was published.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use tokio_util::io::ReaderStream;

use super::access::{endpoint_index, usable_space};
use super::error::ApiError;
use super::extract::{Admin, Path, Space};
use crate::app::App;
use crate::auth::Caller;
use crate::examples::ExampleIndex;
use crate::live::LiveSpace;

/// Bytes read and sent at once.
const CHUNK_BYTES: usize = 64 << 10;

#[derive(serde::Deserialize)]
pub(super) struct ExamplePath {
    endpoint: String,
    /// Counted from 0.
    example: usize,
}

pub(super) async fn example(
    State(app): State<Arc<App>>,
    caller: Caller,
    Space(id): Space,
    Path(ExamplePath { endpoint, example }): Path<ExamplePath>,
) -> Result<Response, ApiError> {
    let space = usable_space(&app, caller, &id).await?;
    send(&space, &endpoint, example).await
}

#[derive(serde::Deserialize)]
pub(super) struct PreviewPath {
    number: u64,
    endpoint: String,
    example: usize,
}

/// `GET /spaces/{owner}/{name}/revisions/{number}/examples/{endpoint}/{example}`: of a revision that need not be live.
pub(super) async fn preview_example(
    State(app): State<Arc<App>>,
    _: Admin,
    Space(id): Space,
    Path(PreviewPath { number, endpoint, example }): Path<PreviewPath>,
) -> Result<Response, ApiError> {
    let space = app.preview_space(&id, number).await?;
    send(&space, &endpoint, example).await
}

async fn send(space: &LiveSpace, endpoint: &str, example: usize) -> Result<Response, ApiError> {
    let index = ExampleIndex { endpoint: endpoint_index(space, endpoint)?, example };
    let Some(file) = space.example_outputs.get(&index) else {
        let message = format!("endpoint `{endpoint}` has no kept outputs of an example {example}, counted from 0");
        return Err(ApiError::new(StatusCode::NOT_FOUND, "unknown_example", message));
    };
    let file = tokio::fs::File::open(file).await.map_err(|error| ApiError::internal(&error))?;
    let body = Body::from_stream(ReaderStream::with_capacity(file, CHUNK_BYTES));
    // Another revision has other examples under the same address.
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "private, no-cache")];
    Ok((headers, body).into_response())
}
