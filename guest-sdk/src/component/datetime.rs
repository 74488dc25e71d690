//! Dates, with and without a time of day.

use std::fmt;
use std::str::FromStr;

use super::draw::Drawn;
use super::input::{Dated, Defaulted, Input, InputOptions, Literal};
use super::output::{Output, OutputOptions};
use super::{text_component, text_of};
use crate::Value;
use crate::bindings::vitrine::space::description::Component;

/// A day of the calendar.
///
/// ```
/// let date: guest_sdk::Date = "2026-11-28".parse()?;
/// assert_eq!((date.year, date.month, date.day), (2026, 11, 28));
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Date {
    pub year: u16,
    /// From 1.
    pub month: u8,
    /// From 1.
    pub day: u8,
}

/// What a clock shows: where the clock is, `#[input(timezone = "Europe/Berlin")]` tells the visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub struct DateTime {
    pub date: Date,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:02}:{:02}:{:02}", self.date, self.hour, self.minute, self.second)
    }
}

impl FromStr for Date {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a date like `2026-11-28`");
        let mut parts = text.splitn(3, '-');
        let mut part = || parts.next().ok_or_else(wrong)?.parse::<u16>().map_err(|_| wrong());
        let (year, month, day) = (part()?, part()?, part()?);
        let small = |number: u16| u8::try_from(number).map_err(|_| wrong());
        Ok(Self { year, month: small(month)?, day: small(day)? })
    }
}

impl FromStr for DateTime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a date and time like `2026-11-28 16:00:00`");
        let (date, time) = text.split_once(' ').ok_or_else(wrong)?;
        let mut parts = time.splitn(3, ':');
        let mut part = || parts.next().ok_or_else(wrong)?.parse::<u8>().map_err(|_| wrong());
        Ok(Self { date: date.parse()?, hour: part()?, minute: part()?, second: part()? })
    }
}

macro_rules! dates {
    ($($type:ident, $include_time:literal;)*) => {$(
        impl Input for $type {
            fn component(_: &InputOptions) -> Component {
                text_component()
            }

            fn drawn(options: &InputOptions) -> Option<Drawn> {
                let drawn = Drawn::new("datetime").option("include_time", $include_time);
                Some(match &options.timezone {
                    Some(timezone) => drawn.option("timezone", timezone.as_str()),
                    None => drawn,
                })
            }

            fn from_value(value: Value) -> Result<Self, String> {
                text_of(value)?.parse()
            }
        }

        impl Output for $type {
            fn component() -> Component {
                text_component()
            }

            fn drawn(_: &OutputOptions) -> Option<Drawn> {
                Some(Drawn::new("datetime").option("include_time", $include_time))
            }

            fn into_value(self) -> Value {
                Value::Text(self.to_string())
            }
        }

        impl Literal<&str> for $type {
            fn literal(literal: &str) -> Value {
                Value::Text(literal.to_owned())
            }
        }

        impl Dated for $type {}
        impl Defaulted for $type {}
    )*};
}

dates! {
    Date, false;
    DateTime, true;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_and_written() {
        let text = "2026-11-28 16:00:05";
        let read: DateTime = text.parse().expect("a date");
        assert_eq!((read.date.day, read.hour, read.second), (28, 16, 5));
        assert_eq!(read.to_string(), text);
        assert!("2026-11-28T16:00".parse::<DateTime>().is_err());
        assert!("28.11.2026".parse::<Date>().is_err());
    }
}
