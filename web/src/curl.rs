//! The command line that calls an endpoint.

use serde_json::{Map, Value as Json, json};
use spaces::interface::{Component, Endpoint, Field};
use spaces::value::Value;

use crate::state::{Draft, Part};

/// A `curl` line that calls `endpoint` with the values of its first example, else with its defaults.
///
/// Where a file is needed and no example brings one, the line sends a form with a file of the reader's.
pub fn command(url: &str, endpoint: &Endpoint) -> String {
    let inputs: Vec<_> = endpoint
        .inputs
        .iter()
        .enumerate()
        .map(|(position, field)| (field, sample(endpoint, position, field)))
        .collect();
    if inputs.iter().any(|(_, sample)| matches!(sample, Sample::OwnFile)) {
        return form(url, &inputs);
    }
    let mut object = Map::new();
    for (field, sample) in inputs {
        if let Sample::Json(value) = sample {
            object.insert(field.name.clone(), value);
        }
    }
    let body = Json::Object(object).to_string();
    format!("curl {} \\\n  -H 'content-type: application/json' \\\n  -d {}", quoted(url), quoted(&body))
}

enum Sample {
    Json(Json),
    /// A file that the reader must bring.
    OwnFile,
    /// Left out.
    Nothing,
}

fn sample(endpoint: &Endpoint, position: usize, field: &Field) -> Sample {
    let example = endpoint.examples.first().and_then(|example| example.inputs.get(position));
    let draft = match example {
        Some(value) if *value != Value::Null => Draft::from_value(field, value),
        _ => Draft::initial(field),
    };
    match draft.part(field) {
        Ok(Part::Files { files, multiple }) => {
            let assets: Vec<_> =
                files.iter().filter(|file| file.is_asset()).map(|file| json!({ "asset": file.name })).collect();
            match assets.len() == files.len() {
                true if multiple => Sample::Json(Json::Array(assets)),
                true => assets.into_iter().next().map_or(Sample::OwnFile, Sample::Json),
                false => Sample::OwnFile,
            }
        }
        Ok(Part::Json(value)) => Sample::Json(value),
        Ok(Part::Absent) => Sample::Nothing,
        Err(_) => match field.component {
            Component::Image | Component::Audio | Component::Video | Component::File { .. } | Component::Gallery => {
                Sample::OwnFile
            }
            Component::Number(range) | Component::Slider(range) => Sample::Json(json!(range.minimum.unwrap_or(0.0))),
            _ => Sample::Nothing,
        },
    }
}

fn form(url: &str, inputs: &[(&Field, Sample)]) -> String {
    let mut command = format!("curl {}", quoted(url));
    for (field, sample) in inputs {
        let part = match sample {
            Sample::OwnFile => format!("{}=@{}", field.name, own_file(&field.component)),
            Sample::Json(Json::String(text)) => format!("{}={text}", field.name),
            Sample::Json(value) => format!("{}={value}", field.name),
            Sample::Nothing => continue,
        };
        let option = if matches!(sample, Sample::OwnFile) { "-F" } else { "--form-string" };
        command.push_str(&format!(" \\\n  {option} {}", quoted(&part)));
    }
    command
}

fn own_file(component: &Component) -> &'static str {
    match component {
        Component::Image | Component::Gallery => "photo.jpg",
        Component::Audio => "sound.wav",
        Component::Video => "video.mp4",
        _ => "file.bin",
    }
}

/// `text` as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@=".contains(&byte);
    match !text.is_empty() && text.bytes().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spaces::interface::{Example, NumberRange};

    fn endpoint(inputs: Vec<(&str, Component)>, example: Vec<Value>) -> Endpoint {
        let field = |(name, component): (&str, Component)| Field {
            name: name.into(),
            label: name.into(),
            info: None,
            component,
            default: None,
            optional: false,
        };
        let examples = if example.is_empty() { vec![] } else { vec![Example { title: None, inputs: example }] };
        Endpoint {
            name: "predict".into(),
            title: "Predict".into(),
            documentation: String::new(),
            inputs: inputs.into_iter().map(field).collect(),
            outputs: vec![],
            examples,
            streams: false,
        }
    }

    #[test]
    fn the_line_carries_the_example_and_survives_a_shell() {
        let text = || Component::Textbox { lines: 1, placeholder: None, max_length: None };
        let check = |endpoint: Endpoint, expected: &str| assert_eq!(command("http://h/p", &endpoint), expected);
        check(
            endpoint(
                vec![("text", text()), ("n", Component::Number(NumberRange::default()))],
                vec![Value::Text("it's".into()), Value::Number(2.5)],
            ),
            "curl http://h/p \\\n  -H 'content-type: application/json' \\\n  -d '{\"text\":\"it'\\''s\",\"n\":2.5}'",
        );
        check(
            endpoint(vec![("image", Component::Image)], vec![Value::Text("asset:a.png".into())]),
            "curl http://h/p \\\n  -H 'content-type: application/json' \\\n  -d '{\"image\":{\"asset\":\"a.png\"}}'",
        );
        check(
            endpoint(vec![("image", Component::Image), ("text", text())], vec![]),
            "curl http://h/p \\\n  -F image=@photo.jpg \\\n  --form-string text=",
        );
    }
}
