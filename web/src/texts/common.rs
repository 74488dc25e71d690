//! Words of several parts, in every client.

/// The examples of an endpoint.
pub(crate) const EXAMPLES: &str = "Examples";
/// A column: the type of a value, a file or a tensor.
pub(crate) const TYPE: &str = "Type";
pub(crate) const SWITCH_THEME: &str = "Switch between light and dark";

pub(crate) fn remove(name: &str) -> String {
    format!("Remove {name}")
}

/// An input that may be left out.
pub(crate) const OPTIONAL: &str = "optional";
pub(crate) const DOWNLOAD: &str = "Download";
/// Of a dialog.
pub(crate) const CLOSE: &str = "Close";
pub(crate) const CHOOSE_FILE: &str = "Choose a file";
