//! Gradio's protocol, so that `gradio_client`, `@gradio/client` and `gradio.load` call a space as they call a Gradio app.
//!
//! A space's page URL is the app's URL: everything is below it, with the prefix `gradio_api` and, for clients from before
//! Gradio 5, without. What the clients do was measured with the real ones; a fact that only they explain is told where
//! it matters.

mod calls;
mod component;
mod config;
mod files;
mod forms;
mod hub;
mod info;
mod messages;
mod queue;
mod session;
mod values;
mod visitor;

use std::sync::Arc;

use axum::http::{HeaderName, Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use serde_json::json;
use tower_http::cors::{AllowOrigin, CorsLayer};

use self::queue::Queues;
use self::session::Sessions;
use self::visitor::Guest;
use super::error::ApiError;
use crate::app::App;

/// Where the routes are below the space's URL. An empty one breaks the Python client.
const API_PREFIX: &str = "/gradio_api";
/// What the name of a bundle's file begins with, where a temporary file's begins with its id.
const ASSET_FOLDER: &str = "asset";

/// What this protocol remembers between requests.
pub(super) struct Gradio {
    sessions: Arc<Sessions>,
    queues: Queues,
}

/// The routes of all spaces, and those by which a client finds a space by name.
pub(super) fn router() -> Router<Arc<App>> {
    let api = || {
        Router::new()
            .route("/info", get(info))
            .route("/queue/join", post(calls::join))
            .route("/queue/data", get(calls::data))
            .route("/run/{endpoint}", post(calls::run))
            .route("/call/{endpoint}", post(calls::call))
            .route("/call/v2/{endpoint}", post(calls::call_by_name))
            .route("/call/{endpoint}/{event}", get(calls::events))
            .route("/call/v2/{endpoint}/{event}", get(calls::events))
            .route("/cancel", post(calls::cancel))
            .route("/reset", post(calls::reset))
            .route("/upload", post(files::upload))
            .route("/{file}/{*path}", get(files::file))
    };
    let space = Router::new()
        .route("/config", get(config))
        .merge(api())
        // The same, under a name that is ours without the prefix.
        .nest(API_PREFIX, api().route("/api/{endpoint}", post(calls::run)));
    let gradio = Gradio { sessions: Sessions::start(), queues: Queues::default() };
    Router::new()
        .nest("/spaces/{owner}/{name}", space.layer(cors()).layer(Extension(Arc::new(gradio))))
        .route("/api/spaces/{owner}/{name}", get(hub::space))
        .route("/api/spaces/{owner}/{name}/runtime", get(hub::runtime))
}

/// Pages anywhere may call a space that anybody may call. No cookie of ours is sent along from another site.
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::mirror_request())
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::HEAD])
        .allow_headers([header::CONTENT_TYPE, header::AUTHORIZATION, HeaderName::from_static("x-gradio-user")])
}

/// `GET config`.
async fn config(guest: Guest) -> Response {
    Json(config::config(&guest.0.space, &guest.0.space_url)).into_response()
}

/// `GET info`.
async fn info(guest: Guest) -> Response {
    Json(info::info(&guest.0.space)).into_response()
}

/// An error as Gradio's clients read it.
struct Detail(ApiError);

impl From<ApiError> for Detail {
    fn from(error: ApiError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Detail {
    fn into_response(self) -> Response {
        let body = Json(json!({ "detail": self.0.body.message, "error": self.0.body.message })).into_response();
        // The rest of it, for the log and for clients that read headers.
        let mut response = self.0.into_response();
        *response.body_mut() = body.into_body();
        response
    }
}
