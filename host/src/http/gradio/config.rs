//! `GET config`: what a client learns of the space before anything else, from the interface alone: no guest is started.

use serde_json::{Value as Json, json};
use spaces::interface::{Component, Endpoint, Field};

use super::{API_PREFIX, component, values};
use crate::live::LiveSpace;

/// The Gradio whose behaviour this is; clients choose theirs by it.
const COMPATIBLE_VERSION: &str = "6.31.0";

/// The ids of one endpoint's components; an endpoint's own id is its index.
struct Ids {
    inputs: Vec<u64>,
    outputs: Vec<u64>,
    button: u64,
    /// Row, column of inputs, column of outputs, tab.
    boxes: [u64; 4],
}

/// The whole configuration: components, functions, layout.
pub(super) fn config(space: &LiveSpace, space_url: &str) -> Json {
    // 0 is the root of the layout, 1 the tabs.
    let mut next = 2_u64;
    let mut take = |n: usize| -> Vec<u64> {
        let ids = (next..next + n as u64).collect();
        next += n as u64;
        ids
    };
    let ids: Vec<Ids> = space
        .interface
        .endpoints
        .iter()
        .map(|endpoint| Ids {
            inputs: take(endpoint.inputs.len()),
            outputs: take(endpoint.outputs.len()),
            button: take(1)[0],
            boxes: take(4).try_into().unwrap_or_default(),
        })
        .collect();
    let endpoints = || space.interface.endpoints.iter().zip(&ids);
    let mut components: Vec<Json> = endpoints().flat_map(|(endpoint, ids)| components(space, endpoint, ids)).collect();
    components.push(node(1, "tabs", &json!({})));
    let dependencies: Vec<Json> =
        endpoints().enumerate().map(|(index, (endpoint, ids))| dependency(index, endpoint, ids)).collect();
    json!({
        "version": COMPATIBLE_VERSION,
        "api_prefix": API_PREFIX,
        "protocol": protocol(space),
        "mode": "blocks",
        "title": space.interface.title,
        "enable_queue": true,
        // A client's process could not end while it listens for nothing; sessions end by time.
        "connect_heartbeat": false,
        "run_history": false,
        "show_error": true,
        "space_id": null,
        "is_space": false,
        "max_file_size": space.limits.max_body_bytes,
        "vitrine": { "version": env!("CARGO_PKG_VERSION"), "url": space_url },
        "components": components,
        "dependencies": dependencies,
        "layout": layout(&ids),
    })
}

/// The stream that clients expect.
///
/// With `sse_v3` the Python client takes any object with a text `path` for a file and downloads it, so an app that
/// answers with JSON of its own gets the version before, in which a file is only what says so.
fn protocol(space: &LiveSpace) -> &'static str {
    let outputs = space.interface.endpoints.iter().flat_map(|endpoint| &endpoint.outputs);
    // The others have a form of their own, in which there is no `path`.
    let any_json = outputs
        .into_iter()
        .any(|field| matches!(field.component, Component::Json | Component::Map | Component::Updates));
    if any_json { "sse_v2.1" } else { "sse_v3" }
}

fn components(space: &LiveSpace, endpoint: &Endpoint, ids: &Ids) -> Vec<Json> {
    let inputs = endpoint.inputs.iter().zip(&ids.inputs);
    let outputs = endpoint.outputs.iter().zip(&ids.outputs);
    let [row, left, right, tab] = ids.boxes;
    let mut all: Vec<Json> = inputs.map(|(field, id)| field_component(space, field, *id)).collect();
    all.extend(outputs.map(|(field, id)| field_component(space, field, *id)));
    all.push(node(ids.button, "button", &json!({ "value": "Submit", "variant": "primary" })));
    all.push(node(row, "row", &json!({})));
    all.push(node(left, "column", &json!({})));
    all.push(node(right, "column", &json!({})));
    all.push(node(tab, "tabitem", &json!({ "label": endpoint.title, "id": endpoint.name })));
    all
}

fn field_component(space: &LiveSpace, field: &Field, id: u64) -> Json {
    let props = component::props(field, values::default_value(space, field));
    node(id, component::type_name(&field.component), &props)
}

fn node(id: u64, kind: &str, props: &Json) -> Json {
    let mut node = json!({ "id": id, "type": kind, "props": props, "skip_api": false });
    // The class, which for this one has another name.
    node["props"]["name"] = json!(if kind == "tabitem" { "tab" } else { kind });
    node
}

fn dependency(index: usize, endpoint: &Endpoint, ids: &Ids) -> Json {
    json!({
        "id": index,
        "api_name": endpoint.name,
        "api_description": endpoint.documentation,
        "api_visibility": "public",
        "inputs": ids.inputs,
        "outputs": ids.outputs,
        "targets": [[ids.button, "click"]],
        "backend_fn": true,
        "js": null,
        "queue": true,
        "types": { "generator": endpoint.streams, "cancel": false },
        "connection": "sse",
        "batch": false,
        "max_batch_size": 4,
        "cancels": [],
        "collects_event_data": false,
        "trigger_mode": "once",
        "show_progress": "full",
        "scroll_to_output": false,
    })
}

/// One tab for each endpoint: its inputs on the left, its outputs on the right.
fn layout(ids: &[Ids]) -> Json {
    let leaf = |id: &u64| json!({ "id": id });
    let tabs: Vec<Json> = ids
        .iter()
        .map(|ids| {
            let [row, left, right, tab] = ids.boxes;
            let inputs: Vec<Json> = ids.inputs.iter().chain([&ids.button]).map(leaf).collect();
            let outputs: Vec<Json> = ids.outputs.iter().map(leaf).collect();
            let columns = json!([{ "id": left, "children": inputs }, { "id": right, "children": outputs }]);
            json!({ "id": tab, "children": [{ "id": row, "children": columns }] })
        })
        .collect();
    json!({ "id": 0, "children": [{ "id": 1, "children": tabs }] })
}
