//! Errors become gRPC here.

use axum::http::StatusCode;
use tonic::{Code, Status};

use crate::http::error::ApiError;

/// The status of an error; its private cause goes to the log only.
pub(super) fn status(error: ApiError) -> Status {
    let code = code(error.status);
    let (error_code, cause) = (error.body.code.as_str(), error.cause());
    if code == Code::Internal && error_code == "internal" {
        tracing::error!(code = error_code, cause, "a gRPC call failed");
    } else {
        tracing::debug!(code = error_code, cause, "a gRPC call failed");
    }
    Status::new(code, error.body.message)
}

fn code(status: StatusCode) -> Code {
    match status {
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => Code::InvalidArgument,
        StatusCode::UNAUTHORIZED => Code::Unauthenticated,
        StatusCode::NOT_FOUND => Code::NotFound,
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::TOO_MANY_REQUESTS => Code::ResourceExhausted,
        StatusCode::NOT_IMPLEMENTED => Code::Unimplemented,
        StatusCode::SERVICE_UNAVAILABLE => Code::Unavailable,
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => Code::DeadlineExceeded,
        _ => Code::Internal,
    }
}
