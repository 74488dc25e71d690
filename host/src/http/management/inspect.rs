//! `POST /inspect`: what an upload is, before it is published.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use spaces::inspection::Inspection;
use utoipa::{IntoParams, ToSchema};

use super::super::error::{ApiError, ErrorAnswer, publish_status};
use super::super::extract::{Admin, Query};
use super::super::openapi::answers::{BadQuery, NeedsToken};
use super::super::patience;
use super::revisions::{admit, missing_filename, receive};
use crate::app::App;
use crate::publishing::Received;

/// Whose turn an inspection takes: those of nobody's publishes, since no owner has a slash in the name.
const QUEUE: &str = "/inspect";

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct InspectQuery {
    /// What the body is: `NAME.onnx`, `NAME.wasm` or `NAME.zip`.
    #[param(required = true)]
    filename: Option<String>,
}

/// What an upload is.
#[derive(Serialize, ToSchema)]
pub(super) struct Inspected {
    inspection: Inspection,
}

/// Looks into an upload and keeps nothing of it: what it takes and gives, what its page would be, and why it cannot be
/// published where it cannot.
#[utoipa::path(
    post, path = "/api/v1/inspect", operation_id = "inspect", tag = "revisions", params(InspectQuery),
    security(("token" = [])),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file"),
    responses(
        (status = 200, description = "What was found, problems included", body = Inspected),
        (status = 408, description = "The upload came too slowly", body = ErrorAnswer),
        (status = 413, description = "The upload is too large", body = ErrorAnswer),
        BadQuery, NeedsToken,
    ),
)]
pub(super) async fn inspect(
    State(app): State<Arc<App>>,
    _: Admin,
    Query(query): Query<InspectQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Inspected>, ApiError> {
    let filename = query.filename.ok_or_else(missing_filename)?;
    let limit = app.args.max_upload_bytes();
    let (place, body) = admit(&app, &headers, QUEUE, body)?;
    let draft = app.store.draft().await?;
    let file = draft.file("upload");
    let (body, arrival) = patience::hurry(body);
    let stored = receive(body.into_data_stream(), &arrival, &file, limit).await?;
    let _turn = place.turn().await;
    let inspection = app.inspect(&filename, &Received { draft, file, stored }).await;
    let inspection = inspection.map_err(|error| match error.code.as_str() {
        "internal" => ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, &error.code, error.message),
        code => ApiError::new(publish_status(code), code, error.message),
    })?;
    Ok(Json(Inspected { inspection }))
}
