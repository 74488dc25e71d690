//! The visitor's last runs: in the browser only, and only as long as its tab is open.
//!
//! Files are named and not kept. What does not fit any more goes, the oldest first.

use js_sys::{Function, Reflect};
use leptos::prelude::*;
use serde_json::{Map, Value as Json, json};
use spaces::SpaceId;
use wasm_bindgen::{JsCast as _, JsValue};

use super::{Draft, EndpointState, Kept, Part};
use crate::client::NamedPart;
use crate::wire::{Wire, field};

/// The most runs of an endpoint.
const MAX_RUNS: usize = 20;
/// The longest answer that is kept, in bytes of JSON.
const MAX_OUTPUTS_BYTES: usize = 256 << 10;
/// The most of an endpoint's runs together. Browsers give a site about five megabytes.
const MAX_TOTAL_BYTES: usize = 1 << 20;
/// Inputs named in a run's line.
const MAX_NAMED: usize = 4;
/// Letters of one value in a run's line.
const MAX_LETTERS: usize = 32;

/// One run.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Milliseconds since 1970.
    pub at_ms: f64,
    pub elapsed_ms: f64,
    /// By name, as [`inputs`] makes them.
    pub inputs: Map<String, Json>,
    /// One per output; none where they were too large to keep.
    pub outputs: Option<Vec<Json>>,
}

impl Run {
    /// A run that has ended now.
    pub fn new(inputs: Map<String, Json>, outputs: Vec<Json>, elapsed_ms: f64) -> Self {
        let fits = n_bytes(&outputs) <= MAX_OUTPUTS_BYTES;
        Self { at_ms: js_sys::Date::now(), elapsed_ms, inputs, outputs: fits.then_some(outputs) }
    }

    /// What it was given, in a line.
    pub fn summary(&self) -> String {
        let words = self.inputs.values().take(MAX_NAMED).map(|value| match value {
            Json::String(text) => shortened(text),
            Json::Object(file) if file.contains_key("file") => shortened(file["file"].as_str().unwrap_or_default()),
            Json::Object(file) if file.contains_key("asset") => shortened(file["asset"].as_str().unwrap_or_default()),
            Json::Array(items) => shortened(&items.iter().map(plain).collect::<Vec<_>>().join(", ")),
            other => shortened(&other.to_string()),
        });
        words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    /// The names of the visitor's own files that it was given.
    pub fn files(&self) -> Vec<String> {
        let in_value = |value: &Json| match value {
            Json::Array(items) => items.iter().filter_map(file_name).collect(),
            value => file_name(value).into_iter().collect::<Vec<_>>(),
        };
        self.inputs.values().flat_map(in_value).collect()
    }

    /// Enters what it was given, and shows what it gave.
    pub fn restore(&self, state: EndpointState) {
        for (position, field) in state.with(|endpoint| endpoint.inputs.clone()).iter().enumerate() {
            let Some(input) = state.input(position) else { continue };
            let draft = self.inputs.get(&field.name).and_then(|value| Draft::from_json(field, value));
            input.set(draft.unwrap_or_else(|| match Draft::initial(field) {
                Draft::Files(_) => Draft::Files(Vec::new()),
                initial => initial,
            }));
        }
        state.show_kept(self.outputs.clone().unwrap_or_default(), Kept::Run);
    }
}

/// What `parts` say, without the bytes of files.
pub fn inputs(parts: &[NamedPart]) -> Map<String, Json> {
    let value = |part: &Part| match part {
        Part::Absent => None,
        Part::Json(value) => Some(value.clone()),
        Part::Files { files, multiple } => {
            let mut files = files.iter().map(|file| match file.is_asset() {
                true => json!({ "asset": file.name }),
                false => json!({ "file": file.name, "size": file.size_bytes }),
            });
            if *multiple { Some(files.collect()) } else { files.next() }
        }
    };
    parts.iter().filter_map(|NamedPart { name, part }| Some((name.clone(), value(part)?))).collect()
}

impl Wire for Run {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            at_ms: field(json, "at_ms")?,
            elapsed_ms: field(json, "elapsed_ms")?,
            inputs: json.get("inputs")?.as_object()?.clone(),
            outputs: field(json, "outputs")?,
        })
    }
}

