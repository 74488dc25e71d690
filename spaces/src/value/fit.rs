//! Whether a [`Value`] fits a [`Component`]: its type (guests and visitors alike) and its bounds (visitors only).

use serde_json::Value as Json;

use super::problem::{MAX_JSON_DEPTH, MAX_LISTED_CHOICES, ValueError, listed, quoted};
use super::{Cell, Column, Dtype, Media, Tensor, Value, annotated, form, media_type};
use crate::interface::{Component, NumberRange, ValueKind};

/// Checks type, inner consistency and bounds: what a visitor's value must fit.
pub(crate) fn check(component: &Component, value: &Value) -> Result<(), ValueError> {
    check_type(component, value)?;
    check_bounds(component, value)
}

/// Checks type and inner consistency: what a guest's answer must fit.
pub(crate) fn check_type(component: &Component, value: &Value) -> Result<(), ValueError> {
    let kind = component.value_kind();
    if ValueKind::of(value) != Some(kind) {
        return Err(ValueError::Type { expected: component.noun(), found: found(value) });
    }
    let pattern = component.media_pattern();
    match (component, value) {
        (_, Value::Text(text)) => form::check_text(component, text),
        (_, Value::Json(json)) if !nests_within(json, MAX_JSON_DEPTH) => Err(ValueError::TooDeep),
        (_, Value::Json(json)) => form::check_json(component, json),
        (_, Value::Number(number)) => check_finite(*number),
        (_, Value::Media(media)) => check_family(media, pattern),
        (_, Value::Medias(medias)) => {
            medias.iter().try_for_each(|media| check_family(media, pattern))?;
            match component {
                Component::ImageSlider if medias.len() != 2 => {
                    Err(ValueError::ImageCount { expected: 2, given: medias.len() })
                }
                Component::AnnotatedImage => annotated::parts(medias).map(drop),
                _ => Ok(()),
            }
        }
        (_, Value::Table(columns)) => check_table(columns),
        (Component::Tensor { dtype, shape }, Value::Tensor(tensor)) => check_tensor(*dtype, shape, tensor),
        (_, Value::Label(confidences)) => {
            for confidence in confidences {
                if let Some(score) = confidence.score.filter(|score| !score.is_finite()) {
                    return Err(ValueError::Score { label: quoted(&confidence.label), score });
                }
            }
            Ok(())
        }
        // Of the kind, and every value of it fits.
        (_, Value::Null | Value::Boolean(_) | Value::Integer(_) | Value::Texts(_) | Value::Tensor(_)) => Ok(()),
    }
}

