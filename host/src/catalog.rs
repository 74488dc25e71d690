//! What the pages may ask, answered from the store.

mod diff;
mod settings;

use std::sync::Arc;

use spaces::SpaceId;
use spaces::catalog::{Audience, CatalogError, CatalogFuture, Facets, FlagPage, Search, SearchPage, SpaceCatalog};
use spaces::limits::LimitPolicy;
use spaces::manifest::Visibility;
use spaces::store::{Asset, LiveRevision, ReadError, Revision, Store};
use spaces::view::{
    FileView, FlagView, MetricsRange, MetricsView, RevisionDiff, RevisionView, SettingsView, SpaceDetail,
};
use time::format_description::well_known::Rfc3339;

use crate::usage::Usages;

pub(crate) use diff::diff;
pub(crate) use settings::settings;

/// Flags on one page.
const FLAGS_PER_PAGE: usize = 20;

pub(crate) struct StoreCatalog {
    store: Store,
    limits: LimitPolicy,
    usages: Arc<Usages>,
}

impl StoreCatalog {
    pub(crate) fn new(store: Store, limits: LimitPolicy, usages: Arc<Usages>) -> Self {
        Self { store, limits, usages }
    }
}

impl SpaceCatalog for StoreCatalog {
    fn search<'a>(&'a self, search: Search<'a>) -> CatalogFuture<'a, SearchPage> {
        Box::pin(async move { self.store.search(&search).await.map_err(unavailable) })
    }

    fn facets<'a>(&'a self, owner: Option<&'a str>, audience: Audience) -> CatalogFuture<'a, Facets> {
        Box::pin(async move { self.store.facets(owner, audience).await.map_err(unavailable) })
    }

    fn space<'a>(&'a self, id: &'a SpaceId, audience: Audience) -> CatalogFuture<'a, SpaceDetail> {
        Box::pin(async move {
            let detail = self.store.space(id, &self.limits).await.map_err(unavailable)?;
            detail.filter(|detail| may_see(audience, detail.summary.visibility)).ok_or_else(|| not_found(id))
        })
    }

    fn files<'a>(&'a self, id: &'a SpaceId, audience: Audience) -> CatalogFuture<'a, Vec<FileView>> {
        Box::pin(async move {
            let live = self.store.live_revision(id).await.map_err(unavailable)?;
            let live = live.filter(|live| may_see(audience, live.visibility));
            let LiveRevision { revision, .. } = live.ok_or_else(|| not_found(id))?;
            Ok(revision.public_assets().map(file).collect())
        })
    }

    fn preview<'a>(&'a self, id: &'a SpaceId, number: u64) -> CatalogFuture<'a, SpaceDetail> {
        Box::pin(async move {
            let live = self.space(id, Audience::Admin).await?;
            let preview = self.store.preview(id, number).await.map_err(unavailable)?;
            Ok(preview_detail(live, preview.ok_or_else(|| not_found(id))?.revision, &self.limits))
        })
    }

    fn diff<'a>(&'a self, id: &'a SpaceId, number: u64) -> CatalogFuture<'a, RevisionDiff> {
        Box::pin(async move { diff(&self.store, id, number).await.map_err(unavailable)?.ok_or_else(|| not_found(id)) })
    }

    fn settings<'a>(&'a self, id: &'a SpaceId) -> CatalogFuture<'a, SettingsView> {
        Box::pin(async move {
            let settings = settings(&self.store, &self.limits, id).await.map_err(unavailable)?;
            settings.ok_or_else(|| not_found(id))
        })
    }

    fn metrics<'a>(&'a self, id: &'a SpaceId, range: MetricsRange) -> CatalogFuture<'a, MetricsView> {
        Box::pin(async move { self.usages.metrics(&self.store, id, range).await.map_err(unavailable) })
    }

    fn revisions<'a>(&'a self, id: &'a SpaceId, audience: Audience) -> CatalogFuture<'a, Vec<RevisionView>> {
        Box::pin(async move {
            self.space(id, audience).await?;
            self.store.revisions(id).await.map_err(unavailable)
        })
    }

    fn flags<'a>(&'a self, id: &'a SpaceId, before: Option<u64>) -> CatalogFuture<'a, FlagPage> {
        Box::pin(async move {
            self.space(id, Audience::Admin).await?;
            let mut flags = self.store.flags(id, before, FLAGS_PER_PAGE + 1).await.map_err(unavailable)?;
            let has_more = flags.len() > FLAGS_PER_PAGE;
            flags.truncate(FLAGS_PER_PAGE);
            let next = flags.last().filter(|_| has_more).map(|last| last.id);
            let flags = flags.into_iter().map(FlagView::brief).collect();
            Ok(FlagPage { flags, total: self.store.n_flags(id).await.map_err(unavailable)?, next })
        })
    }
}

/// The space as it would be with another revision live.
fn preview_detail(live: SpaceDetail, revision: Revision, limits: &LimitPolicy) -> SpaceDetail {
    let Revision { number, manifest, interface, created_at, .. } = revision;
    let mut detail = live;
    detail.summary.revision = number;
    detail.summary.title.clone_from(&interface.title);
    detail.summary.updated_at = created_at.format(&Rfc3339).unwrap_or_default();
    detail.summary.emoji = manifest.emoji;
    detail.summary.accent = manifest.accent;
    detail.summary.tags = manifest.tags;
    detail.license = manifest.license;
    detail.limits = limits.clamp(&manifest.limits);
    detail.interface = interface;
    detail
}

fn file(asset: &Asset) -> FileView {
    FileView {
        path: asset.path.clone(),
        size_bytes: asset.size_bytes,
        mime_type: asset.mime_type.clone(),
        digest: asset.digest,
    }
}

fn may_see(audience: Audience, visibility: Visibility) -> bool {
    audience == Audience::Admin || visibility != Visibility::Private
}

fn not_found(id: &SpaceId) -> CatalogError {
    CatalogError::NotFound { id: id.clone() }
}

fn unavailable(error: ReadError) -> CatalogError {
    tracing::error!(error = %crate::worker::chain(&error), "the catalog cannot be read");
    CatalogError::Unavailable
}
