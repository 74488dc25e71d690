//! Signing in with the browser: the token once, then a cookie that no script can read.
//!
//! A cookie is sent by itself, so unlike a token it says nothing of who has made the request. Requests that another
//! site's page has made count as anybody's: a change must come from a page of this server, and what is read must be
//! asked for by such a page or by the visitor.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Extension, Router};
use serde::Deserialize;
use spaces::catalog::Audience;
use web::server::Pages;

use super::error::ApiError;
use super::patience;
use crate::app::App;
use crate::sign_ins::LASTS;

/// The cookie that holds a sign-in's name.
const COOKIE: &str = "vitrine_sign_in";
/// The longest form that is read.
const MAX_FORM_BYTES: usize = 8 << 10;
/// The longest address to go on to.
const MAX_NEXT_BYTES: usize = 1024;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new().route("/login", post(sign_in).get(login)).route("/logout", post(sign_out))
}

#[derive(Deserialize)]
struct Form {
    #[serde(default)]
    token: String,
    #[serde(default)]
    next: String,
}

async fn login(Extension(pages): Extension<Pages>, State(app): State<Arc<App>>, parts: Parts) -> Response {
    let audience = if is_signed_in(&app, &parts) { Audience::Admin } else { Audience::Anyone };
    pages.login(&parts, audience, None).map(Body::from)
}

async fn sign_in(
    Extension(pages): Extension<Pages>,
    State(app): State<Arc<App>>,
    parts: Parts,
    body: Body,
) -> Result<Response, ApiError> {
    let refuse = |status, message| Ok(pages.login(&parts, Audience::Anyone, Some((status, message))).map(Body::from));
    if !is_from_here(&parts.headers) {
        return refuse(StatusCode::FORBIDDEN, "Another site's page has sent this form. Sign in here.");
    }
    let form = read_form(body).await?;
    if !app.admin.matches(form.token.trim()) {
        if !app.admin.may_guess() {
            return refuse(StatusCode::TOO_MANY_REQUESTS, "There were too many wrong tokens. Wait a moment.");
        }
        let message = "This is not the token. The server has printed it at its first start.";
        return refuse(StatusCode::UNAUTHORIZED, message);
    }
    let name = app.sign_ins.begin();
    let mut response = see_other(own_address(&form.next));
    let secure = if is_https(&app, &parts.headers) { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={name}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{secure}", LASTS.as_secs());
    set_cookie(&mut response, &cookie);
    Ok(response)
}

async fn sign_out(State(app): State<Arc<App>>, parts: Parts) -> Response {
    let mut response = see_other("/");
    if is_from_here(&parts.headers) {
        if let Some(name) = cookie(&parts.headers) {
            app.sign_ins.end(name);
        }
        set_cookie(&mut response, &format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"));
    }
    response
}

/// Whether the request counts as the admin's for its cookie.
pub(super) fn is_signed_in(app: &App, parts: &Parts) -> bool {
    let headers = &parts.headers;
    let Some(name) = cookie(headers) else { return false };
    let may = match parts.method {
        Method::GET | Method::HEAD => is_asked_from_here(headers),
        _ => is_from_here(headers),
    };
    may && app.sign_ins.holds(name)
}

/// For what only reads: not what another site's page loads or fetches. Following its link is the visitor's own doing.
fn is_asked_from_here(headers: &HeaderMap) -> bool {
    match text(headers, "sec-fetch-site") {
        // Without TLS browsers do not say it; but a script that asks across origins has its own told.
        None => !headers.contains_key("origin") || is_own_origin(headers),
        Some("same-origin" | "none") => true,
        Some(_) => text(headers, "sec-fetch-mode") == Some("navigate"),
    }
}

/// For what changes something: a page of this server has sent it. Every browser says one of the two with a `POST`.
fn is_from_here(headers: &HeaderMap) -> bool {
    if let Some(site) = text(headers, "sec-fetch-site") {
        return site == "same-origin";
    }
    is_own_origin(headers)
}

fn is_own_origin(headers: &HeaderMap) -> bool {
    let host = text(headers, "x-forwarded-host").or_else(|| text(headers, "host"));
    let origin = text(headers, "origin").and_then(|origin| origin.split_once("://"));
    origin.is_some_and(|(_, origin)| host == Some(origin))
}

async fn read_form(body: Body) -> Result<Form, ApiError> {
    let unreadable = || ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_form", "the form cannot be read");
    // Nobody holds a connection by writing a form slowly.
    let (body, _arrival) = patience::hurry(body);
    let body = to_bytes(body, MAX_FORM_BYTES).await.map_err(|_| unreadable())?;
    // A form is written as a query is.
    let query = std::str::from_utf8(&body).ok().and_then(|text| format!("/?{text}").parse::<Uri>().ok());
    let form = Query::try_from_uri(&query.ok_or_else(unreadable)?).map_err(|_| unreadable())?;
    Ok(form.0)
}

/// An address of this server and of no other, as `//example.org` would be.
fn own_address(next: &str) -> &str {
    let is_path = next.starts_with('/') && !next.starts_with("//") && !next.starts_with("/\\");
    let is_plain = next.len() <= MAX_NEXT_BYTES && next.bytes().all(|byte| byte.is_ascii_graphic());
    if is_path && is_plain { next } else { "/" }
}

fn see_other(address: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(value) = HeaderValue::from_str(address) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    response
}

fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find_map(|(name, value)| (name == COOKIE).then_some(value))
}

fn is_https(app: &App, headers: &HeaderMap) -> bool {
    app.public_url.starts_with("https://") || text(headers, "x-forwarded-proto") == Some("https")
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().expect("a name"), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn a_change_must_come_from_a_page_of_ours() {
        let check = |pairs: &[(&'static str, &'static str)], expected| {
            assert_eq!(is_from_here(&headers(pairs)), expected, "{pairs:?}");
        };
        check(&[("sec-fetch-site", "same-origin")], true);
        check(&[("sec-fetch-site", "same-site"), ("origin", "http://h:1"), ("host", "h:1")], false);
        check(&[("sec-fetch-site", "none")], false);
        check(&[("origin", "http://h:1"), ("host", "h:1")], true);
        check(&[("origin", "https://demo.example"), ("host", "inner"), ("x-forwarded-host", "demo.example")], true);
        check(&[("origin", "http://evil.example"), ("host", "h:1")], false);
        check(&[("origin", "null"), ("host", "h:1")], false);
        check(&[("host", "h:1")], false);
    }

    #[test]
    fn other_sites_pages_read_nothing() {
        let check = |pairs: &[(&'static str, &'static str)], expected| {
            assert_eq!(is_asked_from_here(&headers(pairs)), expected, "{pairs:?}");
        };
        check(&[], true);
        check(&[("sec-fetch-site", "same-origin")], true);
        check(&[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")], true);
        check(&[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")], false);
        check(&[("sec-fetch-site", "same-site"), ("sec-fetch-mode", "cors")], false);
        // Another port of the same host, over plain HTTP: the same site for a cookie, and not for us.
        check(&[("origin", "http://h:2"), ("host", "h:1")], false);
        check(&[("origin", "http://h:1"), ("host", "h:1")], true);
    }

    #[test]
    fn one_goes_on_to_addresses_of_this_server_only() {
        let check = |next: &str, expected: &str| assert_eq!(own_address(next), expected, "{next}");
        check("/spaces/a/b?tab=logs", "/spaces/a/b?tab=logs");
        check("", "/");
        check("//evil.example", "/");
        check("/\\evil.example", "/");
        check("https://evil.example", "/");
        check("/a\r\nset-cookie: x=y", "/");
    }
}
