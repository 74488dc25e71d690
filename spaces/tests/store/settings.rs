//! What the owner sets counts before what revisions say, for the page and the gallery alike, and outlives them.

use spaces::limits::LimitsSpec;
use spaces::manifest::Visibility;
use spaces::settings::SpaceSettings;
use spaces::store::{Audience, ChangeError, ConfigEntry, MAX_CONFIG_ENTRIES, Search, Store};
use time::OffsetDateTime;

use crate::support::{LIMITS, id, live_title, open, publish};

async fn found(store: &Store, text: &str) -> Vec<String> {
    let search = Search { text, audience: Audience::Admin, limit: 10, ..Search::default() };
    store.search(&search).await.unwrap().spaces.into_iter().map(|space| space.title).collect()
}

fn title(settings: &mut SpaceSettings, title: &str) {
    settings.title = Some(title.to_owned());
}

#[tokio::test]
async fn settings_are_shown_and_found() {
    let (_folder, store) = open().await;
    let space = id("alice/iris");
    publish(&store, "alice/iris", "First").await;
    store
        .change_settings(&space, |settings| {
            title(settings, "Renamed");
            settings.tags = Some(vec!["Flowers".to_owned()]);
            settings.limits = LimitsSpec { deadline: Some(1.5), ..LimitsSpec::default() };
        })
        .await
        .unwrap();
    assert_eq!(found(&store, "renamed").await, ["Renamed"]);
    assert_eq!(found(&store, "flowers").await, ["Renamed"]);
    assert!(found(&store, "first").await.is_empty(), "what nobody sees is not found");
    assert_eq!(live_title(&store, "alice/iris").await.as_deref(), Some("Renamed"));
    let detail = store.space(&space, &LIMITS).await.unwrap().unwrap();
    assert_eq!((detail.summary.title.as_str(), detail.interface.title.as_str()), ("Renamed", "Renamed"));
    assert_eq!((detail.summary.tags, detail.limits.deadline_seconds), (vec!["Flowers".to_owned()], 1.5));
    // A later revision is shown in the same way; the revision itself stays as it was published.
    publish(&store, "alice/iris", "Second").await;
    assert_eq!(found(&store, "").await, ["Renamed"]);
    assert_eq!(store.revision(&space, 2).await.unwrap().unwrap().interface.title, "Second");
    assert_eq!(store.preview(&space, 1).await.unwrap().unwrap().revision.interface.title, "Renamed");
    // Taken back, the revision's own words are shown, also after another one was made live.
    store.change_settings(&space, |settings| settings.title = None).await.unwrap();
    assert_eq!(found(&store, "second").await, ["Second"]);
    store.activate(&space, 1).await.unwrap();
    assert_eq!(found(&store, "first flowers").await, ["First"]);
    let unknown = store.change_settings(&id("bob/none"), |settings| title(settings, "x")).await;
    assert!(matches!(unknown, Err(ChangeError::UnknownSpace { .. })));
    store.delete(&space).await.unwrap();
    publish(&store, "alice/iris", "Third").await;
    assert_eq!(store.settings(&space).await.unwrap(), SpaceSettings::default(), "they go with the space");
}

#[tokio::test]
async fn a_copy_has_the_same_bytes_and_a_life_of_its_own() {
    let (_folder, store) = open().await;
    let (from, to) = (id("alice/iris"), id("bob/copy"));
    publish(&store, "alice/iris", "First").await;
    publish(&store, "alice/iris", "Second").await;
    store.change_settings(&from, |settings| title(settings, "Renamed")).await.unwrap();
    let secret = ConfigEntry { key: "token".into(), value: "x".into(), secret: true };
    store.set_config(&from, &secret).await.unwrap();
    store.duplicate(&from, &to, "admin", OffsetDateTime::UNIX_EPOCH).await.unwrap();
    let (original, copy) =
        (store.live_revision(&from).await.unwrap().unwrap(), store.live_revision(&to).await.unwrap().unwrap());
    assert_eq!((copy.visibility, copy.revision.number), (Visibility::Private, 1));
    assert_eq!(copy.revision.component, original.revision.component);
    assert_eq!(copy.revision.assets, original.revision.assets);
    assert_eq!(copy.revision.interface.title, "Renamed");
    assert_eq!(store.config(&to).await.unwrap(), [], "secrets stay");
    assert_eq!(store.revisions(&to).await.unwrap()[0].published_by.as_deref(), Some("admin"));
    assert_eq!(found(&store, "bob/copy").await, ["Renamed"]);
    let again = store.duplicate(&from, &to, "admin", OffsetDateTime::UNIX_EPOCH).await;
    assert!(matches!(again, Err(ChangeError::NameTaken { .. })));
    // Its bytes stay when the original goes.
    store.delete(&from).await.unwrap();
    let path = store.object_path(&copy.revision.component);
    assert!(path.is_file());
    assert!(store.artefact(&copy.revision.component, crate::support::ENGINE).await.unwrap().is_some());
    let unknown = store.duplicate(&from, &id("carol/x"), "admin", OffsetDateTime::UNIX_EPOCH).await;
    assert!(matches!(unknown, Err(ChangeError::UnknownSpace { .. })));
}

#[tokio::test]
async fn config_is_bounded() {
    let (_folder, store) = open().await;
    let space = id("alice/iris");
    let entry = |index: usize| ConfigEntry { key: format!("k{index}"), value: "x".into(), secret: false };
    for index in 0..MAX_CONFIG_ENTRIES {
        store.set_config(&space, &entry(index)).await.unwrap();
    }
    let over = store.set_config(&space, &entry(MAX_CONFIG_ENTRIES)).await;
    assert!(matches!(over, Err(ChangeError::TooManyConfigEntries)));
    store.set_config(&space, &entry(0)).await.unwrap();
    assert_eq!(store.config(&space).await.unwrap().len(), MAX_CONFIG_ENTRIES);
    for (key, expected) in [("token", true), ("_x-1.y", true), ("", false), ("1x", false), ("a b", false), ("é", false)]
    {
        assert_eq!(ConfigEntry::is_key(key), expected, "{key}");
    }
    assert!(!ConfigEntry::is_key(&"k".repeat(65)));
}
