//! Components: how an input or output is drawn.

mod facts;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

pub use facts::ValueKind;

use crate::value::Dtype;

/// How an input or output is drawn and which values it takes. The names are Gradio's.
///
/// Options that came later have a default, so that interfaces stored before can be read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Component {
    /// `Text`
    Textbox {
        #[serde(default = "one")]
        lines: u32,
        #[serde(default)]
        placeholder: Option<String>,
        /// In characters.
        #[serde(default)]
        max_length: Option<u32>,
        #[serde(default, rename = "type")]
        text_type: TextType,
        /// Whether an output has a button that copies it.
        #[serde(default)]
        copy: bool,
    },
    /// `Number`
    Number(NumberRange),
    /// `Number`; minimum and maximum are always there.
    Slider(NumberRange),
    /// `Boolean`
    Checkbox,
    /// `Texts`
    CheckboxGroup { choices: Vec<String> },
    /// `Text`
    Radio { choices: Vec<String> },
    /// `Text`, or `Texts` with `multiselect`.
    Dropdown {
        choices: Vec<String>,
        #[serde(default)]
        multiselect: bool,
        /// Whether a visitor may give what is not among the choices.
        #[serde(default)]
        allow_custom_value: bool,
        /// Whether a visitor can search the choices by typing.
        #[serde(default = "yes")]
        filterable: bool,
    },
    /// `Media` with an `image/*` type.
    Image {
        /// Where a visitor may take it from; empty stands for all that the page has.
        #[serde(default)]
        sources: Vec<Source>,
    },
    /// `Media` with an `audio/*` type.
    Audio {
        /// Where a visitor may take it from; empty stands for all that the page has.
        #[serde(default)]
        sources: Vec<Source>,
    },
    /// `Media` with a `video/*` type.
    Video,
    /// `Media`, or `Medias` with `multiple`.
    File { file_types: Vec<String>, multiple: bool },
    /// `Medias`, each an image.
    Gallery,
    /// `Table`
    Dataframe {
        #[serde(default)]
        headers: Vec<String>,
        /// What each column holds; empty leaves it to the cells.
        #[serde(default)]
        datatype: Vec<Datatype>,
        /// Whether a visitor may change the cells of an input.
        #[serde(default = "yes")]
        editable: bool,
    },
    /// `Json`
    Json,
    /// `Label`
    Label { top: Option<u32> },
    /// `Text`, read as Markdown; raw HTML is shown as text.
    Markdown,
    /// `Text`
    Code { language: Option<String> },
    /// `Tensor`
    Tensor { dtype: Dtype, shape: Vec<Option<u64>> },
    /// `Text` of the form `#rrggbb`.
    ColorPicker,
    /// `Text` in Gradio's form: `2026-11-28 16:00:00`, without the time `2026-11-28`. It is a clock's time, in `timezone`.
    #[serde(rename = "datetime")]
    DateTime {
        #[serde(default = "yes")]
        include_time: bool,
        /// The IANA name of the clock's time zone, which the page shows; none for that of whoever reads it.
        #[serde(default)]
        timezone: Option<String>,
    },
    /// `Text`, which is HTML.
    Html,
    /// `Json`: `[{"token", "class_or_confidence"}]`, which together are a text.
    HighlightedText {
        #[serde(default = "yes")]
        show_legend: bool,
        /// Whether neighbours of one class are drawn as one.
        #[serde(default)]
        combine_adjacent: bool,
    },
    /// `Json`: `[{"role", "content"}]`, the messages of a conversation; contents are Markdown.
    Chatbot,
    /// `Json`: `{"value", "delta"}`, a number or text of which people watch the change.
    Metric {
        /// What stands behind the value, such as `ms`.
        #[serde(default)]
        unit: Option<String>,
    },
    /// `Json`: a Vega-Lite specification.
    Plot,
    /// `Json`: a GeoJSON object.
    Map,
    /// `Json`: changes of other components of the page, `{"endpoint.field": {"value", "visible", "choices"}}`; drawn as
    /// nothing.
    Updates,
    /// `Table`
    LinePlot(Axes),
    /// `Table`
    BarPlot(Axes),
    /// `Table`
    ScatterPlot(Axes),
    /// `Medias`: an image, what is said of its parts, and masks; see [`crate::value::annotated`].
    AnnotatedImage,
    /// `Medias`: two images to compare.
    ImageSlider,
    /// `Media`, for a visitor to keep.
    DownloadButton,
    /// `Media`: a `.glb`, `.gltf`, `.obj` or `.stl` file.
    #[serde(rename = "model3d")]
    Model3D,
}

/// What a text field is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum TextType {
    #[default]
    Text,
    Password,
    Email,
}

/// Where a visitor takes a file from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Source {
    Upload,
    Webcam,
    Clipboard,
    Microphone,
}

