//! What an upload is, told before it is published.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Server, client, root, text};

fn inspect(server: &Server, filename: &str, body: Vec<u8>) -> Value {
    let path = format!("/api/v1/inspect?filename={filename}");
    let answer = server.admin(Method::POST, &path).body(body).send().unwrap();
    assert_eq!(answer.status(), 200, "{filename}");
    answer.json::<Value>().unwrap()["inspection"].take()
}

/// An archive of a folder's files, with `more` in the place of those of their names.
fn archive(folder: &Path, more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut push = |name: &str, bytes: &[u8]| {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    };
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_file() && !more.iter().any(|(other, _)| *other == name) {
            push(name, &fs::read(&path).unwrap());
        }
    }
    for (name, bytes) in more {
        push(name, bytes);
    }
    archive.finish().unwrap().into_inner()
}

fn model(name: &str) -> Vec<u8> {
    fs::read(root().join("host/runners/onnx/tests/models").join(name)).unwrap()
}

#[test]
fn a_model_alone_is_described_as_publishing_would_make_it() {
    let server = Server::start();
    let iris = fs::read(root().join("examples/iris/iris.onnx")).unwrap();
    let size_bytes = iris.len();
    let found = inspect(&server, "iris.onnx", iris);
    assert_eq!(found["problems"], json!([]), "{found}");
    let app = &found["app"];
    assert_eq!(
        (&app["name"], &app["kind"], &app["size_bytes"]),
        (&json!("iris.onnx"), &json!("onnx"), &json!(size_bytes))
    );
    let model = &app["model"];
    assert_eq!(model["inputs"][0]["dtype"], "float");
    assert_eq!(model["inputs"][0]["shape"].as_array().unwrap().len(), 2, "{model}");
    assert!(model["opsets"][0].as_str().unwrap().starts_with("ai.onnx"), "{model}");
    assert!(model["operators"].as_array().unwrap().iter().all(|operator| operator["supported"] == true), "{model}");
    let inputs = found["manifest"]["inputs"].as_array().unwrap();
    let kinds: Vec<_> = inputs.iter().map(|input| input["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["number"; 4]);

    server.publish(&root().join("examples/iris/iris.onnx"), "ada/iris");
    let published: Value = server.get("/spaces/ada/iris/api").json().unwrap();
    assert_eq!(found["interface"], published["interface"]);
    let listed: Value = server.get("/api/v1/spaces").json().unwrap();
    assert_eq!(listed["meta"]["total"], 1, "an inspection publishes nothing");
}

#[test]
fn a_folder_brings_its_manifest_and_its_files() {
    let server = Server::start();
    let found = inspect(&server, "iris.zip", archive(&root().join("examples/iris"), &[]));
    assert_eq!(found["problems"], json!([]), "{found}");
    assert_eq!(found["manifest"]["title"], "Iris species");
    let files: Vec<_> = found["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    assert!(files.contains(&"labels.txt"), "{files:?}");
    assert_eq!(found["interface"]["endpoints"][0]["outputs"][0]["component"]["kind"], "label", "{found}");

    let component = fs::read(root().join("artifacts/guests/word-count.wasm")).unwrap();
    let found = inspect(&server, "word-count.wasm", component);
    assert_eq!((&found["problems"], &found["app"]["kind"]), (&json!([]), &json!("component")), "{found}");
    assert!(!found["interface"]["endpoints"].as_array().unwrap().is_empty(), "{found}");
}

#[test]
fn what_cannot_be_published_says_what_is_at_fault_and_what_to_do() {
    let server = Server::start();
    let check = |filename: &str, body: Vec<u8>, code: &str, words: &[&str], advice: &str| {
        let found = inspect(&server, filename, body);
        let problem = &found["problems"][0];
        let message = problem["message"].as_str().unwrap_or_else(|| panic!("{filename}: no problem: {found}"));
        assert_eq!(problem["code"], code, "{problem}");
        assert!(words.iter().all(|word| message.contains(word)), "{words:?} are not all in: {message}");
        assert!(problem["advice"].as_str().unwrap_or_default().contains(advice), "{problem}");
        found
    };
    let iris = root().join("examples/iris");
    let bytes = fs::read(iris.join("iris.onnx")).unwrap();
    check("a.onnx", b"this is no model".to_vec(), "app_not_onnx", &["a.onnx"], "torch.onnx.export");
    check("half.onnx", bytes[..bytes.len() / 2].to_vec(), "app_not_onnx", &["cut off"], "torch.onnx.export");
    check("a.pt", b"PK weights".to_vec(), "bundle_file_type", &["a.pt"], ".onnx");
    check("a.zip", b"PK\x03\x04 cut".to_vec(), "bundle_broken", &["archive"], "");
    check("a.wasm", b"\0asm\x01\0\0\0".to_vec(), "app_core_module", &["core module"], "vitrine build");
    let socket = wat::parse_str(r#"(component (import "wasi:sockets/tcp@0.2.0" (instance)))"#).unwrap();
    check("a.wasm", socket, "forbidden_imports", &["wasi:sockets/tcp@0.2.0"], "without files, network");
    let manifest = |text: &str| archive(&iris, &[("space.toml", text.as_bytes())]);
    check(
        "a.zip",
        manifest("title = \"x\"\ntitel = \"x\"\n"),
        "invalid_manifest",
        &["space.toml:2:1", "titel"],
        "that line",
    );
    let missing =
        "[[outputs]]\nname = \"species\"\nkind = \"label\"\ntensor = \"probabilities\"\nlabels = \"none.txt\"\n";
    let found = check("a.zip", manifest(missing), "init_failed", &["none.txt"], "");
    assert!(found["app"]["model"]["n_nodes"].as_u64().unwrap() > 0, "its facts are told all the same");
    let example = "[[examples]]\ninputs = { nothing = 1 }\n";
    check("a.zip", manifest(example), "invalid_manifest", &["nothing"], "");

    let found =
        check("svm.onnx", model("hostile/unsupported.onnx"), "init_failed", &["operator `", "node `"], "opset_version");
    let operators = found["app"]["model"]["operators"].as_array().unwrap();
    assert_eq!(operators[0]["supported"], false, "the operator at fault comes first: {operators:?}");
}

#[test]
fn only_the_admin_inspects_and_only_what_is_named() {
    let server = Server::start();
    let url = format!("{}/api/v1/inspect?filename=a.onnx", server.url);
    assert_eq!(client().post(&url).body("x").send().unwrap().status(), 401);
    let status =
        |path: &str, body: &'static str| server.admin(Method::POST, path).body(body).send().unwrap().status().as_u16();
    assert_eq!(status("/api/v1/inspect", "x"), 400);
    assert_eq!(status("/api/v1/inspect?filename=a.onnx", ""), 400);
    let document: Value = server.get("/openapi.json").json().unwrap();
    let operation = &document["paths"]["/api/v1/inspect"]["post"];
    assert_eq!(operation["operationId"], "inspect");
    assert!(document["components"]["schemas"]["Inspection"]["properties"]["problems"].is_object(), "{document}");
    let answer = client().get(format!("{}/new", server.url)).send().unwrap();
    assert_eq!(answer.url().path(), "/login", "publishing is for who has signed in");
    assert_eq!(answer.url().query(), Some("next=/new"));
}

#[test]
fn a_manifest_that_was_written_publishes_the_same() {
    let server = Server::start();
    let iris = root().join("examples/iris");
    let found = inspect(&server, "iris.zip", archive(&iris, &[]));
    let manifest: spaces::manifest::Manifest = serde_json::from_value(found["manifest"].clone()).unwrap();
    let folder = tempfile::TempDir::new().unwrap();
    for name in ["iris.onnx", "labels.txt"] {
        fs::copy(iris.join(name), folder.path().join(name)).unwrap();
    }
    fs::write(folder.path().join("space.toml"), manifest.to_toml()).unwrap();
    let printed = server.vitrine(&["publish", folder.path().to_str().unwrap(), "--to", "ada/written"]);
    assert!(printed.status.success(), "{}\n{}", text(&printed), manifest.to_toml());
    server.publish(&iris, "ada/iris");
    let interface =
        |space: &str| server.get(&format!("/spaces/{space}/api")).json::<Value>().unwrap()["interface"].take();
    assert_eq!(interface("ada/written"), interface("ada/iris"));
}
