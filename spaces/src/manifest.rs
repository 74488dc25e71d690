//! `space.toml`: what an author writes about a space, and how it is read.
//!
//! [`Manifest::parse`] checks what can be checked without the model. What depends on the model (does the graph
//! have this input?) is checked by the runner when it meets the graph.

mod accent;
pub mod batching;
pub mod check;
mod overlay;
pub mod parse;
mod schema;
mod write;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::SpaceId;
use crate::limits::LimitsSpec;
use crate::value::quoted;
use crate::view::Flagging;

pub use accent::{Accent, ParseAccentError};
pub use batching::{Batching, BatchingError};
pub use overlay::{OverlayError, OverlayProblem};
pub use parse::ManifestError;

/// The file's name in a bundle.
pub const FILE_NAME: &str = "space.toml";

/// The virtual asset in which a built-in runner finds the manifest, as JSON of [`Manifest`].
pub const RUNNER_ASSET: &str = ".vitrine/manifest.json";

/// `space.toml`, as written.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Manifest {
    /// Where `vitrine publish` puts the space when `--to` is not given. Example: `space = "alice/iris"`
    pub space: Option<SpaceId>,
    /// The page's title; default: the app's own, else the space's name.
    pub title: Option<String>,
    /// Markdown text under the title.
    pub description: Option<String>,
    /// One emoji for the gallery card.
    pub emoji: Option<String>,
    /// A picture of the bundle for the gallery card, in place of the emoji. Example: `thumbnail = "cover.jpg"`
    // Left out where there is none, as `batching` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<String>,
    /// The colour of the space's page and card; default: the site's own. Example: `accent = "indigo"`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent: Option<Accent>,
    /// Free words for search and filters.
    pub tags: Vec<String>,
    /// What the model does, in Hugging Face's words. Example: `task = "image-classification"`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// Who may see the space; default: public. `None` keeps what the space has.
    pub visibility: Option<Visibility>,
    /// SPDX expression or text. Example: `license = "Apache-2.0"`
    pub license: Option<String>,
    /// The bundle's app: a `.onnx` or `.wasm` file; default: the only such file.
    pub app: Option<String>,
    /// More or less than the server's default limits. Example: `limits.memory = "512 MiB"`
    pub limits: LimitsSpec,
    /// Where the model runs; default: sandbox. Example: `engine = "native"`
    pub engine: Engine,
    /// Joins concurrent calls of the Open Inference Protocol into one; default: no. Only where inputs and outputs are
    /// tensors whose first dimension is free. Example: `batching = { max_size = 16, delay_ms = 5 }`
    // Left out where there is none: the runner reads this as JSON, and one of before does not know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batching: Option<Batching>,
    /// Refines the inputs of an ONNX model; default: one raw tensor per graph input.
    pub inputs: Vec<InputSpec>,
    /// Refines the outputs of an ONNX model; default: one raw tensor per graph output.
    pub outputs: Vec<OutputSpec>,
    /// Sets of inputs that a visitor loads with a click.
    pub examples: Vec<ExampleSpec>,
    /// Whether publishing calls every example and keeps what it gave, so that a visitor sees it without a call; default:
    /// true. The first example of each endpoint is called in any case. Example: `cache_examples = false`
    // This and the next two are left out where they are not set, as `batching` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_examples: Option<bool>,
    /// Whether visitors may flag an answer: the server keeps its inputs and outputs for the author; default: never.
    /// Example: `flagging_mode = "manual"`
    #[serde(skip_serializing_if = "FlaggingMode::is_never")]
    pub flagging_mode: FlaggingMode,
    /// The reasons among which a visitor chooses; default: none, and a flag says only that it is one.
    /// Example: `flagging_options = ["wrong", "offensive"]`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flagging_options: Vec<String>,
}

/// Who may flag answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FlaggingMode {
    /// Nobody: a space keeps nothing of its visitors unless its author says so.
    #[default]
    Never,
    /// A visitor, with a button.
    Manual,
}

impl FlaggingMode {
    fn is_never(&self) -> bool {
        *self == Self::Never
    }
}

impl Manifest {
    /// Whether the outputs of all examples are kept.
    pub fn caches_examples(&self) -> bool {
        self.cache_examples.unwrap_or(true)
    }

    /// How visitors may flag answers; none where they may not.
    pub fn flagging(&self) -> Option<Flagging> {
        match self.flagging_mode {
            FlaggingMode::Never => None,
            FlaggingMode::Manual => Some(Flagging { options: self.flagging_options.clone() }),
        }
    }
}

