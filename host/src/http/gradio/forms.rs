//! Values without files whose form is Gradio's own: conversations, plots, tables with notes.

use serde_json::{Map, Value as Json, json};
use spaces::interface::{Component, ValueKind};

/// An input as the API takes it.
pub(super) fn taken(component: &Component, mut value: Json) -> Json {
    match (component, &mut value) {
        // Gradio's own notes on cells.
        (Component::Dataframe { .. }, Json::Object(table)) => {
            table.shift_remove("metadata");
        }
        (Component::Chatbot, Json::Array(messages)) => messages.iter_mut().for_each(plain_message),
        _ => {}
    }
    value
}

/// An output as Gradio gives it.
pub(super) fn given(component: &Component, mut value: Json) -> Json {
    match component {
        _ if value.is_null() => value,
        // A Vega-Lite specification is what Altair makes.
        Component::Plot => json!({ "type": "altair", "plot": value.to_string() }),
        Component::LinePlot(_) => plot(value, "line"),
        Component::BarPlot(_) => plot(value, "bar"),
        Component::ScatterPlot(_) => plot(value, "point"),
        Component::Chatbot => {
            value.as_array_mut().into_iter().flatten().for_each(block_message);
            value
        }
        _ if component.value_kind() == ValueKind::Table => {
            value["metadata"] = Json::Null;
            value
        }
        _ => value,
    }
}

/// Clients send a content as a text or as blocks, beside notes of their own.
fn plain_message(message: &mut Json) {
    let Json::Object(object) = message else { return };
    for note in ["metadata", "options"] {
        object.shift_remove(note);
    }
    let Some(Json::Array(blocks)) = object.get("content") else { return };
    let text = |block: &Json| Some(block.as_str().or_else(|| block.get("text")?.as_str())?.to_owned());
    // What is no text stays, and is refused by name.
    if let Some(texts) = blocks.iter().map(text).collect::<Option<Vec<_>>>() {
        object.insert("content".to_owned(), Json::String(texts.join("\n\n")));
    }
}

fn block_message(message: &mut Json) {
    let Json::Object(object) = message else { return };
    if let Some(Json::String(text)) = object.get("content") {
        let blocks = json!([{ "type": "text", "text": text }]);
        object.insert("content".to_owned(), blocks);
    }
    object.insert("metadata".to_owned(), Json::Null);
    object.insert("options".to_owned(), Json::Null);
}

fn plot(table: Json, mark: &str) -> Json {
    let rows = table["data"].as_array().map(Vec::as_slice).unwrap_or_default();
    let headers = table["headers"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut datatypes = Map::new();
    for (column, header) in headers.iter().enumerate() {
        let mut cells = rows.iter().map(|row| &row[column]).filter(|cell| !cell.is_null());
        let kind = if cells.all(Json::is_number) { "quantitative" } else { "nominal" };
        datatypes.insert(header.as_str().unwrap_or_default().to_owned(), json!(kind));
    }
    json!({ "columns": headers, "data": rows, "datatypes": datatypes, "mark": mark })
}

#[cfg(test)]
mod tests {
    use spaces::interface::Axes;

    use super::*;

    #[test]
    fn a_conversation_goes_both_ways() {
        let ours = json!([{ "role": "user", "content": "Hi" }]);
        let theirs = given(&Component::Chatbot, ours.clone());
        let block = json!([{ "type": "text", "text": "Hi" }]);
        assert_eq!(theirs, json!([{ "role": "user", "content": block, "metadata": null, "options": null }]));
        assert_eq!(taken(&Component::Chatbot, theirs), ours);
        assert_eq!(taken(&Component::Chatbot, ours.clone()), ours);
        let file = json!([{ "role": "user", "content": [{ "type": "file", "file": {} }] }]);
        assert_eq!(taken(&Component::Chatbot, file.clone()), file);
    }

    #[test]
    fn plots_say_what_their_columns_hold() {
        let axes = Axes { x: "a".to_owned(), y: "b".to_owned(), color: None };
        let table = json!({ "headers": ["a", "b"], "data": [["x", 1], ["y", null]] });
        assert_eq!(
            given(&Component::BarPlot(axes), table),
            json!({
                "columns": ["a", "b"],
                "data": [["x", 1], ["y", null]],
                "datatypes": { "a": "nominal", "b": "quantitative" },
                "mark": "bar",
            })
        );
        let plot = given(&Component::Plot, json!({ "mark": "bar" }));
        assert_eq!(plot, json!({ "type": "altair", "plot": "{\"mark\":\"bar\"}" }));
    }
}
