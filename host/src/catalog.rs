//! What the pages may ask, answered from the store.

use spaces::SpaceId;
use spaces::catalog::{CatalogError, CatalogFuture, SpaceCatalog};
use spaces::limits::LimitPolicy;
use spaces::manifest::Visibility;
use spaces::store::{Audience, ReadError, Search, Store};
use spaces::view::{SpaceDetail, SpaceSummary};

/// The store, seen by an anonymous visitor.
pub(crate) struct StoreCatalog {
    store: Store,
    limits: LimitPolicy,
}

impl StoreCatalog {
    pub(crate) fn new(store: Store, limits: LimitPolicy) -> Self {
        Self { store, limits }
    }
}

impl SpaceCatalog for StoreCatalog {
    fn search<'a>(&'a self, query: &'a str, limit: usize) -> CatalogFuture<'a, Vec<SpaceSummary>> {
        Box::pin(async move {
            let search = Search { text: query, owner: None, audience: Audience::Anyone, limit };
            Ok(self.store.search(&search).await.map_err(unavailable)?.spaces)
        })
    }

    fn space<'a>(&'a self, id: &'a SpaceId) -> CatalogFuture<'a, SpaceDetail> {
        Box::pin(async move {
            let detail = self.store.space(id, &self.limits).await.map_err(unavailable)?;
            detail
                .filter(|detail| detail.summary.visibility != Visibility::Private)
                .ok_or_else(|| CatalogError::NotFound { id: id.clone() })
        })
    }
}

fn unavailable(error: ReadError) -> CatalogError {
    tracing::error!(error = %crate::worker::chain(&error), "the catalog cannot be read");
    CatalogError::Unavailable
}
