//! `--input KEY=VALUE` → the body of a call.
//!
//! Without files it is a JSON object; with files a multipart form, whose text parts the server reads as we would.

use std::fs;
use std::path::PathBuf;
use std::str::FromStr;

use serde_json::{Map, Value as Json, json};
use spaces::interface::{Endpoint, Field};
use spaces::suggest::closest;
use spaces::value::decode::{ASSET_PREFIX, text_to_json};

use crate::cli::error::CliError;

/// One `--input`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assignment {
    name: String,
    given: Given,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Given {
    Text(String),
    File(PathBuf),
}

impl FromStr for Assignment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').ok_or("write KEY=VALUE, or KEY=@FILE")?;
        let given = match value.strip_prefix('@') {
            None => Given::Text(value.to_owned()),
            Some("") => return Err("name a file after `@`".to_owned()),
            Some(rest) if rest.starts_with('@') => Given::Text(rest.to_owned()),
            Some(path) => Given::File(PathBuf::from(path)),
        };
        Ok(Self { name: name.trim().to_owned(), given })
    }
}

/// What is sent.
#[derive(Debug, PartialEq)]
pub(super) enum Body {
    Json(Map<String, Json>),
    Multipart(Vec<Part>),
}

/// One part of a multipart form.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
    pub(super) bytes: Vec<u8>,
}

/// Fits the assignments to the endpoint's inputs; what is left out is left to the server.
///
/// # Errors
/// [`CliError`] naming the input that is unknown, given twice or of the wrong form, or the file that cannot be read.
pub(super) fn resolve(endpoint: &Endpoint, assignments: Vec<Assignment>) -> Result<Body, CliError> {
    let mut items = Vec::with_capacity(assignments.len());
    for assignment in assignments {
        let field = field(endpoint, &assignment.name)?;
        let is_second = items.iter().any(|(known, _): &(&Field, Item)| known.name == field.name);
        if is_second && !field.component.takes_many() {
            return Err(CliError::input(format!("input `{}` is given more than once", field.name)));
        }
        items.push((field, Item::load(field, assignment.given)?));
    }
    let has_files = items.iter().any(|(_, item)| matches!(item, Item::File { .. }));
    if has_files { multipart(items) } else { Ok(Body::Json(object(items))) }
}

/// A value that fits its input's component, as far as can be told here.
#[derive(Debug)]
enum Item {
    /// `text` is what a text part carries, `json` the same in a JSON body.
    Plain {
        text: String,
        json: Json,
    },
    File {
        file_name: Option<String>,
        bytes: Vec<u8>,
    },
}

impl Item {
    fn load(field: &Field, given: Given) -> Result<Self, CliError> {
        let text = match given {
            Given::Text(text) => text,
            Given::File(path) => {
                let bytes = fs::read(&path).map_err(|source| CliError::file("read", &path, source))?;
                if field.component.takes_media() {
                    let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
                    return Ok(Self::File { file_name, bytes });
                }
                let text = String::from_utf8(bytes)
                    .map_err(|_| CliError::input(format!("input `{}`: `{}` is no text", field.name, path.display())))?;
                // As in `$(cat FILE)`: editors end files with a line feed that is no part of the value.
                text.strip_suffix('\n').map(str::to_owned).unwrap_or(text)
            }
        };
        if field.component.takes_media()
            && let Some(asset) = text.strip_prefix(ASSET_PREFIX)
        {
            let json = json!({ "asset": asset });
            return Ok(Self::Plain { text: json.to_string(), json });
        }
        if field.component.takes_media() && !text.starts_with(['{', '[', '"']) && !text.starts_with("data:") {
            let name = &field.name;
            return Err(CliError::input(format!("input `{name}` takes a file: write `{name}=@{text}`")));
        }
        let json = text_to_json(&field.component, text.clone())
            .map_err(|problem| CliError::input(format!("input `{}`: {problem}", field.name)))?;
        Ok(Self::Plain { text, json })
    }
}

fn field<'a>(endpoint: &'a Endpoint, name: &str) -> Result<&'a Field, CliError> {
    let names = || endpoint.inputs.iter().map(|field| field.name.as_str());
    endpoint.inputs.iter().find(|field| field.name == name).ok_or_else(|| {
        let hint = match closest(name, names()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if endpoint.inputs.is_empty() => format!("`{}` takes none", endpoint.name),
            None => format!("`{}` takes {}", endpoint.name, listed(names())),
        };
        CliError::input(format!("there is no input `{name}`: {hint}"))
    })
}

/// `` `a`, `b` ``
pub(super) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn object(items: Vec<(&Field, Item)>) -> Map<String, Json> {
    let mut object = Map::new();
    for (field, item) in items {
        let Item::Plain { json, .. } = item else {
            continue;
        };
        match object.get_mut(&field.name) {
            None => {
                object.insert(field.name.clone(), json);
            }
            Some(Json::Array(values)) => values.push(json),
            Some(first) => *first = json!([first.take(), json]),
        }
    }
    object
}

