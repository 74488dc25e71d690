//! What examples give when a space is published is kept, and read without a call.

use std::fs;

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Server, root};

fn invocations(server: &Server) -> String {
    let metrics = server.get("/metrics").text().unwrap();
    let lines = metrics.lines().filter(|line| line.starts_with("vitrine_invocations_total{space=\"ada/iris\""));
    lines.collect::<Vec<_>>().join("\n")
}

fn publish_iris(server: &Server, manifest: &str) -> String {
    let folder = TempDir::new().unwrap();
    for name in ["iris.onnx", "labels.txt", "space.toml"] {
        fs::copy(root().join("examples/iris").join(name), folder.path().join(name)).unwrap();
    }
    let file = folder.path().join("space.toml");
    let own = fs::read_to_string(&file).unwrap();
    fs::write(file, format!("{manifest}\n{own}")).unwrap();
    server.publish(folder.path(), "ada/iris")
}

#[test]
fn outputs_of_examples_are_read_without_a_call() {
    let mut server = Server::start();
    publish_iris(&server, "");
    let interface: Value = server.get("/spaces/ada/iris/api").json().unwrap();
    let examples = interface["interface"]["endpoints"][0]["examples"].as_array().unwrap().clone();
    assert!(examples.len() > 1 && examples.iter().all(|example| example["cached"] == true), "{examples:?}");
    let kept = |server: &Server, index: usize| -> Value {
        server.get(&format!("/spaces/ada/iris/examples/predict/{index}")).json().unwrap()
    };
    // The first one loads the space, and its counters are there from then on.
    kept(&server, 0);
    let before = invocations(&server);
    let answers: Vec<_> = (0..examples.len()).map(|index| kept(&server, index)).collect();
    assert_eq!(invocations(&server), before, "nothing was called");
    for (index, answer) in answers.iter().enumerate() {
        let inputs: Vec<Value> = examples[index]["inputs"].as_array().unwrap().iter().map(number).collect();
        let (_, called) = server.call("ada/iris", "predict", &json!({ "data": inputs }));
        assert_eq!(called["data"], answer["data"]);
    }
    let missing = server.get(&format!("/spaces/ada/iris/examples/predict/{}", examples.len()));
    assert_eq!(missing.status(), 404);
    server.kill_and_restart();
    assert_eq!(kept(&server, 0), answers[0]);
    // Of a private space they are the author's.
    let private = json!({ "visibility": "private" });
    server.admin(Method::PATCH, "/api/v1/spaces/ada/iris").json(&private).send().unwrap().error_for_status().unwrap();
    let address = "/spaces/ada/iris/examples/predict/0";
    assert_eq!(server.get(address).status(), 404);
    assert_eq!(server.admin(Method::GET, address).send().unwrap().status(), 200);
}

#[test]
fn an_author_may_want_none_kept() {
    let server = Server::start();
    let said = publish_iris(&server, "cache_examples = false");
    assert!(said.contains("1 example called"), "{said}");
    let interface: Value = server.get("/spaces/ada/iris/api").json().unwrap();
    assert_eq!(interface["interface"]["endpoints"][0]["examples"][0].get("cached"), None);
    assert_eq!(server.get("/spaces/ada/iris/examples/predict/0").status(), 404);
}

/// A stored value as a number.
fn number(value: &Value) -> Value {
    value.as_object().and_then(|tagged| tagged.values().next_back()).unwrap_or(value).clone()
}
