//! The views of a space, in every client.

/// What the links between them are.
pub(crate) const VIEWS: &str = "Views of the space";
pub(crate) const APP: &str = "App";
pub(crate) const API: &str = "API";
pub(crate) const FILES: &str = "Files";
pub(crate) const REVISIONS: &str = "Revisions";
pub(crate) const FLAGS: &str = "Flags";
pub(crate) const LOGS: &str = "Logs";
pub(crate) const METRICS: &str = "Metrics";
pub(crate) const SETTINGS: &str = "Settings";

pub(crate) const NEEDS_SCRIPT: &str = "Running the model on this page needs JavaScript. Programs need none: see API.";
