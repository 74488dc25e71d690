//! Endpoints as tools.

use std::fmt::Write as _;
use std::sync::Arc;

use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde_json::{Map, Value as Json};
use spaces::interface::{Endpoint, Example};
use spaces::schema::{self, Files};
use spaces::value::encode::encode;

/// The most examples of a description: it is read by a model at each conversation.
const MAX_EXAMPLES: usize = 3;
/// Longer ones are left out, in bytes.
const MAX_EXAMPLE_BYTES: usize = 1_000;

pub(super) fn tool(endpoint: &Endpoint) -> Tool {
    let inputs = as_object(schema::inputs(endpoint, Files::Apart));
    let tool = Tool::new(endpoint.name.clone(), description(endpoint), inputs)
        .with_raw_output_schema(as_object(schema::outputs(endpoint, Files::Apart)))
        // A guest reaches nothing but its own files and its visitor's session.
        .with_annotations(ToolAnnotations::new().read_only(true).destructive(false).open_world(false));
    if endpoint.title.is_empty() { tool } else { tool.with_title(endpoint.title.clone()) }
}

pub(super) fn as_object(schema: Json) -> Arc<JsonObject> {
    match schema {
        Json::Object(object) => Arc::new(object),
        _ => Arc::default(),
    }
}

fn description(endpoint: &Endpoint) -> String {
    let documentation = endpoint.documentation.trim();
    let mut text = if documentation.is_empty() { endpoint.title.clone() } else { documentation.to_owned() };
    let examples = endpoint.examples.iter().map(|example| (example, arguments(endpoint, example)));
    let short = examples.filter(|(_, arguments)| arguments.len() <= MAX_EXAMPLE_BYTES);
    for (index, (example, arguments)) in short.take(MAX_EXAMPLES).enumerate() {
        if index == 0 {
            text.push_str("\n\nExamples of arguments:");
        }
        let title = example.title.as_deref().map(|title| format!("{title}: ")).unwrap_or_default();
        let _ = write!(text, "\n- {title}`{arguments}`");
    }
    text
}

/// An example's inputs by name; what it leaves out is left to the defaults.
fn arguments(endpoint: &Endpoint, example: &Example) -> String {
    let named = endpoint.inputs.iter().zip(&example.inputs).filter_map(|(field, value)| {
        let json = encode(field, value.clone());
        (!json.is_null()).then(|| (field.name.clone(), json))
    });
    Json::Object(named.collect::<Map<_, _>>()).to_string()
}
