//! `kill -9` of the server at each step of a publish: the old revision serves, and nothing half done is listed.

use std::io::{BufRead as _, BufReader};

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Server, TOKEN, client, root};

const SETOSA: [f64; 4] = [5.1, 3.5, 1.4, 0.2];

#[test]
fn p12_a_kill_at_any_step_leaves_a_whole_revision() {
    let model = std::fs::read(root().join("examples/iris/iris.onnx")).unwrap();
    let mut server = Server::start();
    server.publish(&root().join("examples/iris"), "ada/iris");
    for step in ["unpack", "resolve", "validate", "snapshot", "compile", "smoke", "activate"] {
        let response = client()
            .post(format!("{}/api/v1/spaces/ada/iris/revisions?filename=iris.onnx", server.url))
            .bearer_auth(TOKEN)
            .body(model.clone())
            .send()
            .unwrap();
        let reached = BufReader::new(response).lines().map_while(Result::ok).any(|line| {
            let event: Value = serde_json::from_str(&line).unwrap();
            event["event"] == "started" && event["step"] == step
        });
        assert!(reached, "the publish reaches {step}");
        server.kill_and_restart();

        let left: Vec<_> = std::fs::read_dir(server.data.join("tmp")).unwrap().collect();
        assert!(left.is_empty(), "the restart cleans up after a kill at {step}: {left:?}");
        let (status, answer) = server.call("ada/iris", "predict", &json!({ "data": SETOSA }));
        assert_eq!(status, 200, "after a kill at {step}: {answer}");
        let listed: Value =
            server.admin(Method::GET, "/api/v1/spaces/ada/iris/revisions").send().unwrap().json().unwrap();
        let revisions = listed["revisions"].as_array().unwrap();
        assert_eq!(revisions.iter().filter(|revision| revision["live"] == true).count(), 1);
        // The kill races with the last steps, so a second revision may be there; then it is whole.
        for revision in revisions {
            let path = format!("/api/v1/spaces/ada/iris/revisions/{}/activate", revision["number"]);
            assert_eq!(server.admin(Method::POST, &path).send().unwrap().status(), 200);
            assert_eq!(server.call("ada/iris", "predict", &json!({ "data": SETOSA })).0, 200, "{revision}");
        }
    }
}

#[test]
fn p13_damaged_and_missing_artefacts_are_made_again() {
    let mut server = Server::start();
    server.publish(&root().join("examples/iris"), "ada/iris");
    let folder = server.data.join("artefacts");
    let artefact = || {
        let mut files = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
        files.find(|path| path.extension().is_some_and(|extension| extension == "cwasm")).unwrap()
    };
    let damage: [&dyn Fn(); 2] = [
        &|| {
            let path = artefact();
            let mut bytes = std::fs::read(&path).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            // A new file, since the old one is mapped.
            std::fs::remove_file(&path).unwrap();
            std::fs::write(&path, bytes).unwrap();
        },
        &|| std::fs::remove_file(artefact()).unwrap(),
    ];
    for hurt in damage {
        hurt();
        server.kill_and_restart();
        let (status, answer) = server.call("ada/iris", "predict", &json!({ "data": SETOSA }));
        assert_eq!((status, &answer["data"][0]["label"]), (200, &json!("setosa")), "{answer}");
    }
}
