//! Model Context Protocol: the official client and FastMCP's, with spaces and with the whole host.

use reqwest::Method;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;

use crate::harness::{WORKBENCH, python, succeed, workbench};
use crate::server::{Server, TOKEN, client, root};

/// A server with the workbench, iris, and a private copy of the workbench.
fn three_spaces() -> Server {
    let server = workbench(&[]);
    server.publish(&root().join("examples/iris"), "demo/iris");
    server.publish(&root().join("artifacts/guests/workbench.wasm"), "ada/secret");
    let hide = server.admin(Method::PATCH, "/api/v1/spaces/ada/secret").json(&json!({ "visibility": "private" }));
    assert_eq!(hide.send().unwrap().status(), 200);
    server
}

fn post(server: &Server, path: &str) -> reqwest::blocking::RequestBuilder {
    let request = client().post(format!("{}{path}", server.url));
    request.header("accept", "application/json, text/event-stream").header("content-type", "application/json")
}

#[test]
fn a_space_is_a_server_for_the_official_client() {
    let server = workbench(&[]);
    succeed(python("mcp", "mcp/tools.py").arg(&server.url));
}

#[test]
fn a_cancelled_call_stops_its_guest() {
    let server = workbench(&["--concurrency", "1", "--deadline", "300"]);
    for mode in ["auto", "legacy"] {
        succeed(python("mcp", "mcp/cancel.py").args([&server.url, "cancel", mode]));
    }
}

#[test]
fn a_client_that_dies_takes_its_guest_with_it() {
    let server = workbench(&["--concurrency", "1", "--deadline", "300"]);
    for mode in ["auto", "legacy"] {
        succeed(python("mcp", "mcp/cancel.py").args([&server.url, "die", mode]));
        let (status, answer) = server.call(WORKBENCH, "add", &json!({ "x": 1, "y": 1 }));
        assert_eq!((status, &answer["data"]), (200, &json!([2.0])));
    }
}

#[test]
fn the_host_is_a_server_through_which_spaces_are_found_and_called() {
    let server = three_spaces();
    succeed(python("mcp", "mcp/site.py").args([&server.url, TOKEN]));
    succeed(python("mcp", "mcp/fast.py").args([&server.url, TOKEN]));
}

#[test]
fn what_is_not_the_protocol_is_refused_as_such() {
    let server = three_spaces();
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
    for path in ["/mcp", "/spaces/ada/workbench/mcp", "/spaces/ada/workbench/gradio_api/mcp/"] {
        let answer = post(&server, path).json(&list).send().unwrap();
        assert_eq!(
            (answer.status(), answer.headers()["content-type"].to_str().unwrap()),
            (reqwest::StatusCode::OK, "application/json")
        );
        assert!(answer.json::<Value>().unwrap()["result"]["tools"].is_array());

        let get = server.get(path);
        assert_eq!(
            (get.status(), get.headers()["allow"].to_str().unwrap()),
            (reqwest::StatusCode::METHOD_NOT_ALLOWED, "POST")
        );
        let broken = post(&server, path).body("{").send().unwrap();
        assert_eq!(broken.status(), 400);
        assert_eq!(broken.json::<Value>().unwrap()["error"]["code"], -32700);
        // A page of a stranger, also one whose name now leads here.
        for origin in ["https://evil.example", "null"] {
            assert_eq!(post(&server, path).header("origin", origin).json(&list).send().unwrap().status(), 403);
        }
        let rebound = post(&server, path).header("host", "evil.example").header("origin", "http://evil.example");
        assert_eq!(rebound.json(&list).send().unwrap().status(), 403);
        assert_eq!(post(&server, path).header("origin", &server.url).json(&list).send().unwrap().status(), 200);
        assert_eq!(
            post(&server, path).bearer_auth("a-wrong-token-for-tests").json(&list).send().unwrap().status(),
            401
        );
    }
    let unknown = post(&server, "/spaces/ada/nothing/mcp").json(&list).send().unwrap();
    let hidden = post(&server, "/spaces/ada/secret/mcp").json(&list).send().unwrap();
    assert_eq!((unknown.status(), hidden.status()), (reqwest::StatusCode::NOT_FOUND, reqwest::StatusCode::NOT_FOUND));
    // Refused by what it announces. A client that sends all of it may find the connection closed before it has read this.
    let mut connection = TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
    let n_bytes = (32 << 20) + 1;
    let head =
        format!("POST /spaces/ada/workbench/mcp HTTP/1.1\r\nhost: localhost\r\ncontent-length: {n_bytes}\r\n\r\n");
    connection.write_all(head.as_bytes()).unwrap();
    let mut status = String::new();
    BufReader::new(connection).read_line(&mut status).unwrap();
    assert!(status.starts_with("HTTP/1.1 413 "), "{status}");
}
