//! Unreferenced bytes go; nothing else does.

use std::fs;

use spaces::Digest;
use spaces::store::{Store, Swept};

use crate::support::{ENGINE, id, n_files, open, prepare, publish};

#[tokio::test]
async fn a_sweep_waits_for_drafts_and_then_takes_what_they_left() {
    let (folder, store) = open().await;
    publish(&store, "alice/iris", "one").await;
    let objects = folder.path().join("data/objects");
    let artefacts = folder.path().join("data/artefacts");
    let before = (n_files(&objects), n_files(&artefacts));

    let draft = store.draft().await.unwrap();
    let given_up = prepare(&draft, "alice/iris", "two").await;
    assert_eq!(store.sweep().await.unwrap(), Swept::Busy);
    // Bytes that two publishes share are stored once.
    prepare(&draft, "alice/iris", "one").await;
    assert_eq!((n_files(&objects), n_files(&artefacts)), (before.0 + 3, before.1 + 1));
    drop(draft);

    assert!(matches!(store.sweep().await.unwrap(), Swept::Done { n_files: 4, .. }));
    assert_eq!((n_files(&objects), n_files(&artefacts)), before);
    assert!(!store.object_path(&given_up.component).exists());
    assert!(matches!(store.sweep().await.unwrap(), Swept::Done { n_files: 0, n_bytes: 0 }));
    // Drafts take their folders away in the background.
    while fs::read_dir(folder.path().join("data/tmp")).unwrap().count() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn drafts_run_beside_each_other_and_hold_off_sweeps() {
    let (_folder, store) = open().await;
    let first = store.draft().await.unwrap();
    let second = store.draft().await.unwrap();
    let (one, two) = (prepare(&first, "alice/a", "one").await, prepare(&second, "alice/b", "two").await);
    assert_eq!(store.sweep().await.unwrap(), Swept::Busy);
    second.commit(two).await.unwrap();
    assert_eq!(store.sweep().await.unwrap(), Swept::Busy);
    first.commit(one).await.unwrap();
    assert!(matches!(store.sweep().await.unwrap(), Swept::Done { n_files: 0, .. }));
}

#[tokio::test]
async fn objects_of_any_size_are_stored_whole() {
    let (_folder, store) = open().await;
    let draft = store.draft().await.unwrap();
    // None, one chunk exactly, and more than one.
    for n_bytes in [0, 4 << 20, (4 << 20) + 1] {
        let bytes = vec![7; n_bytes];
        fs::write(draft.file("asset"), &bytes).unwrap();
        let stored = draft.put_asset(&draft.file("asset")).await.unwrap();
        assert_eq!((stored.digest, stored.size_bytes), (Digest::of(&bytes), n_bytes as u64));
        assert!(fs::read(store.asset_path(&stored.digest)).unwrap() == bytes, "{n_bytes}");
    }
}

#[tokio::test]
async fn a_lost_artefact_is_missing_and_can_be_put_back() {
    let (folder, store) = open().await;
    publish(&store, "alice/iris", "one").await;
    let component = store.live_revision(&id("alice/iris")).await.unwrap().unwrap().revision.component;
    fs::remove_dir_all(folder.path().join("data/artefacts")).unwrap();
    assert_eq!(store.artefact(&component, ENGINE).await.unwrap(), None);
    drop(store);

    let store = Store::open(&folder.path().join("data")).await.unwrap();
    let draft = store.draft().await.unwrap();
    fs::write(draft.file("again.cwasm"), b"compiled anew").unwrap();
    let artefact = store.put_artefact(&component, ENGINE, &draft.file("again.cwasm")).await.unwrap();
    drop(draft);
    store.sweep().await.unwrap();
    assert_eq!(store.artefact(&component, ENGINE).await.unwrap(), Some(artefact));
}
