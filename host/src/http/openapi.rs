//! What the server says of itself to programs: OpenAPI 3.1 documents, and pages to browse them.
//!
//! `/openapi.json` describes the management API and is made of the handlers' own types. Each space has a document of its
//! own, made from its interface.

pub(super) mod answers;
mod page;
mod space;

use std::sync::{Arc, LazyLock};

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value as Document;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::server::Server;
use utoipa::{Modify, OpenApi};

use super::access::may_use;
use super::error::{ApiError, ErrorAnswer};
use super::extract::Space;
use super::management::ManagementApi;
use super::operations;
use crate::app::App;
use crate::auth::Caller;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/openapi.json", get(site_document))
        .route("/docs", get(async || page::page("/openapi.json", "Vitrine")))
        .route("/spaces/{owner}/{name}/openapi.json", get(space_document))
        .route("/spaces/{owner}/{name}/docs", get(space_page))
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Vitrine",
        description = "The management API of this server. Each space has a document of its own at \
                       `/spaces/{owner}/{name}/openapi.json`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    paths(site_document, operations::healthz, operations::readyz, operations::metrics),
    components(schemas(ErrorAnswer)),
    modifiers(&Token),
    tags(
        (name = "spaces", description = "Listing, showing, changing and deleting spaces"),
        (name = "revisions", description = "Publishing and rolling back"),
        (name = "flags", description = "What visitors have flagged"),
        (name = "server", description = "The server itself"),
    ),
)]
struct SiteApi;

/// How callers show who they are.
struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let mut http = Http::new(HttpAuthScheme::Bearer);
        http.description = Some("The admin token".to_owned());
        document.components.get_or_insert_default().add_security_scheme("token", SecurityScheme::Http(http));
        // Wherever the document was fetched from.
        document.servers = Some(vec![Server::new("/")]);
    }
}

/// Describes the management API.
#[utoipa::path(
    get, path = "/openapi.json", operation_id = "describe", tag = "server",
    responses((status = 200, description = "This document", body = serde_json::Value)),
)]
async fn site_document() -> Response {
    static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
        let mut document = SiteApi::openapi();
        document.merge(ManagementApi::openapi());
        document.to_json().expect("a document is plain data")
    });
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response()
}

/// Describes a space.
async fn space_document(
    State(app): State<Arc<App>>,
    caller: Caller,
    Space(id): Space,
) -> Result<Json<Document>, ApiError> {
    let detail = app.store.space(&id, &app.limits).await?.filter(|detail| may_use(caller, detail.summary.visibility));
    let detail = detail.ok_or_else(|| ApiError::no_space(&id))?;
    Ok(Json(space::document(&id, &detail.interface)))
}

async fn space_page(State(app): State<Arc<App>>, caller: Caller, Space(id): Space) -> Result<Response, ApiError> {
    let detail = app.store.space(&id, &app.limits).await?.filter(|detail| may_use(caller, detail.summary.visibility));
    detail.ok_or_else(|| ApiError::no_space(&id))?;
    Ok(page::page(&format!("/spaces/{id}/openapi.json"), &id.to_string()))
}
