use serde_json::json;

use super::*;
use crate::interface::{NumberRange, TextType};
use crate::value::{Cell, Column, Dtype, Tensor};

/// The beginning of a PNG file: enough for its type.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// [`PNG`] in base64.
const PNG_BASE64: &str = "iVBORw0KGgo=";

fn field(name: &str, component: Component) -> Field {
    Field { name: name.to_owned(), label: name.to_owned(), info: None, component, default: None, optional: false }
}

fn endpoint(inputs: Vec<Field>) -> Endpoint {
    Endpoint {
        name: "predict".to_owned(),
        title: String::new(),
        documentation: String::new(),
        inputs,
        outputs: Vec::new(),
        examples: Vec::new(),
        streams: false,
    }
}

fn bundle() -> HashMap<String, Media> {
    let media =
        |bytes: &[u8], mime_type: &str| Media { bytes: bytes.to_vec(), mime_type: mime_type.into(), name: None };
    HashMap::from([
        ("images/dot.png".to_owned(), media(PNG, "image/png")),
        ("data.csv".to_owned(), media(b"a,b", "text/csv")),
    ])
}

fn range(minimum: f64, maximum: f64) -> NumberRange {
    NumberRange { minimum: Some(minimum), maximum: Some(maximum), step: None }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn png(name: Option<&str>) -> Value {
    Value::Media(png_media(name))
}

fn png_media(name: Option<&str>) -> Media {
    Media { bytes: PNG.to_vec(), mime_type: "image/png".to_owned(), name: name.map(str::to_owned) }
}

fn check_request(inputs: Vec<Field>, body: Json, parts: Vec<Part>, expected: Result<Vec<Value>, &str>) {
    let context = body.to_string();
    let decoded = decode_inputs(&endpoint(inputs), body, parts, &bundle()).map_err(|error| error.to_string());
    assert_eq!(decoded, expected.map_err(str::to_owned), "{context}");
}

/// One input `x` sent as JSON; a message is given without the leading "input `x`: ".
fn check_json(component: Component, json: Json, expected: Result<Value, &str>) {
    let expected = expected.map(|value| vec![value]).map_err(|message| format!("input `x`: {message}"));
    let expected = match &expected {
        Ok(values) => Ok(values.clone()),
        Err(message) => Err(message.as_str()),
    };
    check_request(vec![field("x", component)], json!({ "x": json }), Vec::new(), expected);
}

#[test]
fn requests_name_or_list_their_inputs() {
    let inputs = || {
        let mut defaulted = field("b", Component::Number(NumberRange::default()));
        defaulted.default = Some(Value::Integer(2));
        let mut optional = field("c", Component::Number(NumberRange::default()));
        optional.optional = true;
        vec![field("a", Component::Number(NumberRange::default())), defaulted, optional]
    };
    let check = |body: Json, expected: Result<[f64; 2], &str>| {
        let expected = expected.map(|[a, b]| vec![Value::Number(a), Value::Number(b), Value::Null]);
        check_request(inputs(), body, Vec::new(), expected);
    };
    check(json!({ "a": 1 }), Ok([1.0, 2.0]));
    check(json!({ "b": 3, "a": 1 }), Ok([1.0, 3.0]));
    check(json!({ "a": 1, "b": null, "c": null }), Ok([1.0, 2.0]));
    check(json!({ "data": [1] }), Ok([1.0, 2.0]));
    check(json!({ "data": [1, 3] }), Ok([1.0, 3.0]));
    check(json!({ "data": [1, null, null] }), Ok([1.0, 2.0]));
    check(json!({ "data": [1, 2, 3, 4] }), Err("`data` has 4 values, but the endpoint has 3 inputs"));
    check(json!({ "data": 1 }), Err("there is no input `data`; the inputs are `a`, `b`, `c`"));
    check(json!({ "data": [1], "a": 1 }), Err("there is no input `data`; the inputs are `a`, `b`, `c`"));
    check(json!({}), Err("input `a` is missing"));
    check(json!(null), Err("input `a` is missing"));
    check(json!({ "a": null }), Err("input `a` is missing"));
    check(json!({ "data": [] }), Err("input `a` is missing"));
    check(json!([1]), Err("the body must be an object with one key per input, or {\"data\": [...]}; found an array"));
    check(json!("x"), Err("the body must be an object with one key per input, or {\"data\": [...]}; found a string"));
}

#[test]
fn unknown_inputs_are_told_the_close_or_the_known_ones() {
    let check = |names: &[&str], name: &str, expected: &str| {
        let inputs = names.iter().map(|name| field(name, Component::Checkbox)).collect();
        check_request(inputs, json!({ name: 1 }), Vec::new(), Err(expected));
    };
    check(&["sepal_length"], "sepal_lenght", "there is no input `sepal_lenght`; did you mean `sepal_length`?");
    check(&["sepal_length", "b"], "weight", "there is no input `weight`; the inputs are `sepal_length`, `b`");
    check(&[], "x", "there is no input `x`; the endpoint takes none");
    let long = "y".repeat(1000);
    check(&["a"], &long, &format!("there is no input `{}…`; the inputs are `a`", "y".repeat(80)));
}

#[test]
fn an_input_called_data_is_a_name_not_a_list() {
    let tensor = Component::Tensor { dtype: Dtype::U8, shape: vec![Some(2)] };
    let expected = Value::Tensor(Tensor { dtype: Dtype::U8, shape: vec![2], bytes: vec![1, 2] });
    check_request(vec![field("data", tensor)], json!({ "data": [1, 2] }), Vec::new(), Ok(vec![expected]));
}

#[test]
fn scalars_fit_their_component_or_say_why_not() {
    let number = || Component::Number(range(0.0, 10.0));
    check_json(number(), json!(3), Ok(Value::Number(3.0)));
    check_json(number(), json!(10), Ok(Value::Number(10.0)));
    check_json(number(), json!(99), Err("99 is above the maximum 10"));
    check_json(number(), json!(-0.5), Err("-0.5 is below the minimum 0"));
    check_json(number(), json!(1e300), Err("1e300 is above the maximum 10"));
    check_json(number(), json!("3"), Err("expected a number, found a string"));
    check_json(Component::Slider(range(1.0, 2.0)), json!(0), Err("0 is below the minimum 1"));
    check_json(Component::Checkbox, json!(true), Ok(Value::Boolean(true)));
    check_json(Component::Checkbox, json!(1), Err("expected true or false, found a number"));

    let textbox = || Component::Textbox {
        lines: 1,
        placeholder: None,
        max_length: Some(3),
        text_type: TextType::Text,
        copy: false,
    };
    check_json(textbox(), json!("äöü"), Ok(Value::Text("äöü".to_owned())));
    check_json(textbox(), json!(""), Ok(Value::Text(String::new())));
    check_json(textbox(), json!("abcd"), Err("the text has 4 characters, but at most 3 are allowed"));
    check_json(textbox(), json!(["a"]), Err("expected a string, found an array"));
    check_json(Component::Json, json!(null), Ok(Value::Json(json!(null))));
    check_json(Component::Json, json!({ "a": [1] }), Ok(Value::Json(json!({ "a": [1] }))));
    let nested = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!([inner]));
    check_json(Component::Json, nested(64), Ok(Value::Json(nested(64))));
    check_json(Component::Json, nested(65), Err("the JSON nests deeper than 64 levels"));
}

