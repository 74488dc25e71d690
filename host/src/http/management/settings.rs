//! `GET …/settings` and `PATCH …`: what the owner changes of a space without a new publish.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use spaces::SpaceId;
use spaces::limits::LimitsSpec;
use spaces::manifest::Visibility;
use spaces::settings::{FrameOrigin, SettingsError, SpaceSettings};
use spaces::view::SettingsView;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::super::error::{ApiError, ErrorAnswer};
use super::super::extract::{Admin, Space};
use super::super::openapi::answers::{NeedsToken, NoSpace};
use super::spaces::{Shown, show};
use crate::app::App;
use crate::auth::Caller;
use crate::catalog;

/// The settings of a space.
#[derive(Serialize, ToSchema)]
pub(super) struct Settings {
    settings: SettingsView,
}

/// Shows what may be changed of a space, and what it is now. Secrets are named, never shown.
#[utoipa::path(
    get, path = "/api/v1/spaces/{owner}/{name}/settings", operation_id = "show_settings", tag = "spaces",
    params(("owner" = String, Path), ("name" = String, Path)), security(("token" = [])),
    responses((status = 200, description = "The settings", body = Settings), NeedsToken, NoSpace),
)]
pub(super) async fn settings(
    State(app): State<Arc<App>>,
    _: Admin,
    Space(id): Space,
) -> Result<Json<Settings>, ApiError> {
    let settings = catalog::settings(&app.store, &app.limits, &id).await?;
    Ok(Json(Settings { settings: settings.ok_or_else(|| ApiError::no_space(&id))? }))
}

/// What is to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(in crate::http) struct Update {
    pub(in crate::http) visibility: Option<Visibility>,
    /// Null shows again what the revision says.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub(in crate::http) title: Option<Option<String>>,
    /// Markdown; null shows again what the revision says.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub(in crate::http) description: Option<Option<String>>,
    /// Null shows again what the revision says.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<Vec<String>>)]
    pub(in crate::http) tags: Option<Option<Vec<String>>>,
    /// All of them at once: one that is left out is the revision's, or else this server's default.
    #[serde(deserialize_with = "object")]
    pub(in crate::http) limits: Option<LimitsSpec>,
    /// Whose pages may show the space in a frame, such as `https://example.org`; empty allows everybody's.
    pub(in crate::http) frame_origins: Option<Vec<String>>,
    /// Whether the gallery shows it in its first row.
    pub(in crate::http) featured: Option<bool>,
}

/// A key that is there, with null or a value.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// An object or null: a derived reader would take a list of the fields' values as well.
fn object<'de, T: DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    let given = Option::<Map<String, Value>>::deserialize(deserializer)?;
    given.map(|fields| T::deserialize(Value::Object(fields)).map_err(D::Error::custom)).transpose()
}

/// Changes what is said of a space, who may see it and what it may use, in force at its next call.
#[utoipa::path(
    patch, path = "/api/v1/spaces/{owner}/{name}", operation_id = "update_space", tag = "spaces",
    params(("owner" = String, Path), ("name" = String, Path)), security(("token" = [])), request_body = Update,
    responses(
        (status = 200, description = "The space as it is now", body = Shown),
        (status = 422, description = "The body is not a change, or asks for more than this server gives",
         body = ErrorAnswer),
        NeedsToken, NoSpace,
    ),
)]
pub(super) async fn update(
    State(app): State<Arc<App>>,
    _: Admin,
    Space(id): Space,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Json<Shown>, ApiError> {
    let refused = |message: String| ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_body", message);
    let Json(body) = body.map_err(|error| refused(error.body_text()))?;
    let update = Update::deserialize(Value::Object(body)).map_err(|error| refused(error.to_string()))?;
    change(&app, &id, update).await?;
    show(State(app), Caller::Admin, Space(id)).await
}

/// Makes a change, all of it or nothing of what is wrong.
///
/// # Errors
/// Where a value cannot be, is above what the operator allows, or there is no such space.
pub(in crate::http) async fn change(app: &App, id: &SpaceId, update: Update) -> Result<(), ApiError> {
    let Update { visibility, title, description, tags, limits, frame_origins, featured } = update;
    let refused = |error: SettingsError| {
        ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_setting", error.to_string())
            .with_field(Some(error.key))
    };
    let frame_origins = match frame_origins {
        None => None,
        Some(origins) => {
            let origins = origins.iter().map(|origin| origin.parse()).collect::<Result<Vec<FrameOrigin>, _>>();
            Some(origins.map_err(|error| {
                ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_setting", error.to_string())
                    .with_field(Some("frame_origins"))
            })?)
        }
    };
    if let Some(limits) = &limits {
        app.limits.grant(limits).map_err(|error| {
            ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "limit_exceeded", error.to_string())
                .with_field(Some(&format!("limits.{}", error.key)))
        })?;
    }
    // What people leave empty is none.
    let text = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let new = SpaceSettings {
        title: title.clone().flatten().and_then(|title| text(Some(title.trim().to_owned()))),
        description: description.clone().flatten().and_then(|description| text(Some(description))),
        tags: tags.clone().flatten(),
        limits: limits.unwrap_or_default(),
        frame_origins: frame_origins.clone().unwrap_or_default(),
    };
    new.check().map_err(refused)?;
    let is_setting = title.is_some() || description.is_some() || tags.is_some();
    if is_setting || limits.is_some() || frame_origins.is_some() {
        let change = |settings: &mut SpaceSettings| {
            if title.is_some() {
                settings.title = new.title;
            }
            if description.is_some() {
                settings.description = new.description;
            }
            if tags.is_some() {
                settings.tags = new.tags;
            }
            if limits.is_some() {
                settings.limits = new.limits;
            }
            if frame_origins.is_some() {
                settings.frame_origins = new.frame_origins;
            }
        };
        app.store.change_settings(id, change).await?;
    }
    if let Some(featured) = featured {
        app.store.set_featured(id, featured.then(OffsetDateTime::now_utc)).await?;
    }
    if let Some(visibility) = visibility {
        app.store.set_visibility(id, visibility).await?;
    }
    app.live.forget(id);
    Ok(())
}
