//! Health, meters, logs, start and stop.

use std::process::{Command, Stdio};

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Server, root, text};

#[test]
fn health_and_meters_answer() {
    let server = Server::start();
    server.publish(&root().join("examples/iris"), "ada/iris");
    assert_eq!(server.get("/healthz").status(), 200);
    assert_eq!(server.get("/readyz").status(), 200);
    assert_eq!(server.call("ada/iris", "predict", &json!({})).0, 200);
    let meters = server.get("/metrics").text().unwrap();
    let line = r#"vitrine_invocations_total{space="ada/iris",outcome="completed"} 1"#;
    assert!(meters.contains(line), "{meters}");
    let response = server.get("/healthz");
    assert!(response.headers().contains_key("x-request-id"));
}

#[test]
fn the_dashboard_shows_meters_that_are_there() {
    let server = Server::start();
    server.publish(&root().join("examples/iris"), "ada/iris");
    server.call("ada/iris", "predict", &json!({}));
    let meters = server.get("/metrics").text().unwrap();
    let there: Vec<_> = meters.lines().filter_map(|line| line.split(['{', ' ']).next()).collect();
    let dashboard = std::fs::read_to_string(root().join("host/docs/grafana.json")).unwrap();
    let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
    let names: Vec<_> = dashboard.split(|c| !is_name(c)).filter(|word| word.starts_with("vitrine_")).collect();
    assert!(names.len() > 12, "{names:?}");
    for name in names {
        assert!(there.contains(&name), "the dashboard names `{name}`, which is none of\n{meters}");
    }
}

#[test]
fn each_request_is_a_line_of_a_json_log() {
    let (mut server, log) = Server::start_logged(&["--log-json"]);
    let answer = server.get("/spaces/ada/none/api");
    let id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    assert_eq!(answer.status(), 404);
    server.terminate();
    assert!(server.wait().success());
    let log = std::fs::read_to_string(log).unwrap();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let line = lines.iter().find(|line| line["fields"]["request.id"] == id).expect("the request is in the log");
    let fields = &line["fields"];
    assert_eq!((&line["level"], &fields["message"]), (&json!("INFO"), &json!("request")));
    assert_eq!((&fields["status"], &fields["code"]), (&json!(404), &json!("unknown_space")));
    assert_eq!((&fields["method"], &fields["route"]), (&json!("GET"), &json!("/spaces/{owner}/{name}/api")));
    assert!(fields["duration_ms"].as_f64().unwrap() > 0.0, "{line}");
}

#[test]
fn more_spaces_serve_than_stay_loaded() {
    let server = Server::start_with(&["--max-loaded", "2"]);
    let spaces: Vec<_> = (0..5).map(|index| format!("ada/iris-{index}")).collect();
    for space in &spaces {
        server.publish(&root().join("examples/iris"), space);
    }
    let loaded = || {
        let meters = server.get("/metrics").text().unwrap();
        let line = meters.lines().find_map(|line| line.strip_prefix("vitrine_loaded_spaces "));
        line.expect("the meter is there").parse::<usize>().unwrap()
    };
    let mut answers = Vec::new();
    for space in spaces.iter().chain(&spaces) {
        let (status, answer) = server.call(space, "predict", &json!({}));
        assert_eq!(status, 200, "{answer}");
        answers.push(answer["data"].clone());
        assert!(loaded() <= 2);
    }
    assert!(answers.iter().all(|answer| answer == &answers[0]));
    assert_eq!(loaded(), 2);
}

#[test]
fn the_gallery_lists_and_searches() {
    let server = Server::start();
    server.publish(&root().join("examples/iris"), "ada/iris");
    let found = |query: &str| {
        server.get(&format!("/api/v1/spaces?q={query}")).json::<Value>().unwrap()["meta"]["total"].clone()
    };
    assert_eq!(found(""), 1);
    assert_eq!(found("iris"), 1);
    assert_eq!(found("rose"), 0);
    let page = server.get("/?q=iris").text().unwrap();
    assert!(page.contains("Iris species"), "the server draws the gallery");
    let space = server.get("/spaces/ada/iris").text().unwrap();
    assert!(space.contains("Sepal length"), "the server draws the form");
}

