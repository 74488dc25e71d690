//! OpenTelemetry traces: what a request did, where its time went, and in which trace of its caller's it belongs.
//!
//! Off unless the operator names a collector; then every function here does nothing, at the price of a look at a null
//! pointer. Spans go over OTLP, in batches, from a thread of its own; when the collector is slow they are dropped, never
//! waited for. Names follow OpenTelemetry's semantic conventions where those have one, else they begin with `vitrine.`.

mod exporter;
mod span;

use std::time::Duration;

use anyhow::Context as _;
use axum::http::{HeaderMap, Method};
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::{SpanKind, TraceContextExt as _, Tracer as _, TracerProvider as _};
use opentelemetry::{Context, KeyValue};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::resource::{ResourceDetector as _, SdkProvidedResourceDetector};
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider};

pub(crate) use self::span::{Span, Trace};
use crate::blocking;
use crate::config::TraceArgs;

/// How long a stopping server waits for its last spans to be taken.
const LAST_SPANS: Duration = Duration::from_secs(5);
/// What a span keeps of a client's name.
const MAX_USER_AGENT_BYTES: usize = 256;

/// Where spans go.
pub(crate) struct Traces(Option<On>);

struct On {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
}

impl Traces {
    /// Starts tracing where the operator wants it; within the runtime that is to send the spans.
    ///
    /// # Errors
    /// When the exporter cannot be made, such as by a variable `OTEL_…` that is malformed.
    pub(crate) fn start(args: &TraceArgs) -> anyhow::Result<Self> {
        let Some(collector) = &args.otlp_endpoint else { return Ok(Self(None)) };
        let exporter = exporter::start(collector).context("traces cannot be sent")?;
        // A caller's decision counts, so that a trace is whole or not there.
        let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(args.trace_sample)));
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_sampler(sampler)
            .with_resource(resource())
            .build();
        let tracer = provider.tracer("vitrine");
        tracing::info!(%collector, "traces are sent");
        Ok(Self(Some(On { provider, tracer })))
    }

    /// The span of a request, in its caller's trace if it has one.
    pub(crate) fn request(&self, method: &Method, route: &str, headers: &HeaderMap) -> Span {
        let Some(On { tracer, .. }) = &self.0 else { return Span::default() };
        let caller = TraceContextPropagator::new().extract_with_context(&Context::new(), &HeaderExtractor(headers));
        // The route and not the path: paths hold the unguessable names of visitors' files.
        let mut attributes = vec![
            KeyValue::new("http.request.method", method.to_string()),
            KeyValue::new("http.route", route.to_owned()),
            KeyValue::new("url.scheme", "http"),
        ];
        if let Some(agent) = headers.get(axum::http::header::USER_AGENT).and_then(|agent| agent.to_str().ok()) {
            let agent = &agent[..agent.floor_char_boundary(MAX_USER_AGENT_BYTES)];
            attributes.push(KeyValue::new("user_agent.original", agent.to_owned()));
        }
        let builder = tracer.span_builder(format!("{method} {route}"));
        let builder = builder.with_kind(SpanKind::Server).with_attributes(attributes);
        Span::of(tracer, caller.with_span(tracer.build_with_context(builder, &caller)))
    }

    /// Sends what is left.
    pub(crate) async fn stop(&self) {
        let Some(On { provider, .. }) = &self.0 else { return };
        let provider = provider.clone();
        if let Err(error) = blocking::run(move || provider.shutdown_with_timeout(LAST_SPANS)).await {
            tracing::warn!(%error, "the last traces could not be sent");
        }
    }
}

/// Who sends: as the variables `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` say, else `vitrine`.
fn resource() -> Resource {
    let name = SdkProvidedResourceDetector.detect().get(&"service.name".into());
    let is_named = name.is_some_and(|name| !name.as_str().starts_with("unknown_service"));
    let builder = Resource::builder().with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")));
    if is_named { builder.build() } else { builder.with_service_name("vitrine").build() }
}