#[test]
fn choices_are_those_offered() {
    let choices = || strings(&["red", "green"]);
    let one = || Component::dropdown(choices(), false);
    let many = || Component::dropdown(choices(), true);
    let red = || Value::Texts(strings(&["red"]));
    check_json(one(), json!("red"), Ok(Value::Text("red".to_owned())));
    check_json(one(), json!("blue"), Err("`blue` is not among the choices `red`, `green`"));
    check_json(one(), json!(["red"]), Err("expected a string, found an array"));
    check_json(Component::Radio { choices: choices() }, json!(0), Err("expected a string, found a number"));
    check_json(many(), json!(["green", "red"]), Ok(Value::Texts(strings(&["green", "red"]))));
    check_json(many(), json!("red"), Ok(red()));
    check_json(many(), json!([]), Ok(Value::Texts(Vec::new())));
    check_json(many(), json!(["red", "red"]), Err("`red` is chosen more than once"));
    check_json(many(), json!(["red", 1]), Err("expected an array of strings, found a number"));
    check_json(Component::CheckboxGroup { choices: choices() }, json!(["red"]), Ok(red()));
}

#[test]
fn files_come_as_urls_base64_or_assets() {
    let url = format!("data:image/png;base64,{PNG_BASE64}");
    check_json(Component::image(), json!(url), Ok(png(None)));
    check_json(Component::image(), json!({ "url": url, "name": "a.png", "size": 8 }), Ok(png(Some("a.png"))));
    check_json(Component::image(), json!({ "data": PNG_BASE64, "mime_type": "Image/PNG" }), Ok(png(None)));
    check_json(Component::image(), json!({ "data": "iVBORw0KGgo", "name": "../../a.png" }), Ok(png(Some("a.png"))));
    check_json(Component::image(), json!({ "asset": "images/dot.png" }), Ok(png(Some("dot.png"))));
    check_json(Component::Gallery, json!([url, { "asset": "images/dot.png" }]), {
        Ok(Value::Medias(vec![png_media(None), png_media(Some("dot.png"))]))
    });
    let files = |multiple| Component::File { file_types: strings(&[".csv", "image/*"]), multiple };
    check_json(files(true), json!(url), Ok(Value::Medias(vec![png_media(None)])));

    let expected = "expected a data URL or an object with `data` and `mime_type`, found a number";
    check_json(Component::image(), json!(1), Err(expected));
    check_json(
        Component::image(),
        json!(PNG_BASE64),
        Err("the string is not a data URL of the form `data:image/png;base64,...`"),
    );
    check_json(
        Component::image(),
        json!("data:image/png,x"),
        Err("the string is not a data URL of the form `data:image/png;base64,...`"),
    );
    check_json(
        Component::image(),
        json!({ "data": "?" }),
        Err("`data` is not valid base64: Invalid symbol 63, offset 0."),
    );
    check_json(Component::image(), json!({}), Err("there is no key `data`"));
    check_json(Component::image(), json!({ "data": "", "path": "x" }), {
        Err("there is a key `path`, but only `asset`, `data`, `url`, `mime_type`, `name` and `size` are known")
    });
    check_json(
        Component::image(),
        json!({ "data": "", "asset": "x" }),
        Err("expected one of `asset`, `data` and `url`, found several"),
    );
    check_json(Component::image(), json!({ "asset": "no.png" }), Err("there is no file `no.png` in the bundle"));
    check_json(
        Component::image(),
        json!({ "asset": "../no.png" }),
        Err("`../no.png` is not a path in the bundle: it must not contain `..`"),
    );
    check_json(
        Component::image(),
        json!({ "asset": "data.csv" }),
        Err("expected a file of type `image/*`, found `text/csv`"),
    );
    check_json(Component::audio(), json!(url), Err("expected a file of type `audio/*`, found `image/png`"));
    check_json(
        Component::image(),
        json!({ "data": "", "mime_type": "x\r\ny: z" }),
        Err("`x\u{fffd}\u{fffd}y: z` is not a media type like `image/png`"),
    );
    check_json(files(false), json!({ "data": "", "name": "a.csv", "mime_type": "text/plain" }), {
        Ok(Value::Media(Media {
            bytes: Vec::new(),
            mime_type: "text/plain".to_owned(),
            name: Some("a.csv".to_owned()),
        }))
    });
    check_json(
        files(false),
        json!({ "data": "", "name": "a.exe" }),
        Err("expected a file of type `.csv` or `image/*`, found `a.exe`"),
    );
    let strange = Component::File { file_types: vec![".\u{1b}[31m".to_owned(); 30], multiple: false };
    let expected = format!("expected a file of type `{}`, found `a.exe`", [".\u{fffd}[31m"; 20].join("` or `"));
    check_json(strange, json!({ "data": "", "name": "a.exe" }), Err(&expected));
}

