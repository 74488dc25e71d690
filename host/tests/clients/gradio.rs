//! Gradio's clients: Python and JavaScript, new and old, its command line, and an app that shows a space inside itself.

use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::harness::{WORKBENCH, installed, python, script, succeed, workbench};
use crate::server::{Server, TOKEN, bundle, client, root, text};

/// The Python clients, newest first; the first one's environment has no version in its name.
const PYTHON: [&str; 9] = ["", "-2.4.1", "-2.0.3", "-1.14.0", "-1.13.3", "-1.10.4", "-1.8.0", "-1.5.4", "-1.3.0"];
/// The JavaScript clients, newest first.
const JAVASCRIPT: [&str; 7] = ["2.7.0", "2.4.0", "2.0.4", "1.19.1", "1.14.2", "1.8.0", "1.5.2"];
/// A workbench that only its owner may use.
const HIDDEN: &str = "ada/hidden";

fn url(server: &Server, space: &str) -> String {
    format!("{}/spaces/{space}/", server.url)
}

fn with_hidden(server: &Server) {
    let app = root().join("artifacts/guests/workbench.wasm");
    let output = server.vitrine(&["publish", app.to_str().unwrap(), "--to", HIDDEN, "--visibility", "private"]);
    assert!(output.status.success(), "{}", text(&output));
}

fn picture() -> String {
    root().join("examples/digits/3.png").canonicalize().unwrap().to_str().unwrap().to_owned()
}

