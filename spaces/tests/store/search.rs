//! What the gallery finds, and how fast.

use std::path::Path;
use std::time::Instant;

use spaces::manifest::{Manifest, Visibility};
use spaces::store::{Audience, Search, Store};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Executor as _};

use crate::support::{LIMITS, id, open, prepare, publish};

async fn found(store: &Store, search: Search<'_>) -> (Vec<String>, u64) {
    let page = store.search(&search).await.unwrap();
    (page.spaces.iter().map(|space| space.id.to_string()).collect(), page.total)
}

fn words(text: &str) -> Search<'_> {
    Search { text, owner: None, audience: Audience::Anyone, limit: 10 }
}

#[tokio::test]
async fn every_word_must_match_somewhere_and_the_newest_come_first() {
    let (_folder, store) = open().await;
    let draft = store.draft().await.unwrap();
    let mut new = prepare(&draft, "alice/iris", "1").await;
    new.manifest = Manifest {
        title: Some("Ünlü Irises".to_owned()),
        description: Some("# Title\n\nTells *setosa* from the rest.\n\nNot searched.".to_owned()),
        tags: vec!["100%".to_owned(), "tabular".to_owned()],
        emoji: Some("🌷".to_owned()),
        ..Manifest::default()
    };
    draft.commit(new).await.unwrap();
    publish(&store, "bob/digits", "tabular digits").await;
    publish(&store, "bob/hidden", "hidden tabular digits").await;
    store.set_visibility(&id("bob/hidden"), Visibility::Unlisted).await.unwrap();

    let check = async |text: &str, expected: &[&str]| {
        let (ids, total) = found(&store, words(text)).await;
        assert_eq!((ids, total), (expected.iter().map(|&id| id.to_owned()).collect(), expected.len() as u64), "{text}");
    };
    check("", &["bob/digits", "alice/iris"]).await;
    check("TABULAR", &["bob/digits", "alice/iris"]).await;
    check("tabular  iris", &["alice/iris"]).await;
    check("ünlü setosa", &["alice/iris"]).await;
    check("alice", &["alice/iris"]).await;
    check("0%", &["alice/iris"]).await;
    check("%", &["alice/iris"]).await;
    check("_", &[]).await;
    check("searched", &[]).await;
    check("' OR 1=1 --", &[]).await;

    let detail = store.space(&id("alice/iris"), &LIMITS).await.unwrap().unwrap();
    assert_eq!(detail.limits, LIMITS.defaults);
    let summary = detail.summary;
    assert_eq!((summary.title.as_str(), summary.summary.as_str()), ("Ünlü Irises", "Tells setosa from the rest."));
    assert_eq!((summary.updated_at.as_str(), summary.revision), ("1970-01-01T00:00:01Z", 1));

    let bob = Search { owner: Some("bob"), ..words("") };
    assert_eq!(found(&store, bob).await, (vec!["bob/digits".to_owned()], 1));
    let admin = Search { audience: Audience::Admin, limit: 1, ..words("") };
    assert_eq!(found(&store, admin).await, (vec!["bob/hidden".to_owned()], 3));
    assert_eq!(found(&store, Search { limit: 0, ..words("") }).await, (vec![], 2));
}

/// Speed is printed, not asserted: `cargo test -p spaces --features store -- --nocapture ten_thousand`.
#[tokio::test]
#[expect(clippy::print_stdout, reason = "a measurement")]
async fn ten_thousand_spaces_are_searched() {
    let (folder, store) = open().await;
    publish(&store, "alice/iris", "seed").await;
    store.close().await;
    drop(store);
    let data = folder.path().join("data");
    multiply(&data.join("vitrine.db"), 10_000).await;

    let started = Instant::now();
    let store = Store::open(&data).await.unwrap();
    println!("open: {:?}", started.elapsed());
    for text in ["", "number 77", "nothing at all"] {
        let started = Instant::now();
        let page = store.search(&Search { limit: 50, ..words(text) }).await.unwrap();
        println!("search `{text}`: {:?} for {} of {}", started.elapsed(), page.spaces.len(), page.total);
    }
    let started = Instant::now();
    let live = store.live_revision(&id("many/space-7777")).await.unwrap().unwrap();
    println!("live revision: {:?}", started.elapsed());
    assert_eq!(live.revision.assets.len(), 1);
    assert_eq!(found(&store, words("")).await.1, 10_001);
    assert_eq!(found(&store, words("space-7777 number")).await, (vec!["many/space-7777".to_owned()], 1));
    let started = Instant::now();
    store.sweep().await.unwrap();
    println!("sweep: {:?}", started.elapsed());
}

/// Copies the one space `n` times, behind the store's back: ten thousand honest commits would take a minute.
async fn multiply(database: &Path, n: u32) {
    let mut connection = SqliteConnectOptions::new().filename(database).connect().await.unwrap();
    let statements = "
        BEGIN;
        CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {n}) SELECT i FROM n;
        INSERT INTO spaces (id, owner, name) SELECT 1000 + i, 'many', 'space-' || i FROM n;
        INSERT INTO revisions SELECT 1000 + i, 1000 + i, 1, kind, engine, bundle_digest, bundle_bytes, component_digest,
            created_at + i, 'Space number ' || i, hex(randomblob(100)), NULL, NULL, '[\"tag\"]',
            'many/space-' || i || char(10) || 'space number ' || i || char(10) || lower(hex(randomblob(100)))
            FROM revisions, n WHERE revisions.id = 1;
        INSERT INTO revision_documents SELECT 1000 + i, manifest, interface FROM revision_documents, n WHERE revision_id = 1;
        INSERT INTO assets SELECT 1000 + i, path, digest, size_bytes, mime_type FROM assets, n WHERE revision_id = 1;
        UPDATE spaces SET live_number = 1;
        COMMIT;";
    connection.execute(sqlx::AssertSqlSafe(statements.replace("{n}", &n.to_string()))).await.unwrap();
}