#[test]
fn tensors_come_nested_flat_or_packed() {
    let component = || Component::Tensor { dtype: Dtype::U8, shape: vec![None, Some(2)] };
    let fixed = || Component::Tensor { dtype: Dtype::U8, shape: vec![Some(2), Some(2)] };
    let tensor = |shape: &[u64], bytes: &[u8]| {
        Ok(Value::Tensor(Tensor { dtype: Dtype::U8, shape: shape.to_vec(), bytes: bytes.to_vec() }))
    };
    check_json(component(), json!([[1, 2], [3, 4]]), tensor(&[2, 2], &[1, 2, 3, 4]));
    check_json(component(), json!([[1, 2]]), tensor(&[1, 2], &[1, 2]));
    check_json(fixed(), json!([1, 2, 3, 4]), tensor(&[2, 2], &[1, 2, 3, 4]));
    check_json(component(), json!({ "dtype": "u8", "shape": [1, 2], "data": [1, 2] }), tensor(&[1, 2], &[1, 2]));
    check_json(component(), json!({ "shape": [1, 2], "data": [[1, 2]] }), tensor(&[1, 2], &[1, 2]));
    check_json(component(), json!({ "dtype": "u8", "shape": [1, 2], "bytes": "AQI=" }), tensor(&[1, 2], &[1, 2]));
    check_json(component(), json!({ "shape": [0, 2], "data": [] }), tensor(&[0, 2], &[]));
    check_json(Component::Tensor { dtype: Dtype::U8, shape: vec![] }, json!(7), tensor(&[], &[7]));

    check_json(component(), json!([1, 2]), Err("expected a tensor of shape [?, 2], found [2]"));
    check_json(component(), json!([[1, 2, 3]]), Err("expected a tensor of shape [?, 2], found [1, 3]"));
    check_json(fixed(), json!([1, 2, 3]), Err("the shape [2, 2] takes 4 numbers, found 3"));
    check_json(component(), json!([[1, 2], [3]]), Err("the nested arrays are not all of the same length"));
    check_json(component(), json!([[1, 2], 3]), Err("the nested arrays are not all of the same length"));
    check_json(component(), json!([[1, [2]]]), Err("the nested arrays are not all of the same length"));
    check_json(component(), json!([[1, 300]]), Err("element 1: `300` is not of type u8"));
    check_json(component(), json!([[1, "a"]]), Err("element 1: `\"a\"` is not of type u8"));
    check_json(component(), json!("a"), Err("expected nested arrays of numbers, found a string"));
    check_json(
        component(),
        json!({ "dtype": "f32", "data": [[1, 2]] }),
        Err("expected elements of type u8, found f32"),
    );
    check_json(component(), json!({ "dtype": "float32", "data": [[1, 2]] }), {
        Err("`float32` is not an element type; use one of boolean, u8, s8, u16, s16, u32, s32, u64, s64, f16, f32, f64")
    });
    check_json(
        component(),
        json!({ "shape": [1, 2], "bytes": "AQ==" }),
        Err("the shape [1, 2] of u8 takes 2 bytes, found 1"),
    );
    check_json(component(), json!({ "shape": [u64::MAX, 2], "bytes": "" }), {
        Err("the shape [18446744073709551615, 2] of u8 takes 36893488147419103230 bytes, found 0")
    });
    check_json(component(), json!({ "shape": [1, -2], "data": [] }), {
        Err("expected `shape` as an array of whole numbers, found a number")
    });
    check_json(component(), json!({ "bytes": "" }), Err("there is no key `shape`"));
    check_json(component(), json!({ "shape": [1, 2] }), Err("there is no key `data`"));
    check_json(
        component(),
        json!({ "shape": [1, 2], "data": [1, 2], "x": 0 }),
        Err("there is a key `x`, but only `dtype`, `shape`, `data` and `bytes` are known"),
    );
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    check_json(component(), deep.clone(), Err("the tensor has more than 16 dimensions"));
    check_json(component(), json!([[1, deep]]), Err("the nested arrays are not all of the same length"));
}

