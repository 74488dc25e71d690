//! Listing, showing, changing and deleting spaces.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use spaces::manifest::Visibility;
use spaces::store::{Audience, Search};
use spaces::view::{SpaceDetail, SpaceSummary};
use utoipa::{IntoParams, ToSchema};

use super::super::access::may_use;
use super::super::error::{ApiError, ErrorAnswer};
use super::super::extract::{Admin, Query, Space};
use super::super::openapi::answers::{BadQuery, BadToken, NeedsToken, NoSpace};
use crate::app::App;
use crate::auth::Caller;

/// Spaces of one page when the client does not say.
const DEFAULT_LIMIT: usize = 50;
/// Spaces of one page at most.
const MAX_LIMIT: usize = 1_000;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// Words, all of which must occur in the id, title, summary or tags.
    #[serde(default)]
    q: String,
    /// The most spaces of the answer, 1000 at most.
    #[param(minimum = 0, default = 50)]
    limit: Option<usize>,
    /// Only spaces of this person or team.
    owner: Option<String>,
}

/// A page of spaces.
#[derive(Serialize, ToSchema)]
pub(super) struct Listing {
    spaces: Vec<SpaceSummary>,
    meta: ListingMeta,
}

#[derive(Serialize, ToSchema)]
struct ListingMeta {
    /// How many there are without the limit.
    total: u64,
}

/// Lists spaces, the newest first: public ones, or with a token all.
#[utoipa::path(
    get, path = "/api/v1/spaces", operation_id = "list_spaces", tag = "spaces", params(ListQuery),
    security((), ("token" = [])),
    responses((status = 200, description = "The spaces", body = Listing), BadQuery, BadToken),
)]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<Listing>, ApiError> {
    let audience = Audience::from(caller);
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT);
    let search = Search { text: &query.q, owner: query.owner.as_deref(), audience, limit };
    let page = app.store.search(&search).await?;
    Ok(Json(Listing { spaces: page.spaces, meta: ListingMeta { total: page.total } }))
}

/// A space.
#[derive(Serialize, ToSchema)]
pub(super) struct Shown {
    space: SpaceDetail,
}

/// Shows a space with its interface.
#[utoipa::path(
    get, path = "/api/v1/spaces/{owner}/{name}", operation_id = "show_space", tag = "spaces",
    params(("owner" = String, Path), ("name" = String, Path)), security((), ("token" = [])),
    responses((status = 200, description = "The space", body = Shown), BadToken, NoSpace),
)]
pub(super) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    Space(id): Space,
) -> Result<Json<Shown>, ApiError> {
    let detail = app.store.space(&id, &app.limits).await?.filter(|detail| may_use(caller, detail.summary.visibility));
    let detail = detail.ok_or_else(|| ApiError::no_space(&id))?;
    Ok(Json(Shown { space: detail }))
}

/// What is to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Update {
    visibility: Visibility,
}

/// Changes who may see and use a space.
#[utoipa::path(
    patch, path = "/api/v1/spaces/{owner}/{name}", operation_id = "update_space", tag = "spaces",
    params(("owner" = String, Path), ("name" = String, Path)), security(("token" = [])), request_body = Update,
    responses(
        (status = 200, description = "The space as it is now", body = Shown),
        (status = 422, description = "The body is not a change", body = ErrorAnswer),
        NeedsToken, NoSpace,
    ),
)]
pub(super) async fn update(
    State(app): State<Arc<App>>,
    _: Admin,
    Space(id): Space,
    body: Result<Json<Update>, JsonRejection>,
) -> Result<Json<Shown>, ApiError> {
    let Json(update) =
        body.map_err(|error| ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_body", error.body_text()))?;
    app.store.set_visibility(&id, update.visibility).await?;
    app.live.forget(&id);
    show(State(app), Caller::Admin, Space(id)).await
}

/// Deletes a space with all that it has.
#[utoipa::path(
    delete, path = "/api/v1/spaces/{owner}/{name}", operation_id = "delete_space", tag = "spaces",
    params(("owner" = String, Path), ("name" = String, Path)), security(("token" = [])),
    responses((status = 204, description = "It is gone"), NeedsToken, NoSpace),
)]
pub(super) async fn delete(State(app): State<Arc<App>>, _: Admin, Space(id): Space) -> Result<StatusCode, ApiError> {
    app.store.delete(&id).await?;
    app.live.forget(&id);
    app.sessions.forget_space(&id);
    app.temporary.forget_space(&id);
    app.meters.forget_space(&id);
    app.usages.forget_space(&id);
    Ok(StatusCode::NO_CONTENT)
}
