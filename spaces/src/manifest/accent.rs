//! The colour of a space.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The colour of buttons, links and the card of a space. Hugging Face's names; each stands for shades that can be read on
/// light and on dark, so that no author can choose one that cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Accent {
    Red,
    Yellow,
    Green,
    Blue,
    Indigo,
    Purple,
    Pink,
    Gray,
}

/// A word that is no [`Accent`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no accent; use {}", Accent::NAMES.join(", "))]
pub struct ParseAccentError {
    text: String,
}

impl Accent {
    /// All there are.
    pub const ALL: [Self; 8] =
        [Self::Red, Self::Yellow, Self::Green, Self::Blue, Self::Indigo, Self::Purple, Self::Pink, Self::Gray];

    /// Their words, in the same order.
    pub const NAMES: [&'static str; 8] = ["red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"];

    /// The word in manifests, JSON and style sheets.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Yellow => "yellow",
            Self::Green => "green",
            Self::Blue => "blue",
            Self::Indigo => "indigo",
            Self::Purple => "purple",
            Self::Pink => "pink",
            Self::Gray => "gray",
        }
    }
}

impl fmt::Display for Accent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Accent {
    type Err = ParseAccentError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|accent| accent.as_str() == text);
        found.ok_or_else(|| ParseAccentError { text: text.chars().take(40).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::Accent;

    #[test]
    fn each_accent_has_one_word() {
        assert_eq!(Accent::ALL.map(Accent::as_str), Accent::NAMES);
        for accent in Accent::ALL {
            assert_eq!(accent.as_str().parse(), Ok(accent));
            assert_eq!(serde_json::to_value(accent).expect("JSON"), accent.as_str());
        }
        assert!("teal".parse::<Accent>().expect_err("none").to_string().contains("use red, yellow"));
    }
}
