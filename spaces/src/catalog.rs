//! What the pages may ask of the server, as a trait, so that `web` need not know the server.

use std::future::Future;
use std::pin::Pin;
use std::str::FromStr;

use crate::SpaceId;
use crate::value::quoted;
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Audience {
    /// Finds public spaces, and sees unlisted ones by their address.
    #[default]
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

/// A question to the gallery.
#[derive(Debug, Clone, Copy, Default)]
pub struct Search<'a> {
    /// Every word must occur in id, title, summary, tags or task; upper and lower case are alike. Empty finds all.
    pub text: &'a str,
    /// Only spaces of this owner.
    pub owner: Option<&'a str>,
    /// Only spaces with this tag; upper and lower case are alike.
    pub tag: Option<&'a str>,
    /// Only spaces for this task.
    pub task: Option<&'a str>,
    /// Only those that the operator has featured.
    pub featured: bool,
    pub sort: Sort,
    pub audience: Audience,
    /// Spaces left out at the beginning.
    pub offset: usize,
    pub limit: usize,
}

/// In which order spaces come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sort {
    /// The newest revision first.
    #[default]
    Newest,
    /// The most calls of the last days first, then the newest.
    Trending,
    /// By title.
    Name,
}

/// A word that is no [`Sort`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no order of spaces; use newest, trending or name")]
pub struct ParseSortError {
    text: String,
}

/// A page of what a search has found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SearchPage {
    pub spaces: Vec<SpaceSummary>,
    /// How many there are without offset and limit.
    pub total: u64,
}

/// A word to filter by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    pub name: String,
    /// How many spaces have it.
    pub n_spaces: u64,
}

/// The words to filter by, the most frequent first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facets {
    pub tasks: Vec<Facet>,
    pub tags: Vec<Facet>,
}

impl Sort {
    /// All orders, as one chooses among them.
    pub const ALL: [Self; 3] = [Self::Trending, Self::Newest, Self::Name];

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Trending => "trending",
            Self::Name => "name",
        }
    }
}

impl FromStr for Sort {
    type Err = ParseSortError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|sort| sort.as_str() == text);
        found.ok_or_else(|| ParseSortError { text: quoted(text) })
    }
}

/// Read access to the published spaces.
pub trait SpaceCatalog: Send + Sync {
    /// The spaces that fit, a page of them.
    fn search<'a>(&'a self, search: Search<'a>) -> CatalogFuture<'a, SearchPage>;

    /// The most frequent tasks and tags of the spaces of `owner`, or of all.
    fn facets<'a>(&'a self, owner: Option<&'a str>, audience: Audience) -> CatalogFuture<'a, Facets>;

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
