//! Files, sounds and videos.

use super::draw::Drawn;
use super::input::{FileLike, Input, InputOptions, Literal, Sourced};
use super::output::{Output, OutputOptions};
use super::unexpected;
use crate::Value;
use crate::bindings::vitrine::space::description::{Component, File as FileSpec};
use crate::bindings::vitrine::space::types::Media;

macro_rules! media {
    ($($(#[$doc:meta])* $type:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $type {
            /// The file's bytes.
            pub bytes: Vec<u8>,
            /// The IANA media type, such as `text/plain`.
            pub mime_type: String,
            /// The name that the visitor sees, without folders.
            pub name: Option<String>,
        }

        impl $type {
            /// A file for the visitor.
            pub fn new(name: impl Into<String>, mime_type: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
                Self { bytes: bytes.into(), mime_type: mime_type.into(), name: Some(name.into()) }
            }
        }

        impl From<Media> for $type {
            fn from(media: Media) -> Self {
                Self { bytes: media.bytes, mime_type: media.mime_type, name: media.name }
            }
        }

        impl From<$type> for Media {
            fn from(file: $type) -> Self {
                Self { bytes: file.bytes, mime_type: file.mime_type, name: file.name }
            }
        }

        impl Input for $type {
            fn component(options: &InputOptions) -> Component {
                component!($type, options)
            }

            fn drawn(options: &InputOptions) -> Option<Drawn> {
                drawn!($type, options)
            }

            fn from_value(value: Value) -> Result<Self, String> {
                match value {
                    Value::Media(media) => Ok(media.into()),
                    other => Err(unexpected("a file", &other)),
                }
            }
        }

        impl Output for $type {
            fn component() -> Component {
                <Self as Input>::component(&InputOptions::default())
            }

            fn drawn(_: &OutputOptions) -> Option<Drawn> {
                <Self as Input>::drawn(&InputOptions::default())
            }

            fn into_value(self) -> Value {
                Value::Media(self.into())
            }
        }

        impl Literal<&str> for $type {
            fn literal(literal: &str) -> Value {
                asset(literal)
            }
        }
    )*};
}

macro_rules! component {
    (File, $options:ident) => {
        Component::File(FileSpec { file_types: $options.file_types.clone(), multiple: false })
    };
    (Model3D, $options:ident) => {{
        let _ = $options;
        Component::File(FileSpec {
            file_types: [".glb", ".gltf", ".obj", ".stl"].map(str::to_owned).into(),
            multiple: false,
        })
    }};
    ($type:ident, $options:ident) => {{
        let _ = $options;
        Component::$type
    }};
}

macro_rules! drawn {
    (Audio, $options:ident) => {
        from_sources("audio", $options)
    };
    (Model3D, $options:ident) => {{
        let _ = $options;
        Some(Drawn::new("model3d"))
    }};
    ($type:ident, $options:ident) => {{
        let _ = $options;
        None
    }};
}

media! {
    /// A file of any kind.
    File;
    /// A sound, encoded as its media type says.
    Audio;
    /// A video, encoded as its media type says.
    Video;
    /// A 3D model: a `.glb`, `.gltf`, `.obj` or `.stl` file.
    Model3D;
}

impl Sourced for Audio {}

/// A file that the visitor gets by a button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DownloadButton(pub File);

impl Output for DownloadButton {
    fn component() -> Component {
        <File as Output>::component()
    }

    fn drawn(_: &OutputOptions) -> Option<Drawn> {
        Some(Drawn::new("download-button"))
    }

    fn into_value(self) -> Value {
        self.0.into_value()
    }
}

/// A component of this kind that takes files from some `sources` only.
pub(super) fn from_sources(kind: &str, options: &InputOptions) -> Option<Drawn> {
    (!options.sources.is_empty()).then(|| Drawn::new(kind).option("sources", options.sources.as_slice()))
}

impl FileLike for File {}
impl FileLike for Vec<File> {}

impl Input for Vec<File> {
    fn component(options: &InputOptions) -> Component {
        Component::File(FileSpec { file_types: options.file_types.clone(), multiple: true })
    }

    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Medias(medias) => Ok(medias.into_iter().map(File::from).collect()),
            other => Err(unexpected("a list of files", &other)),
        }
    }
}

/// The value of an example that stands for a file of the bundle: `@flower.jpg`, as in `space.toml`.
pub(super) fn asset(literal: &str) -> Value {
    Value::Text(format!("asset:{}", literal.strip_prefix('@').unwrap_or(literal)))
}
