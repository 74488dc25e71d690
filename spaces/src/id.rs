//! Names of spaces, checked once where they enter.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The longest owner, space, endpoint or field name, in bytes.
pub const MAX_NAME_BYTES: usize = 64;

/// Path words of the site itself, which therefore cannot be owners.
const RESERVED_OWNERS: &[&str] = &[
    "api", "assets", "docs", "embed", "gradio_api", "healthz", "mcp", "metrics", "new", "pkg", "readyz", "settings",
    "spaces", "static", "v2",
];

/// `owner/name`: identifies a space. Both parts are lower-case letters, digits and inner hyphens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SpaceId {
    owner: String,
    name: String,
}

/// Why a text is not a [`SpaceId`].
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ParseIdError {
    #[error("`{text}` is not of the form owner/name")]
    Shape { text: String },
    #[error("the {part} `{text}` is empty")]
    Empty { part: &'static str, text: String },
    #[error("the {part} `{text}` is longer than {MAX_NAME_BYTES} bytes")]
    TooLong { part: &'static str, text: String },
    #[error("the {part} `{text}` contains `{found}`: use lower-case letters, digits and inner hyphens")]
    Character { part: &'static str, text: String, found: char },
    #[error("the owner `{text}` is reserved for the site itself")]
    Reserved { text: String },
}

impl SpaceId {
    /// Joins an owner and a name.
    ///
    /// # Errors
    /// [`ParseIdError`] naming the part at fault.
    pub fn new(owner: &str, name: &str) -> Result<Self, ParseIdError> {
        check_part("owner", owner)?;
        check_part("name", name)?;
        if RESERVED_OWNERS.contains(&owner) {
            return Err(ParseIdError::Reserved { text: owner.to_owned() });
        }
        Ok(Self { owner: owner.to_owned(), name: name.to_owned() })
    }

    /// The person or team.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The space's own name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

fn check_part(part: &'static str, text: &str) -> Result<(), ParseIdError> {
    if text.is_empty() {
        return Err(ParseIdError::Empty { part, text: text.to_owned() });
    }
    if text.len() > MAX_NAME_BYTES {
        return Err(ParseIdError::TooLong { part, text: text.chars().take(MAX_NAME_BYTES).collect() });
    }
    let last = text.len() - 1;
    for (index, found) in text.char_indices() {
        let inner_hyphen = found == '-' && index != 0 && index != last;
        if !(found.is_ascii_lowercase() || found.is_ascii_digit() || inner_hyphen) {
            return Err(ParseIdError::Character { part, text: text.to_owned(), found });
        }
    }
    Ok(())
}

impl fmt::Display for SpaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

impl FromStr for SpaceId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('/') {
            Some((owner, name)) if !name.contains('/') => Self::new(owner, name),
            _ => Err(ParseIdError::Shape { text: text.chars().take(2 * MAX_NAME_BYTES).collect() }),
        }
    }
}

impl TryFrom<String> for SpaceId {
    type Error = ParseIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<SpaceId> for String {
    fn from(id: SpaceId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_parse_or_name_the_part_at_fault() {
        let check = |text: &str, expected: Result<&str, &str>| {
            let parsed = text.parse::<SpaceId>().map(|id| id.to_string()).map_err(|e| e.to_string());
            assert_eq!(parsed, expected.map(str::to_owned).map_err(str::to_owned), "{text}");
        };
        check("alice/iris", Ok("alice/iris"));
        check("a1/b-2", Ok("a1/b-2"));
        check("alice", Err("`alice` is not of the form owner/name"));
        check("a/b/c", Err("`a/b/c` is not of the form owner/name"));
        check("/iris", Err("the owner `` is empty"));
        check("alice/..", Err("the name `..` contains `.`: use lower-case letters, digits and inner hyphens"));
        check("Alice/x", Err("the owner `Alice` contains `A`: use lower-case letters, digits and inner hyphens"));
        check("alice/-x", Err("the name `-x` contains `-`: use lower-case letters, digits and inner hyphens"));
        check("api/x", Err("the owner `api` is reserved for the site itself"));
    }
}
