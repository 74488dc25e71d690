//! A store in a temporary folder, and the shortest publish.

use std::fs;
use std::path::Path;

use spaces::SpaceId;
use spaces::interface::Interface;
use spaces::limits::{LimitPolicy, Limits};
use spaces::manifest::Manifest;
use spaces::store::{AppKind, Asset, Draft, NewRevision, Store};
use tempfile::TempDir;
use time::{Duration, OffsetDateTime};

/// A server's limits; a space that asks for nothing gets the defaults.
pub(crate) const LIMITS: LimitPolicy = {
    let limits =
        Limits { memory_bytes: 64, deadline_seconds: 2.0, concurrency: 3, max_body_bytes: 4, max_log_bytes: 5 };
    LimitPolicy { defaults: limits, maxima: Limits { memory_bytes: 128, ..limits } }
};

/// The engine version of the tests.
pub(crate) const ENGINE: &str = "48.0.8";

pub(crate) async fn open() -> (TempDir, Store) {
    let folder = TempDir::new().unwrap();
    let store = Store::open(&folder.path().join("data")).await.unwrap();
    (folder, store)
}

pub(crate) fn id(text: &str) -> SpaceId {
    text.parse().unwrap()
}

/// Puts all that a revision needs, made out of `content`; its clock shows `content.len()` seconds.
pub(crate) async fn prepare(draft: &Draft, space: &str, content: &str) -> NewRevision {
    let file = |name: &str| {
        let path = draft.file(name);
        fs::write(&path, format!("{name}:{content}")).unwrap();
        path
    };
    let bundle = draft.put_object(&file("bundle")).await.unwrap();
    let component = draft.put_object(&file("component")).await.unwrap();
    let asset = draft.put_asset(&file("labels.txt")).await.unwrap();
    let artefact = draft.put_artefact(&file("component.cwasm")).await.unwrap();
    NewRevision {
        space: id(space),
        kind: AppKind::Onnx,
        bundle,
        component: component.digest,
        engine: ENGINE.to_owned(),
        artefact,
        manifest: Manifest::default(),
        interface: Interface { title: content.to_owned(), ..Interface::default() },
        assets: vec![Asset {
            path: "labels.txt".to_owned(),
            digest: asset.digest,
            size_bytes: asset.size_bytes,
            mime_type: "text/plain".to_owned(),
        }],
        example_outputs: Vec::new(),
        created_at: OffsetDateTime::UNIX_EPOCH + Duration::seconds(content.len() as i64),
        published_by: "tester".to_owned(),
    }
}

/// Publishes a revision whose title and bytes are `content`; returns its number.
pub(crate) async fn publish(store: &Store, space: &str, content: &str) -> u64 {
    let draft = store.draft().await.unwrap();
    let revision = prepare(&draft, space, content).await;
    draft.commit(revision).await.unwrap()
}

/// The title of what is live.
pub(crate) async fn live_title(store: &Store, space: &str) -> Option<String> {
    Some(store.live_revision(&id(space)).await.unwrap()?.revision.interface.title)
}

/// How many files there are below `folder`.
pub(crate) fn n_files(folder: &Path) -> usize {
    let mut n = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        n += if entry.file_type().unwrap().is_dir() { n_files(&entry.path()) } else { 1 };
    }
    n
}
