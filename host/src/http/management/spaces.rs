//! Listing, showing, changing and deleting spaces.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use spaces::manifest::Visibility;
use spaces::store::{Audience, Search};

use super::super::access::may_use;
use super::super::error::ApiError;
use super::super::extract::{Admin, Space};
use crate::app::App;
use crate::auth::Caller;

/// Spaces of one page when the client does not say.
const DEFAULT_LIMIT: usize = 50;
/// Spaces of one page at most.
const MAX_LIMIT: usize = 1_000;

#[derive(Deserialize)]
pub(super) struct ListQuery {
    #[serde(default)]
    q: String,
    limit: Option<usize>,
    owner: Option<String>,
}

/// `GET /api/v1/spaces?q=&owner=&limit=`.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<Value>, ApiError> {
    let audience = match caller {
        Caller::Admin => Audience::Admin,
        Caller::Anyone => Audience::Anyone,
    };
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT);
    let search = Search { text: &query.q, owner: query.owner.as_deref(), audience, limit };
    let page = app.store.search(&search).await?;
    Ok(Json(json!({ "spaces": page.spaces, "meta": { "total": page.total } })))
}

/// `GET /api/v1/spaces/{owner}/{name}`.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    Space(id): Space,
) -> Result<Json<Value>, ApiError> {
    let detail = app.store.space(&id, &app.limits).await?.filter(|detail| may_use(caller, detail.summary.visibility));
    let detail = detail.ok_or_else(|| ApiError::no_space(&id))?;
    Ok(Json(json!({ "space": detail })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Update {
    visibility: Visibility,
}

/// `PATCH /api/v1/spaces/{owner}/{name}` with `{"visibility": "public" | "unlisted" | "private"}`.
pub(super) async fn update(
    State(app): State<Arc<App>>,
    _: Admin,
    Space(id): Space,
    body: Result<Json<Update>, JsonRejection>,
) -> Result<Json<Value>, ApiError> {
    let Json(update) =
        body.map_err(|error| ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_body", error.body_text()))?;
    app.store.set_visibility(&id, update.visibility).await?;
    app.live.forget(&id);
    show(State(app), Caller::Admin, Space(id)).await
}

/// `DELETE /api/v1/spaces/{owner}/{name}`.
pub(super) async fn delete(State(app): State<Arc<App>>, _: Admin, Space(id): Space) -> Result<StatusCode, ApiError> {
    app.store.delete(&id).await?;
    app.live.forget(&id);
    app.sessions.forget_space(&id);
    app.temporary.forget_space(&id);
    app.meters.forget_space(&id);
    Ok(StatusCode::NO_CONTENT)
}
