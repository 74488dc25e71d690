//! What a space may use, and what a call has used.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Server, client, root, text};

/// Iris with something more in its `space.toml`.
fn iris(limits: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    for name in ["iris.onnx", "labels.txt", "space.toml"] {
        fs::copy(root().join("examples/iris").join(name), folder.path().join(name)).unwrap();
    }
    let file = folder.path().join("space.toml");
    let manifest = fs::read_to_string(&file).unwrap();
    fs::write(file, format!("{limits}\n{manifest}")).unwrap();
    folder
}

#[test]
fn a_space_that_asks_for_too_much_is_refused_with_both_numbers() {
    let server = Server::start_with(&["--max-deadline", "60"]);
    for (limits, numbers) in [
        ("limits.memory = '3 GiB'", ["3 GiB", "2 GiB"]),
        ("limits.deadline = 61", ["61 s", "60 s"]),
        ("limits.concurrency = 1000", ["1000", "64"]),
    ] {
        let output = server.vitrine(&["publish", iris(limits).path().to_str().unwrap(), "--to", "ada/greedy"]);
        let text = text(&output);
        assert!(!output.status.success(), "{text}");
        for word in numbers.into_iter().chain(["limit_exceeded", "operator"]) {
            assert!(text.contains(word), "`{word}` is not in: {text}");
        }
    }
    assert_eq!(server.get("/api/v1/spaces/ada/greedy").status(), 404, "nothing is there of it");
}

#[test]
fn a_space_has_the_limits_that_it_asks_for_and_shows_them() {
    let server = Server::start();
    let limits = "limits = { max_body = 1000, deadline = 5.5, concurrency = 2, memory = '256 MiB', max_log = '1 KiB' }";
    server.publish(iris(limits).path(), "ada/modest");
    let space: Value = server.get("/api/v1/spaces/ada/modest").json().unwrap();
    let expected = json!({
        "memory_bytes": 256 << 20, "deadline_seconds": 5.5, "concurrency": 2, "max_body_bytes": 1000,
        "max_log_bytes": 1024,
    });
    assert_eq!(space["space"]["limits"], expected);
    let page = server.get("/spaces/ada/modest").text().unwrap();
    for word in ["5.5 seconds", "256 MiB", "1000 B", "1 KiB"] {
        assert!(page.contains(word), "`{word}` is not on the page");
    }
    let (status, answer) = server.call("ada/modest", "predict", &json!({ "x": "y".repeat(1000) }));
    assert_eq!((status, &answer["error"]["code"]), (413, &json!("body_too_large")), "{answer}");
    assert!(answer["error"]["message"].as_str().unwrap().contains("1000 B"), "{answer}");
}

#[test]
fn a_call_tells_what_it_used() {
    let server = Server::start();
    server.publish(&root().join("examples/iris"), "ada/iris");
    let call = |body: &str| {
        let url = format!("{}/spaces/ada/iris/api/predict", server.url);
        let request = client().post(url).header("content-type", "application/json").body(body.to_owned());
        let answer = request.send().unwrap();
        let timing = answer.headers()["server-timing"].to_str().unwrap().to_owned();
        (timing, answer.json::<Value>().unwrap())
    };
    let (timing, answer) = call("{}");
    for name in ["queue;dur=", "instantiate;dur=", "call;dur=", "cpu;dur=", "total;dur=", "in;desc=\"2 bytes\""] {
        assert!(timing.contains(name), "`{name}` is not in: {timing}");
    }
    let usage = &answer["usage"];
    assert_eq!(usage["in_bytes"], 2);
    assert!(usage["cpu_ms"].as_f64().unwrap() > 0.0, "{usage}");
    let memory = usage["memory_bytes"].as_u64().unwrap();
    assert!(memory > 1 << 20, "the loaded model is among {memory} bytes");
    assert!(timing.contains(&format!("memory;desc=\"{memory} bytes\"")), "{timing}");
    let meters = server.get("/metrics").text().unwrap();
    for name in ["vitrine_cpu_seconds", "vitrine_memory_bytes", "vitrine_in_bytes_total", "vitrine_out_bytes_total"] {
        let of_space = |line: &str| line.starts_with(name) && line.contains("space=\"ada/iris\"");
        assert!(meters.lines().any(of_space), "`{name}` of the space is not among the meters");
    }
}
