use serde_json::json;

use super::*;
use crate::interface::TextType;
use crate::value::decode::{NoAssets, decode_inputs};
use crate::value::encode::{check_outputs, encode_outputs};
use crate::value::{Cell, Column, Confidence, Dtype, Media, Tensor, Value};

fn endpoint(inputs: Vec<Field>, outputs: Vec<Field>) -> Endpoint {
    Endpoint {
        name: "predict".to_owned(),
        title: String::new(),
        documentation: String::new(),
        inputs,
        outputs,
        examples: Vec::new(),
        streams: false,
    }
}

fn field(component: Component) -> Field {
    Field { name: "x".to_owned(), label: "X".to_owned(), info: None, component, default: None, optional: false }
}

fn fits(schema: &Json, value: &Json) -> bool {
    jsonschema::draft202012::new(schema).expect("a schema").is_valid(value)
}

/// What the API accepts fits, and what this says does not fit the API refuses.
#[track_caller]
fn check_input(component: Component, accepted: &[Json], refused: &[Json]) {
    let endpoint = endpoint(vec![field(component)], Vec::new());
    let decodes = |value: &Json| decode_inputs(&endpoint, json!({ "x": value }), Vec::new(), &NoAssets).is_ok();
    for files in [Files::Inline, Files::Apart] {
        let schema = inputs(&endpoint, files);
        for value in accepted {
            assert!(decodes(value), "the API takes {value}");
            assert!(fits(&schema, &json!({ "x": value })), "{value} fits {schema}");
        }
        for value in refused {
            assert!(!decodes(value), "the API refuses {value}");
            // A bare text may be base64 there.
            if files == Files::Inline {
                assert!(!fits(&schema, &json!({ "x": value })), "{value} does not fit {schema}");
            }
        }
    }
}