fn multipart(items: Vec<(&Field, Item)>) -> Result<Body, CliError> {
    let n_given = |name: &str| items.iter().filter(|(field, _)| field.name == name).count();
    for (field, item) in &items {
        let is_mixed = field.component.takes_media() && matches!(item, Item::Plain { .. }) && n_given(&field.name) > 1;
        if is_mixed {
            return Err(CliError::input(format!(
                "input `{}`: give either files or other values, not both",
                field.name
            )));
        }
    }
    let part = |(field, item): (&Field, Item)| {
        let name = field.name.clone();
        match item {
            Item::Plain { text, .. } => Part { name, file_name: None, bytes: text.into_bytes() },
            Item::File { file_name, bytes } => Part { name, file_name, bytes },
        }
    };
    Ok(Body::Multipart(items.into_iter().map(part).collect()))
}

#[cfg(test)]
mod tests {
    use spaces::interface::{Component, NumberRange};

    use super::*;

    fn endpoint() -> Endpoint {
        let field = |name: &str, component| Field {
            name: name.to_owned(),
            label: String::new(),
            info: None,
            component,
            default: None,
            optional: false,
        };
        Endpoint {
            name: "predict".to_owned(),
            title: String::new(),
            documentation: String::new(),
            inputs: vec![
                field("width", Component::Number(NumberRange::default())),
                field("wide", Component::Checkbox),
                field("text", Component::textbox()),
                field("colours", Component::CheckboxGroup { choices: vec!["red".to_owned(), "blue".to_owned()] }),
                field("image", Component::image()),
                field("pages", Component::Gallery),
            ],
            outputs: Vec::new(),
            examples: Vec::new(),
            streams: false,
        }
    }

    fn resolved(inputs: &[&str]) -> Result<Body, String> {
        let assignments = inputs.iter().map(|text| text.parse()).collect::<Result<Vec<_>, _>>()?;
        resolve(&endpoint(), assignments).map_err(|error| error.to_string())
    }

    #[test]
    fn texts_become_what_the_component_takes() {
        let check = |inputs: &[&str], expected: Json| {
            let Json::Object(expected) = expected else { panic!("an object") };
            assert_eq!(resolved(inputs), Ok(Body::Json(expected)), "{inputs:?}");
        };
        check(&[], json!({}));
        check(&["width=1.5", "wide=yes", "text=1.5"], json!({ "width": 1.5, "wide": true, "text": "1.5" }));
        check(&["text=a=b"], json!({ "text": "a=b" }));
        check(&["text=@@alice"], json!({ "text": "@alice" }));
        check(&["text="], json!({ "text": "" }));
        check(&["colours=red"], json!({ "colours": "red" }));
        check(&["colours=red", "colours=blue"], json!({ "colours": ["red", "blue"] }));
        check(&["image=asset:cat.png"], json!({ "image": { "asset": "cat.png" } }));
        check(&["image=data:image/png;base64,AA=="], json!({ "image": "data:image/png;base64,AA==" }));
    }

    #[test]
    fn mistakes_name_the_input() {
        let check =
            |inputs: &[&str], expected: &str| assert_eq!(resolved(inputs), Err(expected.to_owned()), "{inputs:?}");
        check(&["width"], "write KEY=VALUE, or KEY=@FILE");
        check(&["image=@"], "name a file after `@`");
        check(&["widht=1"], "there is no input `widht`: did you mean `width`?");
        check(&["x=1"], "there is no input `x`: `predict` takes `width`, `wide`, `text`, `colours`, `image`, `pages`");
        check(&["width=1", "width=2"], "input `width` is given more than once");
        check(&["image=cat.png"], "input `image` takes a file: write `image=@cat.png`");
        let error = resolved(&["width=wide"]).expect_err("no number");
        assert!(error.starts_with("input `width`: "), "{error}");
        let error = resolved(&["image=@/nowhere/cat.png"]).expect_err("no file");
        assert_eq!(error, "cannot read `/nowhere/cat.png`");
    }

    #[test]
    fn files_make_a_form() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let picture = dir.path().join("cat.png");
        let note = dir.path().join("note.txt");
        fs::write(&picture, [0x89, 0xff]).expect("written");
        fs::write(&note, "hello\n").expect("written");

        let text = format!("text=@{}", note.display());
        assert_eq!(resolved(&[&text]), Ok(Body::Json(Map::from_iter([("text".to_owned(), json!("hello"))]))));

        let image = format!("pages=@{}", picture.display());
        let file = || Part { name: "pages".to_owned(), file_name: Some("cat.png".to_owned()), bytes: vec![0x89, 0xff] };
        let width = Part { name: "width".to_owned(), file_name: None, bytes: b"2".to_vec() };
        assert_eq!(resolved(&[&image, "width=2", &image]), Ok(Body::Multipart(vec![file(), width, file()])));
        assert_eq!(
            resolved(&[&image, "pages=asset:a.png"]),
            Err("input `pages`: give either files or other values, not both".to_owned())
        );
        let binary = format!("text=@{}", picture.display());
        assert!(resolved(&[&binary]).expect_err("no text").ends_with("is no text"));
    }
}
