//! `…/config/{key}`: values and secrets that an app reads through its `config` interface.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use spaces::SpaceId;
use spaces::store::{ConfigEntry, MAX_CONFIG_KEY_BYTES, MAX_CONFIG_VALUE_BYTES};
use spaces::view::ConfigView;
use utoipa::ToSchema;

use super::super::error::{ApiError, ErrorAnswer};
use super::super::extract::{Admin, Path, Space};
use super::super::openapi::answers::{NeedsToken, NoSpace};
use crate::app::App;
use crate::catalog;

/// The longest body that is read: a value as JSON, each of whose bytes may be written as six.
const MAX_BODY_BYTES: usize = 6 * MAX_CONFIG_VALUE_BYTES + 100;

#[derive(Serialize, ToSchema)]
pub(super) struct Config {
    config: Vec<ConfigView>,
}

#[derive(Deserialize)]
pub(super) struct KeyPath {
    key: String,
}

/// A value to set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfigValue {
    value: String,
    /// True where it must never be shown again, to anybody.
    #[serde(default)]
    secret: bool,
}

/// Lists the values and the names of the secrets of a space.
#[utoipa::path(
    get, path = "/api/v1/spaces/{owner}/{name}/config", operation_id = "list_config", tag = "spaces",
    params(("owner" = String, Path), ("name" = String, Path)), security(("token" = [])),
    responses((status = 200, description = "The values; of secrets the keys alone", body = Config), NeedsToken, NoSpace),
)]
pub(super) async fn list(State(app): State<Arc<App>>, _: Admin, Space(id): Space) -> Result<Json<Config>, ApiError> {
    let settings = catalog::settings(&app.store, &app.limits, &id).await?;
    Ok(Json(Config { config: settings.ok_or_else(|| ApiError::no_space(&id))?.config }))
}

/// Sets a value or a secret, in force at the next call.
#[utoipa::path(
    put, path = "/api/v1/spaces/{owner}/{name}/config/{key}", operation_id = "set_config", tag = "spaces",
    params(("owner" = String, Path), ("name" = String, Path), ("key" = String, Path)), security(("token" = [])),
    request_body = ConfigValue,
    responses(
        (status = 204, description = "It is set"),
        (status = 422, description = "Key, value or body cannot be, or there are too many", body = ErrorAnswer),
        NeedsToken, NoSpace,
    ),
)]
pub(super) async fn set(
    State(app): State<Arc<App>>,
    _: Admin,
    Space(id): Space,
    Path(KeyPath { key }): Path<KeyPath>,
    body: Bytes,
) -> Result<StatusCode, ApiError> {
    // What is wrong with it is not told: the parser would repeat a part, and that may be of a secret.
    let value =
        Some(&body).filter(|body| body.len() <= MAX_BODY_BYTES).and_then(|body| serde_json::from_slice(body).ok());
    let ConfigValue { value, secret } = value.ok_or_else(|| {
        let message = "send a JSON object with the texts `value` and, if it is one, `secret` as true";
        ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_body", message)
    })?;
    set_entry(&app, &id, ConfigEntry { key, value, secret }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a value or a secret.
#[utoipa::path(
    delete, path = "/api/v1/spaces/{owner}/{name}/config/{key}", operation_id = "remove_config", tag = "spaces",
    params(("owner" = String, Path), ("name" = String, Path), ("key" = String, Path)), security(("token" = [])),
    responses((status = 204, description = "It is gone"), NeedsToken, NoSpace),
)]
pub(super) async fn remove(
    State(app): State<Arc<App>>,
    _: Admin,
    Space(id): Space,
    Path(KeyPath { key }): Path<KeyPath>,
) -> Result<StatusCode, ApiError> {
    remove_entry(&app, &id, &key).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sets a value of a space that serves.
///
/// # Errors
/// Where key or value cannot be, there are too many, or there is no such space. No message holds the value.
pub(in crate::http) async fn set_entry(app: &App, id: &SpaceId, entry: ConfigEntry) -> Result<(), ApiError> {
    let refuse = |field: &str, message: String| {
        Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_setting", message).with_field(Some(field)))
    };
    if !ConfigEntry::is_key(&entry.key) {
        let message = format!(
            "a key has letters, digits, `_`, `-` and `.`, begins with a letter or `_` and is at most \
             {MAX_CONFIG_KEY_BYTES} long"
        );
        return refuse("key", message);
    }
    if entry.value.len() > MAX_CONFIG_VALUE_BYTES {
        return refuse("value", format!("a value has at most {} KiB", MAX_CONFIG_VALUE_BYTES >> 10));
    }
    if app.store.revisions(id).await?.is_empty() {
        return Err(ApiError::no_space(id));
    }
    app.store.set_config(id, &entry).await?;
    app.live.forget(id);
    Ok(())
}

/// Removes a value.
///
/// # Errors
/// Where there is no such space or key.
pub(in crate::http) async fn remove_entry(app: &App, id: &SpaceId, key: &str) -> Result<(), ApiError> {
    if !app.store.remove_config(id, key).await? {
        let message = format!("space `{id}` has no such config value");
        return Err(ApiError::new(StatusCode::NOT_FOUND, "unknown_config", message));
    }
    app.live.forget(id);
    Ok(())
}
