//! The two questions by which `Client("owner/name")` finds a space, where `HF_ENDPOINT` names this server.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};
use spaces::manifest::Visibility;

use super::Detail;
use super::visitor::{caller, public_url};
use crate::app::App;
use crate::http::access::may_use;
use crate::http::error::ApiError;
use crate::http::extract::Space;

/// `GET /api/spaces/{owner}/{name}`: where it is.
pub(super) async fn space(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Space(id): Space,
) -> Result<Json<Value>, Detail> {
    let detail = app.store.space(&id, &app.limits).await.map_err(ApiError::from)?;
    let caller = caller(&app, &headers);
    let detail = detail.filter(|detail| may_use(caller, detail.summary.visibility));
    let detail = detail.ok_or_else(|| ApiError::no_space(&id))?;
    Ok(Json(json!({
        "id": id.to_string(),
        "private": detail.summary.visibility == Visibility::Private,
        // The clients add to it what is below, so it ends with a slash.
        "host": format!("{}/spaces/{id}/", public_url(&app, &headers)),
        "sdk": "gradio",
        "tags": detail.summary.tags,
        "likes": 0,
        "lastModified": detail.summary.updated_at,
    })))
}

/// `GET /api/spaces/{owner}/{name}/runtime`: always running, since nothing has to be woken.
pub(super) async fn runtime(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Space(id): Space,
) -> Result<Json<Value>, Detail> {
    let detail = app.store.space(&id, &app.limits).await.map_err(ApiError::from)?;
    let caller = caller(&app, &headers);
    match detail.filter(|detail| may_use(caller, detail.summary.visibility)) {
        Some(_) => Ok(Json(json!({
            "stage": "RUNNING",
            "hardware": { "current": "cpu-basic", "requested": "cpu-basic" },
            "storage": null,
            "gcTimeout": null,
        }))),
        None => Err(ApiError::no_space(&id).into()),
    }
}
