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

/// A stream of events that is read one by one.
struct Listening(std::io::Lines<BufReader<reqwest::blocking::Response>>);

impl Listening {
    fn to(server: &Server, endpoint: &str) -> Self {
        let url = format!("{}/spaces/ada/slow/api/{endpoint}", server.url);
        let request = client().post(url).header("accept", "text/event-stream").json(&json!({}));
        Self(BufReader::new(request.send().unwrap()).lines())
    }

    fn next(&mut self) -> (String, Value) {
        let mut line = |prefix: &str| {
            let found = self.0.by_ref().find_map(|line| Some(line.unwrap().strip_prefix(prefix)?.to_owned()));
            found.expect("the stream goes on")
        };
        (line("event: "), serde_json::from_str(&line("data: ")).unwrap())
    }
}

#[test]
fn who_waits_is_told_the_place_in_line() {
    let server = Server::start();
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::copy(root().join("artifacts/guests/workbench.wasm"), folder.path().join("app.wasm")).unwrap();
    std::fs::write(folder.path().join("space.toml"), "limits.concurrency = 1\n").unwrap();
    server.publish(folder.path(), "ada/slow");
    let queued = |position: usize| ("queued".to_owned(), json!({ "position": position }));

    let mut first = Listening::to(&server, "forever");
    assert_eq!(first.next().0, "output", "it runs at once, and nobody tells it of a line");
    let mut second = Listening::to(&server, "forever");
    assert_eq!(second.next(), queued(1));
    let mut third = Listening::to(&server, "forever");
    assert_eq!(third.next(), queued(2));
    let mut fourth = Listening::to(&server, "count");
    assert_eq!(fourth.next(), queued(3));
    // Whoever goes away lets the others forward, from the line and from its head.
    drop(third);
    assert_eq!(fourth.next(), queued(2));
    drop(first);
    assert_eq!(second.next(), queued(0));
    assert_eq!(second.next().0, "output");
    assert_eq!(fourth.next(), queued(1));
    drop(second);
    assert_eq!(fourth.next(), queued(0));
    assert_eq!(fourth.next().0, "progress");
}

#[test]
fn what_calls_usually_take_is_told_before_the_first_event() {
    let server = Server::start();
    server.publish(&root().join("examples/iris"), "ada/iris");
    let url = format!("{}/spaces/ada/iris/api/predict", server.url);
    let timing = || {
        let response = client().post(&url).header("accept", "text/event-stream").json(&json!({})).send().unwrap();
        let timing = response.headers().get("server-timing").map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(events(response).len(), 1);
        timing
    };
    assert_eq!(timing(), None, "nobody has called yet");
    let usual = timing().expect("one call was counted");
    let milliseconds: f64 = usual.strip_prefix("usual;dur=").unwrap().parse().unwrap();
    assert!(milliseconds > 0.0, "{usual}");
}
