//! What handlers take out of a request.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;
use spaces::SpaceId;

use super::error::ApiError;
use super::sign_in;
use crate::app::App;
use crate::auth::Caller;
use crate::temporary::Visitor;

/// The cookie of a visitor's session.
pub(super) const SESSION_COOKIE: &str = "vitrine_session";
/// The same for programs.
const SESSION_HEADER: &str = "x-vitrine-session";
/// The longest session id that is taken.
const MAX_SESSION_BYTES: usize = 64;

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = ApiError;

    /// Without a token a browser may have signed in; else it is anybody. A wrong token is refused, so that a mistyped one
    /// is noticed.
    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get(header::AUTHORIZATION) else {
            return Ok(if sign_in::is_signed_in(app, parts) { Self::Admin } else { Self::Anyone });
        };
        let token = value.to_str().ok().and_then(|text| text.strip_prefix("Bearer "));
        match token {
            Some(token) if app.admin.matches(token.trim()) => Ok(Self::Admin),
            Some(_) if !app.admin.may_guess() => {
                let message = "there were too many wrong tokens: wait a second before the next";
                Err(ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_guesses", message))
            }
            Some(_) => Err(ApiError::unauthorized("the token is wrong; sign in again with `vitrine login`")),
            None => Err(ApiError::unauthorized("the Authorization header is not of the form `Bearer TOKEN`")),
        }
    }
}

/// Only the holder of the admin token passes.
pub(super) struct Admin;

impl FromRequestParts<Arc<App>> for Admin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        match Caller::from_request_parts(parts, app).await? {
            Caller::Admin => Ok(Self),
            Caller::Anyone => Err(ApiError::unauthorized(
                "this needs a token: send `Authorization: Bearer TOKEN`, or run `vitrine login`",
            )),
        }
    }
}

/// Parts of the path; what does not fit is an error that programs can read.
pub(super) struct Path<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<App>> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        match axum::extract::Path::from_request_parts(parts, app).await {
            Ok(axum::extract::Path(path)) => Ok(Self(path)),
            Err(error) => Err(ApiError::new(StatusCode::BAD_REQUEST, "invalid_path", error.body_text())),
        }
    }
}

/// The query, likewise.
pub(super) struct Query<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<Arc<App>> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        match axum::extract::Query::from_request_parts(parts, app).await {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(error) => Err(ApiError::new(StatusCode::BAD_REQUEST, "invalid_query", error.body_text())),
        }
    }
}

/// The space named in the path.
pub(super) struct Space(pub(super) SpaceId);

#[derive(serde::Deserialize)]
struct SpacePath {
    owner: String,
    name: String,
}

impl FromRequestParts<Arc<App>> for Space {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let Path(SpacePath { owner, name }) = Path::from_request_parts(parts, app).await?;
        Ok(Self(SpaceId::new(&owner, &name)?))
    }
}

/// The visitor's session: the id, and whether it has to be told to the visitor.
pub(super) struct Session {
    pub(super) id: String,
    pub(super) fresh: bool,
}

impl FromRequestParts<Arc<App>> for Session {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _app: &Arc<App>) -> Result<Self, Self::Rejection> {
        let header = parts.headers.get(SESSION_HEADER).and_then(|value| value.to_str().ok());
        let cookies = parts.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let cookie = cookies
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(name, value)| (name == SESSION_COOKIE).then_some(value));
        Ok(match header.or(cookie).filter(|id| is_session_id(id)) {
            Some(id) => Self { id: id.to_owned(), fresh: false },
            None => Self { id: hex::encode(rand::random::<[u8; 16]>()), fresh: true },
        })
    }
}

/// The address at the other end of a request's connection; [`super::connections`] adds it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

impl FromRequestParts<Arc<App>> for Visitor {
    type Rejection = std::convert::Infallible;

    /// As the operator's proxy says, where there is one: the last address of its header, since what comes before is
    /// what the client itself says.
    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        let header = app.args.temporary.visitor_header.as_ref().and_then(|name| parts.headers.get(name));
        let told = header.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0);
        Ok(Self::new(told.or(peer).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))))
    }
}

/// True for what may be the id of a session: long enough to be hard to guess, and plain.
pub(super) fn is_session_id(id: &str) -> bool {
    (16..=MAX_SESSION_BYTES).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
