//! The pages, and the browser's files.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::Path;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use spaces::catalog::Audience;
use web::server::{EMBED_SCRIPT, Pages, SiteAssets, SiteConfig};

use super::error::ApiError;
use crate::app::App;
use crate::assets::media_type;
use crate::auth::Caller;
use crate::catalog::StoreCatalog;
use crate::embedded::Site;

/// The pages over this server's spaces.
pub(super) fn pages(app: &Arc<App>) -> anyhow::Result<Pages> {
    let manifest = Site::get("manifest.json").ok_or_else(|| anyhow::anyhow!("the binary carries no pages"))?;
    let config = SiteConfig { assets: SiteAssets::parse(&manifest.data)? };
    Ok(Pages::new(Arc::new(StoreCatalog::new(app.store.clone(), app.limits, Arc::clone(&app.usages))), config))
}

/// Every path that no other route takes: a page, or for programs an error they can read.
pub(super) async fn page(
    Extension(pages): Extension<Pages>,
    caller: Result<Caller, ApiError>,
    parts: Parts,
) -> Response {
    if parts.method != Method::GET && parts.method != Method::HEAD {
        let refused =
            ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "this address only answers GET");
        return ([(header::ALLOW, "GET, HEAD")], refused).into_response();
    }
    // A wrong token is no reason to show no page.
    let audience = caller.map_or(Audience::Anyone, Audience::from);
    pages.respond(&parts, audience).await.map(Body::from)
}

/// `GET /embed.js`: its name is in other people's pages, so it has no digest and is asked for again now and then.
pub(super) async fn embed_script() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/javascript"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, EMBED_SCRIPT).into_response()
}

/// `GET /assets/{file}`: names carry a digest, so they never change.
pub(super) async fn asset(Path(file): Path<String>, headers: HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    let accepts = |name: &str| accepted.split(',').any(|part| part.split(';').next().map(str::trim) == Some(name));
    let encodings = [("br", ".br"), ("gzip", ".gz")];
    let compressed = encodings
        .into_iter()
        .filter(|(name, _)| accepts(name))
        .find_map(|(name, ending)| Site::get(&format!("assets/{file}{ending}")).map(|found| (Some(name), found)));
    let found = compressed.or_else(|| Site::get(&format!("assets/{file}")).map(|found| (None, found)));
    let Some((encoding, found)) = found else {
        return ApiError::new(StatusCode::NOT_FOUND, "unknown_file", "there is no such file").into_response();
    };
    let mut response = found.data.into_response();
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&media_type(&file)) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    response
}
