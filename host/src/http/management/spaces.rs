//! Listing, showing, changing and deleting spaces.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use spaces::SpaceId;
use spaces::catalog::{Audience, ParseSortError, Search, Sort};
use spaces::id::ParseIdError;
use spaces::manifest::Engine;
use spaces::view::{SpaceDetail, SpaceSummary};
use time::OffsetDateTime;
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
    /// Words, all of which must occur in the id, title, summary, tags or task.
    #[serde(default)]
    q: String,
    /// The most spaces of the answer, 1000 at most.
    #[param(minimum = 0, default = 50)]
    limit: Option<usize>,
    /// Spaces left out at the beginning.
    #[serde(default)]
    #[param(minimum = 0, default = 0)]
    offset: usize,
    /// Only spaces of this person or team.
    owner: Option<String>,
    /// Only spaces with this tag.
    tag: Option<String>,
    /// Only spaces for this task, in Hugging Face's words.
    task: Option<String>,
    /// `newest`, the default, `trending` (by the calls of the last days) or `name`.
    sort: Option<String>,
    /// Only spaces that the operator has featured.
    #[serde(default)]
    featured: bool,
}

/// A page of spaces.
#[derive(Serialize, ToSchema)]
pub(super) struct Listing {
    spaces: Vec<SpaceSummary>,
    meta: ListingMeta,
}

#[derive(Serialize, ToSchema)]
struct ListingMeta {
    /// How many there are without offset and limit.
    total: u64,
}

/// Lists spaces: public ones, or with a token all.
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
    let sort = query.sort.as_deref().map_or(Ok(Sort::default()), str::parse);
    let sort = sort.map_err(|error: ParseSortError| {
        ApiError::new(StatusCode::BAD_REQUEST, "invalid_query", error.to_string()).with_field(Some("sort"))
    })?;
    let search = Search {
        text: &query.q,
        owner: query.owner.as_deref(),
        tag: query.tag.as_deref(),
        task: query.task.as_deref(),
        featured: query.featured,
        sort,
        audience,
        offset: query.offset,
        limit,
    };
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

/// Deletes a space with all that it has.
#[utoipa::path(
    delete, path = "/api/v1/spaces/{owner}/{name}", operation_id = "delete_space", tag = "spaces",
    params(("owner" = String, Path), ("name" = String, Path)), security(("token" = [])),
    responses((status = 204, description = "It is gone"), NeedsToken, NoSpace),
)]
pub(super) async fn delete(State(app): State<Arc<App>>, _: Admin, Space(id): Space) -> Result<StatusCode, ApiError> {
    remove(&app, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes a space, and what is held of it in memory.
///
/// # Errors
/// Where there is no such space.
pub(in crate::http) async fn remove(app: &App, id: &SpaceId) -> Result<(), ApiError> {
    app.store.delete(id).await?;
    app.live.forget(id);
    app.sessions.forget_space(id);
    app.temporary.forget_space(id);
    app.meters.forget_space(id);
    app.usages.forget_space(id);
    Ok(())
}

/// Where a copy goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Duplicate {
    /// `owner/name` of the copy, of which there is no space yet.
    to: String,
}

/// Copies what a space serves to another name, ready at once; the copy is private, and has no config and no secrets.
#[utoipa::path(
    post, path = "/api/v1/spaces/{owner}/{name}/duplicate", operation_id = "duplicate_space", tag = "spaces",
    params(("owner" = String, Path), ("name" = String, Path)), security(("token" = [])), request_body = Duplicate,
    responses(
        (status = 201, description = "The copy", body = Shown),
        (status = 409, description = "There is already a space of this name", body = ErrorAnswer),
        (status = 422, description = "No space can have this name, or its owner may not run this one",
         body = ErrorAnswer),
        NeedsToken, NoSpace,
    ),
)]
pub(super) async fn duplicate(
    State(app): State<Arc<App>>,
    _: Admin,
    Space(id): Space,
    body: Result<Json<Duplicate>, JsonRejection>,
) -> Result<(StatusCode, Json<Shown>), ApiError> {
    let Json(Duplicate { to }) =
        body.map_err(|error| ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_body", error.body_text()))?;
    let to = copy(&app, &id, &to).await?;
    let shown = show(State(app), Caller::Admin, Space(to)).await?;
    Ok((StatusCode::CREATED, shown))
}

/// Copies a space; the id of the copy.
///
/// # Errors
/// Where a space cannot be called so, or is already, or its owner may not run it, or there is nothing to copy.
pub(in crate::http) async fn copy(app: &App, id: &SpaceId, to: &str) -> Result<SpaceId, ApiError> {
    let refused = |code: &str, message: String| {
        ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, code, message).with_field(Some("to"))
    };
    let to: SpaceId = to.trim().parse().map_err(|error: ParseIdError| refused("invalid_name", error.to_string()))?;
    let live = app.store.live_revision(id).await?.ok_or_else(|| ApiError::no_space(id))?;
    if live.revision.manifest.engine == Engine::Native {
        app.native.check(&to).map_err(|error| refused("native_not_allowed", error.to_string()))?;
    }
    app.store.duplicate(id, &to, Caller::Admin.name(), OffsetDateTime::now_utc()).await?;
    app.live.forget(&to);
    Ok(to)
}
