//! Whether the page that a browser's request comes from may ask.

use std::net::IpAddr;

use axum::http::{HeaderMap, StatusCode, header};

use crate::http::error::ApiError;

/// Lets programs pass, which send no origin, and this server's own pages.
///
/// A stranger's page could otherwise reach a server that only its visitor can: across origins, or as if from the same one
/// by a name that it points to the server (DNS rebinding). A name that is an address or `localhost` cannot be pointed
/// anywhere, and the public one is not a stranger's.
///
/// # Errors
/// For pages of strangers.
pub(super) fn check(public_url: &str, headers: &HeaderMap) -> Result<(), ApiError> {
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let origin = origin.to_str().unwrap_or("null");
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    if is_public(public_url, origin) || host.is_some_and(|host| is_same(host, origin) && cannot_be_pointed(host)) {
        return Ok(());
    }
    let message = "pages of other sites may not use this address: call it from a program, or, if this page is the \
                   server's own, tell its operator to set `--public-url`";
    Err(ApiError::new(StatusCode::FORBIDDEN, "foreign_origin", message))
}

fn is_public(public_url: &str, origin: &str) -> bool {
    let rest = public_url.get(..origin.len()).filter(|start| start.eq_ignore_ascii_case(origin));
    rest.is_some() && matches!(public_url.as_bytes().get(origin.len()), None | Some(b'/'))
}

fn is_same(host: &str, origin: &str) -> bool {
    origin.split_once("://").is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host))
}

fn cannot_be_pointed(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let name = name.to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost") || name.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_programs_and_own_pages_pass() {
        let check = |origin: Option<&'static str>, host: &'static str, passes: bool| {
            let mut headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(host))]);
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            }
            assert_eq!(check("https://demo.example/x", &headers).is_ok(), passes, "{origin:?} to {host}");
        };
        check(None, "anything.example", true);
        check(Some("https://demo.example"), "demo.example", true);
        check(Some("https://demo.example"), "inner:7860", true);
        check(Some("https://demo.exampl"), "demo.exampl", false);
        check(Some("http://demo.example"), "demo.example", false);
        check(Some("http://localhost:7860"), "localhost:7860", true);
        check(Some("http://127.0.0.1:7860"), "127.0.0.1:7860", true);
        check(Some("http://[::1]:7860"), "[::1]:7860", true);
        check(Some("http://localhost:6274"), "localhost:7860", false);
        check(Some("http://evil.example:7860"), "evil.example:7860", false);
        check(Some("https://evil.example"), "demo.example", false);
        check(Some("null"), "localhost:7860", false);
        check(Some(""), "localhost:7860", false);
    }
}
