//! What a manifest must fulfil beyond its form, before any model is known.

use std::collections::HashSet;

use super::batching::{Batching, MAX_BATCH_DELAY_MS, MAX_BATCH_SIZE};
use super::{ImageSpec, InputKind, InputSpec, Labels, Manifest, OutputKind, OutputSpec, TextSpec};
use crate::id::{ParseAssetPathError, ParseNameError, check_asset_path, check_name};
use crate::interface::check::{MAX_CHOICES, MAX_EXAMPLES, MAX_FIELDS};
use crate::limits::LimitsSpec;
use crate::value::quoted;

/// The longest title, in characters.
pub const MAX_TITLE_CHARS: usize = 120;

/// The longest description, in bytes.
pub const MAX_DESCRIPTION_BYTES: usize = 64 * 1024;

/// The most tags.
pub const MAX_TAGS: usize = 20;

/// The longest tag, label, licence or other short text, in characters.
pub const MAX_SHORT_TEXT_CHARS: usize = 200;

/// The most reasons for a flag: each is a button.
pub const MAX_FLAGGING_OPTIONS: usize = 8;

/// The longest reason for a flag, in characters.
pub const MAX_FLAGGING_OPTION_CHARS: usize = 60;

/// The longest emoji, in bytes: families and flags are sequences of many characters.
pub const MAX_EMOJI_BYTES: usize = 64;

/// The longest task, in characters.
pub const MAX_TASK_CHARS: usize = 60;

/// The kinds of picture that browsers show and that hold no script.
const THUMBNAIL_ENDINGS: [&str; 5] = [".png", ".jpg", ".jpeg", ".webp", ".gif"];

/// The largest side of a model's picture, in pixels.
pub const MAX_IMAGE_SIDE: u32 = 8192;

/// The most tokens of a text.
pub const MAX_TOKENS: u32 = 65_536;

/// What is wrong, and at which key.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct KeyProblem {
    pub(super) place: Place,
    pub(super) problem: ManifestProblem,
}

/// A key of the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// `inputs` and the index in it; none for a top-level key.
    pub(super) table: Option<(&'static str, usize)>,
    pub(super) key: &'static str,
}

