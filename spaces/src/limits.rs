//! What a space may use: its author's wish, the operator's defaults and maxima, and what comes of them.

use std::fmt;
use std::time::Duration;

use bytesize::ByteSize;
use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer, Serialize};

/// `[limits]` in `space.toml`: more or less than the server's defaults, within its maxima.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct LimitsSpec {
    /// The most memory of one instance. Example: `memory = "512 MiB"`
    pub memory: Option<Bytes>,
    /// Seconds after which an invocation is stopped. Example: `deadline = 2.5`
    pub deadline: Option<f64>,
    /// Invocations that run at once.
    pub concurrency: Option<u32>,
    /// The largest body of a request. Example: `max_body = "8 MiB"`
    pub max_body: Option<Bytes>,
    /// The most log kept of one invocation. Example: `max_log = "64 KiB"`
    pub max_log: Option<Bytes>,
}

impl LimitsSpec {
    /// These, and where they say nothing, those of `other`.
    pub fn or(&self, other: &Self) -> Self {
        Self {
            memory: self.memory.or(other.memory),
            deadline: self.deadline.or(other.deadline),
            concurrency: self.concurrency.or(other.concurrency),
            max_body: self.max_body.or(other.max_body),
            max_log: self.max_log.or(other.max_log),
        }
    }
}

/// A number of bytes. Written as a text with a unit (`"512 MiB"`, `"20 MB"`) or as a plain number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Bytes(pub u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `ByteSize` always writes a decimal.
        let text = ByteSize(self.0).display().iec().to_string();
        f.write_str(&text.replace(".0 ", " "))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(u64),
            Text(String),
        }
        match Written::deserialize(deserializer)? {
            Written::Number(number) => Ok(Self(number)),
            Written::Text(text) => text
                .parse::<ByteSize>()
                .map(|size| Self(size.0))
                .map_err(|_| D::Error::invalid_value(Unexpected::Str(&text), &"a size such as \"512 MiB\"")),
        }
    }
}

/// The limits of one space.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Limits {
    /// All memories and tables of one instance, the loaded model included.
    pub memory_bytes: u64,
    /// Wall-clock seconds of one invocation.
    pub deadline_seconds: f64,
    /// Invocations that run at once.
    pub concurrency: u32,
    /// The body of one request.
    pub max_body_bytes: u64,
    /// Log kept of one invocation.
    pub max_log_bytes: u64,
}

impl Limits {
    /// The deadline as a duration.
    pub fn deadline(&self) -> Duration {
        Duration::try_from_secs_f64(self.deadline_seconds).unwrap_or(Duration::MAX)
    }
}

/// The operator's part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LimitPolicy {
    /// For spaces that ask for nothing. Above a maximum, the maximum holds.
    pub defaults: Limits,
    pub maxima: Limits,
}

/// A space asks for more than this server gives.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error(
    "the space asks for `{key}` of {asked}, but this server gives at most {maximum}; \
     ask for less in `[limits]`, or ask its operator to raise `--max-{option}`"
)]
pub struct LimitError {
    /// The key in `[limits]`.
    pub key: &'static str,
    pub asked: String,
    pub maximum: String,
    option: &'static str,
}

impl LimitPolicy {
    /// What a space gets that is published now.
    ///
    /// # Errors
    /// [`LimitError`] with both numbers where it asks for more than a maximum.
    pub fn grant(&self, spec: &LimitsSpec) -> Result<Limits, LimitError> {
        let above = |key, option, asked: Option<Bytes>, maximum: u64| match asked {
            Some(asked) if asked.0 > maximum => {
                Err(LimitError { key, asked: asked.to_string(), maximum: Bytes(maximum).to_string(), option })
            }
            _ => Ok(()),
        };
        above("memory", "memory", spec.memory, self.maxima.memory_bytes)?;
        above("max_body", "body", spec.max_body, self.maxima.max_body_bytes)?;
        above("max_log", "log", spec.max_log, self.maxima.max_log_bytes)?;
        if let Some(asked) = spec.deadline
            && asked > self.maxima.deadline_seconds
        {
            let seconds = |number: f64| format!("{number} s");
            let (asked, maximum) = (seconds(asked), seconds(self.maxima.deadline_seconds));
            return Err(LimitError { key: "deadline", asked, maximum, option: "deadline" });
        }
        if let Some(asked) = spec.concurrency
            && asked > self.maxima.concurrency
        {
            let (asked, maximum) = (asked.to_string(), self.maxima.concurrency.to_string());
            return Err(LimitError { key: "concurrency", asked, maximum, option: "concurrency" });
        }
        Ok(self.clamp(spec))
    }

