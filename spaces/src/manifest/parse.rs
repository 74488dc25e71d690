//! Text of `space.toml` → [`Manifest`].

use super::Manifest;

/// What is wrong with a manifest, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("space.toml:{line}:{column}: {message}")]
pub struct ManifestError {
    /// Counts from 1.
    pub line: usize,
    /// Counts characters from 1.
    pub column: usize,
    /// What is wrong and what to do.
    pub message: String,
    /// The key at fault, where there is one: `inputs[0].minimum`.
    pub key: Option<String>,
}

impl Manifest {
    /// Parses and checks the text of a `space.toml`.
    ///
    /// # Errors
    /// [`ManifestError`] with the place of the first mistake.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            let before = &text[..offset];
            ManifestError {
                line: before.matches('\n').count() + 1,
                column: before.rsplit('\n').next().unwrap_or("").chars().count() + 1,
                message: error.message().to_owned(),
                key: None,
            }
        })
    }
}