impl Manifest {
    /// The first key that is wrong, and how; none where all is well.
    pub fn problem(&self) -> Option<(&'static str, String)> {
        let problem = check::check(self).err()?;
        Some((problem.place.key, problem.problem.to_string()))
    }
}

/// Where a space's model runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// Inside the sandbox, in memory of the space's own.
    #[default]
    Sandbox,
    /// In the server, on weights that all calls share; the operator decides who may. An app that is no ONNX file says
    /// with it that it calls `infer`.
    Native,
}

/// Who may see and use a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// Listed in the gallery, usable by everybody.
    #[default]
    Public,
    /// Not listed, usable by everybody who knows the URL.
    Unlisted,
    /// Visible and usable with a token only.
    Private,
}

/// A word that is no [`Visibility`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a visibility; use public, unlisted or private")]
pub struct ParseVisibilityError {
    text: String,
}

impl Visibility {
    /// The word in manifests and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Unlisted => "unlisted",
            Self::Private => "private",
        }
    }

    /// True where the gallery and the search show the space to everybody.
    pub fn is_listed(self) -> bool {
        match self {
            Self::Public => true,
            Self::Unlisted | Self::Private => false,
        }
    }

    /// True where seeing and calling the space takes a token.
    pub fn needs_token(self) -> bool {
        match self {
            Self::Public | Self::Unlisted => false,
            Self::Private => true,
        }
    }
}

impl fmt::Display for Visibility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Visibility {
    type Err = ParseVisibilityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [Self::Public, Self::Unlisted, Self::Private];
        let found = all.into_iter().find(|visibility| visibility.as_str() == text);
        found.ok_or_else(|| ParseVisibilityError { text: quoted(text) })
    }
}

/// One visitor-facing input of an ONNX model: `[[inputs]]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InputSpec {
    /// The key in requests: `[a-z][a-z0-9_]*`.
    pub name: String,
    /// Default: the name with spaces for underscores.
    pub label: Option<String>,
    /// A sentence of help.
    pub info: Option<String>,
    /// The graph input that it feeds; default: the one of the same name, else the only one.
    pub tensor: Option<String>,
    // Every key that is not above ends up here, so the kinds' `deny_unknown_fields` covers this struct too;
    // on the struct itself serde does not take it together with `flatten`.
    #[serde(flatten)]
    pub kind: InputKind,
}

/// What an input is: `kind = "…"` with the keys of that kind.
///
/// The feature kinds (`number`, `slider`, `dropdown`, `checkbox`) fill one column each of a `[1, n]` tensor,
/// in the order written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum InputKind {
    /// A number field.
    Number { minimum: Option<f64>, maximum: Option<f64>, step: Option<f64>, default: Option<f64> },
    /// A slider.
    Slider { minimum: f64, maximum: f64, step: Option<f64>, default: Option<f64> },
    /// A menu. `values` are the numbers fed to the model, one per choice; default: 0, 1, 2, …
    Dropdown { choices: Vec<String>, values: Option<Vec<f64>>, default: Option<String> },
    /// A tick: feeds 1 or 0.
    Checkbox {
        #[serde(default)]
        default: bool,
    },
    /// A picture.
    Image(ImageSpec),
    /// A text, tokenized.
    Text(TextSpec),
    /// The raw tensor, as the graph declares it.
    Tensor {},
}

/// How a picture becomes a tensor: resized, scaled to `x * scale`, then `(x - mean) / std` per channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageSpec {
    /// `[height, width]` in pixels; default: from the graph.
    pub size: Option<[u32; 2]>,
    /// Default: `nchw`, or what the graph's shape shows (1 or 3 channels last: `nhwc`).
    pub layout: Option<ImageLayout>,
    /// Default: from the graph's channel count.
    pub channels: Option<ImageChannels>,
    /// How the picture is brought to `size`; default: `crop`.
    #[serde(default)]
    pub resize: ResizeRule,
    /// The resampling filter; default: `bilinear`.
    #[serde(default)]
    pub filter: ResizeFilter,
    /// Multiplies the 0–255 channel value; default: 1/255.
    pub scale: Option<f32>,
    /// Subtracted per channel after scaling; one value or one per channel; default: 0.
    #[serde(default)]
    pub mean: Vec<f32>,
    /// Divides per channel after subtracting; one value or one per channel; default: 1.
    #[serde(default)]
    pub std: Vec<f32>,
    /// True for models trained on light strokes on dark ground, when visitors send dark on light.
    #[serde(default)]
    pub invert: bool,
}

