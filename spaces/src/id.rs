//! Names of spaces, checked once where they enter.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::value::quoted;

/// The longest owner, space, endpoint or field name, in bytes.
pub const MAX_NAME_BYTES: usize = 64;

/// Path words of the site itself, which therefore cannot be owners.
const RESERVED_OWNERS: &[&str] = &[
    "api",
    "assets",
    "docs",
    "embed",
    "gradio_api",
    "healthz",
    "login",
    "logout",
    "mcp",
    "metrics",
    "new",
    "pkg",
    "readyz",
    "settings",
    "spaces",
    "static",
    "v2",
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
    #[error("the {part} `{text}` contains `{}`: use lower-case letters, digits and inner hyphens", .found.escape_debug())]
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

/// Why a text is not the name of an endpoint, input or output.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
#[error("`{text}` is not a name: use 1 to {MAX_NAME_BYTES} lower-case letters, digits and underscores, a letter first")]
pub struct ParseNameError {
    text: String,
}

/// Checks the name of an endpoint, input or output: `[a-z][a-z0-9_]*`.
///
/// # Errors
/// [`ParseNameError`] with the text.
pub fn check_name(text: &str) -> Result<(), ParseNameError> {
    let fits = text.len() <= MAX_NAME_BYTES
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if fits { Ok(()) } else { Err(ParseNameError { text: quoted(text) }) }
}

/// The longest path of a file in a bundle, in bytes.
pub const MAX_ASSET_PATH_BYTES: usize = 512;

/// Why a text is not the path of a file in a bundle.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
#[error("`{text}` is not a path in the bundle: {problem}")]
pub struct ParseAssetPathError {
    text: String,
    problem: &'static str,
}

/// Checks the path of a file in a bundle: relative, `/` between folders, nothing that leaves the bundle.
///
/// # Errors
/// [`ParseAssetPathError`] saying what is not allowed.
pub fn check_asset_path(text: &str) -> Result<(), ParseAssetPathError> {
    let problem = if text.is_empty() {
        "it is empty"
    } else if text.len() > MAX_ASSET_PATH_BYTES {
        "it is too long"
    } else if text.starts_with('/') {
        "it must be relative"
    } else if text.contains('\\') {
        "write `/` between folders"
    } else if text.chars().any(char::is_control) {
        "it contains a control character"
    } else if text.split('/').any(|part| part == "..") {
        "it must not contain `..`"
    } else if text.split('/').any(|part| part.is_empty() || part == ".") {
        "it contains an empty part or `.`"
    } else {
        return Ok(());
    };
    Err(ParseAssetPathError { text: quoted(text), problem })
}

fn check_part(part: &'static str, text: &str) -> Result<(), ParseIdError> {
    if text.is_empty() {
        return Err(ParseIdError::Empty { part, text: text.to_owned() });
    }
    if text.len() > MAX_NAME_BYTES {
        return Err(ParseIdError::TooLong { part, text: quoted(text) });
    }
    let last = text.len() - 1;
    for (index, found) in text.char_indices() {
        let inner_hyphen = found == '-' && index != 0 && index != last;
        if !(found.is_ascii_lowercase() || found.is_ascii_digit() || inner_hyphen) {
            return Err(ParseIdError::Character { part, text: quoted(text), found });
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
            _ => Err(ParseIdError::Shape { text: quoted(text) }),
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
        // What steers a terminal is not repeated.
        check(
            "a/\x1b[2J",
            Err("the name `\u{fffd}[2J` contains `\\u{1b}`: use lower-case letters, digits and inner hyphens"),
        );
    }

    #[test]
    fn field_names_are_plain_identifiers() {
        let check = |text: &str, fits: bool| assert_eq!(check_name(text).is_ok(), fits, "{text}");
        check("x", true);
        check("sepal_length_2", true);
        check(&"x".repeat(MAX_NAME_BYTES), true);
        check(&"x".repeat(MAX_NAME_BYTES + 1), false);
        check("", false);
        check("2x", false);
        check("_x", false);
        check("X", false);
        check("a-b", false);
        assert!(check_name("\x1b[2J").unwrap_err().to_string().starts_with("`\u{fffd}[2J` is not a name"));
    }

    #[test]
    fn asset_paths_stay_in_the_bundle() {
        let check = |text: &str, problem: Option<&str>| {
            let found = check_asset_path(text).err().map(|error| error.problem);
            assert_eq!(found, problem, "{text}");
        };
        check("labels.txt", None);
        check("images/flower 1.jpg", None);
        check(".vitrine/manifest.json", None);
        check("", Some("it is empty"));
        check("/etc/passwd", Some("it must be relative"));
        check("a/../../b", Some("it must not contain `..`"));
        check("a\\b", Some("write `/` between folders"));
        check("a//b", Some("it contains an empty part or `.`"));
        check("./a", Some("it contains an empty part or `.`"));
        check("a\0b", Some("it contains a control character"));
        check(&"a".repeat(MAX_ASSET_PATH_BYTES + 1), Some("it is too long"));
        let message = check_asset_path("a\x1b[2J").unwrap_err().to_string();
        assert_eq!(message, "`a\u{fffd}[2J` is not a path in the bundle: it contains a control character");
    }
}
