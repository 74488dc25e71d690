//! Calling a space: forms of a request, and mistakes in them.

use serde_json::{Value, json};

use crate::harness::{Server, client, root};

fn iris() -> Server {
    let server = Server::start();
    server.publish(&root().join("examples/iris"), "ada/iris");
    server
}

#[test]
fn inputs_are_named_positional_or_multipart() {
    let server = iris();
    let label = |answer: &Value| answer["data"][0]["label"].clone();
    let named = json!({"sepal_length": 6.3, "sepal_width": 3.3, "petal_length": 6.0, "petal_width": 2.5});
    let (status, first) = server.call("ada/iris", "predict", &named);
    assert_eq!((status, label(&first)), (200, json!("virginica")), "{first}");
    let (_, second) = server.call("ada/iris", "predict", &json!({"data": [6.3, 3.3, 6.0, 2.5]}));
    assert_eq!(second["data"], first["data"]);
    let form = reqwest::blocking::multipart::Form::new()
        .text("sepal_length", "6.3")
        .text("sepal_width", "3.3")
        .text("petal_length", "6.0")
        .text("petal_width", "2.5");
    let url = format!("{}/spaces/ada/iris/api/predict", server.url);
    let third: Value = client().post(url).multipart(form).send().unwrap().json().unwrap();
    assert_eq!(third["data"], first["data"]);
    let defaults = server.call("ada/iris", "predict", &json!({}));
    assert_eq!(defaults.0, 200, "inputs that are left out take their defaults: {}", defaults.1);
}

#[test]
fn an_image_comes_as_data_url_or_as_a_file() {
    let server = Server::start();
    server.publish(&root().join("examples/digits"), "ada/digits");
    let png = std::fs::read(root().join("examples/digits/8.png")).unwrap();
    let url = format!("{}/spaces/ada/digits/api/predict", server.url);
    let part = reqwest::blocking::multipart::Part::bytes(png).file_name("8.png");
    let form = reqwest::blocking::multipart::Form::new().part("image", part);
    let sent: Value = client().post(url).multipart(form).send().unwrap().json().unwrap();
    assert_eq!(sent["data"][0]["label"], "8", "{sent}");
    let (_, asset) = server.call("ada/digits", "predict", &json!({"image": {"asset": "8.png"}}));
    assert_eq!(asset["data"], sent["data"]);
    let file = server.get("/spaces/ada/digits/files/8.png");
    assert_eq!(file.headers()["content-type"], "image/png");
}

#[test]
fn mistakes_name_the_field_and_what_to_do() {
    let server = iris();
    let check = |space: &str, endpoint: &str, body: Value, status: u16, code: &str, words: &[&str]| {
        let (found, answer) = server.call(space, endpoint, &body);
        assert_eq!((found, answer["error"]["code"].as_str()), (status, Some(code)), "{body}: {answer}");
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(words.iter().all(|word| message.contains(word)), "{message}");
    };
    check("ada/iris", "predict", json!({"sepal_length": 99}), 422, "invalid_input", &["sepal_length", "99", "8"]);
    check("ada/iris", "predict", json!({"sepal_length": "long"}), 422, "invalid_input", &["sepal_length"]);
    check("ada/iris", "predict", json!({"sepal": 5}), 422, "invalid_input", &["sepal", "sepal_length"]);
    check("ada/iris", "predict", json!({"data": [1, 2, 3, 4, 5]}), 422, "invalid_input", &["5", "4"]);
    check("ada/iris", "predict", json!([1]), 422, "invalid_input", &["object"]);
    check("ada/iris", "guess", json!({}), 404, "unknown_endpoint", &["guess", "predict"]);
    check("ada/rose", "predict", json!({}), 404, "unknown_space", &["ada/rose"]);
    check("Ada/Iris", "predict", json!({}), 404, "unknown_space", &[]);

    let url = format!("{}/spaces/ada/iris/api/predict", server.url);
    let raw = |content_type: &str, body: String| {
        let response = client().post(&url).header("content-type", content_type).body(body).send().unwrap();
        let status = response.status().as_u16();
        (status, response.json::<Value>().unwrap()["error"]["code"].as_str().unwrap().to_owned())
    };
    assert_eq!(raw("application/json", "{".to_owned()), (400, "invalid_json".to_owned()));
    assert_eq!(raw("application/json", "[".repeat(100_000)), (400, "invalid_json".to_owned()));
    assert_eq!(raw("text/plain", "5.1".to_owned()), (415, "unsupported_media_type".to_owned()));
    let get = client().get(&url).send().unwrap();
    assert_eq!(get.status(), 405);
}

#[test]
fn a_picture_that_is_none_is_the_callers_mistake() {
    let server = Server::start();
    server.publish(&root().join("examples/digits"), "ada/digits");
    let (status, answer) = server.call("ada/digits", "predict", &json!({"image": "data:image/png;base64,AAAA"}));
    assert_eq!((status, answer["error"]["code"].as_str()), (422, Some("invalid_input")), "{answer}");
    assert_eq!(answer["error"]["field"], "image");
}

#[test]
fn the_command_line_calls_and_prints() {
    let server = iris();
    let output = server.vitrine(&["call", "ada/iris", "--input", "petal_length=1.4", "--input", "petal_width=0.2"]);
    let text = crate::harness::text(&output);
    assert!(output.status.success() && text.contains("setosa"), "{text}");
    let raw = server.vitrine(&["call", "ada/iris", "predict", "--input", "petal_length=1.4", "--json"]);
    assert!(serde_json::from_slice::<Value>(&raw.stdout).unwrap()["data"].is_array());
    let wrong = server.vitrine(&["call", "ada/iris", "--input", "petal_length=77"]);
    assert!(!wrong.status.success() && crate::harness::text(&wrong).contains("petal_length"));
}
