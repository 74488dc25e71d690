//! Who calls which space: what every request of this protocol begins with.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::Detail;
use super::values::Desk;
use crate::app::App;
use crate::auth::Caller;
use crate::http::access::usable_space;
use crate::http::error::ApiError;
use crate::http::extract::Space;
use crate::temporary::Visitor;

/// Where the Python client sends its token.
const TOKEN_HEADER: &str = "x-hf-authorization";

/// A visitor of a space that they may use.
pub(super) struct Guest(pub(super) Desk);

impl FromRequestParts<Arc<App>> for Guest {
    type Rejection = Detail;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Detail> {
        let Space(id) = Space::from_request_parts(parts, app).await?;
        let space = usable_space(app, caller(app, &parts.headers), &id).await?;
        let Ok(visitor) = Visitor::from_request_parts(parts, app).await;
        let space_url = format!("{}/spaces/{id}", public_url(app, &parts.headers));
        Ok(Self(Desk { app: Arc::clone(app), space, visitor, space_url }))
    }
}

/// Who asks. The clients send a token that is for another site to every site, so one that is not ours says nothing, and
/// it is neither kept nor logged.
pub(super) fn caller(app: &App, headers: &HeaderMap) -> Caller {
    let ours = [header::AUTHORIZATION.as_str(), TOKEN_HEADER].into_iter().any(|name| {
        let token = headers.get(name).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        token.is_some_and(|token| app.admin.matches(token.trim()))
    });
    if ours { Caller::Admin } else { Caller::Anyone }
}

/// The server's URL as the operator has set it, else as this client has reached it.
pub(super) fn public_url(app: &App, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let is_plain = |host: &&str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
    match host.filter(is_plain) {
        Some(host) if app.args.public_url.is_none() => format!("http://{host}"),
        _ => app.public_url.clone(),
    }
}

/// What cannot be read of a request.
pub(super) fn unprocessable(message: &str) -> ApiError {
    ApiError::new(axum::http::StatusCode::UNPROCESSABLE_ENTITY, "invalid_request", message)
}