#[test]
fn booleans_of_a_packed_tensor_are_zero_or_one() {
    let component = Component::Tensor { dtype: Dtype::Boolean, shape: vec![Some(2)] };
    check_json(component, json!({ "shape": [2], "bytes": "AQI=" }), Err("element 1: `2` is not of type boolean"));
}

#[test]
fn tables_have_rows_as_wide_as_their_headers() {
    let any = || Component::dataframe(Vec::new());
    let known = || Component::dataframe(strings(&["a", "b"]));
    let table = || {
        Value::Table(vec![
            Column { name: "a".to_owned(), cells: vec![Cell::Integer(1), Cell::Null] },
            Column { name: "b".to_owned(), cells: vec![Cell::Text("x".to_owned()), Cell::Number(0.5)] },
        ])
    };
    let rows = json!([[1, "x"], [null, 0.5]]);
    check_json(any(), json!({ "headers": ["a", "b"], "data": rows }), Ok(table()));
    check_json(known(), json!({ "headers": ["a", "b"], "data": rows }), Ok(table()));
    check_json(known(), json!({ "data": rows }), Ok(table()));
    check_json(
        known(),
        json!({ "headers": ["b", "a"], "data": [] }),
        Err("expected the columns `a`, `b`, found `b`, `a`"),
    );
    check_json(any(), json!({ "data": rows }), Err("there is no key `headers`"));
    check_json(known(), json!({ "data": [[1]] }), Err("row 0 has 1 cells, but there are 2 columns"));
    check_json(known(), json!({ "data": [[1, []]] }), {
        Err("row 0, column `b`: expected a number, text, boolean or null, found an array")
    });
    check_json(known(), json!({ "data": [1] }), Err("expected each row as an array, found a number"));
    check_json(known(), rows, Err("expected an object with `headers` and `data`, found an array"));
}

