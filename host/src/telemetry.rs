//! Logs to standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// What is logged when `RUST_LOG` does not say.
///
/// `rmcp` tells of each message what the request's own line says already, and calls it an error when a client goes away.
/// OpenTelemetry's packages tell of their own start.
const DEFAULT_FILTER: &str =
    "info,guest=off,rmcp=off,opentelemetry=warn,opentelemetry_sdk=warn,opentelemetry-otlp=warn,opentelemetry-http=warn";

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
