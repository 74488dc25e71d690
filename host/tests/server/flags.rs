//! Flags: a stranger sends, within bounds; only the author reads and deletes.

use std::fs;

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Server, client, root};

/// A server with `ada/iris`, whose manifest begins with `manifest`.
fn iris(manifest: &str) -> Server {
    let server = Server::start();
    let folder = TempDir::new().unwrap();
    for name in ["iris.onnx", "labels.txt", "space.toml"] {
        fs::copy(root().join("examples/iris").join(name), folder.path().join(name)).unwrap();
    }
    let file = folder.path().join("space.toml");
    let own = fs::read_to_string(&file).unwrap();
    fs::write(file, format!("{manifest}\n{own}")).unwrap();
    server.publish(folder.path(), "ada/iris");
    server
}

const FLAGS: &str = "/api/v1/spaces/ada/iris/flags";

/// Sends a flag as anybody.
fn flag(server: &Server, body: &Value) -> (u16, Value) {
    let response = client().post(format!("{}{FLAGS}", server.url)).json(body).send().unwrap();
    (response.status().as_u16(), response.json().unwrap())
}

fn body(reason: Option<&str>) -> Value {
    json!({ "endpoint": "predict", "reason": reason, "inputs": { "petal_width": 2.5, "petal_length": 6 },
        "outputs": [{ "label": "=virginica" }] })
}

#[test]
fn a_stranger_flags_and_only_the_author_reads_and_deletes() {
    let server = iris("flagging_mode = 'manual'\nflagging_options = ['wrong', '=unsafe']");
    let detail: Value = server.get("/api/v1/spaces/ada/iris").json().unwrap();
    assert_eq!(detail["space"]["flagging"]["options"], json!(["wrong", "=unsafe"]), "{detail}");
    for reason in ["wrong", "=unsafe"] {
        let (status, answer) = flag(&server, &body(Some(reason)));
        assert_eq!(status, 201, "{answer}");
    }
    assert_eq!(server.get(FLAGS).status(), 401);
    assert_eq!(client().delete(format!("{}{FLAGS}", server.url)).send().unwrap().status(), 401);

    let lines = server.admin(Method::GET, FLAGS).send().unwrap().text().unwrap();
    let flags: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(flags.len(), 2);
    assert_eq!(flags[1]["reason"], "wrong", "the newest is the first");
    assert_eq!(flags[1]["inputs"].to_string(), r#"{"petal_length":6,"petal_width":2.5}"#, "in the endpoint's order");
    assert_eq!(flags[1]["outputs"], json!({ "species": { "label": "=virginica" } }));
    let csv = server.admin(Method::GET, &format!("{FLAGS}?format=csv")).send().unwrap();
    assert_eq!(csv.headers()["content-disposition"], "attachment; filename=\"ada-iris-flags.csv\"");
    let csv = csv.text().unwrap();
    let rows: Vec<_> = csv.split("\r\n").collect();
    assert_eq!(rows[0], "id,at,revision,endpoint,reason,input petal_length,input petal_width,output species");
    assert!(rows[1].contains(",1,predict,\"'=unsafe\",6,2.5,"), "{csv}");

    let one = format!("{FLAGS}/{}", flags[0]["id"]);
    assert_eq!(server.admin(Method::DELETE, &one).send().unwrap().status(), 200);
    assert_eq!(server.admin(Method::DELETE, &one).send().unwrap().status(), 404);
    let cleared: Value = server.admin(Method::DELETE, FLAGS).send().unwrap().json().unwrap();
    assert_eq!(cleared["deleted"], 1);
    assert_eq!(server.admin(Method::GET, FLAGS).send().unwrap().text().unwrap(), "");
}

#[test]
fn a_flag_that_does_not_fit_is_refused() {
    let server = iris("flagging_mode = 'manual'\nflagging_options = ['wrong']");
    let refused = |body: Value, status: u16, words: &str| {
        let (found, answer) = flag(&server, &body);
        assert_eq!(found, status, "{answer}");
        assert!(answer.to_string().contains(words), "`{words}` is not in {answer}");
    };
    refused(body(None), 422, "wrong");
    refused(body(Some("other")), 422, "wrong");
    refused(json!({ "endpoint": "x", "reason": "wrong", "inputs": {}, "outputs": [] }), 422, "endpoint");
    refused(json!({ "endpoint": "predict", "reason": "wrong", "inputs": { "x": 1 }, "outputs": [] }), 422, "inputs");
    refused(json!({ "endpoint": "predict", "reason": "wrong", "inputs": {}, "outputs": [1, 2] }), 422, "outputs");
    refused(json!({ "endpoint": "predict", "more": 1 }), 422, "more");
    let large = json!({ "endpoint": "predict", "reason": "wrong", "inputs": {}, "outputs": ["x".repeat(5 << 20)] });
    refused(large, 413, "large");
    // A page of another site can send a form, but no JSON.
    let form = client().post(format!("{}{FLAGS}", server.url)).body(body(Some("wrong")).to_string());
    let form = form.header("content-type", "text/plain").send().unwrap();
    assert_eq!(form.status(), 415);
    assert_eq!(server.admin(Method::GET, FLAGS).send().unwrap().text().unwrap(), "");
}

#[test]
fn a_visitor_has_a_pace() {
    let server = iris("flagging_mode = 'manual'");
    let sent: Vec<_> = (0..12).map(|_| flag(&server, &body(None)).0).collect();
    assert_eq!(sent[..10], [201; 10]);
    assert_eq!(sent[11], 429, "{sent:?}");
}

#[test]
fn spaces_take_no_flags_unless_their_author_says_so() {
    let server = iris("");
    let (status, answer) = flag(&server, &body(None));
    assert_eq!((status, answer["error"]["code"].as_str()), (403, Some("flagging_off")), "{answer}");
    let server = iris("flagging_mode = 'manual'\nvisibility = 'private'");
    assert_eq!(flag(&server, &body(None)).0, 404, "a private space is not there for a stranger");
}