/// Lets scripts run at the same time; fails the test where one of them does.
#[track_caller]
fn succeed_together(commands: impl IntoIterator<Item = (String, Command)>) {
    let start = |(name, mut command): (String, Command)| -> (String, Child) {
        (name, command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
    };
    let running: Vec<_> = commands.into_iter().map(start).collect();
    let mut failed = Vec::new();
    for (name, child) in running {
        let output = child.wait_with_output().unwrap();
        if !output.status.success() || !String::from_utf8_lossy(&output.stdout).ends_with("ok\n") {
            failed.push(format!("{name}:\n{}", text(&output)));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn gradio_every_python_client_calls_a_space() {
    let server = workbench(&[]);
    succeed_together(PYTHON.map(|version| {
        let mut command = python(&format!("gradio{version}"), "gradio/checks.py");
        command.arg(url(&server, WORKBENCH));
        (format!("gradio_client{version}"), command)
    }));
}

#[test]
fn gradio_the_python_client_knows_every_component() {
    let server = Server::start();
    let bundle = bundle("components");
    server.publish(&bundle, "ada/components");
    let mut command = python("gradio", "gradio/components.py");
    succeed(command.arg(url(&server, "ada/components")).arg(bundle));
}

#[test]
fn gradio_every_javascript_client_calls_a_space() {
    let server = workbench(&[]);
    with_hidden(&server);
    let picture = picture();
    succeed_together(JAVASCRIPT.map(|version| {
        let mut command = Command::new("node");
        command.arg(script("gradio/checks.mjs")).args([version, &url(&server, WORKBENCH), TOKEN]);
        command.args([&url(&server, HIDDEN), &picture]).stdin(Stdio::null());
        (format!("@gradio/client {version}"), command)
    }));
}

#[test]
fn gradio_a_page_of_another_site_calls_a_space() {
    let server = workbench(&[]);
    with_hidden(&server);
    let mut command = Command::new("node");
    command.arg(script("gradio/browser.mjs")).args([&url(&server, WORKBENCH), TOKEN, &url(&server, HIDDEN)]);
    succeed(command.stdin(Stdio::null()));
}

#[test]
fn gradio_the_newest_client_sends_files_chats_and_finds_spaces_by_name() {
    let server = workbench(&[]);
    with_hidden(&server);
    let mut command = python("gradio", "gradio/newest.py");
    succeed(command.args([&url(&server, WORKBENCH), TOKEN, &url(&server, HIDDEN), &picture()]));
}

#[test]
fn gradio_no_call_is_lost_where_streams_end_and_begin() {
    let server = Server::start();
    server.publish(&bundle("word-count"), "ada/words");
    let config: Value = server.get("/spaces/ada/words/config").json().unwrap();
    assert_eq!(config["protocol"], "sse_v3");
    succeed(python("gradio", "gradio/parallel.py").args([&url(&server, "ada/words"), "1000"]));
}

#[test]
fn gradio_an_app_shows_a_space_inside_itself() {
    let server = workbench(&[]);
    succeed(python("gradio", "gradio/load.py").arg(url(&server, WORKBENCH)));
}

#[test]
fn gradio_the_command_line_describes_and_calls() {
    let server = workbench(&[]);
    let url = url(&server, WORKBENCH);
    let gradio = || Command::new(installed("gradio").join("bin/gradio"));
    let described = succeed(gradio().args(["info", &url]));
    assert!(described.contains("\"/classify\""), "{described}");
    let answered = succeed(gradio().args(["predict", &url, "/add", r#"{"x": 1, "y": 2}"#]));
    assert!(answered.contains("3.0"), "{answered}");
}

fn post(server: &Server, path: &str, body: &Value) -> (u16, Value) {
    let url = format!("{}/spaces/{WORKBENCH}/gradio_api/{path}", server.url);
    let response = client().post(url).json(body).send().unwrap();
    (response.status().as_u16(), response.json().unwrap())
}

/// What a session's stream tells, to its end.
fn stream(server: &Server, session: &str) -> Vec<Value> {
    let path = format!("/spaces/{WORKBENCH}/gradio_api/queue/data?session_hash={session}");
    let text = server.get(&path).text().unwrap();
    text.split_terminator("\n\n")
        .map(|event| serde_json::from_str(event.strip_prefix("data: ").unwrap()).unwrap())
        .collect()
}

#[test]
fn gradio_errors_are_told_where_the_clients_look_for_them() {
    let server = workbench(&[]);
    // What the clients show only if it comes by the stream.
    for (session, call, expected) in [
        ("unknown", json!({ "data": [], "fn_index": 99 }), "there is no function 99"),
        ("missing", json!({ "data": [], "fn_index": 0 }), "input `x` is missing"),
        ("many", json!({ "data": [1, 2, 3], "fn_index": 0 }), "3 values were given, but the endpoint has 2 inputs"),
        ("type", json!({ "data": ["a"], "fn_index": 0 }), "input `x`"),
        ("expired", json!({ "data": [{ "path": "0123/x.png" }], "fn_index": 2 }), "send it again"),
        ("elsewhere", json!({ "data": [{ "path": "http://10.0.0.1/x.png" }], "fn_index": 2 }), "does not fetch"),
        ("folder", json!({ "data": [{ "path": "asset/../../x" }], "fn_index": 2 }), "bundle"),
        ("broken", json!({ "data": ["it is late"], "fn_index": 10 }), "it is late"),
    ] {
        let mut call = call;
        call["session_hash"] = json!(session);
        let (status, joined) = post(&server, "queue/join", &call);
        assert_eq!(status, 200, "{joined}");
        let messages = stream(&server, session);
        let last = &messages[messages.len() - 2];
        assert_eq!(last["event_id"], joined["event_id"]);
        assert_eq!((&last["msg"], &last["success"]), (&json!("process_completed"), &json!(false)), "{last}");
        let told = last["output"]["error"].as_str().unwrap();
        assert!(told.contains(expected), "{session}: {told}");
        assert_eq!(messages.last().unwrap()["msg"], "close_stream");
    }
    // What never becomes an event has a status, and the text where the clients read it.
    for (path, body, expected) in [
        ("queue/join", json!({ "data": [] }), 422),
        ("queue/join", json!({ "data": [], "session_hash": "no spaces" }), 422),
        ("queue/join", json!([]), 400),
        ("run/nothing", json!({ "data": [] }), 404),
        ("run/add", json!({ "data": ["a"] }), 422),
        ("run/fail", json!({ "data": [] }), 502),
        ("call/nothing", json!({ "data": [] }), 404),
        ("cancel", json!({}), 422),
        ("upload", json!({}), 422),
    ] {
        let (status, body) = post(&server, path, &body);
        assert_eq!(status, expected, "{path}: {body}");
        assert!(body["detail"].as_str().is_some_and(|text| !text.is_empty()), "{path}: {body}");
    }
    // A session that never was has nothing to cancel, and its stream ends.
    assert_eq!(post(&server, "cancel", &json!({ "session_hash": "never" })).0, 200);
    let messages = stream(&server, "never");
    assert_eq!(messages.iter().map(|message| &message["msg"]).collect::<Vec<_>>(), ["close_stream"]);
}

#[test]
fn gradio_a_stream_tells_of_progress_and_then_of_changes() {
    let server = workbench(&[]);
    let (status, _) = post(&server, "queue/join", &json!({ "data": [2], "fn_index": 8, "session_hash": "progress" }));
    assert_eq!(status, 200);
    let messages = stream(&server, "progress");
    let told = |name: &str| messages.iter().filter(|message| message["msg"] == name).collect::<Vec<_>>();
    let progress = &told("progress")[1]["progress_data"][0];
    assert_eq!((&progress["progress"], &progress["desc"]), (&json!(1.0), &json!("2 of 2")));
    let generating = told("process_generating");
    assert_eq!(generating[0]["output"]["data"], json!(["1"]));
    assert_eq!(generating[1]["output"]["data"], json!([[["append", [], " 2"]]]));
    assert_eq!(told("process_completed")[0]["output"]["data"], json!(["1 2"]));
}

#[test]
fn gradio_a_program_without_a_client_calls_by_name_and_reads_whole_values() {
    let server = workbench(&[]);
    let (status, joined) = post(&server, "call/v2/count", &json!({ "to": 3 }));
    assert_eq!(status, 200, "{joined}");
    let path = format!("/spaces/{WORKBENCH}/gradio_api/call/count/{}", joined["event_id"].as_str().unwrap());
    let told = server.get(&path).text().unwrap();
    let expected = "event: generating\ndata: [\"1\"]\n\nevent: generating\ndata: [\"1 2\"]\n\nevent: generating\n\
                    data: [\"1 2 3\"]\n\nevent: complete\ndata: [\"1 2 3\"]\n\n";
    assert_eq!(told, expected);
    let (_, joined) = post(&server, "call/fail", &json!({ "data": ["it is late"] }));
    let path = format!("/spaces/{WORKBENCH}/gradio_api/call/fail/{}", joined["event_id"].as_str().unwrap());
    let told = server.get(&path).text().unwrap();
    assert!(told.starts_with("event: error\n") && told.contains("it is late"), "{told}");
    let (status, refused) = post(&server, "call/v2/count", &json!({ "until": 3 }));
    assert_eq!(status, 200, "{refused}");
    let (status, answer) = post(&server, "run/add", &json!({ "data": [1, 2] }));
    assert_eq!((status, &answer["data"]), (200, &json!([3.0])));
}

#[test]
fn gradio_a_file_is_read_by_whoever_knows_its_name_and_by_nobody_else() {
    let server = workbench(&["--files-per-visitor", "1"]);
    server.publish(&root().join("examples/iris"), "ada/iris");
    let upload = |bytes: Vec<u8>| {
        let part = reqwest::blocking::multipart::Part::bytes(bytes).file_name("C:\\mine\\note.html");
        let form = reqwest::blocking::multipart::Form::new().part("files", part);
        let url = format!("{}/spaces/{WORKBENCH}/gradio_api/upload", server.url);
        client().post(url).multipart(form).send().unwrap()
    };
    let tokens: Vec<String> = upload(b"<script>alert(1)</script>".to_vec()).json().unwrap();
    let (id, name) = tokens[0].split_once('/').unwrap();
    assert_eq!((id.len(), name), (32, "note.html"));
    let file = server.get(&format!("/spaces/{WORKBENCH}/gradio_api/file={id}/{name}"));
    // Never as a page of this site.
    assert_eq!(file.headers()["content-type"], "text/plain");
    assert_eq!(file.headers()["content-disposition"], "attachment");
    assert_eq!(file.text().unwrap(), "<script>alert(1)</script>");
    assert_eq!(server.get(&format!("/spaces/ada/iris/gradio_api/file={id}/{name}")).status(), 404);
    let near = format!("{}{}", if id.starts_with('0') { "1" } else { "0" }, &id[1..]);
    assert_eq!(server.get(&format!("/spaces/{WORKBENCH}/gradio_api/file={near}/{name}")).status(), 404);
    for path in ["file=../../config/x", "file=asset/../x", "file=/etc/passwd", "nothing/x"] {
        let status = server.get(&format!("/spaces/{WORKBENCH}/gradio_api/{path}")).status();
        assert_eq!(status, 404, "{path}");
    }
    // The visitor's own older files make room for newer ones.
    assert_eq!(upload(vec![b'x'; 1 << 20]).status(), 200);
    assert_eq!(server.get(&format!("/spaces/{WORKBENCH}/gradio_api/file={id}/{name}")).status(), 404);
    let refused = upload(vec![b'x'; (1 << 20) + 1]);
    assert_eq!(refused.status(), 413);
    assert!(refused.json::<Value>().unwrap()["detail"].as_str().unwrap().contains("visitor"));
}
