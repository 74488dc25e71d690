//! What the owner of a space may change, as it is now.

use serde::{Deserialize, Serialize};

use crate::limits::{Limits, LimitsSpec};
use crate::manifest::Visibility;

/// The settings of a space, and what they are set over. None keeps what the live revision says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SettingsView {
    pub visibility: Visibility,
    pub title: Option<String>,
    /// Markdown.
    pub description: Option<String>,
    pub tags: Option<Vec<String>>,
    pub limits: LimitsSpec,
    /// Whose pages may show the space in a frame; empty allows everybody's.
    pub frame_origins: Vec<String>,
    /// What the live revision says.
    pub published: PublishedView,
    /// What this server gives to a space that asks for nothing.
    pub default_limits: Limits,
    /// The most that it gives.
    pub maximum_limits: Limits,
    pub config: Vec<ConfigView>,
}

/// What a revision says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublishedView {
    pub title: String,
    pub description: String,
    pub tags: Vec<String>,
    pub limits: LimitsSpec,
}

/// A value that the app reads through its `config` interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConfigView {
    pub key: String,
    pub secret: bool,
    /// None of a secret: it is never shown again.
    pub value: Option<String>,
}
