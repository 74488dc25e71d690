//! Sends the bytes, with a progress bar where somebody watches.

use futures::TryStreamExt as _;
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE};
use reqwest::{Body, RequestBuilder, Response};
use tokio::io::AsyncReadExt as _;
use tokio_util::io::ReaderStream;

use super::source::Source;
use crate::cli::client::Client;
use crate::cli::error::CliError;

/// Small enough for a smooth bar, large enough to cost nothing.
const CHUNK_BYTES: usize = 128 << 10;

const BAR: &str = "  upload  [{bar:32}] {decimal_bytes}/{decimal_total_bytes}  {decimal_bytes_per_sec}";

/// Sends the source as the request's body; returns when the answer begins.
///
/// # Errors
/// [`CliError`] where the server refuses, or hangs up midway.
pub(super) async fn send(client: &Client, request: RequestBuilder, source: Source) -> Result<Response, CliError> {
    let size_bytes = source.size_bytes();
    // Draws nothing where stderr is no terminal.
    let bar = ProgressBar::new(size_bytes);
    bar.set_style(ProgressStyle::with_template(BAR).expect("the template is well-formed").progress_chars("=> "));
    let counter = bar.clone();
    let file = tokio::fs::File::from_std(source.into_file()).take(size_bytes);
    let chunks =
        ReaderStream::with_capacity(file, CHUNK_BYTES).inspect_ok(move |chunk| counter.inc(chunk.len() as u64));
    let request = request
        .header(CONTENT_TYPE, "application/octet-stream")
        // The server can then refuse what is too large before it is sent.
        .header(CONTENT_LENGTH, size_bytes)
        .body(Body::wrap_stream(chunks));
    let result = client.send(request).await;
    bar.finish_and_clear();
    result.map_err(|error| match error {
        CliError::Connection { reason } => CliError::UploadCut { reason },
        other => other,
    })
}