/// What is wrong with the value of a key.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum ManifestProblem {
    #[error("it has {given} characters, but at most {maximum} are allowed")]
    TooLong { given: usize, maximum: usize },
    #[error("there are {given}, but at most {maximum} are allowed")]
    TooMany { given: usize, maximum: usize },
    #[error(transparent)]
    Name(#[from] ParseNameError),
    #[error("the name `{name}` is used twice")]
    NameTwice { name: String },
    #[error(transparent)]
    Path(#[from] ParseAssetPathError),
    #[error("the app must be a .onnx or .wasm file, found `{given}`")]
    App { given: String },
    #[error("a thumbnail is a .png, .jpg, .webp or .gif file of the bundle, found `{given}`")]
    Thumbnail { given: String },
    #[error("`{given}` is no task; write one of Hugging Face's, such as \"image-classification\"")]
    Task { given: String },
    #[error("it must be a finite number")]
    NotFinite,
    #[error("it is {given}, not between {minimum} and {maximum}")]
    Outside { given: f64, minimum: f64, maximum: f64 },
    #[error("the minimum {minimum} must be below the maximum {maximum}")]
    EmptyRange { minimum: f64, maximum: f64 },
    #[error("it must be above 0")]
    NotPositive,
    #[error("there are no choices")]
    NoChoices,
    #[error("`{text}` is there twice")]
    Twice { text: String },
    #[error("`{given}` is not among the choices")]
    Choice { given: String },
    #[error("there are {given} values for {expected} choices")]
    Values { given: usize, expected: usize },
    #[error("there are {given} numbers; write one, or one per colour channel (1 or 3)")]
    Channels { given: usize },
    #[error("it must not contain 0, which divides")]
    Zero,
}

type Check = Result<(), (&'static str, ManifestProblem)>;

/// Checks everything that does not depend on the model.
pub(super) fn check(manifest: &Manifest) -> Result<(), KeyProblem> {
    check_top(manifest).map_err(|(key, problem)| KeyProblem { place: Place { table: None, key }, problem })?;
    let mut names = HashSet::new();
    for (index, input) in manifest.inputs.iter().enumerate() {
        let place = |key| Place { table: Some(("inputs", index)), key };
        check_input(input).map_err(|(key, problem)| KeyProblem { place: place(key), problem })?;
        if !names.insert(&input.name) {
            let problem = ManifestProblem::NameTwice { name: input.name.clone() };
            return Err(KeyProblem { place: place("name"), problem });
        }
    }
    let mut names = HashSet::new();
    for (index, output) in manifest.outputs.iter().enumerate() {
        let place = |key| Place { table: Some(("outputs", index)), key };
        check_output(output).map_err(|(key, problem)| KeyProblem { place: place(key), problem })?;
        if !names.insert(&output.name) {
            let problem = ManifestProblem::NameTwice { name: output.name.clone() };
            return Err(KeyProblem { place: place("name"), problem });
        }
    }
    for (index, example) in manifest.examples.iter().enumerate() {
        let place = |key| Place { table: Some(("examples", index)), key };
        check_short("title", example.title.as_ref())
            .map_err(|(key, problem)| KeyProblem { place: place(key), problem })?;
    }
    Ok(())
}

fn check_top(manifest: &Manifest) -> Check {
    check_chars("title", manifest.title.as_deref(), MAX_TITLE_CHARS)?;
    let n_bytes = manifest.description.as_ref().map_or(0, String::len);
    if n_bytes > MAX_DESCRIPTION_BYTES {
        let problem = ManifestProblem::TooLong { given: n_bytes, maximum: MAX_DESCRIPTION_BYTES };
        return Err(("description", problem));
    }
    let n_bytes = manifest.emoji.as_ref().map_or(0, String::len);
    if n_bytes > MAX_EMOJI_BYTES {
        return Err(("emoji", ManifestProblem::TooLong { given: n_bytes, maximum: MAX_EMOJI_BYTES }));
    }
    if let Some(path) = &manifest.thumbnail {
        check_asset_path(path).map_err(|error| ("thumbnail", error.into()))?;
        if !THUMBNAIL_ENDINGS.iter().any(|ending| path.to_ascii_lowercase().ends_with(ending)) {
            return Err(("thumbnail", ManifestProblem::Thumbnail { given: quoted(path) }));
        }
    }
    if let Some(task) = manifest.task.as_ref().filter(|task| !is_task(task)) {
        return Err(("task", ManifestProblem::Task { given: quoted(task) }));
    }
    at_most("tags", manifest.tags.len(), MAX_TAGS)?;
    manifest.tags.iter().try_for_each(|tag| check_short("tags", Some(tag)))?;
    check_distinct("tags", &manifest.tags)?;
    at_most("flagging_options", manifest.flagging_options.len(), MAX_FLAGGING_OPTIONS)?;
    for option in &manifest.flagging_options {
        check_chars("flagging_options", Some(option), MAX_FLAGGING_OPTION_CHARS)?;
    }
    check_distinct("flagging_options", &manifest.flagging_options)?;
    check_short("license", manifest.license.as_ref())?;
    if let Some(app) = &manifest.app {
        check_asset_path(app).map_err(|error| ("app", error.into()))?;
        if !(app.ends_with(".onnx") || app.ends_with(".wasm")) {
            return Err(("app", ManifestProblem::App { given: quoted(app) }));
        }
    }
    check_limits(&manifest.limits)?;
    check_batching(manifest.batching)?;
    at_most("inputs", manifest.inputs.len(), MAX_FIELDS)?;
    at_most("outputs", manifest.outputs.len(), MAX_FIELDS - manifest.inputs.len())?;
    at_most("examples", manifest.examples.len(), MAX_EXAMPLES)
}

/// True for words in lower case with hyphens between them.
fn is_task(text: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.len() <= MAX_TASK_CHARS && text.split('-').all(is_word)
}

/// What no server can give; each server's own maxima are checked at publish.
fn check_limits(limits: &LimitsSpec) -> Check {
    let deadline = limits.deadline.filter(|seconds| !(seconds.is_finite() && *seconds > 0.0));
    let none = [limits.memory, limits.max_body, limits.max_log].into_iter().flatten().any(|bytes| bytes.0 == 0);
    if deadline.is_some() || limits.concurrency == Some(0) || none {
        return Err(("limits", ManifestProblem::NotPositive));
    }
    Ok(())
}

fn check_batching(batching: Option<Batching>) -> Check {
    let Some(Batching { max_size, delay_ms }) = batching else { return Ok(()) };
    for (number, minimum, maximum) in [(max_size, 2, MAX_BATCH_SIZE), (delay_ms, 0, MAX_BATCH_DELAY_MS)] {
        if !(minimum..=maximum).contains(&number) {
            let (given, minimum, maximum) = (f64::from(number), f64::from(minimum), f64::from(maximum));
            return Err(("batching", ManifestProblem::Outside { given, minimum, maximum }));
        }
    }
    Ok(())
}

fn check_input(input: &InputSpec) -> Check {
    check_common(&input.name, input.label.as_ref(), input.info.as_ref())?;
    match &input.kind {
        InputKind::Number { minimum, maximum, step, default } => check_range(*minimum, *maximum, *step, *default),
        InputKind::Slider { minimum, maximum, step, default } => {
            check_range(Some(*minimum), Some(*maximum), *step, *default)
        }
        InputKind::Dropdown { choices, values, default } => {
            check_dropdown(choices, values.as_deref(), default.as_ref())
        }
        InputKind::Image(image) => check_image(image),
        InputKind::Text(text) => check_text(text),
        InputKind::Checkbox { .. } | InputKind::Tensor {} => Ok(()),
    }
}

fn check_output(output: &OutputSpec) -> Check {
    check_common(&output.name, output.label.as_ref(), output.info.as_ref())?;
    match &output.kind {
        OutputKind::Label { labels, softmax: _, top } => {
            match labels {
                Some(Labels::Asset(path)) => check_asset_path(path).map_err(|error| ("labels", error.into()))?,
                Some(Labels::Names(names)) => at_most("labels", names.len(), MAX_CHOICES)?,
                None => {}
            }
            match top {
                Some(0) => Err(("top", ManifestProblem::NotPositive)),
                _ => Ok(()),
            }
        }
        OutputKind::Number { scale, offset } => {
            check_finite("scale", *scale)?;
            check_finite("offset", *offset)
        }
        OutputKind::Table { headers } => {
            at_most("headers", headers.len(), MAX_CHOICES)?;
            check_distinct("headers", headers)
        }
        OutputKind::Image { layout: _, scale } => check_finite("scale", scale.map(f64::from)),
        OutputKind::Tensor {} | OutputKind::Embedding { .. } | OutputKind::Similarity { .. } => Ok(()),
    }
}

fn check_common(name: &str, label: Option<&String>, info: Option<&String>) -> Check {
    check_name(name).map_err(|error| ("name", error.into()))?;
    check_short("label", label)?;
    check_short("info", info)
}

fn check_range(minimum: Option<f64>, maximum: Option<f64>, step: Option<f64>, default: Option<f64>) -> Check {
    for (key, number) in [("minimum", minimum), ("maximum", maximum), ("step", step), ("default", default)] {
        check_finite(key, number)?;
    }
    let (low, high) = (minimum.unwrap_or(f64::MIN), maximum.unwrap_or(f64::MAX));
    if low >= high {
        return Err(("minimum", ManifestProblem::EmptyRange { minimum: low, maximum: high }));
    }
    if step.is_some_and(|step| step <= 0.0) {
        return Err(("step", ManifestProblem::NotPositive));
    }
    match default {
        Some(given) if !(low..=high).contains(&given) => {
            Err(("default", ManifestProblem::Outside { given, minimum: low, maximum: high }))
        }
        _ => Ok(()),
    }
}

fn check_dropdown(choices: &[String], values: Option<&[f64]>, default: Option<&String>) -> Check {
    if choices.is_empty() {
        return Err(("choices", ManifestProblem::NoChoices));
    }
    at_most("choices", choices.len(), MAX_CHOICES)?;
    check_distinct("choices", choices)?;
    if let Some(values) = values {
        let (given, expected) = (values.len(), choices.len());
        if given != expected {
            return Err(("values", ManifestProblem::Values { given, expected }));
        }
        values.iter().try_for_each(|value| check_finite("values", Some(*value)))?;
    }
    match default {
        Some(given) if !choices.contains(given) => Err(("default", ManifestProblem::Choice { given: quoted(given) })),
        _ => Ok(()),
    }
}

fn check_image(image: &ImageSpec) -> Check {
    for side in image.size.into_iter().flatten() {
        if !(1..=MAX_IMAGE_SIDE).contains(&side) {
            let (minimum, maximum) = (1.0, f64::from(MAX_IMAGE_SIDE));
            return Err(("size", ManifestProblem::Outside { given: f64::from(side), minimum, maximum }));
        }
    }
    check_finite("scale", image.scale.map(f64::from))?;
    for (key, numbers) in [("mean", &image.mean), ("std", &image.std)] {
        if !matches!(numbers.len(), 0 | 1 | 3) {
            return Err((key, ManifestProblem::Channels { given: numbers.len() }));
        }
        numbers.iter().try_for_each(|number| check_finite(key, Some(f64::from(*number))))?;
    }
    if image.std.contains(&0.0) { Err(("std", ManifestProblem::Zero)) } else { Ok(()) }
}

fn check_text(text: &TextSpec) -> Check {
    if let Some(path) = &text.tokenizer {
        check_asset_path(path).map_err(|error| ("tokenizer", error.into()))?;
    }
    for (key, number, maximum) in [("max_length", text.max_length, MAX_TOKENS), ("lines", text.lines, 100)] {
        if let Some(number) = number.filter(|number| !(1..=maximum).contains(number)) {
            let given = f64::from(number);
            return Err((key, ManifestProblem::Outside { given, minimum: 1.0, maximum: f64::from(maximum) }));
        }
    }
    check_short("placeholder", text.placeholder.as_ref())
}

fn check_finite(key: &'static str, number: Option<f64>) -> Check {
    match number {
        Some(number) if !number.is_finite() => Err((key, ManifestProblem::NotFinite)),
        _ => Ok(()),
    }
}

fn check_short(key: &'static str, text: Option<&String>) -> Check {
    check_chars(key, text.map(String::as_str), MAX_SHORT_TEXT_CHARS)
}

fn check_chars(key: &'static str, text: Option<&str>, maximum: usize) -> Check {
    let given = text.map_or(0, |text| text.chars().count());
    if given > maximum { Err((key, ManifestProblem::TooLong { given, maximum })) } else { Ok(()) }
}

fn check_distinct(key: &'static str, texts: &[String]) -> Check {
    let mut seen = HashSet::new();
    match texts.iter().find(|text| !seen.insert(*text)) {
        Some(text) => Err((key, ManifestProblem::Twice { text: quoted(text) })),
        None => Ok(()),
    }
}

fn at_most(key: &'static str, given: usize, maximum: usize) -> Check {
    if given > maximum { Err((key, ManifestProblem::TooMany { given, maximum })) } else { Ok(()) }
}
