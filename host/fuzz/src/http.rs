//! The part of the server's `http` that a check reads requests with.

#[path = "../../src/http/body.rs"]
pub(crate) mod body;
