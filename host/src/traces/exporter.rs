//! Sends spans to a collector: OTLP over HTTP.

use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use opentelemetry_http::{HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use tokio::runtime::Handle;

use crate::base_url::BaseUrl;

/// How long a collector may take to answer a batch.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The most that is read of its answer, which is a number and a sentence.
const MAX_ANSWER_BYTES: usize = 64 << 10;

/// An exporter to `collector`, the base URL of OTLP over HTTP; within the runtime that is to send.
///
/// Headers, such as for a token, come from the variables `OTEL_EXPORTER_OTLP_HEADERS` and
/// `OTEL_EXPORTER_OTLP_TRACES_HEADERS`, which the SDK reads.
pub(super) fn start(collector: &BaseUrl) -> anyhow::Result<SpanExporter> {
    let sender = Sender { client: collector.client().timeout(TIMEOUT).build()?, runtime: Handle::current() };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(sender)
        .with_endpoint(collector.join(&["v1", "traces"]).as_str())
        .with_timeout(TIMEOUT);
    Ok(exporter.build()?)
}

#[derive(Debug)]
struct Sender {
    client: reqwest::Client,
    runtime: Handle,
}

#[async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let send = async move {
            let mut response = client.execute(request.try_into()?).await?;
            let mut body = BytesMut::new();
            while let Some(chunk) = response.chunk().await? {
                if body.len() + chunk.len() > MAX_ANSWER_BYTES {
                    return Err("the collector's answer is too long".into());
                }
                body.extend_from_slice(&chunk);
            }
            let mut answer = Response::new(body.freeze());
            *answer.status_mut() = response.status();
            *answer.headers_mut() = std::mem::take(response.headers_mut());
            Ok(answer)
        };
        // The SDK asks from a thread of its own, where no connection can be driven.
        self.runtime.spawn(send).await?
    }
}
