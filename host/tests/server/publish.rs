//! Publishing: what works, and how what does not work is told.

use std::fs;

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Server, TOKEN, bundle, client, root, text};

fn iris() -> std::path::PathBuf {
    root().join("examples/iris")
}

#[test]
fn an_onnx_file_alone_becomes_a_working_space() {
    let server = Server::start();
    let printed = server.publish(&iris().join("iris.onnx"), "ada/flowers");
    assert!(printed.contains(&format!("{}/spaces/ada/flowers", server.url)), "{printed}");
    assert!(printed.contains("curl"), "{printed}");
    let interface: Value = server.get("/spaces/ada/flowers/api").json().unwrap();
    let endpoint = &interface["interface"]["endpoints"][0];
    let inputs: serde_json::Map<_, _> = endpoint["inputs"]
        .as_array()
        .unwrap()
        .iter()
        .zip([5.1, 3.5, 1.4, 0.2])
        .map(|(input, value)| (input["name"].as_str().unwrap().to_owned(), json!(value)))
        .collect();
    assert_eq!(inputs.len(), 4, "one field per feature: {endpoint}");
    let (status, answer) = server.call("ada/flowers", endpoint["name"].as_str().unwrap(), &Value::Object(inputs));
    assert_eq!(status, 200, "{answer}");
    assert!(answer["timings"]["total_ms"].as_f64().unwrap() > 0.0);
    assert_eq!(server.get("/spaces/ada/flowers").status(), 200);
}

/// The world grows by interfaces to import, so that what was built for an older one goes on: this file was built for
/// `vitrine:space@0.1.0`, before `components` came.
#[test]
fn a_component_of_the_first_world_is_published_and_runs() {
    let server = Server::start();
    server.publish(&root().join("host/tests/guests/released/space-0.1.0.wasm"), "ada/words");
    let (status, answer) = server.call("ada/words", "count", &json!({ "text": "a b a" }));
    let words = json!({ "headers": ["word", "count"], "data": [["a", 2], ["b", 1]] });
    assert_eq!((status, &answer["data"]), (200, &json!([words, 3, 2])), "{answer}");
    let interface: Value = server.get("/spaces/ada/words/api").json().unwrap();
    assert_eq!(interface["interface"]["endpoints"][0]["inputs"][0]["component"]["kind"], "textbox");
}

#[test]
fn components_of_later_worlds_reach_the_interface() {
    let server = Server::start();
    server.publish(&bundle("components"), "ada/components");
    let interface: Value = server.get("/spaces/ada/components/api").json().unwrap();
    let endpoint = |name: &str| {
        let endpoints = interface["interface"]["endpoints"].as_array().unwrap();
        endpoints.iter().find(|endpoint| endpoint["name"] == name).unwrap()
    };
    let component = |name: &str, side: &str, field: &str| {
        let fields = endpoint(name)[side].as_array().unwrap();
        fields.iter().find(|found| found["name"] == field).unwrap()["component"].clone()
    };
    assert_eq!(component("fields", "inputs", "secret")["type"], "password");
    let time = json!({ "kind": "datetime", "include_time": true, "timezone": "Europe/Oslo" });
    assert_eq!(component("fields", "inputs", "time"), time);
    assert_eq!(component("fields", "outputs", "color"), json!({ "kind": "color-picker" }));
    let lines = json!({ "kind": "line-plot", "x": "month", "y": "sales", "color": "region" });
    assert_eq!(component("tables", "outputs", "lines"), lines);
    assert_eq!(component("converse", "inputs", "chat"), component("converse", "outputs", "output"));
}

#[test]
fn values_of_a_wrong_form_are_refused_by_name() {
    let server = Server::start();
    server.publish(&bundle("components"), "ada/components");
    let good = || json!({ "name": "Ada", "size": "Small" });
    let check = |field: &str, value: Value, expected: &str| {
        let mut body = good();
        body[field] = value;
        let (status, answer) = server.call("ada/components", "fields", &body);
        assert_eq!((status, answer["error"]["field"].as_str()), (422, Some(field)), "{answer}");
        assert!(answer["error"]["message"].as_str().unwrap().contains(expected), "{answer}");
    };
    check("color", json!("red"), "`red` is not a colour like `#12ab9f`");
    check("day", json!("2026-02-29"), "is not a date like `2026-11-28`");
    check("time", json!("2026-11-28T16:00:00+01:00"), "is not a date and time like");
    check("country", json!("Atlantis"), "is not among the choices");
    let mut body = good();
    body["interests"] = json!(["chess"]);
    body["time"] = json!("2026-11-28T16:00");
    let (status, answer) = server.call("ada/components", "fields", &body);
    assert_eq!((status, &answer["data"][4]), (200, &json!("2026-11-28 16:00:00")), "{answer}");
    let (status, answer) = server.call("ada/components", "converse", &json!({ "chat": [{ "role": "you" }] }));
    assert_eq!((status, answer["error"]["field"].as_str()), (422, Some("chat")), "{answer}");
}

