//! Browsers that have signed in with the admin token. In memory: a restart signs everybody out.

use std::time::{Duration, Instant};

use dashmap::DashMap;
use sha2::{Digest as _, Sha256};

/// How long one lasts.
pub(crate) const LASTS: Duration = Duration::from_secs(7 * 24 * 3600);
/// The most at once; the oldest go first.
const MAX_SIGN_INS: usize = 1_000;

/// Kept by the digests of their names, so that looking one up tells nothing of another by its time.
#[derive(Default)]
pub(crate) struct SignIns(DashMap<[u8; 32], Instant>);

impl SignIns {
    /// Begins one; its name is the secret of the browser.
    pub(crate) fn begin(&self) -> String {
        let name = hex::encode(rand::random::<[u8; 32]>());
        let now = Instant::now();
        self.0.retain(|_, begun| now - *begun < LASTS);
        while self.0.len() >= MAX_SIGN_INS {
            let Some(oldest) = self.0.iter().min_by_key(|entry| *entry.value()).map(|entry| *entry.key()) else {
                break;
            };
            self.0.remove(&oldest);
        }
        self.0.insert(digest(&name), now);
        name
    }

    /// Whether the holder of the name is signed in.
    pub(crate) fn holds(&self, name: &str) -> bool {
        self.0.get(&digest(name)).is_some_and(|begun| begun.elapsed() < LASTS)
    }

    /// Ends one.
    pub(crate) fn end(&self, name: &str) {
        self.0.remove(&digest(name));
    }
}

fn digest(name: &str) -> [u8; 32] {
    Sha256::digest(name.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_end_and_are_bounded() {
        let sign_ins = SignIns::default();
        let first = sign_ins.begin();
        assert!(sign_ins.holds(&first) && !sign_ins.holds("another") && !sign_ins.holds(""));
        let second = sign_ins.begin();
        sign_ins.end(&second);
        assert!(sign_ins.holds(&first) && !sign_ins.holds(&second));
        let names: Vec<_> = (0..MAX_SIGN_INS).map(|_| sign_ins.begin()).collect();
        assert!(!sign_ins.holds(&first), "the oldest has gone");
        assert!(names.iter().all(|name| sign_ins.holds(name)));
    }
}
