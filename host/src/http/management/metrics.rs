//! `GET …/metrics`: what the calls of a space have cost over time.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use spaces::view::{MetricsRange, MetricsView};
use utoipa::{IntoParams, ToSchema};

use super::super::error::ApiError;
use super::super::extract::{Admin, Query, Space};
use super::super::openapi::answers::{BadQuery, NeedsToken, NoSpace};
use crate::app::App;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MetricsQuery {
    /// The last hour by the minute, the last day by the quarter of an hour, or the last week by the hour.
    #[serde(default)]
    range: MetricsRange,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Metrics {
    metrics: MetricsView,
}

/// Shows how often a space was called, how often in vain, how long calls took and how much memory, over time.
#[utoipa::path(
    get, path = "/api/v1/spaces/{owner}/{name}/metrics", operation_id = "show_metrics", tag = "spaces",
    params(("owner" = String, Path), ("name" = String, Path), MetricsQuery), security(("token" = [])),
    responses((status = 200, description = "The calls, the last one that has ended included", body = Metrics),
        BadQuery, NeedsToken, NoSpace),
)]
pub(super) async fn metrics(
    State(app): State<Arc<App>>,
    _: Admin,
    Space(id): Space,
    Query(query): Query<MetricsQuery>,
) -> Result<Json<Metrics>, ApiError> {
    if app.store.revisions(&id).await?.is_empty() {
        return Err(ApiError::no_space(&id));
    }
    Ok(Json(Metrics { metrics: app.usages.metrics(&app.store, &id, query.range).await? }))
}
