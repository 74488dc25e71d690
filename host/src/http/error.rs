//! Errors become HTTP here and nowhere else.

use std::any::Any;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use host_runtime::InvokeError;
use serde::Serialize;
use spaces::SpaceId;
use spaces::id::ParseIdError;
use spaces::store::{ChangeError, OpenError, ReadError};
use spaces::value::decode::DecodeError;
use spaces::value::encode::ContractError;
use spaces::view::ErrorBody;
use utoipa::ToSchema;

use super::body::BodyError;
use crate::calling::CallError;
use crate::convert::NotJson;
use crate::live::LiveError;
use crate::origin::Origin;
use crate::publishing::queue::Full;
use crate::temporary::KeepError;
use crate::worker::chain;

/// How long a refused client should wait.
const RETRY_AFTER_SECONDS: u16 = 1;
/// How long one should wait whose publish was refused: about as long as one takes.
const RETRY_PUBLISH_AFTER_SECONDS: u16 = 10;

/// An answer that is not the one asked for.
#[derive(Debug)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) body: ErrorBody,
    /// For the log only.
    cause: Option<Box<str>>,
    /// For those who are refused for now.
    retry_after_seconds: u16,
}

/// The private cause of an error, for the request's log line.
#[derive(Debug, Clone)]
pub(crate) struct Cause(pub(crate) String);

/// The stable code of an error, for the request's log line.
#[derive(Debug, Clone)]
pub(crate) struct Code(pub(crate) String);

/// The public message of an error, for protocols with another form of it.
#[derive(Debug, Clone)]
pub(crate) struct Message(pub(crate) String);

impl ApiError {
    /// An error that the client has to act on.
    pub(crate) fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        let body = ErrorBody { code: code.to_owned(), message: message.into(), field: None, request_id: None };
        Self { status, body, cause: None, retry_after_seconds: RETRY_AFTER_SECONDS }
    }

    /// Our mistake: the body says only that.
    pub(crate) fn internal(cause: &dyn std::error::Error) -> Self {
        let message = "the server failed; if it happens again, tell its operator the request id";
        let mut error = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message);
        error.cause = Some(chain(cause).into());
        error
    }

    /// Names the input, file or key at fault.
    pub(crate) fn with_field(mut self, field: Option<&str>) -> Self {
        self.body.field = field.map(str::to_owned);
        self
    }

    /// The private cause, for the log.
    pub(crate) fn cause(&self) -> &str {
        self.cause.as_deref().unwrap_or_default()
    }

    /// For protocols that carry errors in answers of their own: writes the line that the request's would have had.
    pub(super) fn log(&self, request_id: &str) {
        let (code, cause) = (self.body.code.as_str(), self.cause.as_deref().unwrap_or(""));
        if code == "internal" {
            tracing::error!(request.id = request_id, code, cause, "call failed");
        } else {
            tracing::info!(request.id = request_id, code, cause, "call failed");
        }
    }

    fn with_cause(mut self, cause: String) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Unknown and forbidden look alike.
    pub(crate) fn no_space(id: &dyn std::fmt::Display) -> Self {
        Self::new(StatusCode::NOT_FOUND, "unknown_space", format!("there is no space `{id}`"))
    }

    /// The space has none of this number.
    pub(crate) fn no_revision(id: &SpaceId, number: u64) -> Self {
        let message = format!("space `{id}` has no revision {number}; `vitrine revisions {id}` lists them");
        Self::new(StatusCode::NOT_FOUND, "unknown_revision", message)
    }

    /// A token is needed, or the one given is wrong.
    pub(crate) fn unauthorized(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
    }
}

/// The body of an answer that is not the one asked for.
#[derive(Serialize, ToSchema)]
pub(crate) struct ErrorAnswer {
    error: ErrorBody,
}

