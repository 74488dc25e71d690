//! Compares the endpoint, built natively, with the answers of the reference implementation in `golden.py`.

use guest_sdk::bindings::vitrine::space::types::Cell;
use guest_sdk::{App, Context, Value};
use serde_json::{Value as Json, json};

#[test]
fn answers_are_those_of_the_reference() {
    let cases: Vec<Json> = serde_json::from_str(include_str!("../golden.json")).expect("golden.json is JSON");
    assert!(!cases.is_empty());
    for case in cases {
        let text = case["inputs"]["text"].as_str().expect("`text` is a text");
        let top = case["inputs"]["top"].as_i64().expect("`top` is an integer");
        assert_eq!(call(text, top).expect("the text is valid"), case["outputs"], "{text}");
    }
}

#[test]
fn nothing_to_count_is_an_invalid_input() {
    let error = call(" \n", 1).expect_err("there is no word");
    assert_eq!(error, "text: write a text or choose a file");
}

/// The outputs as the HTTP API writes them.
fn call(text: &str, top: i64) -> Result<Json, String> {
    let context = Context { invocation_id: "test".into(), session: None, deadline_ms: 1000 };
    let inputs = vec![Value::Text(text.into()), Value::Null, Value::Integer(top)];
    let outputs = word_count::app::__Space::call("count", inputs, context).map_err(|error| match error {
        guest_sdk::CallError::InvalidInput((input, message)) => format!("{input}: {message}"),
        guest_sdk::CallError::Failed(message) => message,
    })?;
    let [Value::Table(columns), Value::Integer(total), Value::Integer(distinct)] = &outputs[..] else {
        return Err(format!("unexpected outputs {outputs:?}"));
    };
    let n_rows = columns[0].cells.len();
    let rows: Vec<Json> =
        (0..n_rows).map(|row| columns.iter().map(|column| cell(&column.cells[row])).collect()).collect();
    let headers: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    Ok(json!({"words": {"headers": headers, "data": rows}, "total": total, "distinct": distinct}))
}

fn cell(cell: &Cell) -> Json {
    match cell {
        Cell::Null => Json::Null,
        Cell::Boolean(boolean) => json!(boolean),
        Cell::Integer(integer) => json!(integer),
        Cell::Number(number) => json!(number),
        Cell::Text(text) => json!(text),
    }
}
