//! How far a running call is, and how long it may still take.

use crate::texts::run as texts;

/// The least part done from which the rest is estimated: before, it would jump about.
const MIN_FRACTION: f64 = 0.02;

/// The least time of a whole call, in milliseconds, of which an estimate is worth reading.
const MIN_TOTAL_MS: f64 = 2_000.0;

/// What is known of a running call.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Progress {
    /// The place in line, from 1, while the call waits.
    pub position: Option<usize>,
    /// In 0..1, or none where the end is not known.
    pub fraction: Option<f64>,
    /// The app's own words.
    pub message: String,
    /// What such calls usually take, in milliseconds.
    pub usual_ms: Option<f64>,
    /// How long the call has waited in line.
    waited_ms: f64,
}

impl Progress {
    /// The call is the `position`th in line, or with 0 runs now.
    pub fn wait(&mut self, position: usize, elapsed_ms: f64) {
        self.position = (position > 0).then_some(position);
        self.waited_ms = elapsed_ms;
    }

    /// The app says how far it is.
    pub fn hear(&mut self, fraction: Option<f64>, message: String) {
        self.position = None;
        self.fraction = fraction;
        self.message = message;
    }

    /// Where the call is in line, in words.
    pub fn place(&self) -> Option<String> {
        Some(match self.position? {
            1 => texts::NEXT_IN_LINE.to_owned(),
            position => texts::in_line(position),
        })
    }

    /// How long the call may still take, in words, where that can be said `elapsed_ms` after it began.
    pub fn rest(&self, elapsed_ms: f64) -> Option<String> {
        if self.position.is_some() {
            return None;
        }
        let running_ms = (elapsed_ms - self.waited_ms).max(0.0);
        let rest_ms = match (self.fraction, self.usual_ms) {
            (Some(fraction), _) if (MIN_FRACTION..1.0).contains(&fraction) => running_ms / fraction * (1.0 - fraction),
            (_, Some(usual_ms)) if usual_ms > running_ms => usual_ms - running_ms,
            _ => return None,
        };
        (running_ms + rest_ms >= MIN_TOTAL_MS).then(|| texts::time_left(&rough(rest_ms)))
    }
}

/// A time no more exact than an estimate is.
fn rough(ms: f64) -> String {
    match ms / 1e3 {
        seconds if seconds <= 10.0 => format!("{} s", seconds.ceil().max(1.0)),
        seconds if seconds <= 55.0 => format!("{} s", (seconds / 5.0).ceil() * 5.0),
        seconds => format!("{} min", (seconds / 60.0).ceil()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_in_line_is_said_in_words() {
        let check = |position: usize, expected: &str| {
            let mut progress = Progress::default();
            progress.wait(position, 0.0);
            assert_eq!(progress.place().as_deref(), Some(expected));
        };
        check(1, "Next in line");
        check(2, "2nd in line");
        check(3, "3rd in line");
        check(4, "4th in line");
        check(11, "11th in line");
        check(22, "22nd in line");
        check(113, "113th in line");
    }

    #[test]
    fn the_rest_follows_from_the_part_done_or_from_calls_before() {
        let check = |fraction, usual_ms, elapsed_ms, expected: Option<&str>| {
            let mut progress = Progress { usual_ms, ..Progress::default() };
            // The time in line says nothing of the call's own.
            progress.wait(0, 1_000.0);
            progress.hear(fraction, String::new());
            assert_eq!(progress.rest(1_000.0 + elapsed_ms).as_deref(), expected, "{fraction:?} {usual_ms:?}");
        };
        check(Some(0.25), None, 2_000.0, Some("about 6 s left"));
        check(Some(0.25), Some(100.0), 9_000.0, Some("about 30 s left"));
        check(Some(0.1), None, 20_000.0, Some("about 3 min left"));
        check(None, Some(5_000.0), 1_500.0, Some("about 4 s left"));
        check(None, Some(5_000.0), 6_000.0, None);
        check(Some(0.5), None, 500.0, None);
        check(Some(0.001), None, 5_000.0, None);
        check(Some(f64::NAN), None, 5_000.0, None);
        check(Some(1.0), None, 5_000.0, None);
        check(None, None, 5_000.0, None);
    }

    #[test]
    fn nothing_is_estimated_in_line() {
        let mut progress = Progress { usual_ms: Some(9_000.0), ..Progress::default() };
        progress.wait(2, 100.0);
        assert_eq!(progress.rest(200.0), None);
    }
}
