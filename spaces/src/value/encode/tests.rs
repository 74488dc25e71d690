use super::*;
use crate::interface::NumberRange;
use crate::value::Dtype;
use crate::value::decode::{NoAssets, decode_inputs};

fn endpoint(component: Component) -> Endpoint {
    let field =
        Field { name: "y".to_owned(), label: "Y".to_owned(), info: None, component, default: None, optional: false };
    Endpoint {
        name: "predict".to_owned(),
        title: String::new(),
        documentation: String::new(),
        inputs: vec![field.clone()],
        outputs: vec![field],
        examples: Vec::new(),
        streams: false,
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn png() -> Media {
    Media { bytes: vec![1, 2, 3, 4], mime_type: "image/png".to_owned(), name: None }
}

fn label(score: Option<f64>) -> Value {
    Value::Label(vec![Confidence { label: "cat".to_owned(), score }])
}

fn tensor(dtype: Dtype, shape: &[u64], bytes: &[u8]) -> Value {
    Value::Tensor(Tensor { dtype, shape: shape.to_vec(), bytes: bytes.to_vec() })
}

fn number() -> Component {
    Component::Number(NumberRange { minimum: Some(0.0), maximum: Some(1.0), step: None })
}

/// As a client reads it.
fn written(encoded: &[Encoded]) -> Json {
    let text = serde_json::to_string(encoded).expect("outputs are JSON");
    serde_json::from_str(&text).expect("and JSON can be read")
}

#[test]
fn values_are_written_as_clients_read_them() {
    let check = |component: Component, value: Value, expected: Json| {
        assert_eq!(written(&encode_outputs(&endpoint(component), vec![value])), json!([expected]));
    };
    check(number(), Value::Number(0.5), json!(0.5));
    check(number(), Value::Integer(7), json!(7));
    check(number(), Value::Null, json!(null));
    check(Component::Markdown, text("asset:x"), json!("asset:x"));
    check(Component::image(), text("asset:x.png"), json!({ "asset": "x.png" }));
    check(Component::Json, Value::Json(json!({ "a": 1 })), json!({ "a": 1 }));
    check(
        Component::image(),
        Value::Media(png()),
        json!({ "url": "data:image/png;base64,AQIDBA==", "mime_type": "image/png", "name": null, "size": 4 }),
    );
    check(
        Component::Label { top: None },
        label(Some(0.9)),
        json!({ "label": "cat", "confidences": [{ "label": "cat", "confidence": 0.9 }] }),
    );
    check(Component::Label { top: None }, Value::Label(Vec::new()), json!({ "label": null, "confidences": [] }));
    let infinite = [1f32.to_le_bytes(), f32::INFINITY.to_le_bytes()].concat();
    check(
        Component::Tensor { dtype: Dtype::F32, shape: vec![None] },
        tensor(Dtype::F32, &[2], &infinite),
        json!({ "dtype": "f32", "shape": [2], "data": [1.0, null] }),
    );
    let columns = vec![
        Column { name: "a".to_owned(), cells: vec![Cell::Integer(1), Cell::Null] },
        Column { name: "b".to_owned(), cells: vec![Cell::Boolean(true), Cell::Text("x".to_owned())] },
    ];
    check(
        Component::dataframe(Vec::new()),
        Value::Table(columns),
        json!({ "headers": ["a", "b"], "data": [[1, true], [null, "x"]] }),
    );
}

#[test]
fn what_is_answered_can_be_sent_back() {
    let check = |component: Component, value: Value| {
        let endpoint = endpoint(component);
        let encoded = written(&encode_outputs(&endpoint, vec![value.clone()]));
        let body = json!({ "data": encoded });
        assert_eq!(decode_inputs(&endpoint, body, Vec::new(), &NoAssets), Ok(vec![value]));
    };
    check(number(), Value::Number(0.5));
    check(Component::image(), Value::Media(png()));
    check(Component::Gallery, Value::Medias(vec![png(), png()]));
    check(
        Component::Tensor { dtype: Dtype::F16, shape: vec![None, None] },
        tensor(Dtype::F16, &[1, 2], &[0, 60, 1, 0]),
    );
    check(Component::dataframe(Vec::new()), {
        Value::Table(vec![Column { name: "a".to_owned(), cells: vec![Cell::Number(0.5)] }])
    });
}

#[test]
fn outputs_keep_the_contract_or_break_it() {
    let check = |component: Component, value: Value, expected: Result<(), &str>| {
        let expected = expected.map_err(|message| format!("endpoint `predict`, output `y`: {message}"));
        let context = format!("{value:?}");
        let checked = check_outputs(&endpoint(component), &[value]).map_err(|error| error.to_string());
        assert_eq!(checked, expected, "{context}");
    };
    check(number(), Value::Number(0.5), Ok(()));
    check(number(), Value::Null, Ok(()));
    // Bounds bind visitors only.
    check(number(), Value::Integer(7), Ok(()));
    check(number(), Value::Number(f64::NAN), Err("NaN is not a finite number"));
    check(number(), text("1"), Err("expected a number, found a text"));
    check(Component::Markdown, Value::Number(1.0), Err("expected a text, found a number"));
    check(Component::image(), Value::Media(png()), Ok(()));
    check(Component::audio(), Value::Media(png()), Err("expected a file of type `audio/*`, found `image/png`"));
    check(Component::image(), Value::Medias(vec![png()]), Err("expected an image, found a list of files"));
    check(Component::image(), text("asset:x.png"), Err("expected an image, found a text"));
    let file = || Component::File { file_types: Vec::new(), multiple: false };
    let headers = Media { mime_type: "a/b\r\nset-cookie: x".to_owned(), ..png() };
    check(
        file(),
        Value::Media(headers),
        Err("`a/b\u{fffd}\u{fffd}set-cookie: x` is not a media type like `image/png`"),
    );
    let label_component = || Component::Label { top: None };
    check(label_component(), label(None), Ok(()));
    check(label_component(), label(Some(f64::INFINITY)), Err("the score of `cat` is inf, not a finite number"));
    let tensor_component = || Component::Tensor { dtype: Dtype::F32, shape: vec![None, Some(2)] };
    check(tensor_component(), tensor(Dtype::F32, &[1, 2], &[0; 8]), Ok(()));
    check(tensor_component(), tensor(Dtype::F64, &[1, 2], &[0; 16]), {
        Err("expected elements of type f32, found f64")
    });
    check(tensor_component(), tensor(Dtype::F32, &[2, 1], &[0; 8]), {
        Err("expected a tensor of shape [?, 2], found [2, 1]")
    });
    check(tensor_component(), tensor(Dtype::F32, &[u64::MAX, 2], &[0; 8]), {
        Err("the shape [18446744073709551615, 2] of f32 takes 147573952589676412920 bytes, found 8")
    });
    let uneven = vec![
        Column { name: "a".to_owned(), cells: vec![Cell::Null] },
        Column { name: "b".to_owned(), cells: Vec::new() },
    ];
    check(Component::dataframe(Vec::new()), Value::Table(uneven), Err("the columns have different lengths"));

    let wrong_count = check_outputs(&endpoint(number()), &[]).map_err(|error| error.to_string());
    assert_eq!(wrong_count, Err("endpoint `predict` answered 0 outputs instead of 1".to_owned()));
}
