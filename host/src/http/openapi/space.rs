//! The document of one space, made from its interface.

use serde_json::{Map, Value as Json, json};
use spaces::SpaceId;
use spaces::interface::{Endpoint, Field, Interface};
use spaces::schema::{self, Files};
use spaces::view::{ErrorBody, Timings, Usage};
use utoipa::PartialSchema;
use utoipa::openapi::{RefOr, Schema};

/// The errors of a call: status and what it means.
const ERRORS: &[(&str, &str)] = &[
    ("400", "The body cannot be read"),
    ("401", "The token is wrong"),
    ("404", "There is no such space or endpoint, or the caller may not see it"),
    ("408", "The body came too slowly"),
    ("413", "The body is larger than the space takes"),
    ("415", "The body is neither JSON nor a form"),
    ("422", "An input does not fit; the message names it"),
    ("429", "There were too many wrong tokens"),
    ("502", "The app failed, or broke its own description"),
    ("503", "The space or the server is full; try again after `Retry-After`"),
    ("504", "The app took too long"),
];

/// The document.
pub(super) fn document(id: &SpaceId, interface: &Interface) -> Json {
    let mut schemas = components();
    let mut paths = Map::new();
    let base = format!("/spaces/{id}");
    for endpoint in &interface.endpoints {
        let name = &endpoint.name;
        // Names of endpoints have no capitals, so they meet neither each other's nor the shared ones.
        schemas.insert(format!("{name}_inputs"), schema::inputs(endpoint, Files::Inline));
        schemas.insert(format!("{name}_answer"), answer(endpoint));
        paths.insert(format!("{base}/api/{name}"), json!({ "post": call(endpoint) }));
    }
    if interface.endpoints.iter().any(|endpoint| endpoint.examples.iter().any(|example| example.cached)) {
        paths.insert(format!("{base}/examples/{{endpoint}}/{{example}}"), json!({ "get": example_outputs() }));
    }
    paths.insert(format!("{base}/api"), json!({ "get": show_interface() }));
    paths.insert(format!("{base}/files/{{path}}"), json!({ "get": file() }));
    json!({
        "openapi": "3.1.0",
        "info": { "title": interface.title, "description": interface.documentation, "version": "1" },
        // Wherever the document was fetched from.
        "servers": [{ "url": "/" }],
        // Only private spaces need it.
        "security": [{}, { "token": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
    })
}

fn call(endpoint: &Endpoint) -> Json {
    let name = &endpoint.name;
    let mut content = json!({ "application/json": { "schema": reference(&format!("{name}_inputs")) } });
    if let Some(examples) = examples(endpoint) {
        content["application/json"]["examples"] = examples;
    }
    if endpoint.inputs.iter().any(|field| field.component.takes_media()) {
        content["multipart/form-data"] = json!({ "schema": form(endpoint) });
    }
    let timing = json!({
        "description": "where the time went, in milliseconds, and what was used",
        "schema": { "type": "string" },
    });
    let events = "Server-sent events, for clients that accept them: `queued` with the `position` in line (0 when its turn has come), \
                  `progress` with `fraction` and `message`, `output` \
                  with partial `data`, at the end `complete` with the answer or `error` with the error.";
    let mut responses = errors(ERRORS);
    let answer = json!({
        "description": "The answer",
        "headers": { "Server-Timing": timing },
        "content": {
            "application/json": { "schema": reference(&format!("{name}_answer")) },
            "text/event-stream": { "schema": event_schema(events) },
        },
    });
    responses.insert("200".to_owned(), answer);
    json!({
        "operationId": endpoint.name,
        "summary": endpoint.title,
        "description": endpoint.documentation,
        "requestBody": { "content": content, "required": endpoint.inputs.iter().any(schema::is_required) },
        "responses": responses,
    })
}

/// One event of a stream.
fn event_schema(description: &str) -> Json {
    json!({
        "type": "object",
        "description": description,
        "properties": { "event": { "type": "string" }, "data": { "type": "string" } },
    })
}

fn show_interface() -> Json {
    let mut responses = errors(&ERRORS[..3]);
    // In full it is in the management API's document: generators of clients stumble over its unions.
    let interface = json!({ "type": "object", "description": "title, documentation, endpoints, layout and events" });
    let schema = json!({ "type": "object", "properties": { "interface": interface }, "required": ["interface"] });
    responses.insert(
        "200".to_owned(),
        json!({
            "description": "The endpoints with their inputs and outputs",
            "content": { "application/json": { "schema": schema } },
        }),
    );
    json!({ "operationId": "getInterface", "summary": "The interface", "responses": responses })
}

/// What an example gave when the space was published.
fn example_outputs() -> Json {
    let mut responses = errors(&ERRORS[..3]);
    let schema =
        json!({ "type": "object", "properties": { "data": { "type": "array", "items": {} } }, "required": ["data"] });
    responses.insert(
        "200".to_owned(),
        json!({ "description": "One value per output", "content": { "application/json": { "schema": schema } } }),
    );
    let parameter =
        |name: &str, schema: Json| json!({ "name": name, "in": "path", "required": true, "schema": schema });
    json!({
        "operationId": "getExampleOutputs",
        "summary": "What an example gave when the space was published",
        "description": "Of examples that are `cached`, counted from 0; nothing is called.",
        "parameters": [
            parameter("endpoint", json!({ "type": "string" })),
            parameter("example", json!({ "type": "integer", "minimum": 0 })),
        ],
        "responses": responses,
    })
}

fn file() -> Json {
    let mut responses = errors(&ERRORS[..3]);
    let binary = json!({ "type": "string", "format": "binary" });
    responses.insert(
        "200".to_owned(),
        json!({
            "description": "The file",
            // The first for all that is not shown in place; it is also the one that generators of clients know.
            "content": {
                "application/octet-stream": { "schema": binary },
                "image/*": { "schema": binary },
                "audio/*": { "schema": binary },
                "video/*": { "schema": binary },
            },
        }),
    );
    json!({
        "operationId": "getFile",
        "summary": "A file of the space, such as an example picture",
        "parameters": [{ "name": "path", "in": "path", "required": true, "schema": { "type": "string", "minLength": 1 } }],
        "responses": responses,
    })
}

fn errors(errors: &[(&str, &str)]) -> Map<String, Json> {
    let content = json!({ "application/json": { "schema": reference("ErrorAnswer") } });
    let error = |(status, description): &(&str, &str)| {
        ((*status).to_owned(), json!({ "description": description, "content": content }))
    };
    errors.iter().map(error).collect()
}

/// `data` in the order of the outputs.
fn answer(endpoint: &Endpoint) -> Json {
    let outputs: Vec<_> = endpoint.outputs.iter().map(|field| schema::output(field, Files::Inline)).collect();
    let mut data = json!({ "type": "array", "minItems": outputs.len(), "maxItems": outputs.len() });
    match outputs.is_empty() {
        true => data["items"] = json!({}),
        false => data["prefixItems"] = json!(outputs),
    }
    json!({
        "type": "object",
        "properties": { "data": data, "timings": reference("Timings"), "usage": reference("Usage") },
        "required": ["data", "timings", "usage"],
    })
}

/// The inputs as parts of a form: files as they are, everything else as text.
fn form(endpoint: &Endpoint) -> Json {
    let part = |field: &Field| {
        let binary = json!({ "type": "string", "format": "binary" });
        let schema = match (field.component.takes_media(), field.component.takes_many()) {
            (true, true) => json!({ "type": "array", "items": binary }),
            (true, false) => binary,
            (false, _) => schema::input(field, Files::Inline),
        };
        (field.name.clone(), schema)
    };
    let properties: Map<String, Json> = endpoint.inputs.iter().map(part).collect();
    let required: Vec<_> = endpoint.inputs.iter().filter(|field| schema::is_required(field)).map(|f| &f.name).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

fn examples(endpoint: &Endpoint) -> Option<Json> {
    let examples = endpoint.examples.iter().enumerate().map(|(index, example)| {
        let value = endpoint.inputs.iter().zip(&example.inputs).filter_map(|(field, value)| {
            let json = spaces::value::encode::encode(field, value.clone());
            (!json.is_null()).then(|| (field.name.clone(), json))
        });
        let value = Json::Object(value.collect());
        let summary = example.title.clone().unwrap_or_else(|| format!("example {}", index + 1));
        ((index + 1).to_string(), json!({ "summary": summary, "value": value }))
    });
    let examples: Map<String, Json> = examples.collect();
    (!examples.is_empty()).then_some(Json::Object(examples))
}

/// What all spaces share.
fn components() -> Map<String, Json> {
    let schemas = [
        ("Timings".to_owned(), Timings::schema()),
        ("Usage".to_owned(), Usage::schema()),
        ("ErrorBody".to_owned(), ErrorBody::schema()),
    ];
    let as_json =
        |(name, schema): (String, RefOr<Schema>)| (name, serde_json::to_value(schema).expect("a schema is plain data"));
    let mut schemas: Map<String, Json> = schemas.into_iter().map(as_json).collect();
    let error = json!({ "type": "object", "properties": { "error": reference("ErrorBody") }, "required": ["error"] });
    schemas.insert("ErrorAnswer".to_owned(), error);
    schemas
}

fn reference(name: &str) -> Json {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
