//! Inputs for a graph without a manifest.
//!
//! A visitor should be able to fill the form: a row of at most [`MAX_FEATURES`] numbers becomes one number field each, a
//! tensor of the shape of a picture a picture, token ids (where the bundle has a tokenizer) a text, and everything
//! else stays a raw tensor.

use spaces::manifest::{ImageSpec, InputKind, InputSpec, Padding, ResizeFilter, ResizeRule, TextSpec};
use tract_onnx::pb::tensor_proto::DataType;

use super::{Rows, picture, text};
use crate::assets::Assets;
use crate::graph::{Axis, Port};
use crate::names::FieldNames;

/// The most number fields for one graph input.
const MAX_FEATURES: usize = 32;

/// The least side of a picture, in pixels; smaller grids are rather features.
const MIN_PICTURE_SIDE: u32 = 8;

pub(super) fn inputs(ports: &[Port], rows: Rows, assets: &dyn Assets) -> Vec<InputSpec> {
    let mut names = FieldNames::default();
    if rows == Rows::Any {
        // A form has one row.
        return ports.iter().map(|port| spec(names.make(&port.name), &port.name, None, InputKind::Tensor {})).collect();
    }
    let ids = ports.iter().position(|port| port.name == text::DEFAULT_IDS);
    if ids.is_some() && assets.contains(text::DEFAULT_TOKENIZER) {
        let kind = InputKind::Text(TextSpec {
            tokenizer: None,
            max_length: None,
            padding: Padding::default(),
            attention_mask: None,
            token_types: None,
            lines: None,
            placeholder: None,
            default: None,
        });
        return vec![spec(names.make("text"), text::DEFAULT_IDS, None, kind)];
    }
    let mut specs = Vec::new();
    for port in ports {
        if let Some(count) = features(port) {
            for number in 1..=count {
                let name = match (count, ports.len()) {
                    (1, _) => names.make(&port.name),
                    (_, 1) => names.make(&format!("feature_{number}")),
                    _ => names.make(&format!("{}_{number}", port.name)),
                };
                let info = (count > 1).then(|| format!("column {number} of `{}`", port.name));
                let kind = InputKind::Number { minimum: None, maximum: None, step: None, default: None };
                specs.push(spec(name, &port.name, info, kind));
            }
        } else if let Some((height, width)) = picture_size(port) {
            let info = format!(
                "cropped and resized to {width} × {height}, values from 0 to {}; set the model's mean and std in space.toml",
                if port.dtype == DataType::Uint8 { 255 } else { 1 }
            );
            let kind = InputKind::Image(ImageSpec {
                size: None,
                layout: None,
                channels: None,
                resize: ResizeRule::default(),
                filter: ResizeFilter::default(),
                scale: None,
                mean: Vec::new(),
                std: Vec::new(),
                invert: false,
            });
            specs.push(spec(names.make(&port.name), &port.name, Some(info), kind));
        } else {
            specs.push(spec(names.make(&port.name), &port.name, None, InputKind::Tensor {}));
        }
    }
    specs
}

fn spec(name: String, tensor: &str, info: Option<String>, kind: InputKind) -> InputSpec {
    InputSpec { name, label: None, info, tensor: Some(tensor.to_owned()), kind }
}

/// The number of features of a row, where the port takes one.
fn features(port: &Port) -> Option<usize> {
    let is_batch = |axis: &Axis| matches!(axis, Axis::Fixed(1) | Axis::Named(_) | Axis::Free);
    let count = match port.shape.as_slice() {
        [] => 1,
        [axis] if is_batch(axis) => 1,
        [Axis::Fixed(count)] => *count,
        [batch, Axis::Fixed(count)] if is_batch(batch) => *count,
        _ => return None,
    };
    usize::try_from(count).ok().filter(|count| (1..=MAX_FEATURES).contains(count))
}

fn picture_size(port: &Port) -> Option<(u32, u32)> {
    if port.shape.len() != 4 || !matches!(port.dtype, DataType::Float | DataType::Float16 | DataType::Uint8) {
        return None;
    }
    let geometry = picture::geometry(port, None)?;
    let (height, width) = geometry.size?;
    (height >= MIN_PICTURE_SIDE && width >= MIN_PICTURE_SIDE).then_some((height, width))
}
