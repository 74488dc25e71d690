//! Triton's and KServe's own clients, over HTTP and gRPC.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{WORKBENCH, python, succeed, workbench};
use crate::server::{Server, TOKEN, client, root};

/// A server with the spaces that the scripts call.
fn serve() -> Server {
    let server = workbench(&["--grpc-listen", "127.0.0.1:0"]);
    // The largest tensor of these tests has 50 MiB.
    publish_with(&server, "tensors", "ada/echo", "[limits]\nmax_body = \"64 MiB\"\n");
    publish_with(&server, "tensors", "ada/batched", "[batching]\nmax_size = 16\ndelay_ms = 200\n");
    server.publish(&root().join("examples/iris"), "ada/iris");
    publish_with(&server, "workbench", "ada/slow", "[limits]\ndeadline = 0.5\n");
    publish_with(&server, "workbench", "ada/small", "[limits]\nmax_body = \"1 KiB\"\n");
    publish_with(&server, "workbench", "ada/secret", "visibility = \"private\"\n");
    server
}

/// Publishes a guest with a manifest.
fn publish_with(server: &Server, guest: &str, space: &str, manifest: &str) {
    let folder = TempDir::new().unwrap();
    std::fs::copy(root().join(format!("artifacts/guests/{guest}.wasm")), folder.path().join("app.wasm")).unwrap();
    std::fs::write(folder.path().join("space.toml"), manifest).unwrap();
    server.publish(folder.path(), space);
}

fn address(server: &Server) -> &str {
    server.url.strip_prefix("http://").unwrap()
}

fn grpc(server: &Server) -> &str {
    server.grpc.as_deref().unwrap()
}

fn golden() -> std::path::PathBuf {
    root().join("examples/iris/golden.json")
}

#[test]
fn tritonclient_over_http() {
    let server = serve();
    let mut command = python("open_inference", "open_inference/http_client.py");
    succeed(command.arg(address(&server)).arg(golden()).arg(TOKEN));
}

#[test]
fn tritonclient_over_grpc() {
    let server = serve();
    let mut command = python("open_inference", "open_inference/grpc_client.py");
    succeed(command.arg(grpc(&server)).arg(golden()).arg(TOKEN));
}

#[test]
fn kserve() {
    let server = serve();
    succeed(python("open_inference-kserve", "open_inference/kserve_client.py").arg(&server.url));
}

#[test]
fn concurrent_calls_are_joined() {
    let server = serve();
    let count = || invocations(&server, "ada/batched");
    let before = count();
    let mut command = python("open_inference", "open_inference/batch_client.py");
    let n_calls: u64 = succeed(command.arg(address(&server)).arg(grpc(&server))).trim().parse().unwrap();
    let n_invocations = count() - before;
    assert!(n_invocations * 2 <= n_calls, "{n_invocations} invocations for {n_calls} calls");
    let statistics: Value = server.get("/v2/models/ada.batched.add/stats").json().unwrap();
    let of_space = &statistics["model_stats"][0];
    assert_eq!(of_space["execution_count"], count(), "{statistics}");
    assert_eq!(of_space["inference_count"], before + n_calls, "{statistics}");
}

#[test]
fn a_models_concurrent_rows_are_joined() {
    let server = Server::start_with(&["--trusted-owners", "ada"]);
    for engine in ["sandbox", "native"] {
        let folder = TempDir::new().unwrap();
        std::fs::copy(root().join("examples/iris/iris.onnx"), folder.path().join("iris.onnx")).unwrap();
        let manifest = format!("engine = \"{engine}\"\n[batching]\nmax_size = 16\ndelay_ms = 200\n");
        std::fs::write(folder.path().join("space.toml"), manifest).unwrap();
        server.publish(folder.path(), "ada/rows");
        let before = invocations(&server, "ada/rows");
        let mut command = python("open_inference", "open_inference/batch_model.py");
        let n_calls: u64 = succeed(command.arg(address(&server)).arg(golden())).trim().parse().unwrap();
        let n_invocations = invocations(&server, "ada/rows") - before;
        assert!(n_invocations * 2 <= n_calls, "{engine}: {n_invocations} invocations for {n_calls} calls");
    }
}

