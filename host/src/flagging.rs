//! How often a visitor may flag: what anybody may write to the disk has a pace.

use std::time::{Duration, Instant};

use dashmap::DashMap;

use crate::temporary::Visitor;

/// Flags that a visitor may send one after the other.
const BURST: u32 = 10;
/// After how long there is one more.
const REFILL: Duration = Duration::from_secs(6);
/// Visitors that are remembered; beyond it those go that have all their flags back.
const MAX_VISITORS: usize = 10_000;

/// The pace of every visitor, as the time at which all flags would be back.
#[derive(Default)]
pub(crate) struct FlagPace(DashMap<Visitor, Instant>);

impl FlagPace {
    /// Whether the visitor may flag now; counts it where so.
    pub(crate) fn may_flag(&self, visitor: Visitor, now: Instant) -> bool {
        if self.0.len() >= MAX_VISITORS {
            self.0.retain(|_, full_at| *full_at > now);
        }
        if self.0.len() >= MAX_VISITORS && !self.0.contains_key(&visitor) {
            return false;
        }
        let mut full_at = self.0.entry(visitor).or_insert(now);
        let next = (*full_at).max(now) + REFILL;
        let may = next <= now + REFILL * BURST;
        if may {
            *full_at = next;
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_has_a_pace_and_holds_up_nobody() {
        let pace = FlagPace::default();
        let visitor = |last: u8| Visitor::new([10, 0, 0, last].into());
        let start = Instant::now();
        let sent = (0..50).filter(|_| pace.may_flag(visitor(1), start)).count();
        assert_eq!(sent, BURST as usize);
        assert!(pace.may_flag(visitor(2), start));
        assert!(!pace.may_flag(visitor(1), start + REFILL / 2));
        assert!(pace.may_flag(visitor(1), start + REFILL));
        assert!(!pace.may_flag(visitor(1), start + REFILL));
    }

    #[test]
    fn visitors_are_forgotten_when_their_flags_are_back() {
        let pace = FlagPace::default();
        let start = Instant::now();
        for number in 0..MAX_VISITORS as u32 {
            assert!(pace.may_flag(Visitor::new(std::net::Ipv4Addr::from_bits(number).into()), start));
        }
        let newcomer = Visitor::new([192, 168, 0, 1].into());
        assert!(!pace.may_flag(newcomer, start));
        assert!(pace.may_flag(newcomer, start + REFILL * 2));
        assert_eq!(pace.0.len(), 1);
    }
}
