//! The memory of a worker, watched from outside.

use std::io;
use std::time::Duration;

/// How often a worker is looked at. At the few gigabytes a second that one process can touch, it gets some 50 MiB
/// beyond its cap.
const INTERVAL: Duration = Duration::from_millis(20);

/// Returns once process `pid` uses more than `max_bytes`.
///
/// Where the process cannot be looked at this never returns: the kernel's own limit, which is wider, is left.
pub(super) async fn exceeds(pid: u32, max_bytes: u64) {
    let path = format!("/proc/{pid}/status");
    let mut turns = tokio::time::interval(INTERVAL);
    turns.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        turns.tick().await;
        // A file that the kernel makes up from memory: reading it takes some ten microseconds.
        match std::fs::read_to_string(&path) {
            Ok(status) if used_bytes(&status) > max_bytes => return,
            Ok(_) => {}
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    tracing::warn!(error = &error as &dyn std::error::Error, "a publish worker cannot be watched");
                }
                return std::future::pending().await;
            }
        }
    }
}

/// The bytes that a process has for itself: what is mapped from files can be dropped at any time and does not count.
///
/// `status` is the text of `/proc/<pid>/status`, see `proc_pid_status(5)`.
fn used_bytes(status: &str) -> u64 {
    let kibibytes = |name: &str| {
        let value = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        value.and_then(|value| value.trim().strip_suffix(" kB")?.parse::<u64>().ok()).unwrap_or(0)
    };
    ["RssAnon", "RssShmem", "VmSwap"].into_iter().map(kibibytes).sum::<u64>() << 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_memory_counts_and_mapped_files_do_not() {
        let status = "Name:\tvitrine\nVmRSS:\t    9000 kB\nRssAnon:\t    1000 kB\nRssFile:\t    7000 kB\n\
                      RssShmem:\t     200 kB\nVmSwap:\t      30 kB\nThreads:\t2\n";
        assert_eq!(used_bytes(status), 1230 << 10);
        // A process that is ending has no memory lines any more.
        assert_eq!(used_bytes("Name:\tvitrine\nState:\tZ (zombie)\n"), 0);
    }

    #[test]
    fn this_process_uses_memory() {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        assert!(used_bytes(&status) > 100 << 10);
    }
}
