//! Answers that need no call: of the server and of its models.

use std::sync::Arc;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use spaces::SpaceId;
use spaces::store::{Audience, Search};
use spaces::view::SpaceSummary;

use super::describe::{Description, EXTENSIONS, PLATFORM, Statistics, TensorDescription};
use super::model::{Model, space_name};
use crate::app::App;
use crate::auth::Caller;
use crate::http::error::ApiError;

/// The most models of a list, the newest first.
const MAX_LISTED: usize = 1000;

pub(super) fn server() -> Response {
    let version = env!("CARGO_PKG_VERSION");
    Json(json!({ "name": PLATFORM, "version": version, "extensions": EXTENSIONS })).into_response()
}

/// KServe's client reads the body, Triton's the status.
pub(super) fn live() -> Response {
    Json(json!({ "live": true })).into_response()
}

pub(super) fn ready(app: &App) -> Response {
    if app.draining() {
        let message = "the server is stopping";
        return super::plain(ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", message));
    }
    Json(json!({ "ready": true })).into_response()
}

pub(super) fn model_ready(model: &Model) -> Response {
    Json(json!({ "name": model.to_string(), "ready": true })).into_response()
}

pub(super) fn metadata(model: &Model) -> Response {
    let Description { name, version, inputs, outputs, .. } = Description::of(model);
    let tensor = |tensor: &TensorDescription| json!({ "name": tensor.name, "datatype": tensor.datatype.to_string(), "shape": tensor.shape });
    let tensors = |tensors: &[TensorDescription]| tensors.iter().map(tensor).collect::<Vec<Value>>();
    let (inputs, outputs) = (tensors(&inputs), tensors(&outputs));
    Json(json!({ "name": name, "versions": [version], "platform": PLATFORM, "inputs": inputs, "outputs": outputs }))
        .into_response()
}

pub(super) fn config(model: &Model) -> Response {
    let Description { name, inputs, outputs, batching, streams, .. } = Description::of(model);
    let tensor = |tensor: &TensorDescription| {
        json!({
            "name": tensor.name,
            "data_type": format!("TYPE_{}", tensor.datatype.config_name()),
            "dims": tensor.dims(batching.is_some()),
        })
    };
    let input = |described: &TensorDescription| {
        let mut input = tensor(described);
        input["optional"] = json!(described.optional);
        input
    };
    let mut config = json!({
        "name": name,
        "platform": PLATFORM,
        "backend": PLATFORM,
        "max_batch_size": batching.map_or(0, |(max_size, _)| max_size),
        "input": inputs.iter().map(input).collect::<Vec<Value>>(),
        "output": outputs.iter().map(tensor).collect::<Vec<Value>>(),
        "model_transaction_policy": { "decoupled": streams },
    });
    if let Some((_, delay_us)) = batching {
        config["dynamic_batching"] = json!({ "max_queue_delay_microseconds": delay_us });
    }
    Json(config).into_response()
}

pub(super) fn statistics(models: &[Model]) -> Response {
    let statistics = |model: &Model| {
        let Statistics { name, version, inferences, executions } = Statistics::of(model);
        json!({ "name": name, "version": version, "inference_count": inferences, "execution_count": executions })
    };
    Json(json!({ "model_stats": models.iter().map(statistics).collect::<Vec<Value>>() })).into_response()
}

pub(super) fn index(models: Vec<SpaceSummary>) -> Response {
    let model = |SpaceSummary { id, revision, .. }: SpaceSummary| json!({ "name": space_name(&id), "version": revision.to_string(), "state": "READY", "reason": "" });
    Json(models.into_iter().map(model).collect::<Vec<Value>>()).into_response()
}

pub(super) fn done() -> Response {
    Json(json!({})).into_response()
}

/// The spaces that this caller sees listed, the newest first, or `only` one.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn list(app: &App, caller: Caller, only: Option<&SpaceId>) -> Result<Vec<SpaceSummary>, ApiError> {
    let audience = Audience::from(caller);
    let search = Search { owner: only.map(SpaceId::owner), audience, limit: MAX_LISTED, ..Search::default() };
    let mut spaces = app.store.search(&search).await?.spaces;
    spaces.retain(|space| only.is_none_or(|only| *only == space.id));
    Ok(spaces)
}

/// Those of them that are loaded: the others were not called of late.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn loaded_models(
    app: &Arc<App>,
    caller: Caller,
    only: Option<&SpaceId>,
) -> Result<Vec<Model>, ApiError> {
    let mut models = Vec::new();
    for SpaceSummary { id, .. } in list(app, caller, only).await? {
        if app.live.is_loaded(&id)
            && let Ok(model) = Model::find(app, caller, &space_name(&id), None).await
        {
            models.push(model);
        }
    }
    Ok(models)
}
