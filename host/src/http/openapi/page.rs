//! The page on which a document can be browsed and tried: Swagger UI, from this server alone.

use std::sync::LazyLock;

use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;
use web::pages::ICON;

use crate::embedded::Site;

/// As on the other pages, and nothing needs more: Swagger UI styles through the document's own model.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

/// The names of its files, as the build step wrote them into `manifest.json`.
#[derive(Deserialize)]
struct Manifest {
    docs: Files,
}

#[derive(Deserialize)]
struct Files {
    css: String,
    js: String,
    /// Ours: starts it on the page's document.
    start: String,
}

/// The page of the document at `url`; both texts are our own and need no escaping.
pub(super) fn page(url: &str, title: &str) -> Response {
    static FILES: LazyLock<Files> = LazyLock::new(|| {
        let manifest = Site::get("manifest.json").expect("the binary carries its pages");
        let manifest: Manifest = serde_json::from_slice(&manifest.data).expect("the build step wrote it");
        manifest.docs
    });
    let Files { css, js, start } = &*FILES;
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>API of {title} · Vitrine</title>\n\
         <link rel=\"icon\" href=\"{ICON}\">\n\
         <link rel=\"stylesheet\" href=\"/assets/{css}\">\n\
         <script src=\"/assets/{js}\" defer></script>\n\
         <script src=\"/assets/{start}\" defer></script>\n\
         <main id=\"docs\" data-document=\"{url}\"></main>\n</html>\n"
    );
    let mut response = Html(html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_POLICY));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}