impl IntoResponse for ApiError {
    fn into_response(mut self) -> Response {
        self.body.request_id = Origin::current_id();
        let code = Code(self.body.code.clone());
        let message = Message(self.body.message.clone());
        let mut response = (self.status, Json(ErrorAnswer { error: self.body })).into_response();
        let headers = response.headers_mut();
        if self.status == StatusCode::SERVICE_UNAVAILABLE || self.status == StatusCode::TOO_MANY_REQUESTS {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(self.retry_after_seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(code);
        response.extensions_mut().insert(message);
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(Cause(cause.into()));
        }
        response
    }
}

/// The status of a publish that failed with `code`.
///
/// 400 where the upload is not what it is sent as, 413 where it is too large, 500 where the server is at fault, and
/// 422 for all that is wrong with the app itself: it is invalid, fails, or costs more than a publish may.
pub(crate) fn publish_status(code: &str) -> StatusCode {
    match code {
        "internal" => StatusCode::INTERNAL_SERVER_ERROR,
        "upload_too_large" | "bundle_too_large" => StatusCode::PAYLOAD_TOO_LARGE,
        "not_a_component" => StatusCode::BAD_REQUEST,
        _ if code.starts_with("bundle_") || code.starts_with("app_") => StatusCode::BAD_REQUEST,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// A panic of ours; the message stays in the log.
pub(crate) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without a message");
    let public = "the server failed; if it happens again, tell its operator the request id";
    ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", public)
        .with_cause(format!("panic: {message}"))
        .into_response()
}

impl From<InvokeError> for ApiError {
    fn from(error: InvokeError) -> Self {
        Self::from(&error)
    }
}

impl From<&InvokeError> for ApiError {
    fn from(error: &InvokeError) -> Self {
        let message = error.to_string();
        let status = match error {
            InvokeError::InvalidInput { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            InvokeError::Failed { .. }
            | InvokeError::Panicked { .. }
            | InvokeError::Trap { .. }
            | InvokeError::Instantiate { .. } => StatusCode::BAD_GATEWAY,
            InvokeError::DeadlineExceeded { .. } => StatusCode::GATEWAY_TIMEOUT,
            InvokeError::Overloaded { .. } | InvokeError::Stopping => StatusCode::SERVICE_UNAVAILABLE,
        };
        let message = match error {
            InvokeError::InvalidInput { field, .. } => format!("input `{field}`: {message}"),
            InvokeError::Overloaded { .. } => format!("the server is full ({message}): try again in a moment"),
            InvokeError::Failed { .. }
            | InvokeError::Panicked { .. }
            | InvokeError::Trap { .. }
            | InvokeError::Instantiate { .. }
            | InvokeError::DeadlineExceeded { .. }
            | InvokeError::Stopping => message,
        };
        let field = match error {
            InvokeError::InvalidInput { field, .. } => Some(field.clone()),
            _ => None,
        };
        Self::new(status, error.code(), message).with_field(field.as_deref()).with_cause(chain(error))
    }
}

impl From<CallError> for ApiError {
    fn from(error: CallError) -> Self {
        Self::from(&error)
    }
}

/// Of an error that several calls share.
impl From<&CallError> for ApiError {
    fn from(error: &CallError) -> Self {
        match error {
            CallError::Invoke(error) => error.into(),
            CallError::Contract(error) => error.clone().into(),
            CallError::NotJson(error) => error.clone().into(),
            CallError::Split(error) => Self::new(StatusCode::BAD_GATEWAY, "broken_contract", error.to_string()),
        }
    }
}

impl From<BodyError> for ApiError {
    fn from(error: BodyError) -> Self {
        let (status, code) = match &error {
            BodyError::MediaType { .. } => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"),
            BodyError::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"),
            BodyError::NotJson { .. } => (StatusCode::BAD_REQUEST, "invalid_json"),
            BodyError::Unreadable { .. } => (StatusCode::BAD_REQUEST, "invalid_body"),
        };
        Self::new(status, code, error.to_string())
    }
}

impl From<DecodeError> for ApiError {
    fn from(error: DecodeError) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_input", error.to_string()).with_field(error.field())
    }
}

impl From<ContractError> for ApiError {
    fn from(error: ContractError) -> Self {
        let message = format!("the app broke its own contract: {error}");
        Self::new(StatusCode::BAD_GATEWAY, "broken_contract", message).with_field(error.field())
    }
}

impl From<NotJson> for ApiError {
    fn from(error: NotJson) -> Self {
        Self::new(StatusCode::BAD_GATEWAY, "broken_contract", error.to_string())
    }
}

impl From<ParseIdError> for ApiError {
    fn from(error: ParseIdError) -> Self {
        Self::new(StatusCode::NOT_FOUND, "unknown_space", error.to_string())
    }
}

impl From<LiveError> for ApiError {
    fn from(error: LiveError) -> Self {
        match &error {
            LiveError::NotFound { id } => Self::no_space(id),
            LiveError::NoRevision { id, number } => Self::no_revision(id, *number),
            LiveError::Read(_) | LiveError::Runner(_) | LiveError::Load(_) | LiveError::Rebuild(_) => {
                Self::internal(&error)
            }
        }
    }
}

impl From<Full> for ApiError {
    fn from(error: Full) -> Self {
        let message = format!("{error}: try again when one of them is done");
        let mut error = Self::new(StatusCode::TOO_MANY_REQUESTS, "publish_queue_full", message);
        error.retry_after_seconds = RETRY_PUBLISH_AFTER_SECONDS;
        error
    }
}

impl From<KeepError> for ApiError {
    fn from(error: KeepError) -> Self {
        match &error {
            KeepError::TooLarge { .. } => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "file_too_large", format!("{error}: send a smaller one"))
            }
            KeepError::Full => Self::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", error.to_string()),
            KeepError::Write(_) => Self::internal(&error),
        }
    }
}

impl From<ReadError> for ApiError {
    fn from(error: ReadError) -> Self {
        Self::internal(&error)
    }
}

impl From<OpenError> for ApiError {
    fn from(error: OpenError) -> Self {
        Self::internal(&error)
    }
}

impl From<ChangeError> for ApiError {
    fn from(error: ChangeError) -> Self {
        match &error {
            ChangeError::UnknownSpace { id } => Self::no_space(id),
            ChangeError::UnknownRevision { id, number } => Self::no_revision(id, *number),
            ChangeError::NameTaken { .. } => {
                let message = format!("{error}: choose another name, or delete that one first");
                Self::new(StatusCode::CONFLICT, "name_taken", message).with_field(Some("to"))
            }
            ChangeError::TooManyConfigEntries => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_setting", error.to_string())
            }
            ChangeError::Database(_) | ChangeError::Read(_) => Self::internal(&error),
        }
    }
}
