//! Moments.

pub(crate) const JUST_NOW: &str = "just now";

pub(crate) fn minutes_ago(n: u64) -> String {
    match n {
        1 => "1 minute ago".to_owned(),
        n => format!("{n} minutes ago"),
    }
}

pub(crate) fn hours_ago(n: u64) -> String {
    match n {
        1 => "1 hour ago".to_owned(),
        n => format!("{n} hours ago"),
    }
}

pub(crate) fn days_ago(n: u64) -> String {
    match n {
        1 => "1 day ago".to_owned(),
        n => format!("{n} days ago"),
    }
}

pub(crate) fn months_ago(n: u64) -> String {
    match n {
        1 => "1 month ago".to_owned(),
        n => format!("{n} months ago"),
    }
}

pub(crate) fn years_ago(n: u64) -> String {
    match n {
        1 => "1 year ago".to_owned(),
        n => format!("{n} years ago"),
    }
}

/// A moment such as `2026-11-28 16:02`, with its time zone.
pub(crate) fn utc(moment: &str) -> String {
    format!("{moment} UTC")
}
