//! What a revision changes.

use serde::{Deserialize, Serialize};

/// A revision beside the one before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevisionDiff {
    pub number: u64,
    /// The one before; none of the first, all of which is new.
    pub before: Option<u64>,
    /// The interface and what the manifest says, in the order of the page.
    pub interface: Vec<InterfaceChange>,
    /// Ordered by path.
    pub files: Vec<FileChange>,
    /// Files that stayed as they were.
    pub n_same_files: u64,
}

/// What happened to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Change {
    Added,
    Removed,
    Changed,
}

/// A part of the interface that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InterfaceChange {
    /// `space`, `endpoint predict`, `predict, input age`, …
    pub place: String,
    pub change: Change,
    pub values: Vec<ValueChange>,
}

/// One value of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ValueChange {
    /// `label`, `maximum`, …
    pub key: String,
    /// None where it was not there.
    pub before: Option<String>,
    /// None where it is no longer there.
    pub after: Option<String>,
}

/// A file that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileChange {
    pub path: String,
    pub change: Change,
    pub before_bytes: Option<u64>,
    pub after_bytes: Option<u64>,
}
