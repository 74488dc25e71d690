//! The gallery: what is asked of it, and how it is drawn.
//!
//! An address says all of it, so that back and forward work and a search can be shared. The server draws the list, for
//! the page as for the search field, which only puts it in its place: see [`search::GallerySearch`].

#[cfg(feature = "ssr")]
pub mod card;
#[cfg(feature = "ssr")]
pub mod filters;
#[cfg(feature = "ssr")]
pub mod pager;
#[cfg(feature = "ssr")]
pub mod request;
#[cfg(feature = "ssr")]
pub mod results;
pub mod search;

/// Spaces of one page: whole rows of two, three and four cards.
pub const PAGE_SIZE: usize = 48;

/// The element that holds what was found.
pub const RESULTS_ID: &str = "results";

/// The query parameter that asks for [`RESULTS_ID`]'s content alone.
pub const PART: &str = "part";
