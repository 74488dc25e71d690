//! Answers for the gallery and for owners' pages.

use http::{HeaderValue, Response, StatusCode, header};
use leptos::prelude::*;
use spaces::catalog::{CatalogError, Search, SearchPage};

use super::Pages;
use super::visitor::Visitor;
use crate::gallery::request::GalleryRequest;
use crate::gallery::{PART, RESULTS_ID};
use crate::pages::GalleryPage;
use crate::pages::gallery::{Gallery, GalleryList};
use crate::texts::gallery as texts;
use crate::texts::pages::{SPACES, page_title};

/// Spaces in the featured row.
const MAX_FEATURED: usize = 8;

impl Pages {
    /// A page of all spaces, or of those of `owner`; the list alone where the address asks for it.
    pub(super) async fn gallery(&self, visitor: &Visitor, owner: Option<&str>) -> Response<String> {
        let request = GalleryRequest::read(owner, |name| visitor.query(name));
        let found = match self.catalog.search(request.search(visitor.audience)).await {
            Ok(found) => found,
            Err(error) => return self.catalog_error(visitor, &error),
        };
        match self.rest_of_gallery(visitor, request, found).await {
            Ok(gallery) if visitor.query(PART).as_deref() == Some(RESULTS_ID) => part(gallery),
            Ok(gallery) if gallery.request.owner.is_some() && gallery.is_of_nobody() => {
                let owner = owner.unwrap_or_default();
                let message = texts::no_such_owner(owner);
                self.error_page(visitor, StatusCode::NOT_FOUND, &message)
            }
            Ok(gallery) => {
                let (title, description) = match owner {
                    None => (SPACES.to_owned(), texts::DESCRIPTION.to_owned()),
                    Some(owner) => (owner.to_owned(), texts::owner_description(owner)),
                };
                self.page(visitor, StatusCode::OK, &page_title(&title), &description, move || {
                    view! { <GalleryPage gallery=gallery /> }.into_any()
                })
            }
            Err(error) => self.catalog_error(visitor, &error),
        }
    }

    async fn rest_of_gallery(
        &self,
        visitor: &Visitor,
        request: GalleryRequest,
        found: SearchPage,
    ) -> Result<Gallery, CatalogError> {
        let audience = visitor.audience;
        let facets = self.catalog.facets(request.owner.as_deref(), audience).await?;
        let featured = match request.is_plain() && request.page == 0 && request.owner.is_none() {
            true => {
                let search = Search { featured: true, audience, limit: MAX_FEATURED, ..Search::default() };
                self.catalog.search(search).await?.spaces
            }
            false => Vec::new(),
        };
        Ok(Gallery { request, found, facets, featured, audience })
    }
}

impl Gallery {
    /// Whether there is nothing here at all: a plain question that finds nothing.
    fn is_of_nobody(&self) -> bool {
        self.request.is_plain() && self.found.total == 0
    }
}

/// What was found, as a piece of a page.
fn part(gallery: Gallery) -> Response<String> {
    let owner = Owner::new();
    let html = owner.with(|| view! { <GalleryList gallery=gallery /> }.to_html());
    drop(owner);
    let mut response = Response::new(html);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}
