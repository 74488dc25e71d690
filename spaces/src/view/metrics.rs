//! What calls of a space have cost over time.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::usage::{Histogram, Usage};

/// How far back one looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum MetricsRange {
    /// By the minute.
    Hour,
    /// By the quarter of an hour.
    #[default]
    Day,
    /// By the hour.
    Week,
}

impl MetricsRange {
    pub const ALL: [Self; 3] = [Self::Hour, Self::Day, Self::Week];

    /// The word in addresses and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
        }
    }

    /// How long a point stands for.
    pub fn step_seconds(self) -> u32 {
        match self {
            Self::Hour => 60,
            Self::Day => 15 * 60,
            Self::Week => 60 * 60,
        }
    }

    /// How many points there are.
    pub fn n_points(self) -> u32 {
        match self {
            Self::Hour => 60,
            Self::Day => 4 * 24,
            Self::Week => 7 * 24,
        }
    }
}

impl fmt::Display for MetricsRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is no [`MetricsRange`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("use hour, day or week")]
pub struct ParseRangeError;

impl FromStr for MetricsRange {
    type Err = ParseRangeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|range| range.as_str() == text).ok_or(ParseRangeError)
    }
}

/// The calls of a space over time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MetricsView {
    pub range: MetricsRange,
    /// How long a point stands for.
    pub step_seconds: u32,
    /// All of them together.
    pub total: MetricsPoint,
    /// Oldest first, without gaps; the last one is not over yet.
    pub points: Vec<MetricsPoint>,
}

/// The calls of one stretch of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MetricsPoint {
    /// When it begins, RFC 3339.
    pub at: String,
    /// Calls that ended.
    pub requests: u64,
    /// Those of them that failed.
    pub errors: u64,
    /// From a request's arrival to its end; none where nothing was called.
    pub latency_ms: Option<Percentiles>,
    /// Making fresh instances; none where none was made.
    pub instantiate_ms: Option<Percentiles>,
    /// The most memory of one instance; none where none was made.
    pub memory_bytes: Option<u64>,
}

/// What one half, 95 and 99 of 100 do not exceed, to an eighth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Percentiles {
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
}

impl MetricsView {
    /// `usage` are the calls from when on, oldest first.
    pub fn new(range: MetricsRange, usage: Vec<(OffsetDateTime, Usage)>) -> Self {
        let mut total = Usage::default();
        usage.iter().for_each(|(_, usage)| total.add(usage));
        let first = usage.first().map_or(OffsetDateTime::UNIX_EPOCH, |(at, _)| *at);
        Self {
            range,
            step_seconds: range.step_seconds(),
            total: MetricsPoint::new(first, &total),
            points: usage.iter().map(|(at, usage)| MetricsPoint::new(*at, usage)).collect(),
        }
    }
}

impl MetricsPoint {
    fn new(at: OffsetDateTime, usage: &Usage) -> Self {
        Self {
            at: at.format(&Rfc3339).unwrap_or_default(),
            requests: usage.requests,
            errors: usage.errors,
            latency_ms: Percentiles::of(&usage.latency),
            instantiate_ms: Percentiles::of(&usage.instantiate),
            memory_bytes: (usage.memory_bytes > 0).then_some(usage.memory_bytes),
        }
    }
}

impl Percentiles {
    fn of(histogram: &Histogram) -> Option<Self> {
        // Three digits: more would be made up.
        let ms = |duration: Duration| {
            let ms = duration.as_secs_f64() * 1e3;
            let scale = 10_f64.powf(2.0 - ms.max(1e-6).log10().floor());
            (ms * scale).round() / scale
        };
        let [p50, p95, p99] = [0.5, 0.95, 0.99].map(|share| histogram.quantile(share).map(ms));
        Some(Self { p50: p50?, p95: p95?, p99: p99? })
    }
}
