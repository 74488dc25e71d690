//! What the pages may ask of the server, as a trait, so that `web` need not know the server.

use std::future::Future;
use std::pin::Pin;

use crate::SpaceId;
use crate::view::{
    FileView, FlagView, MetricsRange, MetricsView, RevisionDiff, RevisionView, SettingsView, SpaceDetail, SpaceSummary,
};

/// A boxed future, so that the trait can be an object.
pub type CatalogFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, CatalogError>> + Send + 'a>>;

/// Why the catalog has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogError {
    /// Unknown, or not visible to this visitor: the two are not told apart.
    #[error("there is no space `{id}`")]
    NotFound { id: SpaceId },
    #[error("the catalog cannot be read now")]
    Unavailable,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Finds public spaces, and sees unlisted ones by their address.
    Anyone,
    /// Has the token, or has signed in with it: sees all.
    Admin,
}

/// Some of a space's flags, the newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct FlagPage {
    /// Shortened as [`FlagView::brief`] does.
    pub flags: Vec<FlagView>,
    /// How many the space has.
    pub total: u64,
    /// Where the next page begins; none where this is the last.
    pub next: Option<u64>,
}

/// Read access to the published spaces.
pub trait SpaceCatalog: Send + Sync {
    /// Spaces whose id, title, summary or tags contain every word of `query`; newest first; at most `limit`.
    fn search<'a>(&'a self, query: &'a str, limit: usize, audience: Audience) -> CatalogFuture<'a, Vec<SpaceSummary>>;

    /// A space with its interface.
    fn space<'a>(&'a self, id: &'a SpaceId, audience: Audience) -> CatalogFuture<'a, SpaceDetail>;

    /// The files of a space that visitors may have, by path.
    fn files<'a>(&'a self, id: &'a SpaceId, audience: Audience) -> CatalogFuture<'a, Vec<FileView>>;

    /// The revisions of a space, newest first.
    fn revisions<'a>(&'a self, id: &'a SpaceId, audience: Audience) -> CatalogFuture<'a, Vec<RevisionView>>;

    /// What visitors have flagged, for the author.
    fn flags<'a>(&'a self, id: &'a SpaceId, before: Option<u64>) -> CatalogFuture<'a, FlagPage>;
    /// A space as it would be with this revision live: for its admin alone, since what was replaced may have been for a
    /// reason.
    fn preview<'a>(&'a self, id: &'a SpaceId, number: u64) -> CatalogFuture<'a, SpaceDetail>;

    /// What a revision changes against the one before it: for its admin alone.
    fn diff<'a>(&'a self, id: &'a SpaceId, number: u64) -> CatalogFuture<'a, RevisionDiff>;

    /// What may be changed of a space, without the values of secrets: for its admin alone.
    fn settings<'a>(&'a self, id: &'a SpaceId) -> CatalogFuture<'a, SettingsView>;

    /// What the calls of a space have cost until now: for its admin alone.
    fn metrics<'a>(&'a self, id: &'a SpaceId, range: MetricsRange) -> CatalogFuture<'a, MetricsView>;
}
