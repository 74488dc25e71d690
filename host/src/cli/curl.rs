//! A `curl` line that calls a space, ready to be pasted into a shell.

use serde_json::{Map, Value as Json, json};
use spaces::interface::{Component, Endpoint, Field, ValueKind};
use spaces::manifest::Visibility;
use spaces::value::Value;
use spaces::value::encode::encode;
use spaces::value::sample::sample;
use spaces::view::SpaceDetail;

use crate::base_url::BaseUrl;

/// Longer bodies are no use in a shell: the value is then left to a file.
const MAX_BODY_CHARS: usize = 4096;

/// The largest tensor that is written out as a placeholder.
const MAX_PLACEHOLDER_ELEMENTS: u64 = 64;

/// What the line sends for one input.
#[derive(Debug)]
enum Sample {
    Json(Json),
    /// A file that the caller has to name.
    File(&'static str),
}

/// The line that calls the first endpoint with its first example, else with defaults; none where there is no endpoint.
pub(crate) fn command(server: &BaseUrl, space: &SpaceDetail) -> Option<String> {
    let endpoint = space.interface.endpoints.first()?;
    let id = &space.summary.id;
    let url = server.join(&["spaces", id.owner(), id.name(), "api", &endpoint.name]);
    let mut words = vec!["curl".to_owned()];
    if endpoint.streams {
        words.extend(["-N", "-H", "'accept: text/event-stream'"].map(str::to_owned));
    }
    if space.summary.visibility == Visibility::Private {
        words.extend(["-H", "\"authorization: Bearer $VITRINE_TOKEN\""].map(str::to_owned));
    }
    words.push(quoted(url.as_str()));
    words.extend(body(endpoint));
    Some(words.join(" "))
}

fn body(endpoint: &Endpoint) -> Vec<String> {
    let samples = samples(endpoint);
    let needs_file = samples.iter().any(|(_, sample)| matches!(sample, Sample::File(_)));
    if needs_file {
        return samples.into_iter().flat_map(|(field, sample)| part(field, sample)).collect();
    }
    let mut object = Map::new();
    for (field, sample) in samples {
        if let Sample::Json(json) = sample {
            object.insert(field.name.clone(), json);
        }
    }
    let header = ["-H".to_owned(), "'content-type: application/json'".to_owned(), "-d".to_owned()];
    header.into_iter().chain([quoted(&Json::Object(object).to_string())]).collect()
}

fn part(field: &Field, sample: Sample) -> [String; 2] {
    match sample {
        Sample::File(file_name) => ["-F".to_owned(), quoted(&format!("{}=@{file_name}", field.name))],
        Sample::Json(json) => {
            let text = match json {
                Json::String(text) => text,
                other => other.to_string(),
            };
            // With `-F` a value that begins with `@` or `<` would be a file.
            ["--form-string".to_owned(), quoted(&format!("{}={text}", field.name))]
        }
    }
}

fn samples(endpoint: &Endpoint) -> Vec<(&Field, Sample)> {
    let example = endpoint.examples.first();
    let mut samples = Vec::new();
    for (index, field) in endpoint.inputs.iter().enumerate() {
        let shown = example.and_then(|example| example.inputs.get(index)).filter(|value| **value != Value::Null);
        let sample = match shown.or(field.default.as_ref()) {
            Some(value) => Sample::Json(encode(field, value.clone())),
            None if field.optional => continue,
            None => placeholder(&field.component),
        };
        let is_long = matches!(&sample, Sample::Json(json) if json.to_string().len() > MAX_BODY_CHARS);
        samples.push((field, if is_long { file_for(&field.component) } else { sample }));
    }
    samples
}

fn placeholder(component: &Component) -> Sample {
    let json = match component {
        Component::Number(range) | Component::Slider(range) => {
            // `clamp` would panic where the bounds are crossed.
            json!(0.0_f64.max(range.minimum.unwrap_or(0.0)).min(range.maximum.unwrap_or(f64::MAX)))
        }
        Component::Tensor { dtype, shape } => {
            let shape: Vec<u64> = shape.iter().map(|dimension| dimension.unwrap_or(1)).collect();
            let n_elements = shape.iter().try_fold(1_u64, |product, dimension| product.checked_mul(*dimension));
            match n_elements {
                Some(n_elements) if n_elements <= MAX_PLACEHOLDER_ELEMENTS => {
                    json!({ "dtype": dtype, "shape": shape, "data": vec![0; n_elements as usize] })
                }
                _ => return file_for(component),
            }
        }
        component if component.takes_media() => return file_for(component),
        component => sample(component),
    };
    Sample::Json(json)
}

fn file_for(component: &Component) -> Sample {
    Sample::File(match component.media_pattern() {
        "image/*" => "picture.png",
        "audio/*" => "sound.wav",
        "video/*" => "video.mp4",
        _ if *component == Component::Model3D => "model.glb",
        _ if component.takes_media() => "file",
        _ if component.value_kind() == ValueKind::Text => "text.txt",
        _ => "value.json",
    })
}

/// The text as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:,=@%+".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_bare) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(inputs: Json, examples: Json, visibility: &str, streams: bool, expected: &str) {
        let space: SpaceDetail = serde_json::from_value(json!({
            "id": "alice/x", "title": "", "summary": "", "emoji": null, "tags": [], "visibility": visibility,
            "revision": 1, "updated_at": "", "license": null,
            "limits": { "memory_bytes": 1, "deadline_seconds": 1.0, "concurrency": 1, "max_body_bytes": 1, "max_log_bytes": 1 },
            "interface": { "title": "", "documentation": "", "endpoints": [{
                "name": "predict", "title": "", "documentation": "", "inputs": inputs, "outputs": [],
                "examples": examples, "streams": streams,
            }]},
        }))
        .expect("a space");
        let server: BaseUrl = "http://127.0.0.1:7860".parse().expect("a URL");
        assert_eq!(command(&server, &space).as_deref(), Some(expected));
    }

    fn field(name: &str, component: Json) -> Json {
        json!({ "name": name, "label": name, "component": component })
    }

    #[test]
    fn examples_come_before_defaults() {
        let number = json!({ "kind": "number", "minimum": null, "maximum": null, "step": null });
        let text = json!({ "kind": "textbox", "lines": 1, "placeholder": null, "max_length": null });
        let mut with_default = field("y", number.clone());
        with_default["default"] = json!({ "type": "number", "value": 2.5 });
        check(
            json!([field("x", number), with_default, field("t", text)]),
            json!([{ "title": null, "inputs": [
                { "type": "number", "value": 1.0 }, { "type": "null" }, { "type": "text", "value": "it's" },
            ]}]),
            "public",
            false,
            r#"curl http://127.0.0.1:7860/spaces/alice/x/api/predict -H 'content-type: application/json' -d '{"x":1.0,"y":2.5,"t":"it'\''s"}'"#,
        );
    }

    #[test]
    fn files_of_the_bundle_stay_json_and_others_become_parts() {
        let image = field("image", json!({ "kind": "image" }));
        let check_box = field("gray", json!({ "kind": "checkbox" }));
        let url = "http://127.0.0.1:7860/spaces/alice/x/api/predict";
        check(
            json!([image.clone()]),
            json!([{ "title": null, "inputs": [{ "type": "text", "value": "asset:cat.png" }] }]),
            "private",
            false,
            &format!(
                r#"curl -H "authorization: Bearer $VITRINE_TOKEN" {url} -H 'content-type: application/json' -d '{{"image":{{"asset":"cat.png"}}}}'"#
            ),
        );
        check(
            json!([image, check_box]),
            json!([]),
            "public",
            true,
            &format!("curl -N -H 'accept: text/event-stream' {url} -F image=@picture.png --form-string gray=true"),
        );
    }

    #[test]
    fn placeholders_fit_their_component() {
        let tensor = json!({ "kind": "tensor", "dtype": "f32", "shape": [null, 2] });
        let slider = json!({ "kind": "slider", "minimum": 3.0, "maximum": 9.0, "step": null });
        check(
            json!([field("a", tensor), field("b", slider)]),
            json!([]),
            "unlisted",
            false,
            r#"curl http://127.0.0.1:7860/spaces/alice/x/api/predict -H 'content-type: application/json' -d '{"a":{"dtype":"f32","shape":[1,2],"data":[0,0]},"b":3.0}'"#,
        );
    }
}
