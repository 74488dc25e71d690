//! What all pages have around them, and the pages that are no view of a space.

/// The title of a page in the browser's tab and for search engines; and, below an app in a frame of another site, the way
/// to its own page.
pub(crate) fn page_title(title: &str) -> String {
    format!("{title} · Vitrine")
}

pub(crate) const SKIP: &str = "Skip to the content";
/// What the links of the head are.
pub(crate) const SITE: &str = "Site";
pub(crate) const SPACES: &str = "Spaces";
pub(crate) const NEW_SPACE: &str = "New space";
pub(crate) const SIGN_IN: &str = "Sign in";
pub(crate) const SIGN_OUT: &str = "Sign out";
pub(crate) const FOOT: &str = "Vitrine · models behind glass: each call runs in a fresh sandbox.";

pub(crate) const NEW_SPACE_INTRODUCTION: &str = "From a model or an app to a page that everybody can use.";

pub(crate) const SIGN_IN_INTRODUCTION: &str = "For those who run this server: with its admin token.";
pub(crate) const TOKEN: &str = "Token";
pub(crate) const TOKEN_HELP: &str = "The server has printed it at its first start, or VITRINE_ADMIN_TOKEN has set it.";

pub(crate) const TO_ALL_SPACES: &str = "To all spaces";
pub(crate) const NOT_FOUND: &str = "Not found";
pub(crate) const NOT_AVAILABLE: &str = "Not available now";
pub(crate) const OUR_FAULT: &str = "Something went wrong here";
/// The title of any other error that has no name.
pub(crate) const ERROR: &str = "Error";
pub(crate) const NOTHING_HERE: &str = "There is nothing at this address.";
pub(crate) const NO_SUCH_NAME: &str = "A space cannot have such a name.";
pub(crate) const NO_SUCH_VIEW: &str = "A space has no such view.";
pub(crate) const NO_SUCH_REVISION: &str = "The space has no such revision.";
pub(crate) const LIST_UNREADABLE: &str = "The list of spaces cannot be read at the moment. Try again soon.";

pub(crate) fn no_such_space(id: &str) -> String {
    format!("There is no space “{id}”, or it is private.")
}