fn invocations(server: &Server, space: &str) -> u64 {
    let metrics = server.get("/metrics").text().unwrap();
    let name = format!(r#"vitrine_invocations_total{{space="{space}",outcome="completed"}} "#);
    metrics.lines().find_map(|line| line.strip_prefix(&name)).map_or(0, |number| number.parse().unwrap())
}

#[test]
fn batching_is_refused_at_publish_where_nothing_can_be_joined() {
    let server = Server::start();
    let folder = TempDir::new().unwrap();
    let wasm = folder.path().join("app.wasm");
    std::fs::copy(root().join("artifacts/guests/workbench.wasm"), wasm).unwrap();
    let check = |manifest: &str, words: &str| {
        std::fs::write(folder.path().join("space.toml"), manifest).unwrap();
        let output = server.vitrine(&["publish", folder.path().to_str().unwrap(), "--to", WORKBENCH]);
        let text = crate::server::text(&output);
        assert!(!output.status.success() && text.contains(words), "{manifest}: {text}");
    };
    check("[batching]\nmax_size = 8\n", "tensors with a free first dimension");
    check("[batching]\nmax_size = 1\n", "not between 2 and 4096");
    check("[batching]\nmax_size = 8\ndelay_ms = 60000\n", "not between 0 and 1000");
}

/// What no client of these sends by itself: each answer is `{"error": text}`, whatever went wrong.
#[test]
fn every_error_has_the_protocols_form() {
    let server = serve();
    let url = |path: &str| format!("{}{path}", server.url);
    let check = |request: reqwest::blocking::RequestBuilder, status: u16, words: &str| {
        let answer = request.send().unwrap();
        let found = answer.status().as_u16();
        let body: Value = answer.json().unwrap();
        assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
        let text = body["error"].as_str().unwrap();
        assert!(found == status && text.contains(words), "{found} {text}, not {status} {words}");
    };
    let post = |path: &str, body: &str| client().post(url(path)).body(body.to_owned());
    let infer = "/v2/models/ada.echo/infer";
    check(client().get(url("/v2/nothing")), 404, "GET /v2");
    check(client().get(url("/v2/models/ada%2Frose")), 404, "ada/rose");
    check(client().get(url("/v2/models/%ff")), 400, "");
    check(client().get(url(infer)), 405, "POST");
    check(client().delete(url("/v2")), 405, "GET");
    check(post(infer, ""), 400, "JSON");
    check(post(infer, "{"), 400, "JSON");
    check(post(infer, &"[".repeat(100_000)), 400, "JSON");
    check(post(infer, "{\"inputs\": 1}"), 400, "JSON");
    check(post(infer, &json!({ "inputs": vec![json!({}); 300] }).to_string()), 400, "");
    let input = |input: Value| post(infer, &json!({ "inputs": [input] }).to_string());
    let x = |datatype: &str, shape: Value, data: Value| {
        input(json!({ "name": "x", "datatype": datatype, "shape": shape, "data": data }))
    };
    check(x("FLOAT", json!([1, 1]), json!([1])), 400, "`FLOAT` is not a datatype");
    check(x("FP32", json!([1, 2]), json!([1])), 400, "takes 2 elements, but `data` has 1");
    check(x("FP32", json!([1, -1]), json!([1])), 400, "JSON");
    check(x("FP32", json!([u64::MAX, u64::MAX]), json!([1])), 400, "");
    check(x("FP32", json!(vec![1; 17]), json!([1])), 400, "more than 16");
    check(x("BF16", json!([1, 1]), json!([1])), 400, "BF16");
    check(input(json!({ "name": "x", "datatype": "FP32", "shape": [1, 1] })), 400, "neither");
    let shared = json!({ "shared_memory_region": "r", "shared_memory_byte_size": 4 });
    check(
        input(json!({ "name": "x", "datatype": "FP32", "shape": [1, 1], "parameters": shared })),
        400,
        "shared memory is not supported",
    );

    let with_tensor = |size: Value, tensor: &[u8], head_length: Option<String>| {
        let entry =
            json!({ "name": "x", "datatype": "FP32", "shape": [1, 2], "parameters": { "binary_data_size": size } });
        let mut body = json!({ "inputs": [entry] }).to_string().into_bytes();
        let length = head_length.unwrap_or_else(|| body.len().to_string());
        body.extend_from_slice(tensor);
        client().post(url(infer)).header("inference-header-content-length", length).body(body)
    };
    check(with_tensor(json!(8), &[0; 4], None), 400, "the body ends after 4 of the 8 bytes of input `x`");
    check(with_tensor(json!(8), &[0; 12], None), 400, "the body goes on");
    check(with_tensor(json!(4), &[0; 4], None), 400, "takes 8 bytes, but `binary_data_size` is 4");
    check(with_tensor(json!(u64::MAX), &[0; 8], None), 400, "takes 8 bytes");
    check(with_tensor(json!(-1), &[0; 8], None), 400, "JSON");
    check(with_tensor(json!(8), &[0; 8], Some("x".to_owned())), 400, "Inference-Header-Content-Length");
    check(with_tensor(json!(8), &[0; 8], Some("100000000".to_owned())), 400, "the body ends");

    check(post(infer, "x").header("content-encoding", "br"), 415, "gzip, deflate");
    check(post(infer, "x").header("content-encoding", "gzip"), 400, "gzip");
    let bomb = gzip_of_zeros(80 << 20);
    assert!(bomb.len() < 1 << 20);
    check(client().post(url(infer)).header("content-encoding", "gzip").body(bomb), 413, "64 MiB");
    check(post("/v2/repository/models/ada.iris/unload", "{}"), 401, "token");
    check(client().get(url("/v2")).bearer_auth("wrong"), 401, "token");
}

fn gzip_of_zeros(n_bytes: usize) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![0; n_bytes]).unwrap();
    encoder.finish().unwrap()
}

/// A full space answers 503, and a server that stops ends a stream that waits for nothing.
#[test]
fn a_full_space_is_503_and_a_stopping_server_ends_idle_streams() {
    let mut server = workbench(&["--max-running", "1", "--max-waiting", "0", "--grpc-listen", "127.0.0.1:0"]);
    let mut command = python("open_inference", "open_inference/full_client.py");
    let mut running =
        command.arg(address(&server)).arg(grpc(&server)).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(running.stdout.take().unwrap()));
    let line = lines.find_map(|line| line.ok().filter(|line| line == "idle"));
    assert!(line.is_some(), "the script got so far");
    server.terminate();
    assert!(server.wait().success());
    assert!(running.wait().unwrap().success());
}