#[test]
fn parts_are_read_as_their_component_wants() {
    let check = |component: Component, parts: &[(Option<&str>, Option<&str>, &[u8])], expected: Result<Value, &str>| {
        let parts = parts.iter().map(|(file_name, mime_type, bytes)| Part {
            name: "x".to_owned(),
            file_name: file_name.map(str::to_owned),
            mime_type: mime_type.map(str::to_owned),
            bytes: bytes.to_vec(),
        });
        let expected = expected.map(|value| vec![value]);
        check_request(vec![field("x", component)], Json::Null, parts.collect(), expected);
    };
    let number = || Component::Number(range(0.0, 10.0));
    let text = |bytes: &'static [u8]| (None, None, bytes);
    check(number(), &[text(b" 2.5 ")], Ok(Value::Number(2.5)));
    check(number(), &[text(b"x")], Err("input `x`: `x` is not a number"));
    check(number(), &[text(b"NaN")], Err("input `x`: `NaN` is not a number"));
    check(number(), &[text(b"11")], Err("input `x`: 11 is above the maximum 10"));
    check(number(), &[text(b"")], Err("input `x` is missing"));
    check(number(), &[text(b"1"), text(b"2")], Err("input `x` is given more than once"));
    check(number(), &[text(b"\xff")], Err("input `x`: the text is not UTF-8"));
    check(Component::Checkbox, &[text(b"on")], Ok(Value::Boolean(true)));
    check(Component::Checkbox, &[text(b"maybe")], Err("input `x`: `maybe` is not true or false"));
    check(Component::Code { language: None }, &[text(b"")], Ok(Value::Text(String::new())));
    check(Component::Json, &[text(b"[1]")], Ok(Value::Json(json!([1]))));
    check(Component::Json, &[text(b"[1")], {
        Err("input `x`: not valid JSON: EOF while parsing a list at line 1 column 2")
    });
    let deep = "[".repeat(100_000);
    check(Component::Json, &[(None, None, deep.as_bytes())], {
        Err("input `x`: not valid JSON: recursion limit exceeded at line 1 column 128")
    });
    let group = || Component::CheckboxGroup { choices: strings(&["a", "b"]) };
    check(group(), &[text(b"a")], Ok(Value::Texts(strings(&["a"]))));
    check(group(), &[text(b"a"), text(b"b")], Ok(Value::Texts(strings(&["a", "b"]))));
    check(group(), &[text(b"[\"b\"]")], Ok(Value::Texts(strings(&["b"]))));
    check(group(), &[text(b"a"), text(b"c")], Err("input `x`: `c` is not among the choices `a`, `b`"));

    let png_part = (Some("/tmp/a.png"), Some("image/png"), PNG);
    check(Component::image(), &[png_part], Ok(png(Some("a.png"))));
    check(Component::image(), &[(Some("a.png"), Some("application/octet-stream"), PNG)], Ok(png(Some("a.png"))));
    check(Component::image(), &[(Some(""), Some("application/octet-stream"), b"")], Err("input `x` is missing"));
    check(Component::image(), &[png_part, png_part], Err("input `x` is given more than once"));
    check(
        Component::image(),
        &[(Some("a.txt"), Some("text/plain"), b"a")],
        Err("input `x`: expected a file of type `image/*`, found `text/plain`"),
    );
    check(Component::image(), &[text(b"{\"asset\": \"images/dot.png\"}")], Ok(png(Some("dot.png"))));
    check(Component::image(), &[text(b"data:image/png;base64,iVBORw0KGgo=")], Ok(png(None)));
    check(Component::Gallery, &[png_part, png_part], {
        Ok(Value::Medias(vec![png_media(Some("a.png")), png_media(Some("a.png"))]))
    });
}

