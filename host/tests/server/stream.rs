//! Streaming: progress and partial outputs as they come, one last event, and a client that goes away.

use std::io::{BufRead as _, BufReader};

use serde_json::{Value, json};

use crate::harness::{Server, bundle, client, root};

/// The events of a server-sent stream.
fn events(response: reqwest::blocking::Response) -> Vec<(String, Value)> {
    let mut events = Vec::new();
    let mut name = String::new();
    for line in BufReader::new(response).lines() {
        let line = line.unwrap();
        if let Some(event) = line.strip_prefix("event: ") {
            event.clone_into(&mut name);
        } else if let Some(data) = line.strip_prefix("data: ") {
            events.push((name.clone(), serde_json::from_str(data).unwrap()));
        }
    }
    events
}

#[test]
fn a_streaming_endpoint_reports_progress_and_partial_outputs() {
    let server = Server::start();
    server.publish(&bundle("word-count"), "ada/words");
    let interface: Value = server.get("/spaces/ada/words/api").json().unwrap();
    let endpoint = &interface["interface"]["endpoints"][0];
    assert_eq!(endpoint["streams"], true);
    let case: Value =
        serde_json::from_slice::<Vec<Value>>(&std::fs::read(root().join("examples/word-count/golden.json")).unwrap())
            .unwrap()
            .remove(0);
    let url = format!("{}/spaces/ada/words/api/{}", server.url, endpoint["name"].as_str().unwrap());
    let response = client().post(&url).json(&case["inputs"]).send().unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let events = events(response);
    let names: Vec<_> = events.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.contains(&"progress") && names.contains(&"output"), "{names:?}");
    assert_eq!(names.iter().filter(|name| **name == "complete").count(), 1);
    assert_eq!(names.last(), Some(&"complete"));
    // The same as JSON, for a client that asks for it.
    let plain = client().post(&url).header("accept", "application/json").json(&case["inputs"]).send().unwrap();
    assert_eq!(plain.json::<Value>().unwrap()["data"], events.last().unwrap().1["data"]);
}

#[test]
fn any_endpoint_streams_for_a_client_that_asks() {
    let server = Server::start();
    server.publish(&root().join("examples/iris"), "ada/iris");
    let url = format!("{}/spaces/ada/iris/api/predict", server.url);
    let ask = |body: Value| client().post(&url).header("accept", "text/event-stream").json(&body).send().unwrap();
    let good = events(ask(json!({})));
    assert_eq!(good.len(), 1);
    assert_eq!(good[0].0, "complete");
    // What is wrong before the guest runs is told by the status, not in a stream.
    assert_eq!(ask(json!({"petal_width": 99})).status(), 422);
}