#[test]
fn the_log_of_a_refused_publish_is_kept_for_the_author() {
    let server = Server::start();
    server.publish(&root().join("examples/iris"), "ada/iris");
    let bad = tempfile::NamedTempFile::with_suffix(".onnx").unwrap();
    std::fs::write(bad.path(), b"no model").unwrap();
    assert!(!server.vitrine(&["publish", bad.path().to_str().unwrap(), "--to", "ada/iris"]).status.success());
    // Stored by a task of the server's own: asked again until it is there.
    let told = (0..500).any(|_| {
        let logs = server.admin(Method::GET, "/api/v1/spaces/ada/iris/logs").send().unwrap().text().unwrap();
        logs.contains("publish failed")
    });
    assert!(told, "the space's log names the failure");
    assert_eq!(server.call("ada/iris", "predict", &json!({})).0, 200, "the old revision still serves");
}

#[test]
fn the_server_drains_and_ends_well() {
    let mut server = Server::start();
    assert_eq!(server.get("/healthz").status(), 200);
    server.terminate();
    assert!(server.wait().success());
}

#[test]
fn a_request_that_has_begun_is_answered_by_a_server_that_stops() {
    use std::io::{BufRead as _, BufReader, Write as _};
    let mut server = Server::start();
    server.publish(&root().join("examples/iris"), "ada/iris");
    let mut connection = std::net::TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
    let head = "POST /spaces/ada/iris/api/predict HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
                content-length: 2\r\nexpect: 100-continue\r\n\r\n";
    connection.write_all(head.as_bytes()).unwrap();
    let mut lines = BufReader::new(connection.try_clone().unwrap()).lines().map(Result::unwrap);
    // The server says so when it begins to read the body.
    assert_eq!(lines.next().as_deref(), Some("HTTP/1.1 100 Continue"));
    server.terminate();
    connection.write_all(b"{}").unwrap();
    assert_eq!(lines.find(|line| line.starts_with("HTTP/")).as_deref(), Some("HTTP/1.1 200 OK"));
    drop((connection, lines));
    assert!(server.wait().success());
}

#[test]
fn start_up_mistakes_are_one_line_and_exit_64() {
    let server = Server::start();
    let again = Command::new(env!("CARGO_BIN_EXE_vitrine"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(&server.data)
        .env("VITRINE_ADMIN_TOKEN", "another-long-token")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(again.status.code(), Some(64));
    assert!(text(&again).contains("in use by another process"), "{}", text(&again));
    let short = Command::new(env!("CARGO_BIN_EXE_vitrine"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(tempfile::TempDir::new().unwrap().path())
        .env("VITRINE_ADMIN_TOKEN", "short")
        .output()
        .unwrap();
    assert_eq!(short.status.code(), Some(64));
}

#[test]
fn the_first_start_makes_a_token_that_works_and_is_printed_once() {
    use std::io::{BufRead as _, BufReader};
    let folder = tempfile::TempDir::new().unwrap();
    #[expect(clippy::zombie_processes, reason = "whoever starts it ends it, a few lines below")]
    let start = || {
        let mut child = Command::new(env!("CARGO_BIN_EXE_vitrine"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.path())
            .env_remove("VITRINE_ADMIN_TOKEN")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut token = None;
        for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
            if let Some((_, found)) = line.split_once("Admin token (shown only this once): ") {
                token = Some(found.to_owned());
            }
            if let Some(url) = line.strip_prefix("Vitrine serves at ") {
                return (child, url.to_owned(), token);
            }
        }
        panic!("the server did not start");
    };
    let (mut child, url, token) = start();
    let token = token.expect("the first start prints a token");
    let who = crate::harness::client().get(format!("{url}/api/v1/whoami")).bearer_auth(&token).send().unwrap();
    assert_eq!(who.status(), 200);
    child.kill().unwrap();
    child.wait().unwrap();
    let (mut child, url, second) = start();
    assert_eq!(second, None);
    let who = crate::harness::client().get(format!("{url}/api/v1/whoami")).bearer_auth(&token).send().unwrap();
    assert_eq!(who.status(), 200, "the stored hash still knows it");
    child.kill().unwrap();
    child.wait().unwrap();
}
