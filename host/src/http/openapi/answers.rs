//! The errors that several addresses answer with, as their documents name them.

use utoipa::IntoResponses;

use crate::http::error::ErrorAnswer;

/// Of what only the holder of the token may do.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only described: handlers answer with `ApiError`")]
pub(in crate::http) enum NeedsToken {
    /// The token is missing or wrong
    #[response(status = 401)]
    Missing(ErrorAnswer),
    /// There were too many wrong tokens
    #[response(status = 429)]
    TooManyGuesses(ErrorAnswer),
}

/// Of what anybody may do, but not with a wrong token.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only described: handlers answer with `ApiError`")]
pub(in crate::http) enum BadToken {
    /// The token is wrong
    #[response(status = 401)]
    Wrong(ErrorAnswer),
    /// There were too many wrong tokens
    #[response(status = 429)]
    TooManyGuesses(ErrorAnswer),
}

/// Of what has a space in its path.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only described: handlers answer with `ApiError`")]
pub(in crate::http) enum NoSpace {
    /// The path is not text
    #[response(status = 400)]
    Path(ErrorAnswer),
    /// There is no such thing, or the caller may not see it
    #[response(status = 404)]
    Unknown(ErrorAnswer),
}

/// Of what takes a query.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only described: handlers answer with `ApiError`")]
pub(in crate::http) enum BadQuery {
    /// The query does not fit
    #[response(status = 400)]
    Query(ErrorAnswer),
}
