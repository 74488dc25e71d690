//! One input of an ONNX model, as its author describes it.

use leptos::prelude::*;
use spaces::manifest::{ImageSpec, InputKind, InputSpec};

use crate::texts::publisher::form as texts;

/// The kinds that one number can be entered as.
pub const FEATURE_KINDS: [(&str, &str); 4] = [
    ("number", texts::NUMBER),
    ("slider", texts::SLIDER),
    ("dropdown", texts::DROPDOWN),
    ("checkbox", texts::CHECKBOX),
];

/// How the values of a picture's pixels are brought into the range that the model was trained on.
pub const PIXEL_RANGES: [(&str, &str); 5] = [
    ("file", texts::PIXELS_OF_FILE),
    ("unit", texts::PIXELS_UNIT),
    ("symmetric", texts::PIXELS_SYMMETRIC),
    ("imagenet", texts::PIXELS_IMAGENET),
    ("bytes", texts::PIXELS_BYTES),
];

/// A handle to the form of one input.
#[derive(Clone, Copy)]
pub struct InputForm {
    base: StoredValue<InputSpec>,
    pub name: RwSignal<String>,
    pub label: RwSignal<String>,
    pub info: RwSignal<String>,
    /// One of [`FEATURE_KINDS`]; of no effect for other inputs.
    pub kind: RwSignal<String>,
    pub minimum: RwSignal<String>,
    pub maximum: RwSignal<String>,
    pub step: RwSignal<String>,
    pub default: RwSignal<String>,
    /// One a line; `label = number` where the number is not the position.
    pub choices: RwSignal<String>,
    /// One of [`PIXEL_RANGES`].
    pub pixels: RwSignal<String>,
}

impl InputForm {
    pub fn new(spec: &InputSpec) -> Self {
        let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
        let (mut range, mut default, mut choices) = ([None; 3], String::new(), String::new());
        let mut kind = "";
        match &spec.kind {
            InputKind::Number { minimum, maximum, step, default: given } => {
                (kind, range, default) = ("number", [*minimum, *maximum, *step], number(*given));
            }
            InputKind::Slider { minimum, maximum, step, default: given } => {
                (kind, range, default) = ("slider", [Some(*minimum), Some(*maximum), *step], number(*given));
            }
            InputKind::Dropdown { choices: given, values, default: chosen } => {
                kind = "dropdown";
                default = chosen.clone().unwrap_or_default();
                let line = |(index, choice): (usize, &String)| match values.as_ref().and_then(|list| list.get(index)) {
                    Some(value) => format!("{choice} = {value}"),
                    None => choice.clone(),
                };
                choices = given.iter().enumerate().map(line).collect::<Vec<_>>().join("\n");
            }
            InputKind::Checkbox { default: given } => {
                kind = "checkbox";
                default = if *given { "yes".to_owned() } else { String::new() };
            }
            InputKind::Image(_) | InputKind::Text(_) | InputKind::Tensor {} => {}
        }
        let signal = |text: String| RwSignal::new(text);
        Self {
            base: StoredValue::new(spec.clone()),
            name: signal(spec.name.clone()),
            label: signal(spec.label.clone().unwrap_or_default()),
            info: signal(spec.info.clone().unwrap_or_default()),
            kind: signal(kind.to_owned()),
            minimum: signal(number(range[0])),
            maximum: signal(number(range[1])),
            step: signal(number(range[2])),
            default: signal(default),
            choices: signal(choices),
            pixels: signal("file".to_owned()),
        }
    }

    /// Whether it is one number of a row.
    pub fn is_feature(self) -> bool {
        !self.kind.with_untracked(String::is_empty)
    }

    /// Whether it is a picture.
    pub fn is_picture(self) -> bool {
        self.base.with_value(|spec| matches!(spec.kind, InputKind::Image(_)))
    }

    /// What the form says.
    pub fn spec(self) -> InputSpec {
        let base = self.base.get_value();
        let given = |signal: RwSignal<String>| Some(signal.get().trim().to_owned()).filter(|text| !text.is_empty());
        let range = || (number(self.minimum), number(self.maximum), number(self.step));
        let kind = match self.kind.get().as_str() {
            "number" => {
                let (minimum, maximum, step) = range();
                InputKind::Number { minimum, maximum, step, default: number(self.default) }
            }
            "slider" => {
                let (minimum, maximum, step) = range();
                let (minimum, maximum) = (minimum.unwrap_or(0.0), maximum.unwrap_or(1.0));
                InputKind::Slider { minimum, maximum, step, default: number(self.default) }
            }
            "dropdown" => {
                let (choices, values) = self.choices();
                let default = given(self.default).filter(|default| choices.contains(default));
                InputKind::Dropdown { choices, values, default }
            }
            "checkbox" => InputKind::Checkbox { default: self.default.get() == "yes" },
            _ => match base.kind {
                InputKind::Image(image) => InputKind::Image(with_pixels(image, &self.pixels.get())),
                other => other,
            },
        };
        InputSpec {
            name: self.name.get().trim().to_owned(),
            label: given(self.label),
            info: given(self.info),
            kind,
            ..base
        }
    }

    /// A number that is none yet.
    pub fn problem(self) -> Option<String> {
        let kind = self.kind.get();
        let fields =
            [("minimum", self.minimum), ("maximum", self.maximum), ("step", self.step), ("default", self.default)];
        if kind != "number" && kind != "slider" {
            return None;
        }
        let wrong = fields.into_iter().find(|(_, signal)| {
            let typed = signal.get();
            !typed.trim().is_empty() && number(*signal).is_none()
        });
        wrong.map(|(key, signal)| texts::not_a_number(&self.name.get(), key, &signal.get()))
    }

    /// The choices, and the numbers they stand for where those are said.
    fn choices(self) -> (Vec<String>, Option<Vec<f64>>) {
        let text = self.choices.get();
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let pairs: Option<Vec<(String, f64)>> = lines
            .iter()
            .map(|line| {
                let (choice, value) = line.rsplit_once('=')?;
                Some((choice.trim().to_owned(), value.trim().parse().ok()?))
            })
            .collect();
        match pairs.filter(|pairs| !pairs.is_empty()) {
            Some(pairs) => {
                let (choices, values) = pairs.into_iter().unzip();
                (choices, Some(values))
            }
            None => (lines.into_iter().map(str::to_owned).collect(), None),
        }
    }
}

fn number(signal: RwSignal<String>) -> Option<f64> {
    signal.get().trim().replace(',', ".").parse().ok().filter(|number: &f64| number.is_finite())
}

fn with_pixels(image: ImageSpec, range: &str) -> ImageSpec {
    let (scale, mean, std) = match range {
        "unit" => (None, Vec::new(), Vec::new()),
        "symmetric" => (None, vec![0.5], vec![0.5]),
        "imagenet" => (None, vec![0.485, 0.456, 0.406], vec![0.229, 0.224, 0.225]),
        "bytes" => (Some(1.0), Vec::new(), Vec::new()),
        _ => return image,
    };
    ImageSpec { scale, mean, std, ..image }
}
