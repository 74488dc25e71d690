//! The gallery's search field.

pub(crate) const SEARCH_LABEL: &str = "Search spaces";
pub(crate) const SEARCH_HINT: &str = "Search by title, owner, tag or task";
pub(crate) const SEARCH: &str = "Search";
pub(crate) const SEARCH_FAILED: &str = "The list cannot be loaded now. Check the connection, and type again.";
