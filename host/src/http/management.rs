//! `/api/v1`: for the command line, and for whoever automates.

mod logs;
mod revisions;
mod spaces;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::error::ApiError;
use super::extract::Admin;
use crate::app::App;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/whoami", get(whoami))
        .route("/spaces", get(spaces::list))
        .route("/spaces/{owner}/{name}", get(spaces::show).patch(spaces::update).delete(spaces::delete))
        .route(
            "/spaces/{owner}/{name}/revisions",
            // The handler streams the body to disk and counts it itself.
            get(revisions::list).post(revisions::publish).layer(DefaultBodyLimit::disable()),
        )
        .route("/spaces/{owner}/{name}/revisions/{number}/activate", post(revisions::activate))
        .route("/spaces/{owner}/{name}/logs", get(logs::logs))
        .fallback(async || {
            ApiError::new(StatusCode::NOT_FOUND, "unknown_route", "the management API has no such address")
        })
}

/// `GET /api/v1/whoami`: is the token right?
async fn whoami(_: Admin) -> Json<Value> {
    Json(json!({ "role": "admin" }))
}
