//! Guests' logs stay within bounds.

use spaces::store::{MAX_LOG_BYTES, MAX_LOG_LINES, MAX_LOG_MESSAGE_BYTES};
use spaces::view::{LogLevel, LogLine};

use crate::support::{id, open, publish};

fn line(message: String) -> LogLine {
    LogLine {
        at: "2026-01-01T00:00:00Z".to_owned(),
        level: LogLevel::Warn,
        invocation: Some("i-1".to_owned()),
        message,
    }
}

#[tokio::test]
async fn the_newest_lines_are_kept_in_order() {
    let (_folder, store) = open().await;
    let space = id("alice/iris");
    store.append_logs(&space, &[line("lost: no such space".to_owned())]).await.unwrap();
    publish(&store, "alice/iris", "one").await;
    let lines: Vec<_> = (0..MAX_LOG_LINES + 10).map(|n| line(n.to_string())).collect();
    store.append_logs(&space, &lines[..MAX_LOG_LINES]).await.unwrap();
    assert_eq!(store.logs(&space, usize::MAX).await.unwrap(), lines[..MAX_LOG_LINES]);
    store.append_logs(&space, &lines[MAX_LOG_LINES..]).await.unwrap();

    let kept = store.logs(&space, usize::MAX).await.unwrap();
    assert_eq!(kept.len(), MAX_LOG_LINES / 10 * 9);
    assert_eq!(kept, lines[lines.len() - kept.len()..]);
    assert_eq!(store.logs(&space, 2).await.unwrap(), lines[lines.len() - 2..]);
    assert_eq!(store.logs(&id("bob/none"), 2).await.unwrap(), []);
}

#[tokio::test]
async fn long_lines_are_cut_and_crowd_out_the_oldest() {
    let (_folder, store) = open().await;
    let space = id("alice/iris");
    publish(&store, "alice/iris", "one").await;
    // Two bytes each and an odd start, so that the bound falls inside a character.
    let long = line(format!("x{}", "é".repeat(MAX_LOG_MESSAGE_BYTES)));
    for _ in 0..3 {
        store.append_logs(&space, &vec![long.clone(); 50]).await.unwrap();
    }
    let kept = store.logs(&space, usize::MAX).await.unwrap();
    assert_eq!(kept[0].message.len(), MAX_LOG_MESSAGE_BYTES - 1);
    let n_bytes: usize = kept.iter().map(|line| line.message.len()).sum();
    assert!((MAX_LOG_BYTES / 2..=MAX_LOG_BYTES).contains(&n_bytes), "{n_bytes}");
}
