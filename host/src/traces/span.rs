//! Spans that cost nothing where nothing is recorded.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use opentelemetry::trace::{SpanKind, Status, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, KeyValue, Value};
use opentelemetry_sdk::trace::SdkTracer;

/// A place in a trace under which spans can be put; none where the request is not recorded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trace(Option<Arc<Place>>);

#[derive(Debug)]
struct Place {
    tracer: SdkTracer,
    context: Context,
}

impl Trace {
    /// A span that begins now.
    pub(crate) fn span(&self, name: impl Into<Cow<'static, str>>) -> Span {
        let Some(place) = &self.0 else { return Span::default() };
        let builder = place.tracer.span_builder(name).with_kind(SpanKind::Internal);
        let span = place.tracer.build_with_context(builder, &place.context);
        Span::of(&place.tracer, place.context.with_span(span))
    }

    /// A span that is over already; the time at its end.
    pub(crate) fn record(&self, name: &'static str, from: SystemTime, duration: Duration) -> SystemTime {
        let to = from + duration;
        if let Some(place) = &self.0 {
            let builder = place.tracer.span_builder(name).with_kind(SpanKind::Internal).with_start_time(from);
            let mut span = place.tracer.build_with_context(builder, &place.context);
            opentelemetry::trace::Span::end_with_timestamp(&mut span, to);
        }
        to
    }

    /// Whether anything is recorded.
    pub(crate) fn is_recorded(&self) -> bool {
        self.0.is_some()
    }

    /// The trace's id, as collectors show it.
    pub(crate) fn id(&self) -> Option<String> {
        let place = self.0.as_ref()?;
        Some(place.context.span().span_context().trace_id().to_string())
    }
}

/// A span. It ends when dropped.
#[derive(Debug, Default)]
pub(crate) struct Span(Trace);

impl Span {
    /// The span that `context` has; nothing where the sampler does not want it.
    pub(super) fn of(tracer: &SdkTracer, context: Context) -> Self {
        if !context.span().is_recording() {
            return Self::default();
        }
        Self(Trace(Some(Arc::new(Place { tracer: tracer.clone(), context }))))
    }

    /// The place below this span.
    pub(crate) fn trace(&self) -> &Trace {
        &self.0
    }

    pub(crate) fn set(&self, key: &'static str, value: impl Into<Value>) {
        if let Some(place) = &self.0.0 {
            place.context.span().set_attribute(KeyValue::new(key, value));
        }
    }

    /// Says that what the span is about has failed; `code` is stable.
    pub(crate) fn fail(&self, code: &str) {
        if let Some(place) = &self.0.0 {
            let span = place.context.span();
            span.set_attribute(KeyValue::new("error.type", code.to_owned()));
            // Without a message: it may quote what a visitor sent.
            span.set_status(Status::error(""));
        }
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        if let Some(place) = &self.0.0 {
            place.context.span().end();
        }
    }
}
