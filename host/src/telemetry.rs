//! Logs to standard error, meters for `/metrics`.

use std::io::IsTerminal as _;

use anyhow::Context as _;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

/// What is logged when `RUST_LOG` does not say.
const DEFAULT_FILTER: &str = "info,guest=off";
/// Upper bounds of the histograms, in seconds: microseconds for instantiation up to a long call.
const BUCKETS: &[f64] =
    &[1e-6, 5e-6, 2e-5, 1e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 5e-2, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// The same for memory: from a page of WebAssembly up to the largest instance.
const BYTE_BUCKETS: &[f64] =
    &[65536.0, 1048576.0, 4194304.0, 16777216.0, 67108864.0, 268435456.0, 1073741824.0, 4294967296.0];

/// Starts logging.
///
/// # Errors
/// When it has been started already.
pub(crate) fn init(json: bool) -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started =
        if json { builder.json().try_init() } else { builder.with_ansi(std::io::stderr().is_terminal()).try_init() };
    started.map_err(|error| anyhow::anyhow!("logging does not start: {error}"))
}

/// Starts the meters.
///
/// # Errors
/// When they have been started already.
pub(crate) fn metrics() -> anyhow::Result<PrometheusHandle> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), BUCKETS)?
        .set_buckets_for_metric(Matcher::Suffix("memory_bytes".to_owned()), BYTE_BUCKETS)?
        .install_recorder()
        .context("the meters do not start")
}