#[test]
fn revisions_are_listed_and_rolled_back() {
    let server = Server::start();
    server.publish(&iris(), "ada/iris");
    server.publish(&iris().join("iris.onnx"), "ada/iris");
    let title = || server.get("/api/v1/spaces/ada/iris").json::<Value>().unwrap()["space"]["title"].clone();
    assert_ne!(title(), "Iris species");
    let listed = server.vitrine(&["revisions", "ada/iris"]);
    assert!(listed.status.success(), "{}", text(&listed));
    let rolled_back = server.vitrine(&["rollback", "ada/iris"]);
    assert!(rolled_back.status.success(), "{}", text(&rolled_back));
    assert_eq!(title(), "Iris species");
    let (status, answer) = server.call("ada/iris", "predict", &json!({"data": [5.1, 3.5, 1.4, 0.2]}));
    assert_eq!((status, &answer["data"][0]["label"]), (200, &json!("setosa")), "{answer}");
    let revisions: Value =
        server.admin(Method::GET, "/api/v1/spaces/ada/iris/revisions").send().unwrap().json().unwrap();
    let live: Vec<_> = revisions["revisions"].as_array().unwrap().iter().filter(|r| r["live"] == true).collect();
    assert_eq!(live.len(), 1);
    assert_eq!(live[0]["number"], 1);
}

#[test]
fn a_deleted_space_is_gone() {
    let server = Server::start();
    server.publish(&iris(), "ada/iris");
    let deleted = server.vitrine(&["delete", "ada/iris", "--yes"]);
    assert!(deleted.status.success(), "{}", text(&deleted));
    assert_eq!(server.get("/spaces/ada/iris").status(), 404);
    assert_eq!(server.call("ada/iris", "predict", &json!({})).0, 404);
}

#[test]
fn visibility_hides_and_shows() {
    let server = Server::start();
    server.publish(&iris(), "ada/iris");
    let set = |visibility: &str| {
        let response = server
            .admin(Method::PATCH, "/api/v1/spaces/ada/iris")
            .json(&json!({"visibility": visibility}))
            .send()
            .unwrap();
        assert_eq!(response.status(), 200);
    };
    let listed = || server.get("/api/v1/spaces").json::<Value>().unwrap()["meta"]["total"].clone();
    let body = json!({"data": [5.1, 3.5, 1.4, 0.2]});
    set("unlisted");
    assert_eq!(listed(), 0);
    assert_eq!(server.call("ada/iris", "predict", &body).0, 200);
    set("private");
    for path in
        ["/spaces/ada/iris", "/spaces/ada/iris/api", "/api/v1/spaces/ada/iris", "/spaces/ada/iris/files/labels.txt"]
    {
        assert_eq!(server.get(path).status(), 404, "{path}");
    }
    assert_eq!(server.call("ada/iris", "predict", &body).0, 404);
    let with_token = server.admin(Method::POST, "/spaces/ada/iris/api/predict").json(&body).send().unwrap();
    assert_eq!(with_token.status(), 200);
    set("public");
    assert_eq!(listed(), 1);
    // Of a space that is published as private, nobody sees anything at any moment.
    let model = iris().join("iris.onnx");
    let secret = ["publish", model.to_str().unwrap(), "--to", "ada/secret", "--visibility", "private"];
    let published = server.vitrine(&secret);
    assert!(published.status.success() && text(&published).contains("private"), "{}", text(&published));
    assert_eq!(server.get("/spaces/ada/secret").status(), 404);
    assert_eq!(listed(), 1);
}

