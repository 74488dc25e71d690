//! What a running call tells its client: the guest's progress and partial outputs, as progress notifications.

use rmcp::RoleServer;
use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::service::{Peer, RequestContext};

/// The longest message, in characters: a partial output may be a book.
const MAX_MESSAGE_CHARS: usize = 4_000;

/// How far partial outputs without a fraction come towards the end at each step: never to it.
const STEP: f64 = 1.0 / 256.0;

/// Tells those who asked to be told.
pub(super) struct Progress {
    peer: Peer<RoleServer>,
    token: Option<ProgressToken>,
    meter: Meter,
}

impl Progress {
    pub(super) fn new(context: &RequestContext<RoleServer>) -> Self {
        Self { peer: context.peer.clone(), token: context.meta.get_progress_token(), meter: Meter::default() }
    }

    /// True where anybody listens.
    pub(super) fn is_wanted(&self) -> bool {
        self.token.is_some()
    }

    /// Tells how far the call is, and why. A client that has gone hears nothing; its call ends elsewhere.
    pub(super) async fn tell(&mut self, fraction: Option<f64>, message: &str) {
        let (Some(token), Some(progress)) = (&self.token, self.meter.next(fraction)) else { return };
        let mut told = ProgressNotificationParam::new(token.clone(), progress);
        if self.meter.knows_total {
            told = told.with_total(1.0);
        }
        if !message.is_empty() {
            told = told.with_message(message.chars().take(MAX_MESSAGE_CHARS).collect::<String>());
        }
        let _ = self.peer.notify_progress(told).await;
    }
}

/// Makes numbers that always grow, as the protocol wants, of fractions that need not.
struct Meter {
    last: f64,
    /// Once the guest has said how far it is.
    knows_total: bool,
}

impl Default for Meter {
    fn default() -> Self {
        Self { last: -1.0, knows_total: false }
    }
}

impl Meter {
    /// The next number in 0..=1; none where there is no room left before the end, which is about to come.
    fn next(&mut self, fraction: Option<f64>) -> Option<f64> {
        self.knows_total |= fraction.is_some();
        let crept = self.last.max(0.0) + (1.0 - self.last.max(0.0)) * STEP;
        let next = match fraction {
            Some(fraction) if fraction > self.last => fraction.clamp(0.0, 1.0),
            Some(_) | None => crept,
        };
        let grows = next > self.last;
        self.last = self.last.max(next);
        grows.then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_grow_and_stay_below_the_total() {
        let mut meter = Meter::default();
        let fractions = [None, Some(0.0), Some(0.5), None, Some(0.25), Some(f64::NAN), Some(0.75), Some(7.0), None];
        let told: Vec<_> = fractions.into_iter().filter_map(|fraction| meter.next(fraction)).collect();
        assert!(told.windows(2).all(|pair| pair[0] < pair[1]), "{told:?}");
        assert!(told.contains(&0.5) && told.contains(&0.75), "what grows anyway is told as it is: {told:?}");
        assert_eq!(told.last(), Some(&1.0));
        assert_eq!(told.len(), 8, "after the end there is nothing to tell");
    }
}
