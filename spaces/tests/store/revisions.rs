//! Publishing, rolling back, deleting; visibility, config and the token.

use std::fs;

use spaces::Digest;
use spaces::manifest::{Manifest, Visibility};
use spaces::store::{ChangeError, CommitError, ConfigEntry, OpenError, Store};

use crate::support::{ENGINE, LIMITS, id, live_title, open, prepare, publish};

#[tokio::test]
async fn a_revision_comes_back_as_it_was_committed() {
    let (folder, store) = open().await;
    let draft = store.draft().await.unwrap();
    let mut new = prepare(&draft, "alice/iris", "one").await;
    new.manifest = Manifest::parse(
        "title = 'Iris'\ntags = ['flowers']\n[[inputs]]\nname = 'x'\nkind = 'slider'\nminimum = 0\nmaximum = 1\n",
    )
    .unwrap();
    assert_eq!(draft.commit(new.clone()).await.unwrap(), 1);

    let live = store.live_revision(&id("alice/iris")).await.unwrap().unwrap();
    assert_eq!(live.visibility, Visibility::Public);
    let revision = live.revision;
    assert_eq!((revision.number, revision.kind, revision.engine.as_str()), (1, new.kind, ENGINE));
    assert_eq!((&revision.manifest, &revision.interface), (&new.manifest, &new.interface));
    assert_eq!((&revision.assets, revision.created_at), (&new.assets, new.created_at));
    assert_eq!((revision.bundle, revision.component), (new.bundle, new.component));

    let asset = fs::read(store.asset_path(&revision.assets[0].digest)).unwrap();
    assert_eq!(asset, b"labels.txt:one");
    assert_eq!(Digest::of(&asset), revision.assets[0].digest);
    let artefact = store.artefact(&revision.component, ENGINE).await.unwrap().unwrap();
    assert_eq!(fs::read(&artefact.path).unwrap(), b"component.cwasm:one");
    assert_eq!(store.artefact(&revision.component, "49.0.0").await.unwrap(), None);
    assert!(artefact.path.starts_with(folder.path().canonicalize().unwrap()));
}

