//! What a manifest adds to the interface that the app itself describes.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{ExampleSpec, Manifest};
use crate::id::{ParseAssetPathError, check_asset_path};
use crate::interface::{Endpoint, Example, Field, Interface};
use crate::suggest::closest;
use crate::value::decode::{ASSET_PREFIX, NoAssets, decode_json};
use crate::value::{Value, ValueError, listed, quoted};

/// What a file of the bundle begins with in an example.
const FILE_PREFIX: char = '@';

/// Why a manifest does not fit the app: the author's fault.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("example {example}: {problem}")]
pub struct OverlayError {
    /// Its title, or its number counted from 1.
    pub example: String,
    pub problem: Box<OverlayProblem>,
}

/// What is wrong with one example.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum OverlayProblem {
    #[error("there is no endpoint `{name}`; the endpoints are {known}")]
    Endpoint { name: String, known: String },
    #[error("there is no input `{name}`{hint}")]
    UnknownInput { name: String, hint: String },
    #[error("input `{input}` is missing")]
    Missing { input: String },
    #[error("input `{input}`: {problem}")]
    Value { input: String, problem: ValueError },
    #[error("input `{input}`: {problem}")]
    Asset { input: String, problem: ParseAssetPathError },
}

impl Manifest {
    /// Puts the manifest's title, description and examples over those of the app.
    ///
    /// An endpoint for which the manifest has examples shows those alone.
    ///
    /// # Errors
    /// [`OverlayError`] naming the example and input that does not fit; `interface` is then partly changed.
    pub fn overlay(&self, interface: &mut Interface) -> Result<(), OverlayError> {
        if let Some(title) = &self.title {
            interface.title.clone_from(title);
        }
        if let Some(description) = &self.description {
            interface.documentation.clone_from(description);
        }
        let mut resolved: BTreeMap<usize, Vec<Example>> = BTreeMap::new();
        for (number, spec) in (1..).zip(&self.examples) {
            let (index, example) = resolve(interface, spec).map_err(|problem| {
                let example = spec.title.as_deref().map_or_else(|| number.to_string(), |t| format!("`{}`", quoted(t)));
                OverlayError { example, problem: Box::new(problem) }
            })?;
            resolved.entry(index).or_default().push(example);
        }
        for (index, examples) in resolved {
            interface.endpoints[index].examples = examples;
        }
        Ok(())
    }
}

fn resolve(interface: &Interface, spec: &ExampleSpec) -> Result<(usize, Example), OverlayProblem> {
    let index = match &spec.endpoint {
        None => Some(0).filter(|_| !interface.endpoints.is_empty()),
        Some(name) => interface.endpoints.iter().position(|endpoint| endpoint.name == *name),
    };
    let index = index.ok_or_else(|| OverlayProblem::Endpoint {
        name: quoted(spec.endpoint.as_deref().unwrap_or("")),
        known: listed(interface.endpoints.iter().map(|endpoint| endpoint.name.as_str())),
    })?;
    let endpoint = &interface.endpoints[index];
    for name in spec.inputs.keys() {
        check_known(endpoint, name)?;
    }
    let inputs = endpoint.inputs.iter().map(|field| resolve_input(field, spec.inputs.get(&field.name)));
    Ok((index, Example { title: spec.title.clone(), inputs: inputs.collect::<Result<_, _>>()?, cached: false }))
}

fn check_known(endpoint: &Endpoint, name: &str) -> Result<(), OverlayProblem> {
    let names = || endpoint.inputs.iter().map(|field| field.name.as_str());
    if names().any(|known| known == name) {
        return Ok(());
    }
    let hint = match closest(name, names()) {
        Some(close) => format!("; did you mean `{close}`?"),
        None => format!("; the inputs are {}", listed(names())),
    };
    Err(OverlayProblem::UnknownInput { name: quoted(name), hint })
}

fn resolve_input(field: &Field, given: Option<&Json>) -> Result<Value, OverlayProblem> {
    let input = || field.name.clone();
    let decoded = match given {
        None => None,
        Some(json) => match stored_file(field, json) {
            Some(stored) => Some(stored.map_err(|problem| OverlayProblem::Asset { input: input(), problem })?),
            None => decode_json(&field.component, json.clone(), &NoAssets)
                .map_err(|problem| OverlayProblem::Value { input: input(), problem })?,
        },
    };
    match decoded {
        Some(value) => Ok(value),
        None if field.default.is_some() || field.optional => Ok(Value::Null),
        None => Err(OverlayProblem::Missing { input: input() }),
    }
}

/// `"@file"`, or a list of such, for a component that takes media.
fn stored_file(field: &Field, json: &Json) -> Option<Result<Value, ParseAssetPathError>> {
    if !field.component.takes_media() {
        return None;
    }
    let stored = |path: &str| check_asset_path(path).map(|()| format!("{ASSET_PREFIX}{path}"));
    match json {
        Json::String(text) => Some(stored(text.strip_prefix(FILE_PREFIX)?).map(Value::Text)),
        Json::Array(items) if field.component.takes_many() => {
            let paths: Vec<&str> =
                items.iter().map(|item| item.as_str()?.strip_prefix(FILE_PREFIX)).collect::<Option<_>>()?;
            Some(paths.into_iter().map(stored).collect::<Result<_, _>>().map(Value::Texts))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
