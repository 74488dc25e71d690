//! The revisions of a space: their list, a preview of one, and what one changes.

pub(crate) const REVISION: &str = "Revision";
pub(crate) const STATE: &str = "State";
pub(crate) const PUBLISHED: &str = "Published";
/// Marks the revision that serves.
pub(crate) const LIVE: &str = "live";
pub(crate) const PREVIEW: &str = "Preview";
pub(crate) const CHANGES: &str = "Changes";
pub(crate) const MAKE_LIVE: &str = "Make live";
pub(crate) const ALL_REVISIONS: &str = "All revisions";

pub(crate) fn n_revisions(n: usize) -> String {
    match n {
        1 => "1 revision".to_owned(),
        n => format!("{n} revisions"),
    }
}

/// Behind the moment of a revision: who has published it.
pub(crate) fn published_by(who: &str) -> String {
    format!(" by {who}")
}

pub(crate) fn preview_label(number: u64) -> String {
    format!("Preview revision {number}")
}

pub(crate) fn changes_label(number: u64) -> String {
    format!("Changes of revision {number}")
}

pub(crate) fn make_live_label(number: u64) -> String {
    format!("Make live: revision {number}")
}

pub(crate) fn preview_of(number: u64) -> String {
    format!("Preview of revision {number}")
}

pub(crate) const IS_LIVE: &str = "It is live.";
pub(crate) const IS_NOT_LIVE: &str = "Visitors still see the live one.";

pub(crate) fn against(number: u64, before: u64) -> String {
    format!("Revision {number} against revision {before}")
}

pub(crate) fn the_first(number: u64) -> String {
    format!("Revision {number}, the first")
}

/// Of the files that no change is told of.
pub(crate) fn n_same_files(n: u64) -> String {
    match n {
        1 => "1 file is as it was.".to_owned(),
        n => format!("{n} files are as they were."),
    }
}

pub(crate) const SAME_INTERFACE: &str = "The interface is as it was.";
pub(crate) const CHANGE: &str = "Change";
pub(crate) const BEFORE: &str = "Before";
pub(crate) const AFTER: &str = "After";
pub(crate) const ADDED: &str = "added";
pub(crate) const REMOVED: &str = "removed";
pub(crate) const CHANGED: &str = "changed";
