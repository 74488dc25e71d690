//! `GET …/logs`: what guests and publishes have said.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures::{Stream, StreamExt as _, stream};
use serde::Deserialize;
use spaces::SpaceId;
use spaces::view::LogLine;
use tokio::sync::broadcast::{self, error::RecvError};
use utoipa::IntoParams;

use super::super::error::ApiError;
use super::super::extract::{Admin, Query, Space};
use super::super::openapi::answers::{BadQuery, NeedsToken, NoSpace};
use crate::app::App;
use crate::logs::Entry;

/// Lines when the client does not say.
const DEFAULT_LIMIT: usize = 200;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LogsQuery {
    /// Goes on with further lines as they come.
    #[serde(default)]
    follow: bool,
    /// The most lines of the past.
    #[param(minimum = 0, default = 200)]
    limit: Option<usize>,
}

/// The last lines of a space's log, oldest first, one JSON object a line; with `follow=true` further ones as they come.
#[utoipa::path(
    get, path = "/api/v1/spaces/{owner}/{name}/logs", operation_id = "read_logs", tag = "spaces",
    params(("owner" = String, Path), ("name" = String, Path), LogsQuery), security(("token" = [])),
    responses(
        (status = 200, description = "The lines", body = LogLine, content_type = "application/x-ndjson"),
        BadQuery, NeedsToken, NoSpace,
    ),
)]
pub(super) async fn logs(
    State(app): State<Arc<App>>,
    _: Admin,
    Space(id): Space,
    Query(query): Query<LogsQuery>,
) -> Result<Response, ApiError> {
    if app.store.revisions(&id).await?.is_empty() {
        return Err(ApiError::no_space(&id));
    }
    // Subscribed before the past is read, so that no line falls between.
    let live = app.logs.follow();
    let past = app.store.logs(&id, query.limit.unwrap_or(DEFAULT_LIMIT)).await?;
    let past = stream::iter(past.into_iter().map(|entry| line(&entry)));
    let body = if query.follow { Body::from_stream(past.chain(follow(live, id))) } else { Body::from_stream(past) };
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response())
}

fn follow(live: broadcast::Receiver<Entry>, id: SpaceId) -> impl Stream<Item = Result<Bytes, Infallible>> {
    stream::unfold((live, id), |(mut live, id)| async move {
        loop {
            match live.recv().await {
                Ok((space, entry)) if space == id => return Some((line(&entry), (live, id))),
                // Other spaces' lines, and those lost to a slow reader.
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    })
}

fn line(entry: &LogLine) -> Result<Bytes, Infallible> {
    let mut line = serde_json::to_vec(entry).expect("log lines are plain data");
    line.push(b'\n');
    Ok(line.into())
}
