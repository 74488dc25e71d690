//! What the server counts, for `/metrics`.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use host_runtime::Usage;
use prometheus_client::encoding::{EncodeLabelSet, prometheus_text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Metric, Registry};
use spaces::SpaceId;

/// The format of [`Meters::text`].
pub(crate) use prometheus_client::encoding::prometheus_text::CONTENT_TYPE;

/// Upper bounds of the histograms, in seconds: microseconds for instantiation up to a long call.
const SECONDS: &[f64] =
    &[1e-6, 5e-6, 2e-5, 1e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 5e-2, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// The same for memory: from a page of WebAssembly up to the largest instance.
const BYTES: &[f64] = &[65536.0, 1048576.0, 4194304.0, 16777216.0, 67108864.0, 268435456.0, 1073741824.0, 4294967296.0];

/// All meters. They are counted in place, with a few atomic additions, and read only when somebody asks.
pub(crate) struct Meters {
    registry: Registry,
    http_seconds: Family<Request, Histogram, Buckets>,
    publishes: Family<Outcome, Counter>,
    spaces: SpaceFamilies,
    now: Now,
}

/// What is measured of each space.
struct SpaceFamilies {
    invocations: Family<Invocations, Counter>,
    call_seconds: Family<OfSpace, Histogram, Buckets>,
    instantiate_seconds: Family<OfSpace, Histogram, Buckets>,
    cpu_seconds: Family<OfSpace, Histogram, Buckets>,
    memory_bytes: Family<OfSpace, Histogram, Buckets>,
    in_bytes: Family<OfSpace, Counter>,
    out_bytes: Family<OfSpace, Counter>,
}

/// What holds at the moment; set when somebody asks.
pub(crate) struct Now {
    pub(crate) guests_running: Gauge,
    pub(crate) guests_waiting: Gauge,
    pub(crate) loaded_spaces: Gauge,
    pub(crate) native_running: Gauge,
    pub(crate) native_abandoned: Gauge,
    pub(crate) native_models: Gauge,
    pub(crate) native_model_bytes: Gauge,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Invocations {
    space: SpaceLabel,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfSpace {
    space: SpaceLabel,
}

/// One text for all meters of a space.
type SpaceLabel = Arc<str>;

/// The buckets of a family.
#[derive(Debug, Clone, Copy)]
struct Buckets(&'static [f64]);

impl MetricConstructor<Histogram> for Buckets {
    fn new_metric(&self) -> Histogram {
        Histogram::new(self.0.iter().copied())
    }
}

/// The meters of one space, looked up once.
pub(crate) struct SpaceMeters {
    completed: Counter,
    failed: Counter,
    call_seconds: Histogram,
    instantiate_seconds: Histogram,
    cpu_seconds: Histogram,
    memory_bytes: Histogram,
    in_bytes: Counter,
    out_bytes: Counter,
}

impl Meters {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("vitrine");
        let names = &mut registry;
        let http_seconds = seconds(names, "http_seconds", "From a request's head to its answer's");
        let publishes = counters(names, "publishes", "Publishes that ended");
        let spaces = SpaceFamilies {
            invocations: counters(names, "invocations", "Calls of a space that ended"),
            call_seconds: seconds(names, "call_seconds", "Guests' calls, on the clock"),
            instantiate_seconds: seconds(names, "instantiate_seconds", "Making fresh instances"),
            cpu_seconds: seconds(names, "cpu_seconds", "Processor time of one invocation"),
            memory_bytes: registered(
                names,
                "memory_bytes",
                "The most memory of one instance",
                Family::new_with_constructor(Buckets(BYTES)),
            ),
            in_bytes: counters(names, "in_bytes", "Bodies of calls"),
            out_bytes: counters(names, "out_bytes", "Answers to calls"),
        };
        let now = Now {
            guests_running: gauge(names, "guests_running", "Guests that hold an instance"),
            guests_waiting: gauge(names, "guests_waiting", "Calls that wait for an instance"),
            loaded_spaces: gauge(names, "loaded_spaces", "Spaces that are ready to be called"),
            native_running: gauge(names, "native_running", "Native runs that compute"),
            native_abandoned: gauge(names, "native_abandoned", "Native runs that overran and still compute"),
            native_models: gauge(names, "native_models", "Native models that are loaded"),
            native_model_bytes: gauge(names, "native_model_bytes", "What the loaded native models take"),
        };
        Self { registry, http_seconds, publishes, spaces, now }
    }

    /// Counts an answered request.
    pub(crate) fn answered(&self, route: &str, status: StatusCode, after: Duration) {
        let request = Request { route: route.to_owned(), status: status.as_u16() };
        self.http_seconds.get_or_create(&request).observe(after.as_secs_f64());
    }

    /// Counts a publish.
    pub(crate) fn published(&self, outcome: &'static str) {
        self.publishes.get_or_create(&Outcome { outcome }).inc();
    }

    /// The meters of a space.
    pub(crate) fn of_space(&self, id: &SpaceId) -> SpaceMeters {
        let space = SpaceLabel::from(id.to_string());
        let invocations = |outcome| Invocations { space: Arc::clone(&space), outcome };
        let of_space = OfSpace { space: Arc::clone(&space) };
        let families = &self.spaces;
        SpaceMeters {
            completed: families.invocations.get_or_create_owned(&invocations(COMPLETED)),
            failed: families.invocations.get_or_create_owned(&invocations(FAILED)),
            call_seconds: families.call_seconds.get_or_create_owned(&of_space),
            instantiate_seconds: families.instantiate_seconds.get_or_create_owned(&of_space),
            cpu_seconds: families.cpu_seconds.get_or_create_owned(&of_space),
            memory_bytes: families.memory_bytes.get_or_create_owned(&of_space),
            in_bytes: families.in_bytes.get_or_create_owned(&of_space),
            out_bytes: families.out_bytes.get_or_create_owned(&of_space),
        }
    }

    /// Forgets the meters of a deleted space.
    pub(crate) fn forget_space(&self, id: &SpaceId) {
        let space = SpaceLabel::from(id.to_string());
        for outcome in [COMPLETED, FAILED] {
            self.spaces.invocations.remove(&Invocations { space: Arc::clone(&space), outcome });
        }
        let of_space = OfSpace { space };
        let SpaceFamilies { invocations: _, call_seconds, instantiate_seconds, cpu_seconds, memory_bytes, .. } =
            &self.spaces;
        for family in [call_seconds, instantiate_seconds, cpu_seconds, memory_bytes] {
            family.remove(&of_space);
        }
        for family in [&self.spaces.in_bytes, &self.spaces.out_bytes] {
            family.remove(&of_space);
        }
    }

    /// What to set before [`Self::text`].
    pub(crate) fn now(&self) -> &Now {
        &self.now
    }

    /// Everything, as Prometheus reads it.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        prometheus_text::encode(&mut text, &self.registry).expect("a string takes all that is written to it");
        text
    }
}

const COMPLETED: &str = "completed";
const FAILED: &str = "failed";

impl SpaceMeters {
    /// Counts one invocation.
    pub(crate) fn record(&self, completed: bool, usage: &Usage, in_bytes: u64) {
        if completed { &self.completed } else { &self.failed }.inc();
        self.call_seconds.observe(usage.call.as_secs_f64());
        self.instantiate_seconds.observe(usage.instantiate.as_secs_f64());
        self.cpu_seconds.observe(usage.cpu.as_secs_f64());
        self.memory_bytes.observe(usage.memory_bytes as f64);
        self.in_bytes.inc_by(in_bytes);
    }

    /// Invocations that have had an answer.
    pub(crate) fn n_completed(&self) -> u64 {
        self.completed.get()
    }

    /// Counts an answer.
    pub(crate) fn answered(&self, n_bytes: usize) {
        self.out_bytes.inc_by(n_bytes as u64);
    }
}

/// Sets a gauge to a number of things.
pub(crate) fn set(gauge: &Gauge, number: impl TryInto<i64>) {
    gauge.set(number.try_into().unwrap_or(i64::MAX));
}

fn registered<M: Metric + Clone>(registry: &mut Registry, name: &str, help: &str, metric: M) -> M {
    registry.register(name, help, metric.clone());
    metric
}

fn gauge(registry: &mut Registry, name: &str, help: &str) -> Gauge {
    registered(registry, name, help, Gauge::default())
}

fn counters<L: Label>(registry: &mut Registry, name: &str, help: &str) -> Family<L, Counter> {
    registered(registry, name, help, Family::default())
}

fn seconds<L: Label>(registry: &mut Registry, name: &str, help: &str) -> Family<L, Histogram, Buckets> {
    registered(registry, name, help, Family::new_with_constructor(Buckets(SECONDS)))
}

/// What tells the meters of a family apart.
trait Label: EncodeLabelSet + std::hash::Hash + Eq + Clone + std::fmt::Debug + Send + Sync + 'static {}

impl<T: EncodeLabelSet + std::hash::Hash + Eq + Clone + std::fmt::Debug + Send + Sync + 'static> Label for T {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deleted_space_leaves_nothing() {
        let meters = Meters::new();
        let space = SpaceId::new("ada", "iris").expect("a name");
        let usage = Usage { call: Duration::from_millis(3), memory_bytes: 70_000, ..Usage::default() };
        meters.of_space(&space).record(true, &usage, 7);
        let text = meters.text();
        for line in [
            r#"vitrine_invocations_total{space="ada/iris",outcome="completed"} 1"#,
            r#"vitrine_invocations_total{space="ada/iris",outcome="failed"} 0"#,
            r#"vitrine_call_seconds_bucket{space="ada/iris",le="0.0025"} 0"#,
            r#"vitrine_call_seconds_bucket{space="ada/iris",le="0.005"} 1"#,
            r#"vitrine_memory_bytes_sum{space="ada/iris"} 70000.0"#,
            r#"vitrine_in_bytes_total{space="ada/iris"} 7"#,
        ] {
            assert!(text.contains(line), "`{line}` is not in:\n{text}");
        }
        meters.forget_space(&space);
        assert!(!meters.text().contains("ada/iris"));
    }
}