fn json(runs: &[Run]) -> Json {
    let one = |Run { at_ms, elapsed_ms, inputs, outputs }: &Run| json!({ "at_ms": at_ms, "elapsed_ms": elapsed_ms, "inputs": inputs, "outputs": outputs });
    Json::Array(runs.iter().map(one).collect())
}

/// Puts `run` before the others, and lets those go for which there is no room.
pub fn keep(runs: &mut Vec<Run>, run: Run) {
    runs.insert(0, run);
    runs.truncate(MAX_RUNS);
    while runs.len() > 1 && json(runs).to_string().len() > MAX_TOTAL_BYTES {
        runs.pop();
    }
}

/// The runs of an endpoint that this tab has kept.
pub fn load(space: &SpaceId, endpoint: &str) -> Vec<Run> {
    let kept = storage("getItem", &[&key(space, endpoint)]).and_then(|text| text.as_string());
    let kept: Option<Json> = kept.and_then(|text| serde_json::from_str(&text).ok());
    kept.and_then(|runs| Wire::read(&runs)).unwrap_or_default()
}

/// Keeps the runs for when the page is loaded again. Where the browser has no room or keeps nothing, they are gone then.
pub fn store(space: &SpaceId, endpoint: &str, runs: &[Run]) {
    if runs.is_empty() {
        storage("removeItem", &[&key(space, endpoint)]);
        return;
    }
    let text = json(runs).to_string();
    if storage("setItem", &[&key(space, endpoint), &text]).is_none() {
        storage("removeItem", &[&key(space, endpoint)]);
    }
}

/// When a run was, as the visitor's clock shows it.
pub fn clock(at_ms: f64) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(at_ms));
    date.to_locale_time_string("default").into()
}

/// Calls a method of the tab's storage; none where that fails, as it does where a visitor allows none.
fn storage(method: &str, arguments: &[&str]) -> Option<JsValue> {
    let storage = Reflect::get(&window(), &"sessionStorage".into()).ok()?;
    let method: Function = Reflect::get(&storage, &method.into()).ok()?.dyn_into().ok()?;
    let arguments: js_sys::Array = arguments.iter().map(|argument| JsValue::from_str(argument)).collect();
    method.apply(&storage, &arguments).ok()
}

fn key(space: &SpaceId, endpoint: &str) -> String {
    format!("vitrine.runs {space} {endpoint}")
}

fn n_bytes(outputs: &[Json]) -> usize {
    outputs.iter().map(|output| output.to_string().len()).sum()
}

fn file_name(value: &Json) -> Option<String> {
    Some(value.get("file")?.as_str()?.to_owned())
}

fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        value => file_name(value).unwrap_or_else(|| value.to_string()),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_LETTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(number: usize, n_bytes: usize) -> Run {
        let inputs = Map::from_iter([("x".to_owned(), json!(number))]);
        Run { at_ms: 0.0, elapsed_ms: 1.0, inputs, outputs: Some(vec![json!("y".repeat(n_bytes))]) }
    }

    #[test]
    fn the_last_runs_stay_within_bounds() {
        let mut runs = Vec::new();
        (0..50).for_each(|number| keep(&mut runs, run(number, 10)));
        assert_eq!((runs.len(), &runs[0].inputs["x"]), (MAX_RUNS, &json!(49)));
        (50..60).for_each(|number| keep(&mut runs, run(number, MAX_OUTPUTS_BYTES)));
        assert!(json(&runs).to_string().len() <= MAX_TOTAL_BYTES && runs.len() > 1, "{}", runs.len());
        assert_eq!(runs[0].inputs["x"], json!(59));
    }

    #[test]
    fn a_run_is_summed_up_without_the_bytes_of_files() {
        let inputs = json!({ "a": 1.5, "text": "word ".repeat(20), "file": { "file": "cat.png", "size": 7 },
            "files": [{ "file": "a.txt" }, { "asset": "b.txt" }], "more": 1 });
        let Json::Object(inputs) = inputs else { panic!("an object") };
        let run = Run { inputs, ..run(0, 0) };
        assert!(run.summary().starts_with("1.5 · word word"), "{}", run.summary());
        assert!(run.summary().contains(" · cat.png · a.txt, "), "{}", run.summary());
        assert_eq!(run.files(), ["cat.png", "a.txt"]);
    }
}
