//! What authors have on a space's page: the log, the first row of the gallery, and taking flags away.

pub(crate) const CONNECTING: &str = "Connecting…";
pub(crate) const FOLLOWING: &str = "Following";
pub(crate) const LOG_ENDED: &str = "The server has ended the log.";

/// `why` is a sentence.
pub(crate) fn log_stopped(why: &str) -> String {
    format!("{why} Load the page again to go on.")
}

pub(crate) fn n_lines(n: usize) -> String {
    match n {
        1 => "1 line".to_owned(),
        n => format!("{n} lines"),
    }
}

pub(crate) const WORDS_LABEL: &str = "Lines that contain";
pub(crate) const FILTER: &str = "Filter";
pub(crate) const LEVEL_LABEL: &str = "Least level";
pub(crate) const LEVEL_ALL: &str = "All";
pub(crate) const LEVEL_INFO: &str = "Info and worse";
pub(crate) const LEVEL_WARN: &str = "Warnings and errors";
pub(crate) const LEVEL_ERROR: &str = "Errors";
pub(crate) const LOG: &str = "Log";
pub(crate) const OLDER_LINES: &str = "Older lines";
pub(crate) const NEWER_LINES: &str = "Newer lines";

/// The call that wrote a line.
pub(crate) fn request(id: &str) -> String {
    format!("request {id}")
}

pub(crate) const FEATURED: &str = "Featured";
pub(crate) const FEATURED_HELP: &str = "Whether the gallery shows it in its first row";

pub(crate) const REALLY_DELETE: &str = "Really delete";
