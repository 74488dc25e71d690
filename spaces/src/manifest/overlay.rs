//! What a manifest adds to the interface that the app itself describes.

use super::Manifest;
use crate::interface::Interface;

/// Why a manifest does not fit the app.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("example {example}: {problem}")]
pub struct OverlayError {
    /// Its title or number.
    pub example: String,
    pub problem: String,
}

impl Manifest {
    /// Puts the manifest's title, description and examples over those of the app.
    ///
    /// # Errors
    /// [`OverlayError`] naming the example and input that does not fit.
    pub fn overlay(&self, interface: &mut Interface) -> Result<(), OverlayError> {
        if let Some(title) = &self.title {
            interface.title.clone_from(title);
        }
        if let Some(description) = &self.description {
            interface.documentation.clone_from(description);
        }
        Ok(())
    }
}
