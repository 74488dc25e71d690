//! `/api/v1`: for the command line, and for whoever automates.

pub(super) mod config;
mod flags;
mod inspect;
mod logs;
mod metrics;
pub(super) mod revisions;
pub(super) mod settings;
pub(super) mod spaces;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::{delete, get, post, put};
use axum::{Json, Router};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::error::ApiError;
use super::extract::Admin;
use super::openapi::answers::NeedsToken;
use crate::app::App;

/// What `/openapi.json` says of this.
#[derive(OpenApi)]
#[openapi(paths(
    whoami,
    spaces::list,
    spaces::show,
    settings::settings,
    settings::update,
    config::list,
    config::set,
    config::remove,
    spaces::duplicate,
    spaces::delete,
    revisions::list,
    revisions::publish,
    revisions::activate,
    revisions::diff,
    inspect::inspect,
    logs::logs,
    flags::create,
    flags::list,
    flags::clear,
    flags::delete,
    metrics::metrics
))]
pub(super) struct ManagementApi;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/whoami", get(whoami))
        .route("/inspect", post(inspect::inspect).layer(DefaultBodyLimit::disable()))
        .route("/spaces", get(spaces::list))
        .route("/spaces/{owner}/{name}", get(spaces::show).patch(settings::update).delete(spaces::delete))
        .route("/spaces/{owner}/{name}/settings", get(settings::settings))
        .route("/spaces/{owner}/{name}/config", get(config::list))
        .route("/spaces/{owner}/{name}/config/{key}", put(config::set).delete(config::remove))
        .route("/spaces/{owner}/{name}/duplicate", post(spaces::duplicate))
        .route(
            "/spaces/{owner}/{name}/revisions",
            // The handler streams the body to disk and counts it itself.
            get(revisions::list).post(revisions::publish).layer(DefaultBodyLimit::disable()),
        )
        .route("/spaces/{owner}/{name}/revisions/{number}/activate", post(revisions::activate))
        .route("/spaces/{owner}/{name}/revisions/{number}/diff", get(revisions::diff))
        .route("/spaces/{owner}/{name}/logs", get(logs::logs))
        .route("/spaces/{owner}/{name}/flags", get(flags::list).post(flags::create).delete(flags::clear))
        .route("/spaces/{owner}/{name}/flags/{flag}", delete(flags::delete))
        .route("/spaces/{owner}/{name}/metrics", get(metrics::metrics))
        .fallback(async || {
            ApiError::new(StatusCode::NOT_FOUND, "unknown_route", "the management API has no such address")
        })
}

/// Who the holder of a token is.
#[derive(Serialize, ToSchema)]
struct Whoami {
    /// `admin`; there are no others yet.
    role: &'static str,
}

/// Says whether the token is right.
#[utoipa::path(
    get, path = "/api/v1/whoami", tag = "server", security(("token" = [])),
    responses((status = 200, description = "The token is right", body = Whoami), NeedsToken),
)]
async fn whoami(_: Admin) -> Json<Whoami> {
    Json(Whoami { role: "admin" })
}
