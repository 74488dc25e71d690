//! What calls have cost, as the owner reads it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Server, root};

fn metrics(server: &Server, range: &str) -> Value {
    let path = format!("/api/v1/spaces/ada/iris/metrics?range={range}");
    let answer = server.admin(Method::GET, &path).send().unwrap();
    assert_eq!(answer.status(), 200, "{range}");
    answer.json::<Value>().unwrap()["metrics"].clone()
}

#[test]
fn calls_are_counted_and_outlive_the_server() {
    let mut server = Server::start();
    server.publish(&root().join("examples/iris"), "ada/iris");
    for _ in 0..3 {
        assert_eq!(server.call("ada/iris", "predict", &json!({})).0, 200);
    }
    let check = |server: &Server, requests: u64| {
        for (range, n_points) in [("hour", 60), ("day", 96), ("week", 168)] {
            let metrics = metrics(server, range);
            let total = &metrics["total"];
            assert_eq!((&total["requests"], &total["errors"]), (&json!(requests), &json!(0)), "{range}");
            let points = metrics["points"].as_array().unwrap();
            assert_eq!(points.len(), n_points);
            let sum: u64 = points.iter().map(|point| point["requests"].as_u64().unwrap()).sum();
            assert_eq!(sum, requests);
            let ms = |name: &str, part: &str| total[name][part].as_f64().unwrap();
            assert!(ms("latency_ms", "p50") >= ms("instantiate_ms", "p50"), "{total}");
            assert!(ms("latency_ms", "p99") >= ms("latency_ms", "p50"));
            assert!(total["memory_bytes"].as_u64().unwrap() > 1 << 16, "{total}");
        }
    };
    check(&server, 3);
    assert_eq!(server.call("ada/iris", "predict", &json!({})).0, 200);
    // What nobody has read yet is written when the server stops.
    server.terminate();
    assert!(server.wait().success());
    let mut server = Server::start_on(&server.data.clone(), &[]);
    check(&server, 4);
    // What was read is written, and a power cut does not take it back.
    server.kill_and_restart();
    check(&server, 4);
}

#[test]
fn failures_are_counted_as_errors() {
    let server = Server::start();
    server.publish(&root().join("artifacts/guests/workbench.wasm"), "ada/iris");
    assert_eq!(server.call("ada/iris", "fail", &json!({ "message": "no" })).0, 502);
    let total = &metrics(&server, "hour")["total"];
    assert_eq!((&total["requests"], &total["errors"]), (&json!(1), &json!(1)), "{total}");
}

#[test]
fn metrics_are_the_owners_alone_and_go_with_the_space() {
    let server = Server::start();
    server.publish(&root().join("examples/iris"), "ada/iris");
    assert_eq!(server.call("ada/iris", "predict", &json!({})).0, 200);
    let path = "/api/v1/spaces/ada/iris/metrics";
    assert_eq!(server.get(path).status(), 401);
    let status = |path: &str| server.admin(Method::GET, path).send().unwrap().status().as_u16();
    assert_eq!(status("/api/v1/spaces/ada/none/metrics"), 404);
    assert_eq!(status("/api/v1/spaces/ada/iris/metrics?range=year"), 400);
    assert_eq!(status(path), 200);
    assert_eq!(server.admin(Method::DELETE, "/api/v1/spaces/ada/iris").send().unwrap().status(), 204);
    assert_eq!(status(path), 404);
    server.publish(&root().join("examples/iris"), "ada/iris");
    assert_eq!(metrics(&server, "week")["total"]["requests"], 0, "another space of that name");
}
