//! What the gallery finds, and how fast.

use std::path::Path;
use std::time::Instant;

use spaces::catalog::{Facet, Facets, Sort};
use spaces::manifest::{Manifest, Visibility};
use spaces::store::{Audience, Search, Store};
use spaces::usage::Usage;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Executor as _};

use crate::support::{LIMITS, id, open, prepare, publish};

async fn found(store: &Store, search: Search<'_>) -> (Vec<String>, u64) {
    let page = store.search(&search).await.unwrap();
    (page.spaces.iter().map(|space| space.id.to_string()).collect(), page.total)
}

fn words(text: &str) -> Search<'_> {
    Search { text, limit: 10, ..Search::default() }
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

#[tokio::test]
async fn spaces_are_filtered_sorted_and_paged() {
    let (_folder, store) = open().await;
    let new = async |space: &str, content: &str, tags: &[&str], task: Option<&str>| {
        let draft = store.draft().await.unwrap();
        let mut new = prepare(&draft, space, content).await;
        new.manifest.tags = tags.iter().map(|&tag| tag.to_owned()).collect();
        new.manifest.task = task.map(str::to_owned);
        draft.commit(new).await.unwrap();
    };
    new("alice/iris", "b", &["Tabular", "flowers"], Some("tabular-classification")).await;
    new("alice/photos", "Cc", &["vision"], Some("image-classification")).await;
    new("bob/digits", "aaa", &["vision", "VISION"], Some("image-classification")).await;
    new("bob/secret", "dddd", &["vision"], Some("image-classification")).await;
    store.set_visibility(&id("bob/secret"), Visibility::Private).await.unwrap();

    let check = async |search: Search<'_>, expected: &[&str], n_all: u64| {
        let (ids, total) = found(&store, search).await;
        assert_eq!((ids, total), (expected.iter().map(|&id| id.to_owned()).collect(), n_all), "{search:?}");
    };
    let all = words("");
    check(Search { tag: Some("tabular"), ..all }, &["alice/iris"], 1).await;
    check(Search { tag: Some("Vision"), ..all }, &["bob/digits", "alice/photos"], 2).await;
    check(Search { tag: Some("visio"), ..all }, &[], 0).await;
    check(Search { task: Some("image-classification"), text: "cc", ..all }, &["alice/photos"], 1).await;
    check(words("image-classification"), &["bob/digits", "alice/photos"], 2).await;
    check(Search { sort: Sort::Name, ..all }, &["bob/digits", "alice/iris", "alice/photos"], 3).await;
    check(Search { sort: Sort::Name, limit: 1, offset: 1, ..all }, &["alice/iris"], 3).await;
    check(Search { offset: 3, ..all }, &[], 3).await;
    check(Search { tag: Some("vision"), audience: Audience::Admin, limit: 1, ..all }, &["bob/secret"], 3).await;

    let facet = |name: &str, n_spaces| Facet { name: name.to_owned(), n_spaces };
    let facets = store.facets(None, Audience::Anyone).await.unwrap();
    assert_eq!(facets.tasks, [facet("image-classification", 2), facet("tabular-classification", 1)]);
    assert_eq!(facets.tags, [facet("vision", 2), facet("flowers", 1), facet("tabular", 1)]);
    assert_eq!(store.facets(None, Audience::Admin).await.unwrap().tags[0], facet("vision", 3));
    assert_eq!(store.facets(Some("nobody"), Audience::Admin).await.unwrap(), Facets::default());

    let trending = Search { sort: Sort::Trending, ..all };
    check(trending, &["bob/digits", "alice/photos", "alice/iris"], 3).await;
    let calls = async |space: &str, day: i64, requests: u64| {
        let at = time::OffsetDateTime::UNIX_EPOCH + time::Duration::days(20_000 + day);
        let usage = Usage { requests, ..Usage::default() };
        store.add_usage(at, &mut vec![(id(space), usage)]).await.unwrap();
    };
    calls("bob/digits", 0, 1_000).await;
    calls("alice/photos", 3, 4).await;
    calls("alice/photos", 9, 4).await;
    calls("alice/iris", 9, 7).await;
    // What was called a thousand times was so too long ago.
    check(trending, &["alice/photos", "alice/iris", "bob/digits"], 3).await;
    check(Search { tag: Some("flowers"), limit: 1, ..trending }, &["alice/iris"], 1).await;

    check(Search { featured: true, ..all }, &[], 0).await;
    for (space, second) in [("alice/iris", 2), ("alice/photos", 1)] {
        let since = time::OffsetDateTime::UNIX_EPOCH + time::Duration::seconds(second);
        store.set_featured(&id(space), Some(since)).await.unwrap();
    }
    check(Search { featured: true, ..all }, &["alice/iris", "alice/photos"], 2).await;
    assert!(store.search(&words("photos")).await.unwrap().spaces[0].featured);
    store.set_featured(&id("alice/iris"), None).await.unwrap();
    check(Search { featured: true, ..all }, &["alice/photos"], 1).await;
    store.set_featured(&id("no/space"), None).await.unwrap_err();
    store.delete(&id("bob/digits")).await.unwrap();
    assert_eq!(store.facets(None, Audience::Anyone).await.unwrap().tags[0], facet("flowers", 1));
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
    for (what, search) in [
        ("tag", Search { tag: Some("fold-7"), limit: 48, ..Search::default() }),
        ("task", Search { task: Some("image-classification"), limit: 48, ..Search::default() }),
        ("trending", Search { sort: Sort::Trending, limit: 48, ..Search::default() }),
        ("name", Search { sort: Sort::Name, limit: 48, ..Search::default() }),
        ("the last page", Search { sort: Sort::Name, limit: 48, offset: 9_984, ..Search::default() }),
        ("featured", Search { featured: true, limit: 6, ..Search::default() }),
    ] {
        let started = Instant::now();
        let page = store.search(&search).await.unwrap();
        println!("{what}: {:?} for {} of {}", started.elapsed(), page.spaces.len(), page.total);
    }
    let started = Instant::now();
    let facets = store.facets(None, Audience::Anyone).await.unwrap();
    println!("facets: {:?}", started.elapsed());
    assert_eq!(facets.tasks, [Facet { name: "image-classification".to_owned(), n_spaces: 2_000 }]);
    assert_eq!(facets.tags[0], Facet { name: "tag".to_owned(), n_spaces: 10_000 });
    assert_eq!(facets.tags.len(), 11);
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
        INSERT INTO revisions (id, space_id, number, kind, engine, bundle_digest, bundle_bytes, component_digest,
            created_at, title, summary, tags, search_text, task)
            SELECT 1000 + i, 1000 + i, 1, kind, engine, bundle_digest, bundle_bytes, component_digest,
            created_at + i, 'Space number ' || i, hex(randomblob(100)), '[\"tag\"]',
            'many/space-' || i || char(10) || 'space number ' || i || char(10) || lower(hex(randomblob(100))),
            CASE WHEN i % 5 = 0 THEN 'image-classification' END
            FROM revisions, n WHERE revisions.id = 1;
        INSERT INTO revision_tags (tag, revision_id) SELECT 'tag', 1000 + i FROM n;
        INSERT INTO revision_tags (tag, revision_id) SELECT 'fold-' || (i % 10), 1000 + i FROM n;
        INSERT INTO revision_documents SELECT 1000 + i, manifest, interface FROM revision_documents, n WHERE revision_id = 1;
        INSERT INTO assets SELECT 1000 + i, path, digest, size_bytes, mime_type FROM assets, n WHERE revision_id = 1;
        UPDATE spaces SET live_number = 1;
        COMMIT;";
    connection.execute(sqlx::AssertSqlSafe(statements.replace("{n}", &n.to_string()))).await.unwrap();
}