/// A refusal names the step and the reason, on the command line and in the space's log, and exits with a failure.
#[track_caller]
fn refused(server: &Server, path: &std::path::Path, expected: &[&str]) {
    let output = server.vitrine(&["publish", path.to_str().unwrap(), "--to", "ada/broken"]);
    let text = text(&output);
    assert!(!output.status.success(), "{text}");
    for part in expected {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
    assert_eq!(server.get("/spaces/ada/broken").status(), 404, "nothing is half published");
}

#[test]
fn broken_uploads_are_refused_with_the_reason() {
    let server = Server::start();
    let folder = TempDir::new().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    refused(&server, &file("noise.wasm", b"\0asm\x0d\0\x01\0 noise"), &["validate", "not valid"]);
    refused(&server, &file("module.wasm", b"\0asm\x01\0\0\0"), &["core module"]);
    refused(&server, &file("noise.zip", b"PK\x03\x04 cut off"), &["not a zip archive"]);
    refused(&server, &file("noise.onnx", b"this is no model"), &[]);
    let model = fs::read(iris().join("iris.onnx")).unwrap();
    refused(&server, &file("half.onnx", &model[..model.len() / 2]), &[]);

    let bundle = folder.path().join("bundle");
    fs::create_dir(&bundle).unwrap();
    fs::copy(iris().join("iris.onnx"), bundle.join("iris.onnx")).unwrap();
    let manifest = |text: &str| fs::write(bundle.join("space.toml"), text).unwrap();
    manifest("titel = \"x\"\n");
    refused(&server, &bundle, &["titel", "title"]);
    manifest("[[inputs]]\nname = \"x\"\nkind = \"slider\"\nminimum = 1.0\nmaximum = 0.0\n");
    refused(&server, &bundle, &["x"]);
    manifest(
        "[[outputs]]\nname = \"species\"\nkind = \"label\"\ntensor = \"probabilities\"\nlabels = \"missing.txt\"\n",
    );
    refused(&server, &bundle, &["missing.txt"]);
    manifest("[[outputs]]\nname = \"species\"\nkind = \"label\"\ntensor = \"no_such_output\"\n");
    refused(&server, &bundle, &["no_such_output"]);
    manifest("thumbnail = \"missing.png\"\n");
    refused(&server, &bundle, &["missing.png"]);
    manifest("app = \"other.onnx\"\n");
    refused(&server, &bundle, &["other.onnx"]);
    let whole = "[[examples]]\ninputs = { feature_1 = 1, feature_2 = 1, feature_3 = 1, feature_4 = 1 }\n";
    manifest(&format!("{whole}\n[[examples]]\ninputs = {{ feature_1 = 1, feature_2 = 1, feature_3 = 1 }}\n"));
    refused(&server, &bundle, &["smoke", "example 2", "feature_4"]);
    fs::remove_file(bundle.join("iris.onnx")).unwrap();
    fs::copy(root().join("artifacts/guests/word-count.wasm"), bundle.join("app.wasm")).unwrap();
    manifest("[[inputs]]\nname = \"x\"\nkind = \"number\"\n");
    refused(&server, &bundle, &["`[[inputs]]`", "app.wasm"]);

    // What the command line finds out by itself, the server finds out too.
    let url = format!("{}/api/v1/spaces/ada/broken/revisions?filename=noise.zip", server.url);
    let answer = client().post(url).bearer_auth(TOKEN).body("PK\u{3}\u{4} cut off").send().unwrap().text().unwrap();
    let last: Value = serde_json::from_str(answer.lines().last().unwrap()).unwrap();
    assert_eq!((&last["event"], &last["step"]), (&json!("failed"), &json!("unpack")), "{answer}");
}

#[test]
fn tokens_are_asked_for_and_checked() {
    let server = Server::start();
    let url = format!("{}/api/v1/spaces/ada/iris/revisions?filename=iris.onnx", server.url);
    let none = client().post(&url).body("x").send().unwrap();
    assert_eq!(none.status(), 401);
    let wrong = client().post(&url).bearer_auth("wrong").body("x").send().unwrap();
    assert_eq!(wrong.status(), 401);
    let body: Value = wrong.json().unwrap();
    assert_eq!(body["error"]["code"], "unauthorized");
    assert!(body["error"]["request_id"].is_string());
    let odd = client().post(format!("{url}&visibility=secret")).bearer_auth(TOKEN).body("x").send().unwrap();
    assert_eq!(odd.status(), 400);
    assert_eq!(odd.json::<Value>().unwrap()["error"]["code"], "invalid_query");
    let right = client().get(format!("{}/api/v1/whoami", server.url)).bearer_auth(TOKEN).send().unwrap();
    assert_eq!(right.json::<Value>().unwrap(), json!({"role": "admin"}));
}
