//! The values of a call.

use serde_json::{Value as Json, json};
use spaces::interface::{Component, Endpoint, Field, ValueKind};
use spaces::value::Value;

use crate::state::{Draft, Part, Picked};

/// One input that is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    pub name: String,
    pub value: Sent,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Sent {
    Json(Json),
    /// `multiple` says whether a list is sent.
    Files {
        files: Vec<File>,
        multiple: bool,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum File {
    /// A file of the space's bundle, by name.
    Asset(String),
    /// A file that the reader must bring, by a name that it might have.
    Own(String),
}

/// What a form would send; where it cannot be sent yet, what the first example sends, else something of the kind.
pub fn given(endpoint: &Endpoint, drafts: &[Draft]) -> Vec<Given> {
    let example = endpoint.examples.first().map_or(&[][..], |example| &example.inputs);
    let inputs = endpoint.inputs.iter().enumerate().filter_map(|(position, field)| {
        if field.component.is_secret() {
            // Programs are copied and shown to others.
            return Some(Given { name: field.name.clone(), value: Sent::Json(json!("…")) });
        }
        let part = drafts.get(position).and_then(|draft| draft.part(field).ok());
        let part = part.or_else(|| of_example(field, example.get(position)?));
        let value = match part {
            Some(Part::Absent) => return None,
            Some(Part::Json(json)) => Sent::Json(json),
            Some(Part::Files { files, multiple }) => Sent::Files { files: files.iter().map(file).collect(), multiple },
            None => placeholder(&field.component)?,
        };
        Some(Given { name: field.name.clone(), value })
    });
    inputs.collect()
}

fn of_example(field: &Field, value: &Value) -> Option<Part> {
    if *value == Value::Null { None } else { Draft::from_value(field, value).part(field).ok() }
}

fn file(picked: &Picked) -> File {
    if picked.is_asset() { File::Asset(picked.name.clone()) } else { File::Own(picked.name.clone()) }
}

fn placeholder(component: &Component) -> Option<Sent> {
    let kind = component.value_kind();
    let name = match component {
        Component::Number(range) | Component::Slider(range) => {
            return Some(Sent::Json(json!(range.minimum.unwrap_or(0.0))));
        }
        Component::Model3D => "model.glb",
        _ if !component.takes_media() => return None,
        _ => match component.media_pattern() {
            "image/*" => "photo.jpg",
            "audio/*" => "sound.wav",
            "video/*" => "video.mp4",
            _ => "file.bin",
        },
    };
    let multiple = kind == ValueKind::Medias;
    Some(Sent::Files { files: vec![File::Own(name.to_owned())], multiple })
}

impl Given {
    /// The value as the JSON API takes it; none where the reader must bring a file.
    pub(super) fn json(&self) -> Option<Json> {
        match &self.value {
            Sent::Json(json) => Some(json.clone()),
            Sent::Files { files, multiple } => {
                let assets = files.iter().map(|file| match file {
                    File::Asset(name) => Some(json!({ "asset": name })),
                    File::Own(_) => None,
                });
                let assets: Vec<_> = assets.collect::<Option<_>>()?;
                Some(if *multiple { Json::Array(assets) } else { assets.into_iter().next()? })
            }
        }
    }

    /// The names of the files that the reader must bring; those of the bundle cannot be sent beside them.
    pub(super) fn own_files(&self) -> Vec<&str> {
        match &self.value {
            Sent::Json(_) => Vec::new(),
            Sent::Files { files, .. } => {
                let own = files.iter().filter_map(|file| match file {
                    File::Own(name) => Some(name.as_str()),
                    File::Asset(_) => None,
                });
                own.collect()
            }
        }
    }
}

/// All of them as one JSON object; none where the reader must bring a file.
pub(super) fn object(given: &[Given]) -> Option<serde_json::Map<String, Json>> {
    given.iter().map(|given| Some((given.name.clone(), given.json()?))).collect()
}

/// The value as a part of a form: texts as they are, everything else as JSON.
pub(super) fn form_text(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
