//! What is known of each component: the values it takes, the files among them, and their words.
//!
//! It is said once, in [`Component::value_kind`] and the methods beside it: whoever reads, writes or describes values asks
//! these, and names single components only where they differ from others of their kind.

use super::{Component, TextType};
use crate::value::Value;

/// Which case of [`Value`] a component takes. Of numbers there are two cases, `Integer` and `Number`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    Boolean,
    Number,
    Text,
    Texts,
    Json,
    Media,
    Medias,
    Tensor,
    Table,
    Label,
}

impl ValueKind {
    /// The kind of a value; none for null, which has none.
    pub fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Null => return None,
            Value::Boolean(_) => Self::Boolean,
            Value::Integer(_) | Value::Number(_) => Self::Number,
            Value::Text(_) => Self::Text,
            Value::Texts(_) => Self::Texts,
            Value::Json(_) => Self::Json,
            Value::Media(_) => Self::Media,
            Value::Medias(_) => Self::Medias,
            Value::Tensor(_) => Self::Tensor,
            Value::Table(_) => Self::Table,
            Value::Label(_) => Self::Label,
        })
    }
}

impl Component {
    /// Which values it takes.
    pub fn value_kind(&self) -> ValueKind {
        match self {
            Self::Textbox { .. }
            | Self::Radio { .. }
            | Self::Dropdown { multiselect: false, .. }
            | Self::Markdown
            | Self::Code { .. }
            | Self::ColorPicker
            | Self::DateTime { .. }
            | Self::Html => ValueKind::Text,
            Self::CheckboxGroup { .. } | Self::Dropdown { multiselect: true, .. } => ValueKind::Texts,
            Self::Number(_) | Self::Slider(_) => ValueKind::Number,
            Self::Checkbox => ValueKind::Boolean,
            Self::Image { .. }
            | Self::Audio { .. }
            | Self::Video
            | Self::File { multiple: false, .. }
            | Self::DownloadButton
            | Self::Model3D => ValueKind::Media,
            Self::File { multiple: true, .. } | Self::Gallery | Self::AnnotatedImage | Self::ImageSlider => {
                ValueKind::Medias
            }
            Self::Dataframe { .. } | Self::LinePlot(_) | Self::BarPlot(_) | Self::ScatterPlot(_) => ValueKind::Table,
            Self::Json
            | Self::HighlightedText { .. }
            | Self::Chatbot
            | Self::Metric { .. }
            | Self::Plot
            | Self::Map
            | Self::Updates => ValueKind::Json,
            Self::Label { .. } => ValueKind::Label,
            Self::Tensor { .. } => ValueKind::Tensor,
        }
    }

    /// True where the values are `Media` or `Medias`.
    pub fn takes_media(&self) -> bool {
        matches!(self.value_kind(), ValueKind::Media | ValueKind::Medias)
    }

    /// True where the values are `Texts` or `Medias`.
    pub fn takes_many(&self) -> bool {
        matches!(self.value_kind(), ValueKind::Texts | ValueKind::Medias)
    }

    /// The media types that its files may have, such as `image/*`. Of an annotated image one is JSON.
    pub fn media_pattern(&self) -> &'static str {
        match self {
            Self::Image { .. } | Self::Gallery | Self::ImageSlider => "image/*",
            Self::Audio { .. } => "audio/*",
            Self::Video => "video/*",
            _ => "*/*",
        }
    }

    /// The file names and types that it accepts, as a file picker wants them; empty accepts all.
    pub fn accepted_files(&self) -> Vec<String> {
        match self {
            Self::File { file_types, .. } => file_types.clone(),
            Self::Model3D => [".glb", ".gltf", ".obj", ".stl"].map(str::to_owned).to_vec(),
            other => Some(other.media_pattern().to_owned()).filter(|pattern| pattern != "*/*").into_iter().collect(),
        }
    }

    /// The texts among which a visitor chooses; none where any text may be given.
    pub fn choices(&self) -> Option<&[String]> {
        match self {
            Self::CheckboxGroup { choices }
            | Self::Radio { choices }
            | Self::Dropdown { choices, allow_custom_value: false, .. } => Some(choices),
            _ => None,
        }
    }

    /// The table's headers; empty where any fit.
    pub fn headers(&self) -> &[String] {
        match self {
            Self::Dataframe { headers, .. } => headers,
            _ => &[],
        }
    }

    /// True for what is kept nowhere and shown to nobody: what a visitor types into a password field.
    pub fn is_secret(&self) -> bool {
        matches!(self, Self::Textbox { text_type: TextType::Password, .. })
    }

    /// True for what no visitor can give.
    pub fn is_output_only(&self) -> bool {
        matches!(
            self,
            Self::Label { .. }
                | Self::Html
                | Self::Metric { .. }
                | Self::Plot
                | Self::Updates
                | Self::LinePlot(_)
                | Self::BarPlot(_)
                | Self::ScatterPlot(_)
                | Self::AnnotatedImage
                | Self::DownloadButton
        )
    }

    /// What its value is, in a word or some for people: "an image".
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Image { .. } => "an image",
            Self::Audio { .. } => "a sound",
            Self::Video => "a video",
            Self::Gallery => "images",
            Self::ImageSlider => "two images",
            Self::Model3D => "a 3D model",
            Self::AnnotatedImage => "an image with annotations",
            Self::ColorPicker => "a colour",
            Self::DateTime { include_time: true, .. } => "a date and time",
            Self::DateTime { include_time: false, .. } => "a date",
            Self::HighlightedText { .. } => "a text with classes",
            Self::Chatbot => "a conversation",
            Self::Metric { .. } => "a metric",
            Self::Plot => "a Vega-Lite specification",
            Self::Map => "GeoJSON",
            Self::Updates => "changes of the page",
            _ => match self.value_kind() {
                ValueKind::Boolean => "true or false",
                ValueKind::Number => "a number",
                ValueKind::Text if self.choices().is_some() => "the text of one choice",
                ValueKind::Text => "a text",
                ValueKind::Texts => "a list of choices",
                ValueKind::Json => "JSON",
                ValueKind::Media => "a file",
                ValueKind::Medias => "a list of files",
                ValueKind::Tensor => "a tensor",
                ValueKind::Table => "a table",
                ValueKind::Label => "a classification",
            },
        }
    }
}
