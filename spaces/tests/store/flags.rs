//! Flags: kept within bounds, read back, deleted.

use serde_json::{Map, Value, json};
use spaces::store::{FlagError, MAX_FLAG_BYTES, MAX_FLAGS, MAX_FLAGS_BYTES, NewFlag, Store};
use time::OffsetDateTime;

use crate::support::{id, open, publish};

fn map(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).unwrap()
}

fn flag(text: &str) -> NewFlag {
    NewFlag {
        at: OffsetDateTime::UNIX_EPOCH,
        endpoint: "predict".to_owned(),
        reason: Some("wrong".to_owned()),
        inputs: map(json!({ "x": text })),
        outputs: map(json!({ "y": [1, null] })),
    }
}

async fn texts(store: &Store, space: &str) -> Vec<Value> {
    let flags = store.flags(&id(space), None, usize::MAX).await.unwrap();
    flags.into_iter().map(|flag| flag.inputs["x"].clone()).collect()
}

#[tokio::test]
async fn flags_are_kept_and_go_one_by_one_or_all() {
    let (_folder, store) = open().await;
    let unknown = store.add_flag(&id("a/x"), &flag("1")).await;
    assert!(matches!(unknown, Err(FlagError::UnknownSpace { .. })), "{unknown:?}");
    publish(&store, "a/x", "first").await;
    publish(&store, "a/y", "first").await;
    publish(&store, "a/x", "second").await;
    let mut keys = Vec::new();
    for text in ["1", "2", "3"] {
        keys.push(store.add_flag(&id("a/x"), &flag(text)).await.unwrap());
    }
    store.add_flag(&id("a/y"), &flag("other")).await.unwrap();
    assert_eq!(texts(&store, "a/x").await, ["3", "2", "1"]);
    let page = store.flags(&id("a/x"), Some(keys[2]), 1).await.unwrap();
    assert_eq!((page.len(), page[0].id, page[0].revision), (1, keys[1], 2));
    assert_eq!((page[0].reason.as_deref(), page[0].at.as_str()), (Some("wrong"), "1970-01-01T00:00:00Z"));
    assert_eq!(page[0].outputs, map(json!({ "y": [1, null] })));
    assert_eq!(store.delete_flags(&id("a/y"), Some(keys[0])).await.unwrap(), 0, "it is another space's");
    assert_eq!(store.delete_flags(&id("a/x"), Some(keys[1])).await.unwrap(), 1);
    assert_eq!(texts(&store, "a/x").await, ["3", "1"]);
    assert_eq!(store.delete_flags(&id("a/x"), None).await.unwrap(), 2);
    assert_eq!((store.n_flags(&id("a/x")).await.unwrap(), store.n_flags(&id("a/y")).await.unwrap()), (0, 1));
    store.delete(&id("a/y")).await.unwrap();
    assert!(texts(&store, "a/y").await.is_empty());
}

#[tokio::test]
async fn a_full_space_takes_no_more_and_loses_none() {
    let (_folder, store) = open().await;
    publish(&store, "a/x", "first").await;
    let large = store.add_flag(&id("a/x"), &flag(&"x".repeat(MAX_FLAG_BYTES))).await;
    assert!(matches!(large, Err(FlagError::TooLarge { .. })), "{large:?}");
    let half = flag(&"x".repeat(MAX_FLAG_BYTES / 2));
    let mut n_kept = 0;
    while n_kept < MAX_FLAGS && store.add_flag(&id("a/x"), &half).await.is_ok() {
        n_kept += 1;
    }
    assert_eq!(n_kept, MAX_FLAGS_BYTES / (MAX_FLAG_BYTES / 2) - 1, "each has some bytes more than half of one");
    assert!(matches!(store.add_flag(&id("a/x"), &half).await, Err(FlagError::Full { .. })));
    assert_eq!(store.n_flags(&id("a/x")).await.unwrap(), n_kept as u64);
}