fn range(minimum: f64, maximum: f64) -> NumberRange {
    NumberRange { minimum: Some(minimum), maximum: Some(maximum), step: Some(0.5) }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn what_the_api_accepts_fits_and_what_does_not_fit_is_refused() {
    let textbox =
        Component::Textbox { lines: 1, placeholder: None, max_length: Some(3), text_type: TextType::Text, copy: false };
    check_input(textbox, &[json!("äöü"), json!("")], &[json!("abcd"), json!(1), json!(null)]);
    let number = || Component::Number(range(0.0, 10.5));
    check_input(number(), &[json!(0), json!(10.5)], &[json!(-1), json!(11), json!("1"), json!(null)]);
    check_input(Component::Checkbox, &[json!(true)], &[json!(1), json!("true")]);
    let choices = || strings(&["red", "green"]);
    let radio = Component::Radio { choices: choices() };
    check_input(radio, &[json!("red")], &[json!("blue"), json!(["red"])]);
    let group = Component::CheckboxGroup { choices: choices() };
    let refused = [json!(["blue"]), json!(["red", "red"]), json!([1]), json!("blue")];
    check_input(group, &[json!([]), json!(["green", "red"]), json!("red")], &refused);
    check_input(Component::Json, &[json!(null), json!({ "a": [1] }), json!("x")], &[]);
    let known = Component::dataframe(strings(&["a", "b"]));
    let table = json!({ "data": [[1, "x"], [null, true]] });
    let full = json!({ "headers": ["a", "b"], "data": [] });
    let refused = [json!({ "headers": ["a", "c"], "data": [] }), json!({ "data": [[1]] }), json!({}), json!([[1, 2]])];
    check_input(known, &[table.clone(), full.clone()], &refused);
    check_input(Component::dataframe(Vec::new()), &[full], &[table, json!({ "data": [], "x": 1 })]);
}

#[test]
fn files_are_data_urls_or_objects() {
    let url = "data:image/png;base64,iVBORw0KGgo=";
    let accepted = [
        json!(url),
        json!({ "url": url, "name": "a.png", "mime_type": "image/png", "size": 8 }),
        json!({ "data": "iVBORw0KGgo=", "mime_type": null }),
    ];
    let refused =
        [json!("https://example.com/a.png"), json!({ "url": "https://example.com/a.png" }), json!({}), json!(1)];
    check_input(Component::image(), &accepted, &refused);
    let both = json!([accepted[0], accepted[2]]);
    check_input(Component::Gallery, &[both, accepted[0].clone()], &[json!([1]), json!({ "url": 1 })]);
}

#[test]
fn tensors_are_nested_flat_or_objects() {
    let fixed = || Component::Tensor { dtype: Dtype::U8, shape: vec![Some(2), Some(2)] };
    let accepted = [
        json!([[1, 2], [3, 4]]),
        json!([1, 2, 3, 4]),
        json!({ "shape": [2, 2], "data": [1, 2, 3, 4] }),
        json!({ "dtype": "u8", "shape": [2, 2], "bytes": "AQIDBA==" }),
    ];
    let refused = [json!([[1, 2]]), json!([1, 2, 3]), json!([[1, 2], [3, 256]]), json!({ "bytes": "AQ==" }), json!(1)];
    check_input(fixed(), &accepted, &refused);
    let free = || Component::Tensor { dtype: Dtype::F32, shape: vec![None, Some(2)] };
    check_input(free(), &[json!([[1, 2], [3, null]])], &[json!([1, 2]), json!([[1]]), json!([["x", "y"]])]);
    let scalar = Component::Tensor { dtype: Dtype::Boolean, shape: Vec::new() };
    check_input(scalar, &[json!(true), json!(0), json!([true])], &[json!(2), json!([true, false]), json!([])]);
}

#[test]
fn what_may_be_left_out_may_be_null() {
    let mut defaulted = field(Component::Number(range(0.0, 1.0)));
    defaulted.default = Some(Value::Number(0.5));
    let mut optional = field(Component::Checkbox);
    optional.name = "y".to_owned();
    optional.optional = true;
    let endpoint = endpoint(vec![defaulted, optional], Vec::new());
    let schema = inputs(&endpoint, Files::Inline);
    for body in [json!({}), json!({ "x": null, "y": null }), json!({ "x": 1, "y": true })] {
        assert!(decode_inputs(&endpoint, body.clone(), Vec::new(), &NoAssets).is_ok(), "{body}");
        assert!(fits(&schema, &body), "{body} fits {schema}");
    }
    assert!(!fits(&schema, &json!({ "z": 1 })), "an unknown input does not fit");
    assert_eq!(schema["properties"]["x"]["default"], json!(0.5));
    assert_eq!(schema["required"], json!([]));
}

#[test]
fn answers_fit() {
    let media = Media { bytes: vec![1], mime_type: "image/png".to_owned(), name: None };
    let columns = vec![Column { name: "a".to_owned(), cells: vec![Cell::Integer(1), Cell::Null] }];
    let tensor = Tensor { dtype: Dtype::F32, shape: vec![1], bytes: f32::NAN.to_le_bytes().to_vec() };
    let label = vec![Confidence { label: "cat".to_owned(), score: None }];
    let check = |component: Component, value: Value| {
        let endpoint = endpoint(Vec::new(), vec![field(component)]);
        let schema = outputs(&endpoint, Files::Inline);
        for value in [value, Value::Null] {
            check_outputs(&endpoint, std::slice::from_ref(&value)).expect("the guest may answer it");
            let encoded = serde_json::to_value(&encode_outputs(&endpoint, vec![value])[0]).expect("JSON");
            assert!(fits(&schema, &json!({ "x": encoded })), "{encoded} fits {schema}");
        }
        assert!(!fits(&schema, &json!({})), "every output is there");
    };
    check(Component::Number(range(0.0, 1.0)), Value::Integer(7));
    check(Component::Radio { choices: Vec::new() }, Value::Text("anything".to_owned()));
    check(Component::CheckboxGroup { choices: Vec::new() }, Value::Texts(strings(&["a"])));
    check(Component::image(), Value::Media(media.clone()));
    check(Component::Gallery, Value::Medias(vec![media]));
    check(Component::dataframe(Vec::new()), Value::Table(columns));
    check(Component::Tensor { dtype: Dtype::F32, shape: vec![None] }, Value::Tensor(tensor));
    check(Component::Label { top: None }, Value::Label(label));
    check(Component::Json, Value::Json(json!([null])));
}
