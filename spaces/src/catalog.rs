//! What the pages may ask of the server, as a trait, so that `web` need not know the server.

use std::future::Future;
use std::pin::Pin;

use crate::SpaceId;
use crate::view::{SpaceDetail, SpaceSummary};

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

/// Read access to the published spaces, with the rights of an anonymous visitor.
pub trait SpaceCatalog: Send + Sync {
    /// Public spaces whose id, title, summary or tags contain every word of `query`; newest first; at most `limit`.
    fn search<'a>(&'a self, query: &'a str, limit: usize) -> CatalogFuture<'a, Vec<SpaceSummary>>;

    /// A public or unlisted space with its interface.
    fn space<'a>(&'a self, id: &'a SpaceId) -> CatalogFuture<'a, SpaceDetail>;
}