#[tokio::test]
async fn revisions_count_up_and_any_can_be_live() {
    let (_folder, store) = open().await;
    assert_eq!(publish(&store, "alice/iris", "one").await, 1);
    assert_eq!(publish(&store, "alice/iris", "second").await, 2);
    assert_eq!(publish(&store, "bob/iris", "other").await, 1);
    assert_eq!(live_title(&store, "alice/iris").await.as_deref(), Some("second"));

    let rolled_back = store.activate(&id("alice/iris"), 1).await.unwrap();
    assert_eq!((rolled_back.number, rolled_back.live), (1, true));
    assert_eq!(live_title(&store, "alice/iris").await.as_deref(), Some("one"));
    let numbers: Vec<_> =
        store.revisions(&id("alice/iris")).await.unwrap().iter().map(|view| (view.number, view.live)).collect();
    assert_eq!(numbers, [(2, false), (1, true)]);
    // Numbers go on after the newest one, not after the live one.
    assert_eq!(publish(&store, "alice/iris", "third one").await, 3);

    let unknown = store.activate(&id("alice/iris"), 9).await.unwrap_err();
    assert_eq!(unknown.to_string(), "space `alice/iris` has no revision 9");
    let unknown = store.activate(&id("bob/none"), 1).await.unwrap_err();
    assert!(matches!(unknown, ChangeError::UnknownSpace { .. }));
    // Another space's revision numbers are not ours.
    assert!(matches!(store.activate(&id("bob/iris"), 2).await, Err(ChangeError::UnknownRevision { number: 2, .. })));
    assert_eq!(store.revision(&id("alice/iris"), 2).await.unwrap().unwrap().interface.title, "second");
    assert!(store.revision(&id("alice/iris"), 4).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_publishes_and_activations_leave_one_live() {
    let (_folder, store) = open().await;
    publish(&store, "alice/iris", "one").await;
    let publishes = (0..8).map(|n| {
        let store = store.clone();
        tokio::spawn(async move { publish(&store, "alice/iris", &format!("revision {n}")).await })
    });
    let mut numbers = Vec::new();
    for publish in publishes.collect::<Vec<_>>() {
        numbers.push(publish.await.unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (2..=9).collect::<Vec<_>>());

    let activations = (1..=9).map(|number| {
        let store = store.clone();
        tokio::spawn(async move { store.activate(&id("alice/iris"), number).await.map(|view| view.number) })
    });
    for activation in activations.collect::<Vec<_>>() {
        activation.await.unwrap().unwrap();
    }
    let revisions = store.revisions(&id("alice/iris")).await.unwrap();
    assert_eq!(revisions.iter().filter(|view| view.live).count(), 1);
}

#[tokio::test]
async fn a_commit_refuses_what_was_not_put() {
    let (_folder, store) = open().await;
    let draft = store.draft().await.unwrap();
    let mut new = prepare(&draft, "alice/iris", "one").await;
    new.assets[0].digest = Digest::of(b"never put");
    assert!(matches!(draft.commit(new).await, Err(CommitError::Missing { what: "asset", .. })));
    assert!(store.live_revision(&id("alice/iris")).await.unwrap().is_none());
    assert!(store.space(&id("alice/iris"), &LIMITS).await.unwrap().is_none());
}

#[tokio::test]
async fn a_deleted_space_leaves_nothing_but_shared_bytes() {
    let (_folder, store) = open().await;
    publish(&store, "alice/iris", "same").await;
    publish(&store, "bob/iris", "same").await;
    let first = store.live_revision(&id("bob/iris")).await.unwrap().unwrap().revision;

    store.delete(&id("alice/iris")).await.unwrap();
    assert!(store.live_revision(&id("alice/iris")).await.unwrap().is_none());
    assert!(store.asset_path(&first.assets[0].digest).is_file());

    store.delete(&id("bob/iris")).await.unwrap();
    assert!(!store.asset_path(&first.assets[0].digest).exists());
    assert!(store.artefact(&first.component, ENGINE).await.unwrap().is_none());
    assert!(matches!(store.delete(&id("bob/iris")).await, Err(ChangeError::UnknownSpace { .. })));

    // A new space of the same name counts anew, but no cache can take it for the old one.
    assert_eq!(publish(&store, "bob/iris", "same").await, 1);
    assert_ne!(store.live_revision(&id("bob/iris")).await.unwrap().unwrap().revision.key, first.key);
}

#[tokio::test]
async fn visibility_is_kept_unless_the_manifest_says_otherwise() {
    let (_folder, store) = open().await;
    let visibility = async || store.live_revision(&id("alice/iris")).await.unwrap().unwrap().visibility;
    publish(&store, "alice/iris", "one").await;
    store.set_visibility(&id("alice/iris"), Visibility::Private).await.unwrap();
    publish(&store, "alice/iris", "two").await;
    assert_eq!(visibility().await, Visibility::Private);

    let draft = store.draft().await.unwrap();
    let mut new = prepare(&draft, "alice/iris", "three").await;
    new.manifest.visibility = Some(Visibility::Unlisted);
    draft.commit(new).await.unwrap();
    assert_eq!(visibility().await, Visibility::Unlisted);
}

#[tokio::test]
async fn config_and_token_are_kept() {
    let (folder, store) = open().await;
    assert_eq!(store.admin_token_hash().await.unwrap(), None);
    store.set_admin_token_hash("first").await.unwrap();
    store.set_admin_token_hash("second").await.unwrap();

    let entry = |value: &str, secret| ConfigEntry { key: "api-key".to_owned(), value: value.to_owned(), secret };
    store.set_config(&id("alice/iris"), &entry("old", false)).await.unwrap();
    store.set_config(&id("alice/iris"), &entry("hunter2", true)).await.unwrap();
    // Config before the first publish makes no space that anyone sees.
    assert!(store.space(&id("alice/iris"), &LIMITS).await.unwrap().is_none());

    store.close().await;
    drop(store);
    let store = Store::open(&folder.path().join("data")).await.unwrap();
    assert_eq!(store.admin_token_hash().await.unwrap().as_deref(), Some("second"));
    let config = store.config(&id("alice/iris")).await.unwrap();
    assert_eq!(config, [entry("hunter2", true)]);
    assert!(!format!("{config:?}").contains("hunter2"));
    assert!(store.remove_config(&id("alice/iris"), "api-key").await.unwrap());
    assert!(!store.remove_config(&id("alice/iris"), "api-key").await.unwrap());
}

#[tokio::test]
async fn one_process_at_a_time_has_the_folder() {
    let (folder, store) = open().await;
    let second = Store::open(&folder.path().join("data")).await;
    assert!(matches!(second, Err(OpenError::Locked { .. })));
    drop(store);
    Store::open(&folder.path().join("data")).await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn the_folder_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let (folder, _store) = open().await;
    let mode = fs::metadata(folder.path().join("data")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}
