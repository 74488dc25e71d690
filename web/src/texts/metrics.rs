//! What the calls of a space have cost over time.

pub(crate) const TIME_SHOWN: &str = "Time shown";
pub(crate) const LAST_HOUR: &str = "Last hour";
pub(crate) const LAST_DAY: &str = "Last day";
pub(crate) const LAST_WEEK: &str = "Last week";
/// Before `REFRESH`.
pub(crate) const TIMES_ARE_UTC: &str = "Times are UTC. ";
pub(crate) const REFRESH: &str = "Refresh";
pub(crate) const NO_CALLS: &str = "Nobody has called the space in this time.";

pub(crate) const REQUESTS: &str = "Requests";
pub(crate) const ERRORS: &str = "Errors";
pub(crate) const LATENCY: &str = "Latency";
pub(crate) const INSTANTIATION: &str = "Instantiation";
pub(crate) const MEMORY: &str = "Memory";
/// The same within a sentence; see [`peak`].
pub(crate) const REQUESTS_SERIES: &str = "requests";
pub(crate) const ERRORS_SERIES: &str = "errors";
pub(crate) const MEMORY_SERIES: &str = "memory";

/// Names of figures: of all calls together.
pub(crate) const IN_ALL: &str = "in all";
pub(crate) const OF_THE_REQUESTS: &str = "of the requests";
pub(crate) const MOST: &str = "most";
/// Where the axis of time ends.
pub(crate) const NOW: &str = "now";

pub(crate) const AS_TABLE: &str = "The numbers as a table";
pub(crate) const TABLE_LABEL: &str = "Calls over time";
pub(crate) const TIME_COLUMN: &str = "Time (UTC)";
pub(crate) const LATENCY_COLUMN: &str = "Latency, p50 · p95 · p99";

/// What a chart is called where it is not seen; `range` is one of those above.
pub(crate) fn chart_title(title: &str, range: &str) -> String {
    format!("{title}, {}", range.to_lowercase())
}

/// The most of a series: of those above, or a percentile such as `p50`.
pub(crate) fn peak(series: &str, value: &str, moment: &str) -> String {
    format!("The most {series} are {value} at {moment}.")
}

pub(crate) const SEE_TABLE: &str = "The numbers are in the table below.";
