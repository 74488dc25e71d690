//! Checks of one input, output or example.

use std::collections::HashSet;

use super::{InterfaceProblem, MAX_CHOICES, at_most};
use crate::id::{check_asset_path, check_name};
use crate::interface::{Component, Endpoint, Example, Field, NumberRange};
use crate::value::decode::stored_paths;
use crate::value::{self, MAX_TENSOR_RANK, Value, quoted};

/// The longest name of a time zone: those of the database have at most 32 bytes.
const MAX_TIMEZONE_BYTES: usize = 64;

pub(super) fn check_input(field: &Field) -> Result<(), InterfaceProblem> {
    check_name(&field.name)?;
    if field.component.is_output_only() {
        return Err(InterfaceProblem::OutputOnly { kind: field.component.kind() });
    }
    check_component(&field.component)?;
    match &field.default {
        None => Ok(()),
        Some(default) => match check_stored(&field.component, default) {
            Ok(()) => Ok(()),
            Err(Stored::Value(problem)) => Err(InterfaceProblem::Default { problem }),
            Err(Stored::Asset(problem)) => Err(InterfaceProblem::ExampleAsset { input: field.name.clone(), problem }),
        },
    }
}

pub(super) fn check_output(field: &Field) -> Result<(), InterfaceProblem> {
    check_name(&field.name)?;
    if field.default.is_some() {
        return Err(InterfaceProblem::OutputDefault);
    }
    check_component(&field.component)
}

pub(super) fn check_example(endpoint: &Endpoint, example: &Example) -> Result<(), InterfaceProblem> {
    let (given, expected) = (example.inputs.len(), endpoint.inputs.len());
    if given != expected {
        return Err(InterfaceProblem::ExampleLength { given, expected });
    }
    for (field, stored) in endpoint.inputs.iter().zip(&example.inputs) {
        let input = || field.name.clone();
        if *stored == Value::Null {
            if field.optional || field.default.is_some() {
                continue;
            }
            return Err(InterfaceProblem::ExampleMissing { input: input() });
        }
        check_stored(&field.component, stored).map_err(|error| match error {
            Stored::Value(problem) => InterfaceProblem::ExampleValue { input: input(), problem },
            Stored::Asset(problem) => InterfaceProblem::ExampleAsset { input: input(), problem },
        })?;
    }
    Ok(())
}

enum Stored {
    Value(value::ValueError),
    Asset(crate::id::ParseAssetPathError),
}

/// A stored value fits; a file of the bundle fits by its path, and by its content when it is read.
fn check_stored(component: &Component, stored: &Value) -> Result<(), Stored> {
    let n_texts = match stored {
        Value::Text(_) => 1,
        Value::Texts(texts) if component.takes_many() => texts.len(),
        _ => 0,
    };
    if component.takes_media() && n_texts > 0 && stored_paths(stored).count() == n_texts {
        return stored_paths(stored).try_for_each(check_asset_path).map_err(Stored::Asset);
    }
    value::check(component, stored).map_err(Stored::Value)
}

fn check_component(component: &Component) -> Result<(), InterfaceProblem> {
    match component {
        Component::Number(range) => check_range(range),
        Component::Slider(range) => {
            check_range(range)?;
            match (range.minimum, range.maximum) {
                (Some(minimum), Some(maximum)) if minimum < maximum => Ok(()),
                (Some(minimum), Some(maximum)) => Err(InterfaceProblem::EmptyRange { minimum, maximum }),
                _ => Err(InterfaceProblem::OpenSlider),
            }
        }
        Component::CheckboxGroup { choices } | Component::Radio { choices } | Component::Dropdown { choices, .. } => {
            if choices.is_empty() {
                return Err(InterfaceProblem::NoChoices);
            }
            check_distinct(choices)
        }
        Component::Dataframe { headers, datatype, .. } => {
            check_distinct(headers)?;
            at_most("column types", datatype.len(), MAX_CHOICES)
        }
        Component::Tensor { shape, .. } => {
            if shape.len() > MAX_TENSOR_RANK {
                return Err(InterfaceProblem::Rank { given: shape.len() });
            }
            // 2^40 elements are more than any instance's memory holds; beyond it products overflow.
            let product = shape.iter().flatten().try_fold(1u64, |product, dimension| product.checked_mul(*dimension));
            if product.is_none_or(|product| product > 1 << 40) { Err(InterfaceProblem::Shape) } else { Ok(()) }
        }
        Component::File { file_types, .. } => at_most("file types", file_types.len(), MAX_CHOICES),
        Component::DateTime { timezone: Some(timezone), .. } if !is_timezone(timezone) => {
            Err(InterfaceProblem::Timezone { given: quoted(timezone) })
        }
        _ => Ok(()),
    }
}

/// The form of a name in the IANA's database: `Europe/Berlin`, `UTC`, `Etc/GMT+1`.
fn is_timezone(name: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte))
    };
    name.len() <= MAX_TIMEZONE_BYTES && name.split('/').all(is_word)
}

fn check_range(range: &NumberRange) -> Result<(), InterfaceProblem> {
    for (what, bound) in [("the minimum", range.minimum), ("the maximum", range.maximum), ("the step", range.step)] {
        if let Some(number) = bound.filter(|number| !number.is_finite()) {
            return Err(InterfaceProblem::NotFinite { what, number });
        }
    }
    if let (Some(minimum), Some(maximum)) = (range.minimum, range.maximum)
        && minimum > maximum
    {
        return Err(InterfaceProblem::EmptyRange { minimum, maximum });
    }
    match range.step {
        Some(step) if step <= 0.0 => Err(InterfaceProblem::Step { step }),
        _ => Ok(()),
    }
}

fn check_distinct(choices: &[String]) -> Result<(), InterfaceProblem> {
    at_most("choices or columns", choices.len(), MAX_CHOICES)?;
    let mut seen = HashSet::new();
    match choices.iter().find(|choice| !seen.insert(*choice)) {
        Some(choice) => Err(InterfaceProblem::ChoiceTwice { choice: quoted(choice) }),
        None => Ok(()),
    }
}