    /// What a space gets that was published before: an operator may have lowered a maximum since, and the space
    /// goes on with that.
    pub fn clamp(&self, spec: &LimitsSpec) -> Limits {
        let bytes = |asked: Option<Bytes>, default: u64, maximum: u64| asked.map_or(default, |b| b.0).min(maximum);
        let Self { defaults, maxima } = self;
        Limits {
            memory_bytes: bytes(spec.memory, defaults.memory_bytes, maxima.memory_bytes),
            deadline_seconds: spec.deadline.unwrap_or(defaults.deadline_seconds).min(maxima.deadline_seconds),
            concurrency: spec.concurrency.unwrap_or(defaults.concurrency).min(maxima.concurrency),
            max_body_bytes: bytes(spec.max_body, defaults.max_body_bytes, maxima.max_body_bytes),
            max_log_bytes: bytes(spec.max_log, defaults.max_log_bytes, maxima.max_log_bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: LimitPolicy = LimitPolicy {
        defaults: Limits {
            memory_bytes: 1 << 30,
            deadline_seconds: 30.0,
            concurrency: 16,
            max_body_bytes: 32 << 20,
            max_log_bytes: 256 << 10,
        },
        maxima: Limits {
            memory_bytes: 2 << 30,
            deadline_seconds: 10.0,
            concurrency: 64,
            max_body_bytes: 64 << 20,
            max_log_bytes: 1 << 20,
        },
    };

    #[test]
    fn a_wish_within_the_maxima_is_granted() {
        let spec: LimitsSpec = toml::from_str("memory = '1.5 GiB'\nmax_body = 1000\ndeadline = 2").expect("limits");
        let granted = POLICY.grant(&spec).expect("it asks for little");
        assert_eq!(granted.memory_bytes, 3 << 29);
        assert_eq!(granted.max_body_bytes, 1000);
        assert_eq!(granted.deadline(), Duration::from_secs(2));
        assert_eq!(granted.concurrency, 16, "the default");
        assert_eq!(POLICY.clamp(&LimitsSpec::default()).deadline_seconds, 10.0, "no default is above its maximum");
    }

    #[test]
    fn a_wish_above_a_maximum_is_refused_with_both_numbers() {
        let check = |spec: &str, key: &str, asked: &str, maximum: &str| {
            let error = POLICY.grant(&toml::from_str(spec).expect("limits")).expect_err(spec);
            assert_eq!((error.key, error.asked.as_str(), error.maximum.as_str()), (key, asked, maximum));
            assert!(error.to_string().contains("--max-"), "{error}");
        };
        check("memory = '3 GiB'", "memory", "3 GiB", "2 GiB");
        check("deadline = 10.5", "deadline", "10.5 s", "10 s");
        check("concurrency = 65", "concurrency", "65", "64");
        check("max_body = '1 TB'", "max_body", "931.3 GiB", "64 MiB");
        check("max_log = '2 MiB'", "max_log", "2 MiB", "1 MiB");
        // An operator who lowers a maximum does not break what is published.
        let spec = toml::from_str("memory = '3 GiB'").expect("limits");
        assert_eq!(POLICY.clamp(&spec).memory_bytes, 2 << 30);
    }
}