#[test]
fn an_input_comes_by_name_or_by_part_not_both() {
    let part = Part { name: "x".to_owned(), file_name: None, mime_type: None, bytes: b"1".to_vec() };
    let inputs = vec![field("x", Component::Number(NumberRange::default()))];
    check_request(inputs, json!({ "x": 1 }), vec![part], Err("input `x` is given more than once"));
}

#[test]
fn examples_and_defaults_load_their_files() {
    let mut image = field("image", Component::image());
    image.default = Some(Value::Text("asset:images/dot.png".to_owned()));
    let gallery = field("gallery", Component::Gallery);
    let text = field("text", Component::textbox());
    let endpoint = endpoint(vec![image, gallery, text]);
    let dot = png_media(Some("dot.png"));
    let check = |inputs: Vec<Value>, expected: Result<Vec<Value>, &str>| {
        let example = Example { title: None, inputs, cached: false };
        let loaded = load_example(&endpoint, &example, &bundle()).map_err(|error| error.to_string());
        assert_eq!(loaded, expected.map_err(str::to_owned));
    };
    // A text that only looks like an asset stays a text.
    let plain = Value::Text("asset:images/dot.png".to_owned());
    check(
        vec![Value::Null, Value::Texts(strings(&["asset:images/dot.png"])), plain.clone()],
        Ok(vec![Value::Media(dot.clone()), Value::Medias(vec![dot]), plain.clone()]),
    );
    check(vec![Value::Text("asset:data.csv".to_owned())], {
        Err("input `image`: expected a file of type `image/*`, found `text/csv`")
    });
    check(vec![Value::Text("asset:x".to_owned())], Err("input `image`: there is no file `x` in the bundle"));
    check(vec![plain], Err("input `gallery` is missing"));

    let body = json!({ "gallery": [{ "asset": "a" }, { "asset": "b" }], "text": { "asset": "c" } });
    assert_eq!(asset_paths(&endpoint, &body), ["a", "b", "images/dot.png"]);
    assert_eq!(asset_paths(&endpoint, &json!({ "data": [{ "asset": "a" }] })), ["a", "images/dot.png"]);
}

#[test]
fn errors_name_their_field() {
    let check = |body: Json, expected: Option<&str>| {
        let error = decode_inputs(&endpoint(vec![field("x", Component::Checkbox)]), body, Vec::new(), &NoAssets)
            .expect_err("every body here is wrong");
        assert_eq!(error.field(), expected, "{error}");
    };
    check(json!({ "x": 1 }), Some("x"));
    check(json!({}), Some("x"));
    check(json!({ "y": 1 }), Some("y"));
    check(json!({ "data": [1, 2] }), None);
    check(json!(1), None);
}
