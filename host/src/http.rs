//! HTTP: who may ask what, and how answers look.

mod access;
pub(crate) mod body;
mod call;
mod card;
pub(crate) mod connections;
pub(crate) mod error;
mod examples;
mod extract;
mod files;
mod gradio;
mod management;
mod mcp;
mod middleware;
pub(crate) mod open_inference;
mod openapi;
mod operations;
pub(crate) mod patience;
mod sign_in;
mod settings_form;
mod site;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Extension, Router};
use tower_http::catch_panic::CatchPanicLayer;

use crate::app::App;

/// All routes of the server.
///
/// # Errors
/// When the browser's files that the binary carries are damaged.
pub(crate) fn router(app: Arc<App>) -> anyhow::Result<Router> {
    let pages = site::pages(&app)?;
    let router = Router::new()
        .route("/healthz", get(operations::healthz))
        .route("/readyz", get(operations::readyz))
        .route("/metrics", get(operations::metrics))
        .route("/assets/{file}", get(site::asset))
        .route("/embed.js", get(site::embed_script))
        .route("/spaces/{owner}/{name}/api", get(call::interface))
        .route("/spaces/{owner}/{name}/api/{endpoint}", post(call::call))
        .route("/spaces/{owner}/{name}/files/{*path}", get(files::file))
        .route("/spaces/{owner}/{name}/examples/{endpoint}/{example}", get(examples::example))
        .route("/spaces/{owner}/{name}/revisions/{number}/api/{endpoint}", post(call::call_preview))
        .route(
            "/spaces/{owner}/{name}/revisions/{number}/examples/{endpoint}/{example}",
            get(examples::preview_example),
        )
        .route("/spaces/{owner}/{name}/revisions/{number}/files/{*path}", get(files::preview_file))
        .route("/spaces/{owner}/{name}/settings", post(settings_form::settings_form))
        .route("/spaces/{owner}/{name}/card.png", get(card::card))
        .merge(gradio::router())
        .merge(open_inference::router())
        .nest("/api/v1", management::router())
        .merge(mcp::router())
        .merge(openapi::router())
        .merge(sign_in::router())
        .fallback(site::page)
        .layer(Extension(pages))
        // A call's body has its space's limit, an upload its own.
        .layer(DefaultBodyLimit::disable())
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&app), middleware::request))
        .with_state(app);
    Ok(router)
}