/// What a column of a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Datatype {
    Str,
    Number,
    Bool,
    Date,
    Markdown,
}

/// Which columns of a table a plot draws.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Axes {
    pub x: String,
    pub y: String,
    /// The column by which rows differ in colour.
    #[serde(default)]
    pub color: Option<String>,
}

/// Bounds of a number; each is inclusive, none means open.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NumberRange {
    pub minimum: Option<f64>,
    pub maximum: Option<f64>,
    /// The distance between two allowed numbers; the page's widget steps by it.
    pub step: Option<f64>,
}

/// A guest's JSON is no component.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseComponentError {
    #[error("it is not a component that this server knows: {problem}")]
    Unknown { problem: String },
    #[error("a `{kind}` has no option `{option}`; its options are {known}")]
    Option { kind: String, option: String, known: String },
}

impl Component {
    /// A line of text.
    pub fn textbox() -> Self {
        Self::Textbox { lines: 1, placeholder: None, max_length: None, text_type: TextType::Text, copy: false }
    }

    /// A choice from a menu, as the contract first had it.
    pub fn dropdown(choices: Vec<String>, multiselect: bool) -> Self {
        Self::Dropdown { choices, multiselect, allow_custom_value: false, filterable: true }
    }

    /// An image from anywhere.
    pub fn image() -> Self {
        Self::Image { sources: Vec::new() }
    }

    /// A sound from anywhere.
    pub fn audio() -> Self {
        Self::Audio { sources: Vec::new() }
    }

    /// A table with these headers; empty for any.
    pub fn dataframe(headers: Vec<String>) -> Self {
        Self::Dataframe { headers, datatype: Vec::new(), editable: true }
    }

    /// Reads `{"kind": …}` with the options of that kind, as guests write it.
    ///
    /// # Errors
    /// [`ParseComponentError`] for a kind or an option that there is not.
    pub fn parse(text: &str) -> Result<Self, ParseComponentError> {
        let unknown = |error: serde_json::Error| ParseComponentError::Unknown { problem: error.to_string() };
        let given: Json = serde_json::from_str(text).map_err(unknown)?;
        let component = Self::deserialize(&given).map_err(unknown)?;
        // Serde ignores what it does not know where there is a tag; every option is written again.
        let written = serde_json::to_value(&component).map_err(unknown)?;
        let (Json::Object(given), Json::Object(written)) = (given, written) else { return Ok(component) };
        match given.keys().find(|option| !written.contains_key(*option)) {
            None => Ok(component),
            Some(option) => Err(ParseComponentError::Option {
                kind: component.kind(),
                option: crate::value::quoted(option),
                known: crate::value::listed(written.keys().map(String::as_str).filter(|key| *key != "kind")),
            }),
        }
    }

    /// The name in interfaces, such as `color-picker`.
    pub fn kind(&self) -> String {
        let written = serde_json::to_value(self).unwrap_or_default();
        written.get("kind").and_then(Json::as_str).unwrap_or_default().to_owned()
    }
}

fn one() -> u32 {
    1
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_names_a_kind_and_its_options() {
        let parsed = |text: &str| Component::parse(text).map_err(|error| error.to_string());
        assert_eq!(parsed(r#"{"kind":"color-picker"}"#), Ok(Component::ColorPicker));
        assert_eq!(parsed(r#"{"kind":"textbox"}"#), Ok(Component::textbox()));
        assert_eq!(parsed(r#"{"kind":"datetime","include_time":false}"#).map(|c| c.kind()), Ok("datetime".to_owned()));
        assert_eq!(
            parsed(r#"{"kind":"image","source":["webcam"]}"#),
            Err("a `image` has no option `source`; its options are `sources`".to_owned())
        );
        for wrong in ["", "[]", r#"{"kind":"colour"}"#, r#"{"kind":"line-plot","x":"a"}"#, r#"{"kind":"dropdown"}"#] {
            let error = parsed(wrong).expect_err(wrong);
            assert!(error.starts_with("it is not a component that this server knows: "), "{error}");
        }
    }

    #[test]
    fn interfaces_of_before_can_be_read() {
        let read = |text: &str| serde_json::from_str::<Component>(text).expect(text);
        let textbox = r#"{"kind":"textbox","lines":1,"placeholder":null,"max_length":null}"#;
        assert_eq!(read(textbox), Component::textbox());
        assert_eq!(read(r#"{"kind":"image"}"#), Component::image());
        assert_eq!(read(r#"{"kind":"audio"}"#), Component::audio());
        assert_eq!(read(r#"{"kind":"dataframe","headers":[]}"#), Component::dataframe(Vec::new()));
        let dropdown = read(r#"{"kind":"dropdown","choices":["a"],"multiselect":true}"#);
        assert_eq!(dropdown, Component::dropdown(vec!["a".to_owned()], true));
    }
}
