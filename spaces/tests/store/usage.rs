//! What calls have cost is kept by minute, hour and day, and goes with its space.

use std::time::Duration;

use spaces::store::Store;
use spaces::usage::Usage;
use spaces::view::{MetricsRange, MetricsView};
use time::OffsetDateTime;

use crate::support::{id, open, publish};

/// The middle of a minute in the middle of a day.
const NOW: i64 = 20_000 * 86_400 + 43_200 + 30;

fn at(seconds_before: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(NOW - seconds_before).unwrap()
}

fn call(ms: u64) -> Usage {
    let mut usage = Usage { requests: 1, errors: u64::from(ms > 100), memory_bytes: ms << 20, ..Usage::default() };
    usage.latency.record(Duration::from_millis(ms));
    usage.instantiate.record(Duration::from_micros(ms));
    usage
}

async fn add(store: &Store, space: &str, seconds_before: i64, usage: Usage) {
    let mut usage = vec![(id(space), usage)];
    store.add_usage(at(seconds_before), &mut usage).await.unwrap();
    assert_eq!(usage, [], "it is kept");
}

async fn metrics(store: &Store, space: &str, range: MetricsRange) -> MetricsView {
    store.metrics(&id(space), range, at(0)).await.unwrap()
}

#[tokio::test]
async fn calls_add_up_over_every_range() {
    let (_folder, store) = open().await;
    publish(&store, "alice/iris", "one").await;
    publish(&store, "alice/quiet", "one").await;
    for (seconds_before, ms) in [(0, 10), (20, 10), (40, 200), (3_000, 10), (20 * 3_600, 10), (6 * 86_400, 1_000)] {
        add(&store, "alice/iris", seconds_before, call(ms)).await;
    }
    for (range, requests, errors, last) in
        [(MetricsRange::Hour, 4, 1, 2), (MetricsRange::Day, 5, 1, 2), (MetricsRange::Week, 6, 2, 2)]
    {
        let view = metrics(&store, "alice/iris", range).await;
        assert_eq!(view.points.len(), range.n_points() as usize, "{range}");
        assert_eq!((view.total.requests, view.total.errors), (requests, errors), "{range}");
        assert_eq!(view.points.last().unwrap().requests, last, "{range}");
        let sum: u64 = view.points.iter().map(|point| point.requests).sum();
        assert_eq!(sum, requests, "{range}");
    }
    let view = metrics(&store, "alice/iris", MetricsRange::Hour).await;
    let minute = &view.points[58];
    assert_eq!((minute.at.as_str(), minute.requests, minute.errors), ("2024-10-04T11:59:00Z", 1, 1));
    assert_eq!(minute.memory_bytes, Some(200 << 20));
    let p50 = minute.latency_ms.unwrap().p50;
    assert!((p50 / 200.0 - 1.0).abs() < 0.125, "{p50}");
    assert!(minute.instantiate_ms.unwrap().p99 < 1.0);
    let quiet = metrics(&store, "alice/quiet", MetricsRange::Day).await;
    assert_eq!((quiet.total.requests, quiet.total.latency_ms, quiet.total.memory_bytes), (0, None, None));
    assert_eq!(metrics(&store, "bob/none", MetricsRange::Week).await.total.requests, 0);
}

#[tokio::test]
async fn recent_calls_order_the_spaces() {
    let (_folder, store) = open().await;
    for space in ["alice/a", "alice/b", "alice/c"] {
        publish(&store, space, space).await;
    }
    for (space, days_before, n_calls) in [("alice/a", 0, 2), ("alice/b", 2, 5), ("alice/b", 0, 1), ("alice/a", 9, 100)]
    {
        add(&store, space, days_before * 86_400, Usage { requests: n_calls, ..Usage::default() }).await;
    }
    let recent = |n_days| store.recent_calls(n_days, at(0));
    assert_eq!(recent(7).await.unwrap(), [(id("alice/b"), 6), (id("alice/a"), 2)]);
    assert_eq!(recent(1).await.unwrap(), [(id("alice/a"), 2), (id("alice/b"), 1)]);
    assert_eq!(recent(10).await.unwrap()[0], (id("alice/a"), 102));
}

#[tokio::test]
async fn usage_goes_with_its_space_and_with_time() {
    let (_folder, store) = open().await;
    publish(&store, "alice/iris", "one").await;
    add(&store, "alice/iris", 0, call(10)).await;
    store.delete(&id("alice/iris")).await.unwrap();
    add(&store, "alice/iris", 0, call(10)).await;
    publish(&store, "alice/iris", "one").await;
    assert_eq!(metrics(&store, "alice/iris", MetricsRange::Week).await.total.requests, 0, "another space of that name");
    add(&store, "alice/iris", 2 * 86_400, call(10)).await;
    add(&store, "alice/iris", 40 * 86_400, call(10)).await;
    store.sweep_usage(at(0)).await.unwrap();
    let two_days_ago = at(2 * 86_400);
    let minutes = store.metrics(&id("alice/iris"), MetricsRange::Hour, two_days_ago).await.unwrap();
    assert_eq!(minutes.total.requests, 0, "minutes are kept for a day");
    assert_eq!(metrics(&store, "alice/iris", MetricsRange::Week).await.total.requests, 1, "hours for weeks");
    let old = store.metrics(&id("alice/iris"), MetricsRange::Week, at(40 * 86_400)).await.unwrap();
    assert_eq!(old.total.requests, 0);
    assert_eq!(store.recent_calls(50, at(0)).await.unwrap(), [(id("alice/iris"), 2)], "days for a year");
}
