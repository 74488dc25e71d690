//! The way of an author who writes a space in Rust: `vitrine new`, `vitrine build`, `vitrine publish`.

use std::fs;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Server, bundle, root, text};

/// Runs a command of the command line that needs no server.
#[track_caller]
fn vitrine(args: &[&str]) {
    // With the workspace's own target folder and lock file, so that what the guests need is compiled once.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_vitrine")).args(args).env("CARGO_TARGET_DIR", target).output().unwrap();
    assert!(output.status.success(), "vitrine {args:?}:\n{}", text(&output));
}

/// A new folder from the Rust template, built with the profile of the workspace's guests.
fn new_space(parent: &TempDir, name: &str) -> std::path::PathBuf {
    let folder = parent.path().join(name);
    vitrine(&["new", folder.to_str().unwrap(), "--template", "rust"]);
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    let manifest = format!("{manifest}\n[profile.wasm-release]\ninherits = \"release\"\nopt-level = 3\n");
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    folder
}

fn data_url(picture: &Path, mime_type: &str) -> String {
    let bytes = base64::engine::general_purpose::STANDARD.encode(fs::read(picture).unwrap());
    format!("data:{mime_type};base64,{bytes}")
}

#[test]
fn a_new_space_in_rust_builds_and_serves() {
    let server = Server::start();
    let parent = TempDir::new().unwrap();
    let folder = new_space(&parent, "bright");
    vitrine(&["build", folder.to_str().unwrap()]);
    server.publish(&folder, "ada/bright");

    let photo = data_url(&root().join("examples/digits/8.png"), "image/png");
    let (status, answer) = server.call("ada/bright", "predict", &json!({ "photo": photo, "gain": 1 }));
    assert_eq!(status, 200, "{answer}");
    let brightness = answer["data"][0].as_f64().unwrap();
    assert!(brightness > 0.3 && brightness < 1.0, "mostly light paper: {brightness}");
    let grey = answer["data"][1].to_string();
    assert!(grey.contains("image/png"), "{}", &grey[..200.min(grey.len())]);
    let (status, answer) = server.call("ada/bright", "predict", &json!({ "photo": photo, "gain": 9 }));
    assert_eq!((status, &answer["error"]["field"]), (422, &json!("gain")), "{answer}");
}

#[test]
fn the_image_classifier_of_the_readme_has_under_thirty_lines_and_knows_a_daisy() {
    let server = Server::start();
    let parent = TempDir::new().unwrap();
    let folder = new_space(&parent, "photos");
    let readme = fs::read_to_string(folder.join("README.md")).unwrap();
    let code = readme.split("```rust\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(code.lines().count() < 30, "{} lines", code.lines().count());
    // The numbers of this model: its README. It ends with a softmax of its own.
    let code = code
        .replace("[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]", "[127.0 / 255.0; 3], [128.0 / 255.0; 3]")
        .replace("from_logits", "from_scores");
    fs::write(folder.join("src/lib.rs"), code).unwrap();
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    let manifest = manifest.replace("features = [\"image\"]", "features = [\"image\", \"onnx\"]");
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    let model = bundle("image-classifier");
    fs::copy(model.join("efficientnet-lite0.onnx"), folder.join("model.onnx")).unwrap();
    fs::copy(model.join("labels.txt"), folder.join("labels.txt")).unwrap();
    fs::write(folder.join("space.toml"), "app = \"app.wasm\"\n").unwrap();
    vitrine(&["build", folder.to_str().unwrap()]);
    server.publish(&folder, "ada/photos");

    for (photo, class) in [("flower.jpg", "daisy"), ("china.jpg", "palace")] {
        let photo = data_url(&model.join(photo), "image/jpeg");
        let (status, answer) = server.call("ada/photos", "predict", &json!({ "photo": photo }));
        assert_eq!((status, &answer["data"][0]["label"]), (200, &Value::from(class)), "{answer}");
    }
}
