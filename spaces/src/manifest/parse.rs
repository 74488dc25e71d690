//! Text of `space.toml` → [`Manifest`], or the place of the first mistake.

use serde::Deserialize as _;
use toml::de::{DeTable, DeValue};

use super::check::{KeyProblem, Place, check};
use super::schema::first_mistake;
use super::{FILE_NAME, Manifest};

/// The longest `space.toml`, in bytes.
pub const MAX_MANIFEST_BYTES: usize = 1 << 20;

/// What is wrong with a manifest, and where: the author's fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{FILE_NAME}:{line}:{column}: {message}")]
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
    /// [`ManifestError`] with the place of the first mistake: of form, else of meaning.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        if text.len() > MAX_MANIFEST_BYTES {
            let message = format!("the file is larger than {MAX_MANIFEST_BYTES} bytes");
            return Err(mistake(text, 0, message, None));
        }
        let document = DeTable::parse(text).map_err(|error| from_toml(text, &error))?;
        if let Some(found) = first_mistake(document.get_ref()) {
            return Err(mistake(text, found.offset, found.message, Some(found.key)));
        }
        let manifest =
            Self::deserialize(toml::Deserializer::from(document.clone())).map_err(|error| from_toml(text, &error))?;
        match check(&manifest) {
            Ok(()) => Ok(manifest),
            Err(KeyProblem { place, problem }) => {
                let key = path(&place);
                let message = format!("`{key}`: {problem}");
                Err(mistake(text, offset(document.get_ref(), &place), message, Some(key)))
            }
        }
    }
}

fn from_toml(text: &str, error: &toml::de::Error) -> ManifestError {
    let offset = error.span().map_or(0, |span| span.start);
    mistake(text, offset, error.message().trim().replace('\n', ", "), None)
}

fn mistake(text: &str, offset: usize, message: String, key: Option<String>) -> ManifestError {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    ManifestError {
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        message,
        key,
    }
}

fn path(place: &Place) -> String {
    match place.table {
        Some((table, index)) => format!("{table}[{index}].{}", place.key),
        None => place.key.to_owned(),
    }
}

/// Where the key's value stands, else its table, else the file's beginning.
fn offset(document: &DeTable<'_>, place: &Place) -> usize {
    let Some((table, index)) = place.table else {
        return document.get(place.key).map_or(0, |value| value.span().start);
    };
    let entry = document.get(table).and_then(|array| array.get_ref().as_array()?.get(index));
    let Some(entry) = entry else { return 0 };
    match entry.get_ref() {
        DeValue::Table(keys) => keys.get(place.key).unwrap_or(entry).span().start,
        _ => entry.span().start,
    }
}
