//! The gallery and the pages of owners.

pub(crate) const DESCRIPTION: &str = "Models you can try in the browser and call from a program.";
pub(crate) const HEADING: &str = "Models you can touch";
pub(crate) const INTRODUCTION: &str = "Try any of them here, or call it from a program. Nothing to install.";
pub(crate) const FEATURED: &str = "Featured";

/// The description of an owner's page, for search engines.
pub(crate) fn owner_description(owner: &str) -> String {
    format!("The spaces of {owner}.")
}

/// Below the owner's name.
pub(crate) fn spaces_of(owner: &str) -> String {
    format!("Spaces of {owner}.")
}

pub(crate) fn no_such_owner(owner: &str) -> String {
    format!("Nobody called “{owner}” has a public space here.")
}

/// On a card: the space answers calls.
pub(crate) const LIVE: &str = "Live";
pub(crate) const UNLISTED: &str = "unlisted";

pub(crate) const TASK: &str = "Task";
pub(crate) const TASKS: &str = "Tasks";
pub(crate) const TAG: &str = "Tag";
pub(crate) const TAGS: &str = "Tags";
/// Behind a chosen task or tag, for those who do not see that it is.
pub(crate) const CHOSEN_HINT: &str = " (chosen: click for all)";

/// Unfolds further tasks or tags.
pub(crate) fn n_more(n: usize) -> String {
    format!("{n} more")
}

pub(crate) const PAGES: &str = "Pages";
pub(crate) const PREVIOUS: &str = "Previous";
pub(crate) const NEXT: &str = "Next";

pub(crate) fn page(number: usize) -> String {
    format!("Page {number}")
}

/// How many spaces were found.
pub(crate) fn n_spaces(n: u64) -> String {
    match n {
        1 => "1 space".to_owned(),
        n => format!("{n} spaces"),
    }
}

/// The same where they fill several pages.
pub(crate) fn n_spaces_on_page(n: u64, page: usize, n_pages: usize) -> String {
    format!("{}, page {page} of {n_pages}", n_spaces(n))
}

pub(crate) const ORDER: &str = "Order";
pub(crate) const NEWEST: &str = "Newest";
pub(crate) const TRENDING: &str = "Trending";
pub(crate) const BY_NAME: &str = "Name";

pub(crate) const LIST_IS_SHORTER: &str = "The list is shorter than that.";
pub(crate) const TO_FIRST_PAGE: &str = "To its first page";
pub(crate) const NONE_PUBLISHED: &str = "No space has been published yet.";
pub(crate) const PUBLISH_FIRST_ONE: &str = "Publish the first one";
/// Marked.
pub(crate) const WHO_CAN_PUBLISH: &str = "Who runs this server can: `vitrine publish model.onnx --to you/name`";
pub(crate) const NONE_FITS: &str = "No space fits this choice.";
pub(crate) const WITHOUT_FILTERS: &str = "Search without filters";
pub(crate) const SHOW_ALL: &str = "Show all";

pub(crate) fn none_matches(text: &str) -> String {
    format!("No space matches “{text}”.")
}
