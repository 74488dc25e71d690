//! Runs a check on the seeds of its target: for the ordinary tests.

use std::fs;
use std::panic;

/// Runs each file of `folder`; a panic is followed by one that names the seed.
pub(crate) fn replay(folder: &str, check: fn(&[u8])) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let mut seeds: Vec<_> = entries.map(|entry| entry.expect("a seed").path()).collect();
    seeds.sort();
    assert!(!seeds.is_empty(), "{folder} is empty");
    for seed in seeds {
        let bytes = fs::read(&seed).expect("a seed can be read");
        assert!(panic::catch_unwind(|| check(&bytes)).is_ok(), "a check failed on {}, see above", seed.display());
    }
}
