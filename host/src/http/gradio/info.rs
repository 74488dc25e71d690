//! `GET info`: the endpoints with the types of what they take and give, from which clients fill in names and defaults.

use serde_json::{Map, Value as Json, json};
use spaces::interface::{Endpoint, Field};

use super::{component, values};
use crate::live::LiveSpace;

/// The description of all endpoints.
pub(super) fn info(space: &LiveSpace) -> Json {
    let named: Map<String, Json> = space
        .interface
        .endpoints
        .iter()
        .map(|endpoint| (format!("/{}", endpoint.name), describe(space, endpoint)))
        .collect();
    json!({ "named_endpoints": named, "unnamed_endpoints": {} })
}

fn describe(space: &LiveSpace, endpoint: &Endpoint) -> Json {
    json!({
        "parameters": endpoint.inputs.iter().map(|field| parameter(space, field)).collect::<Vec<_>>(),
        "returns": endpoint.outputs.iter().map(returned).collect::<Vec<_>>(),
        "api_visibility": "public",
        "description": endpoint.documentation,
    })
}

fn parameter(space: &LiveSpace, field: &Field) -> Json {
    let default = values::default_value(space, field);
    let mut parameter = returned(field);
    parameter["parameter_name"] = json!(field.name);
    // One that may be left out has the default of being left out.
    parameter["parameter_has_default"] = json!(default.is_some() || field.optional);
    parameter["example_input"] = default.clone().unwrap_or_else(|| component::example(&field.component));
    parameter["parameter_default"] = default.unwrap_or_default();
    parameter
}

fn returned(field: &Field) -> Json {
    let description = field.info.clone().unwrap_or_default();
    json!({
        "label": field.label,
        "component": component::class_name(&field.component),
        "type": component::schema(&field.component),
        "python_type": { "type": component::python_type(&field.component), "description": description },
    })
}
