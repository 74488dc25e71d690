//! What the owner of a space changes without a new publish.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::interface::Interface;
use crate::limits::LimitsSpec;
use crate::manifest::Manifest;
use crate::value::quoted;

/// The most origins that may show a space in a frame.
pub const MAX_FRAME_ORIGINS: usize = 32;

/// The longest of them: a scheme, the longest name that the domain name system knows, and a port.
const MAX_ORIGIN_BYTES: usize = 270;

/// The owner's settings of a space, over what its revisions say; none keeps what they say.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SpaceSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    pub limits: LimitsSpec,
    /// Whose pages may show the space in a frame; empty allows everybody's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub frame_origins: Vec<FrameOrigin>,
}

/// A setting that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{key}`: {problem}")]
pub struct SettingsError {
    /// The key at fault.
    pub key: &'static str,
    pub problem: String,
}

impl SpaceSettings {
    /// Puts the settings over what a revision says.
    ///
    /// **This is the one place that decides what counts**: the owner's setting, else the revision's (whose own order, the
    /// manifest before the app, was decided by [`Manifest::overlay`] when it was published). Whoever reads what a space
    /// serves reads it through this; only comparing revisions does not.
    pub fn apply(&self, manifest: &mut Manifest, interface: &mut Interface) {
        let Self { title, description, tags, limits, frame_origins: _ } = self;
        if let Some(title) = title {
            manifest.title = Some(title.clone());
            interface.title.clone_from(title);
        }
        if let Some(description) = description {
            manifest.description = Some(description.clone());
            interface.documentation.clone_from(description);
        }
        if let Some(tags) = tags {
            manifest.tags.clone_from(tags);
        }
        manifest.limits = limits.or(&manifest.limits);
    }

    /// Checks what a manifest's keys of the same names must fulfil, and how many origins there are.
    ///
    /// # Errors
    /// [`SettingsError`] naming the key.
    pub fn check(&self) -> Result<(), SettingsError> {
        let manifest = Manifest {
            title: self.title.clone(),
            description: self.description.clone(),
            tags: self.tags.clone().unwrap_or_default(),
            limits: self.limits,
            ..Manifest::default()
        };
        if let Some((key, problem)) = manifest.problem() {
            return Err(SettingsError { key, problem });
        }
        let n_origins = self.frame_origins.len();
        if n_origins > MAX_FRAME_ORIGINS {
            let problem = format!("there are {n_origins}, but at most {MAX_FRAME_ORIGINS} are allowed");
            return Err(SettingsError { key: "frame_origins", problem });
        }
        Ok(())
    }
}

/// The origin of pages that may show a space in a frame, such as `https://example.org`, `http://localhost:8000` or
/// `https://*.example.org`.
///
/// Only what may stand in the content policy's `frame-ancestors` as it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FrameOrigin(String);

/// A text that is no [`FrameOrigin`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an origin: {problem}")]
pub struct ParseOriginError {
    text: String,
    problem: &'static str,
}

impl FrameOrigin {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FrameOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for FrameOrigin {
    type Err = ParseOriginError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = |problem| Err(ParseOriginError { text: quoted(text), problem });
        // What people copy from the address bar ends so.
        let origin = text.trim().trim_end_matches('/').to_ascii_lowercase();
        let Some((scheme, rest)) = origin.split_once("://") else {
            return refuse("begin it with https:// or http://");
        };
        if !matches!(scheme, "http" | "https") {
            return refuse("begin it with https:// or http://");
        }
        if rest.contains(['/', '?', '#']) {
            return refuse("give scheme, host and port alone, without a path");
        }
        let (host, port) = rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port)));
        if port.is_some_and(|port| port.parse::<u16>().is_err()) {
            return refuse("its port is not a number");
        }
        let is_label = |label: &str| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        };
        if origin.len() > MAX_ORIGIN_BYTES || !host.strip_prefix("*.").unwrap_or(host).split('.').all(is_label) {
            return refuse("its host must be a name such as `example.org`; for other scripts write it as `xn--…`");
        }
        Ok(Self(origin))
    }
}

impl Serialize for FrameOrigin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for FrameOrigin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_normalised_or_refused() {
        let check = |text: &str, expected: Result<&str, &str>| {
            let parsed = text.parse::<FrameOrigin>();
            match (&parsed, expected) {
                (Ok(origin), Ok(expected)) => assert_eq!(origin.as_str(), expected),
                (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
                _ => panic!("{text}: {parsed:?}"),
            }
        };
        check("https://Example.org/", Ok("https://example.org"));
        check(" http://localhost:8000 ", Ok("http://localhost:8000"));
        check("https://*.example.org", Ok("https://*.example.org"));
        check("example.org", Err("begin it with"));
        check("javascript://x", Err("begin it with"));
        check("https://example.org/blog", Err("without a path"));
        check("https://example.org:port", Err("port"));
        for hostile in
            ["https://a; script-src *", "https://a b", "https://'self'", "https://*", "https://:80", "https://a,b"]
        {
            check(hostile, Err("its host must be"));
        }
        check(&format!("https://{}.org", "a".repeat(300)), Err("its host must be"));
    }

    #[test]
    fn settings_count_before_what_the_revision_says() {
        let mut manifest: Manifest = toml::from_str(
            "title = 'Old'\ndescription = 'Kept'\ntags = ['a']\nlimits = { memory = 5, deadline = 2.0 }",
        )
        .expect("a manifest");
        let mut interface = Interface { title: "Old".into(), documentation: "Kept".into(), ..Interface::default() };
        let limits = LimitsSpec { deadline: Some(1.5), ..LimitsSpec::default() };
        let settings = SpaceSettings {
            title: Some("New".into()),
            tags: Some(vec!["b".into()]),
            limits,
            ..SpaceSettings::default()
        };
        settings.apply(&mut manifest, &mut interface);
        assert_eq!((interface.title.as_str(), interface.documentation.as_str()), ("New", "Kept"));
        assert_eq!((manifest.title.as_deref(), manifest.tags.as_slice()), (Some("New"), &["b".to_owned()][..]));
        assert_eq!((manifest.limits.deadline, manifest.limits.memory.map(|bytes| bytes.0)), (Some(1.5), Some(5)));
    }

    #[test]
    fn settings_are_bound_as_manifests_are() {
        let check = |settings: SpaceSettings, key: &str| assert_eq!(settings.check().unwrap_err().key, key);
        let none = SpaceSettings::default();
        assert_eq!(none.check(), Ok(()));
        check(SpaceSettings { title: Some("x".repeat(121)), ..none.clone() }, "title");
        check(SpaceSettings { description: Some("x".repeat(65_537)), ..none.clone() }, "description");
        check(SpaceSettings { tags: Some(vec!["a".into(), "a".into()]), ..none.clone() }, "tags");
        check(SpaceSettings { limits: LimitsSpec { concurrency: Some(0), ..none.limits }, ..none.clone() }, "limits");
        let origin: FrameOrigin = "https://a.org".parse().unwrap();
        check(SpaceSettings { frame_origins: vec![origin; 33], ..none }, "frame_origins");
    }
}