fn check_bounds(component: &Component, value: &Value) -> Result<(), ValueError> {
    match (component, value) {
        (Component::Number(range) | Component::Slider(range), Value::Number(number)) => check_range(range, *number),
        (Component::Number(range) | Component::Slider(range), Value::Integer(integer)) => {
            check_range(range, *integer as f64)
        }
        (Component::Textbox { max_length: Some(maximum), .. }, Value::Text(text)) => {
            let length = text.chars().count();
            if length > usize::try_from(*maximum).unwrap_or(usize::MAX) {
                return Err(ValueError::TooLong { length, maximum: *maximum });
            }
            Ok(())
        }
        (component, Value::Text(text)) => component.choices().map_or(Ok(()), |choices| check_choice(choices, text)),
        (component, Value::Texts(texts)) => {
            for (index, text) in texts.iter().enumerate() {
                component.choices().map_or(Ok(()), |choices| check_choice(choices, text))?;
                if texts[..index].contains(text) {
                    return Err(ValueError::ChosenTwice { given: quoted(text) });
                }
            }
            Ok(())
        }
        (Component::File { .. } | Component::Model3D, Value::Media(media)) => {
            check_file_type(&component.accepted_files(), media)
        }
        (Component::File { file_types, .. }, Value::Medias(medias)) => {
            medias.iter().try_for_each(|media| check_file_type(file_types, media))
        }
        (Component::Dataframe { headers, .. }, Value::Table(columns)) => {
            let fits = headers.is_empty() || headers.iter().eq(columns.iter().map(|column| &column.name));
            if !fits {
                return Err(ValueError::Headers {
                    given: listed(columns.iter().map(|column| column.name.as_str())),
                    expected: listed(headers.iter().map(String::as_str)),
                });
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Whether arrays and objects nest in at most `levels`. Looks no deeper, so it cannot overflow the stack.
fn nests_within(json: &Json, levels: usize) -> bool {
    match json {
        Json::Array(items) => levels > 0 && items.iter().all(|item| nests_within(item, levels - 1)),
        Json::Object(object) => levels > 0 && object.values().all(|item| nests_within(item, levels - 1)),
        _ => true,
    }
}

fn check_finite(number: f64) -> Result<(), ValueError> {
    if number.is_finite() { Ok(()) } else { Err(ValueError::NotFinite { number }) }
}

fn check_range(range: &NumberRange, number: f64) -> Result<(), ValueError> {
    if let Some(minimum) = range.minimum.filter(|minimum| number < *minimum) {
        return Err(ValueError::Below { number, minimum });
    }
    if let Some(maximum) = range.maximum.filter(|maximum| number > *maximum) {
        return Err(ValueError::Above { number, maximum });
    }
    Ok(())
}

fn check_choice(choices: &[String], given: &String) -> Result<(), ValueError> {
    if choices.contains(given) {
        return Ok(());
    }
    Err(ValueError::Choice { given: quoted(given), choices: listed(choices.iter().map(String::as_str)) })
}

fn check_family(media: &Media, pattern: &str) -> Result<(), ValueError> {
    if media_type::normalized(&media.mime_type).is_none() {
        return Err(ValueError::MediaTypeForm { given: quoted(&media.mime_type) });
    }
    if pattern == "*/*" || media_type::matches(pattern, media) {
        return Ok(());
    }
    Err(ValueError::MediaType { given: quoted(&media.mime_type), expected: pattern.to_owned() })
}

fn check_file_type(file_types: &[String], media: &Media) -> Result<(), ValueError> {
    if file_types.is_empty() || file_types.iter().any(|pattern| media_type::matches(pattern, media)) {
        return Ok(());
    }
    let given = match &media.name {
        Some(name) => quoted(name),
        None => quoted(&media.mime_type),
    };
    // The types are a guest's words, as many as it likes.
    let expected: Vec<_> = file_types.iter().take(MAX_LISTED_CHOICES).map(|pattern| quoted(pattern)).collect();
    Err(ValueError::MediaType { given, expected: expected.join("` or `") })
}

fn check_table(columns: &[Column]) -> Result<(), ValueError> {
    if columns.windows(2).any(|pair| pair[0].cells.len() != pair[1].cells.len()) {
        return Err(ValueError::ColumnLengths);
    }
    for cell in columns.iter().flat_map(|column| &column.cells) {
        if let Cell::Number(number) = cell {
            check_finite(*number)?;
        }
    }
    Ok(())
}

fn check_tensor(dtype: Dtype, shape: &[Option<u64>], tensor: &Tensor) -> Result<(), ValueError> {
    if tensor.dtype != dtype {
        return Err(ValueError::Dtype { given: tensor.dtype, expected: dtype });
    }
    if !shape_fits(shape, &tensor.shape) {
        return Err(ValueError::Shape { given: tensor.shape.clone(), expected: shape.to_vec() });
    }
    let expected = n_elements(&tensor.shape).saturating_mul(dtype.size_bytes() as u128);
    if expected != tensor.bytes.len() as u128 {
        let given = tensor.bytes.len();
        return Err(ValueError::TensorBytes { given, expected, dtype, shape: tensor.shape.clone() });
    }
    // Of the other types every pattern of bits is an element.
    if dtype == Dtype::Boolean
        && let Some(index) = tensor.bytes.iter().position(|byte| *byte > 1)
    {
        return Err(ValueError::Element { index, given: tensor.bytes[index].to_string(), dtype });
    }
    Ok(())
}

pub(super) fn shape_fits(expected: &[Option<u64>], given: &[u64]) -> bool {
    expected.len() == given.len()
        && expected.iter().zip(given).all(|(expected, given)| expected.is_none_or(|expected| expected == *given))
}

/// The product of the dimensions; at the largest number where it overflows, which then fits no buffer.
pub(super) fn n_elements(shape: &[u64]) -> u128 {
    if shape.contains(&0) {
        return 0;
    }
    shape.iter().fold(1, |product: u128, dimension| product.saturating_mul(u128::from(*dimension)))
}

fn found(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Boolean(_) => "a boolean",
        Value::Integer(_) => "an integer",
        Value::Number(_) => "a number",
        Value::Text(_) => "a text",
        Value::Texts(_) => "a list of texts",
        Value::Json(_) => "JSON",
        Value::Media(_) => "a file",
        Value::Medias(_) => "a list of files",
        Value::Tensor(_) => "a tensor",
        Value::Table(_) => "a table",
        Value::Label(_) => "a classification",
    }
}
