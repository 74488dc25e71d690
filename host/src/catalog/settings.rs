//! The settings of a space as its owner reads them, secrets left out.

use spaces::SpaceId;
use spaces::limits::LimitPolicy;
use spaces::store::{ConfigEntry, LiveRevision, ReadError, Store};
use spaces::view::{ConfigView, PublishedView, SettingsView};

/// The settings; none of a space that serves nothing.
///
/// # Errors
/// [`ReadError`] when the database cannot be read.
pub(crate) async fn settings(
    store: &Store,
    limits: &LimitPolicy,
    id: &SpaceId,
) -> Result<Option<SettingsView>, ReadError> {
    let Some(LiveRevision { visibility, revision }) = store.live_revision(id).await? else { return Ok(None) };
    let Some(published) = store.revision(id, revision.number).await? else { return Ok(None) };
    let (settings, config) = tokio::try_join!(store.settings(id), store.config(id))?;
    Ok(Some(SettingsView {
        visibility,
        title: settings.title,
        description: settings.description,
        tags: settings.tags,
        limits: settings.limits,
        frame_origins: settings.frame_origins.iter().map(ToString::to_string).collect(),
        published: PublishedView {
            title: published.interface.title,
            description: published.interface.documentation,
            tags: published.manifest.tags,
            limits: published.manifest.limits,
        },
        default_limits: limits.defaults,
        maximum_limits: limits.maxima,
        config: config.into_iter().map(shown).collect(),
    }))
}

/// The one place where config leaves the store for people: a secret's value ends here.
fn shown(entry: ConfigEntry) -> ConfigView {
    let ConfigEntry { key, value, secret } = entry;
    ConfigView { key, secret, value: (!secret).then_some(value) }
}
