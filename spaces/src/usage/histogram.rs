//! How often something took how long, in a few bytes.
//!
//! The buckets are the same everywhere and for ever, so that histograms of minutes add up to that of an hour, from
//! which percentiles are read; those of percentiles would not. Each factor of two from a quarter of a microsecond to
//! nineteen minutes has four, so what is read is wrong by an eighth at most.

use std::time::Duration;

/// Buckets of a histogram.
pub const N_BUCKETS: usize = 128;

/// The first bucket takes all that is shorter than its end: 2⁸ nanoseconds and a quarter.
const MIN_LOG2_NANOS: u32 = 8;

/// The bucket of a duration.
pub fn bucket(duration: Duration) -> usize {
    let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
    let Some(octave) = (nanos | 1).ilog2().checked_sub(MIN_LOG2_NANOS) else {
        return 0;
    };
    let quarter = (nanos >> (octave + MIN_LOG2_NANOS - 2)) & 3;
    (octave as usize * 4 + quarter as usize).min(N_BUCKETS - 1)
}

/// Where a bucket begins, in nanoseconds.
fn begin_nanos(bucket: usize) -> f64 {
    let (octave, quarter) = (bucket / 4, bucket % 4);
    (octave as f64 + f64::from(MIN_LOG2_NANOS)).exp2() * (1.0 + quarter as f64 / 4.0)
}

/// Counts by bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    counts: [u64; N_BUCKETS],
}

impl Default for Histogram {
    fn default() -> Self {
        Self { counts: [0; N_BUCKETS] }
    }
}

impl Histogram {
    /// A histogram of what was counted elsewhere.
    pub fn new(counts: [u64; N_BUCKETS]) -> Self {
        Self { counts }
    }

    /// Counts one.
    pub fn record(&mut self, duration: Duration) {
        self.counts[bucket(duration)] += 1;
    }

    /// Counts what `other` has counted.
    pub fn add(&mut self, other: &Self) {
        for (count, other) in self.counts.iter_mut().zip(&other.counts) {
            *count = count.saturating_add(*other);
        }
    }

    /// The counts, by bucket.
    pub fn counts(&self) -> &[u64; N_BUCKETS] {
        &self.counts
    }

    /// What `share` (0 to 1) of the durations do not exceed; none of an empty histogram.
    pub fn quantile(&self, share: f64) -> Option<Duration> {
        let total: u64 = self.counts.iter().fold(0, |sum, count| sum.saturating_add(*count));
        if total == 0 {
            return None;
        }
        let rank = (share * total as f64).clamp(0.0, total as f64);
        let mut below = 0.0;
        for (bucket, count) in self.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let here = *count as f64;
            if below + here >= rank {
                let (begin, end) = (begin_nanos(bucket), begin_nanos(bucket + 1));
                let part = ((rank - below) / here).clamp(0.0, 1.0);
                return Some(Duration::from_nanos((begin + (end - begin) * part) as u64));
            }
            below += here;
        }
        None
    }

    /// The buckets that are not empty: of each its number and, in seven bits a byte, lowest first, its count.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (bucket, count) in (0_u8..).zip(self.counts).filter(|(_, count)| *count > 0) {
            bytes.push(bucket);
            let mut rest = count;
            while rest >= 0x80 {
                bytes.push(rest as u8 | 0x80);
                rest >>= 7;
            }
            bytes.push(rest as u8);
        }
        bytes
    }

    /// Reads what [`Self::to_bytes`] has written; none where `bytes` is anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut counts = [0; N_BUCKETS];
        let mut bytes = bytes.iter();
        while let Some(bucket) = bytes.next() {
            let (mut count, mut shift) = (0_u64, 0);
            loop {
                let byte = bytes.next()?;
                count |= u64::from(byte & 0x7f).checked_shl(shift)?;
                shift += 7;
                if byte & 0x80 == 0 {
                    break;
                }
            }
            *counts.get_mut(usize::from(*bucket))? = count;
        }
        Some(Self { counts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_in_the_bucket_that_holds_it() {
        for nanos in [256, 319, 320, 1_000, 4_095, 4_096, 1_000_000, 33_333_333, 1_000_000_000, 999_999_999_999] {
            let bucket = bucket(Duration::from_nanos(nanos));
            let (begin, end) = (begin_nanos(bucket), begin_nanos(bucket + 1));
            assert!((begin..end).contains(&(nanos as f64)), "{nanos}: {begin}..{end}");
            assert!(end / begin <= 1.25);
        }
        assert_eq!(bucket(Duration::ZERO), 0);
        assert_eq!(bucket(Duration::MAX), N_BUCKETS - 1);
    }

    #[test]
    fn percentiles_are_read_to_an_eighth() {
        let mut histogram = Histogram::default();
        assert_eq!(histogram.quantile(0.5), None);
        for ms in 1..=1000 {
            histogram.record(Duration::from_millis(ms));
        }
        for (share, expected) in [(0.5, 500.0), (0.95, 950.0), (0.99, 990.0)] {
            let found = histogram.quantile(share).unwrap().as_secs_f64() * 1e3;
            assert!((found / expected - 1.0).abs() < 0.125, "{share}: {found} ms");
        }
    }

    #[test]
    fn bytes_read_back_and_add_up() {
        let mut histogram = Histogram::default();
        assert!(histogram.to_bytes().is_empty());
        for ms in [3, 3, 3000] {
            histogram.record(Duration::from_millis(ms));
        }
        assert_eq!(histogram.to_bytes().len(), 4);
        let mut sum = Histogram::from_bytes(&histogram.to_bytes()).unwrap();
        assert_eq!(sum, histogram);
        for _ in 0..1000 {
            sum.add(&histogram);
        }
        assert_eq!(Histogram::from_bytes(&sum.to_bytes()).unwrap(), sum);
        assert_eq!(sum.counts()[bucket(Duration::from_millis(3))], 2002);
        for wrong in
            [&[3_u8][..], &[200, 1], &[1, 0x80], &[1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1]]
        {
            assert_eq!(Histogram::from_bytes(wrong), None, "{wrong:?}");
        }
    }
}
