//! One output of an ONNX model, as its author describes it.

use leptos::prelude::*;
use spaces::manifest::{Labels, OutputKind, OutputSpec};

use crate::texts::publisher::form as texts;

/// The kinds that a vector or matrix of numbers can be shown as.
pub const TENSOR_KINDS: [(&str, &str); 5] = [
    ("label", texts::CLASSES),
    ("number", texts::NUMBER),
    ("table", texts::TABLE),
    ("image", texts::PICTURE),
    ("tensor", texts::RAW_TENSOR),
];

/// A handle to the form of one output.
#[derive(Clone, Copy)]
pub struct OutputForm {
    base: StoredValue<OutputSpec>,
    pub name: RwSignal<String>,
    pub label: RwSignal<String>,
    pub info: RwSignal<String>,
    /// One of [`TENSOR_KINDS`]; empty for outputs of other kinds, which stay what they are.
    pub kind: RwSignal<String>,
    /// Class names or column headers, one a line; or `@` and the file that lists them.
    pub words: RwSignal<String>,
    pub softmax: RwSignal<bool>,
    pub top: RwSignal<String>,
}

impl OutputForm {
    pub fn new(spec: &OutputSpec) -> Self {
        let (mut words, mut is_softmax, mut top) = (String::new(), false, String::new());
        let kind = match &spec.kind {
            OutputKind::Label { labels, softmax, top: given } => {
                words = match labels {
                    Some(Labels::Asset(path)) => format!("@{path}"),
                    Some(Labels::Names(names)) => names.join("\n"),
                    None => String::new(),
                };
                is_softmax = *softmax;
                top = given.map(|top| top.to_string()).unwrap_or_default();
                "label"
            }
            OutputKind::Number { .. } => "number",
            OutputKind::Table { headers } => {
                words = headers.join("\n");
                "table"
            }
            OutputKind::Image { .. } => "image",
            OutputKind::Tensor {} => "tensor",
            OutputKind::Embedding { .. } | OutputKind::Similarity { .. } => "",
        };
        Self {
            base: StoredValue::new(spec.clone()),
            name: RwSignal::new(spec.name.clone()),
            label: RwSignal::new(spec.label.clone().unwrap_or_default()),
            info: RwSignal::new(spec.info.clone().unwrap_or_default()),
            kind: RwSignal::new(kind.to_owned()),
            words: RwSignal::new(words),
            softmax: RwSignal::new(is_softmax),
            top: RwSignal::new(top),
        }
    }

    /// What the form says.
    pub fn spec(self) -> OutputSpec {
        let base = self.base.get_value();
        let given = |signal: RwSignal<String>| Some(signal.get().trim().to_owned()).filter(|text| !text.is_empty());
        let words = self.words.get();
        let words: Vec<String> =
            words.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
        let kind = match (self.kind.get().as_str(), base.kind) {
            ("label", _) => {
                let labels = match words.as_slice() {
                    [] => None,
                    [only] if only.starts_with('@') => Some(Labels::Asset(only[1..].to_owned())),
                    _ => Some(Labels::Names(words)),
                };
                OutputKind::Label { labels, softmax: self.softmax.get(), top: self.top.get().trim().parse().ok() }
            }
            ("table", _) => OutputKind::Table { headers: words },
            ("number", kind @ OutputKind::Number { .. }) | ("image", kind @ OutputKind::Image { .. }) => kind,
            ("number", _) => OutputKind::Number { scale: None, offset: None },
            ("image", _) => OutputKind::Image { layout: None, scale: None },
            ("tensor", _) => OutputKind::Tensor {},
            (_, kind) => kind,
        };
        OutputSpec {
            name: self.name.get().trim().to_owned(),
            label: given(self.label),
            info: given(self.info),
            kind,
            ..base
        }
    }
}
