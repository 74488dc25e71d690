//! How long ago something was, as people say it.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::texts::age as texts;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const MONTH: u64 = 30 * DAY;
const YEAR: u64 = 365 * DAY;

/// How long before `now` the moment `rfc3339`, in UTC, was; the moment itself where it cannot be read.
pub fn ago(rfc3339: &str, now: SystemTime) -> String {
    let now = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let Some(then) = unix_seconds(rfc3339) else { return rfc3339.to_owned() };
    let seconds = now.saturating_sub(then);
    match seconds {
        0..MINUTE => texts::JUST_NOW.to_owned(),
        MINUTE..HOUR => texts::minutes_ago(seconds / MINUTE),
        HOUR..DAY => texts::hours_ago(seconds / HOUR),
        DAY..MONTH => texts::days_ago(seconds / DAY),
        MONTH..YEAR => texts::months_ago(seconds / MONTH),
        _ => texts::years_ago(seconds / YEAR),
    }
}

/// `2026-11-28T16:02:33Z` → seconds since 1970; the store writes no other zone.
fn unix_seconds(rfc3339: &str) -> Option<u64> {
    let number = |from: usize, to: usize| rfc3339.get(from..to)?.parse::<u64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    if !(1..=12).contains(&month) || !(1970..).contains(&year) {
        return None;
    }
    // Years begin in March here, so that the day that comes and goes is the last one.
    let (years, months) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = years * 365 + years / 4 - years / 100 + years / 400 + (months * 153 + 2) / 5 + day;
    // The same sum for 1 January 1970.
    let days = days.checked_sub(719_469)?;
    Some(days * DAY + hour * HOUR + minute * MINUTE + second)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn moments_are_told_from_now() {
        let now = UNIX_EPOCH + Duration::from_secs(1_795_881_753);
        let check = |moment: &str, expected: &str| assert_eq!(ago(moment, now), expected, "{moment}");
        check("2026-11-28T16:02:33Z", "just now");
        check("2026-11-28T16:02:34.5Z", "just now");
        check("2026-11-28T16:01:33Z", "1 minute ago");
        check("2026-11-28T03:00:00.123456Z", "13 hours ago");
        check("2026-11-27T16:02:33Z", "1 day ago");
        check("2026-02-28T16:02:33Z", "9 months ago");
        check("2024-02-29T00:00:00Z", "2 years ago");
        check("1970-01-01T00:00:00Z", "56 years ago");
        check("soon", "soon");
    }

    #[test]
    fn the_calendar_is_right() {
        assert_eq!(unix_seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(unix_seconds("2000-03-01T00:00:00Z"), Some(951_868_800));
        assert_eq!(unix_seconds("2026-11-28T16:02:33Z"), Some(1_795_881_753));
    }
}