/// Axis order of an image tensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageLayout {
    /// Batch, channel, height, width.
    Nchw,
    /// Batch, height, width, channel.
    Nhwc,
}

/// Colour channels of an image tensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageChannels {
    Rgb,
    Bgr,
    Grayscale,
}

/// How a picture is brought to the model's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResizeRule {
    /// Centre crop to the target's aspect ratio, then resize.
    #[default]
    Crop,
    /// Resize without keeping the aspect ratio.
    Stretch,
    /// Resize to fit, and fill the rest with black.
    Pad,
}

/// The resampling filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResizeFilter {
    Nearest,
    #[default]
    Bilinear,
    Bicubic,
    Lanczos,
}

/// How a text becomes token ids, with a Hugging Face `tokenizer.json`.
///
/// Several text inputs that feed the same graph input become the rows of one batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextSpec {
    /// The asset; default: `tokenizer.json`.
    pub tokenizer: Option<String>,
    /// The most tokens, special ones included; longer texts are cut. Default: 128.
    pub max_length: Option<u32>,
    /// Default: `longest`.
    #[serde(default)]
    pub padding: Padding,
    /// The graph input for the attention mask; default: `attention_mask` where the graph has it.
    pub attention_mask: Option<String>,
    /// The graph input for the token type ids; default: `token_type_ids` where the graph has it.
    pub token_types: Option<String>,
    /// Lines of the text field; default: 3.
    pub lines: Option<u32>,
    pub placeholder: Option<String>,
    pub default: Option<String>,
}

/// To which length the token ids are filled up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Padding {
    /// The longest text of the batch.
    #[default]
    Longest,
    /// Always `max_length`.
    MaxLength,
}

/// One visitor-facing output of an ONNX model: `[[outputs]]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutputSpec {
    /// The key in answers: `[a-z][a-z0-9_]*`.
    pub name: String,
    pub label: Option<String>,
    pub info: Option<String>,
    /// The graph output that it shows; default: the one of the same name, else the only one.
    pub tensor: Option<String>,
    #[serde(flatten)]
    pub kind: OutputKind,
}

/// What an output is: `kind = "…"` with the keys of that kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum OutputKind {
    /// A classification from a vector of scores (or from a `ZipMap`).
    Label {
        /// Class names, or the asset that lists them, one a line; default: 0, 1, 2, …
        labels: Option<Labels>,
        /// True where the graph ends in logits. Default: false.
        #[serde(default)]
        softmax: bool,
        /// How many classes are answered; default: all, at most 1,000.
        top: Option<u32>,
    },
    /// The first element, as a number.
    Number {
        /// Multiplies the number; default: 1.
        scale: Option<f64>,
        /// Added after scaling; default: 0.
        offset: Option<f64>,
    },
    /// The raw tensor.
    Tensor {},
    /// A table of a vector or matrix.
    Table {
        /// Column headers; default: 0, 1, 2, …
        #[serde(default)]
        headers: Vec<String>,
    },
    /// The pooled embedding of each text, as a table with one row a text.
    Embedding {
        #[serde(default)]
        pooling: Pooling,
        /// Divide by the L2 norm; default: true.
        #[serde(default = "yes")]
        normalize: bool,
    },
    /// Cosine similarity of the first text's embedding to each further one's: a number for two texts,
    /// else a label with one score a text.
    Similarity {
        #[serde(default)]
        pooling: Pooling,
    },
    /// A picture from a `[1, c, h, w]` or `[1, h, w, c]` tensor.
    Image {
        layout: Option<ImageLayout>,
        /// Multiplies the value into 0–255; default: 255.
        scale: Option<f32>,
    },
}

/// How the vectors of the tokens become one vector for the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pooling {
    /// The mean over the attention mask.
    #[default]
    Mean,
    /// The first token's vector.
    Cls,
    /// The graph pools itself.
    None,
}

/// Class names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Labels {
    /// The asset with one name a line.
    Asset(String),
    Names(Vec<String>),
}

/// `[[examples]]`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExampleSpec {
    pub title: Option<String>,
    /// The endpoint; default: the first.
    pub endpoint: Option<String>,
    /// Input names and values; a file is written `"@name-in-the-bundle"`.
    pub inputs: BTreeMap<String, serde_json::Value>,
}

fn yes() -> bool {
    true
}
