//! Spaces whose models the host runs: the same answers as in the sandbox, and only for whom the operator allows it.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::golden::{check_on, difference};
use crate::harness::{Server, bundle, root, text};

/// The library inside the wheel that `make stage` installs.
fn onnxruntime() -> String {
    #[expect(clippy::disallowed_methods, reason = "says where the Python environment is, as for the Makefile")]
    let cache = std::env::var_os("VITRINE_CACHE").map_or_else(|| root().join(".cache"), PathBuf::from);
    let folders = std::fs::read_dir(cache.join("python/lib")).into_iter().flatten().flatten();
    let libraries = folders
        .flat_map(|python| {
            std::fs::read_dir(python.path().join("site-packages/onnxruntime/capi")).into_iter().flatten()
        })
        .flatten()
        .filter_map(|file| file.path().to_str().map(str::to_owned));
    libraries.filter(|path| path.contains("/libonnxruntime.so")).min().expect("run `make stage`")
}

/// A copy of a bundle whose manifest asks for native inference.
fn native(bundle: &Path) -> TempDir {
    let copy = TempDir::new().unwrap();
    for file in std::fs::read_dir(bundle).unwrap().map(|file| file.unwrap().path()).filter(|path| path.is_file()) {
        std::fs::copy(&file, copy.path().join(file.file_name().unwrap())).unwrap();
    }
    let manifest = copy.path().join("space.toml");
    let text = std::fs::read_to_string(&manifest).unwrap_or_default();
    std::fs::write(manifest, format!("engine = \"native\"\n{text}")).unwrap();
    copy
}

/// A bundle of one model of the runner's tests.
fn runner_model(name: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let model = root().join("host/runners/onnx/tests/models").join(name);
    std::fs::copy(model, folder.path().join("model.onnx")).unwrap();
    std::fs::write(folder.path().join("space.toml"), "engine = \"native\"\n").unwrap();
    folder
}

fn check_all(options: &[&str], tract: bool) {
    let server = Server::start_with(options);
    let examples = root().join("examples");
    for name in ["iris", "digits", "image-classifier", "sentence-similarity"] {
        let folder = native(&bundle(name));
        let golden = examples.join(name).join("golden.json");
        check_on(&server, &format!("ada/{name}"), folder.path(), &golden);
        server.publish(&bundle(name), &format!("sandboxed/{name}"));
        let cases: Vec<Value> = serde_json::from_slice(&std::fs::read(golden).unwrap()).unwrap();
        for case in cases.iter().take(20) {
            let answers = ["ada", "sandboxed"].map(|owner| {
                let (status, answer) = server.call(&format!("{owner}/{name}"), "predict", &case["inputs"]);
                assert_eq!(status, 200, "{answer}");
                answer["data"].clone()
            });
            let difference = difference(&answers[0], &answers[1]);
            // 8-bit numbers are rounded elsewhere by the other engine; each is within the reference's own tolerance.
            let tolerance = if tract { 1e-4 } else { case["tolerance"].as_f64().unwrap_or(1e-4) };
            assert!(difference <= tolerance, "{name} differs by {difference} from its answer in the sandbox");
        }
    }
    let metrics = server.get("/metrics").text().unwrap();
    assert!(metrics.contains("vitrine_native_models 4"), "each model is loaded once:\n{metrics}");
}

#[test]
fn all_examples_equal_onnx_runtime_with_the_built_in_engine() {
    check_all(&["--trusted-owners", "ada"], true);
}

#[test]
fn all_examples_equal_onnx_runtime_with_its_own_library() {
    check_all(&["--native-inference", "all", "--onnxruntime", &onnxruntime()], false);
}

#[track_caller]
fn assert_refused(server: &Server, folder: &Path, space: &str, expected: &[&str]) {
    let output = server.vitrine(&["publish", folder.to_str().unwrap(), "--to", space]);
    let text = text(&output);
    assert!(!output.status.success(), "{text}");
    for part in expected {
        assert!(text.contains(part), "`{part}` is missing:\n{text}");
    }
}

#[test]
fn whom_the_operator_does_not_trust_is_refused_at_publish_and_told_who_can_change_it() {
    let iris = native(&root().join("examples/iris"));
    let nobody = Server::start();
    assert_refused(&nobody, iris.path(), "ada/iris", &["`ada`", "VITRINE_TRUSTED_OWNERS", "whoever runs it"]);
    let some = Server::start_with(&["--trusted-owners", "ada, carol"]);
    assert_refused(&some, iris.path(), "bob/iris", &["`bob`", "VITRINE_TRUSTED_OWNERS"]);
    some.publish(iris.path(), "carol/iris");
    let off = Server::start_with(&["--native-inference", "off", "--trusted-owners", "ada"]);
    assert_refused(&off, iris.path(), "ada/iris", &["VITRINE_NATIVE_INFERENCE=off"]);
    // The sandbox is there for everybody.
    off.publish(&root().join("examples/iris"), "ada/iris");
}

#[test]
fn a_policy_that_became_stricter_denies_what_was_published_before() {
    let mut server = Server::start_with(&["--trusted-owners", "ada"]);
    server.publish(native(&root().join("examples/iris")).path(), "ada/iris");
    let inputs = json!({"data": [5.1, 3.5, 1.4, 0.2]});
    assert_eq!(server.call("ada/iris", "predict", &inputs).0, 200);
    server.kill_and_restart();
    let (status, answer) = server.call("ada/iris", "predict", &inputs);
    assert_eq!((status, &answer["error"]["code"]), (502, &json!("app_failed")), "{answer}");
    assert!(answer["error"]["message"].as_str().unwrap().contains("VITRINE_TRUSTED_OWNERS"), "{answer}");
}

#[test]
fn what_an_engine_does_not_support_is_said_at_publish() {
    let svm = runner_model("hostile/svm.onnx");
    let built_in = Server::start_with(&["--trusted-owners", "ada"]);
    assert_refused(&built_in, svm.path(), "ada/svm", &["SVMClassifier", "engine"]);
    let library = Server::start_with(&["--trusted-owners", "ada", "--onnxruntime", &onnxruntime()]);
    library.publish(svm.path(), "ada/svm");
    let interface: Value = library.get("/spaces/ada/svm/api").json().unwrap();
    let inputs = interface["interface"]["endpoints"][0]["inputs"].as_array().unwrap().len();
    assert_eq!(inputs, 4, "{interface}");
    let (status, answer) = library.call("ada/svm", "predict", &json!({"data": [5.1, 3.5, 1.4, 0.2]}));
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["data"][0]["label"], "0", "{answer}");
}

#[test]
fn a_native_space_keeps_no_weights_in_its_artefact_and_hides_its_model() {
    let server = Server::start_with(&["--trusted-owners", "ada"]);
    let before = artefact_bytes(&server);
    server.publish(native(&bundle("image-classifier")).path(), "ada/picture");
    let taken = artefact_bytes(&server) - before;
    let model = bundle("image-classifier").join("efficientnet-lite0.onnx").metadata().unwrap().len();
    assert!(taken < model / 2, "the artefact has {taken} bytes, the model {model}");
    let file = server.get("/spaces/ada/picture/files/efficientnet-lite0.onnx");
    assert_eq!(file.status(), 404, "visitors do not get the model");
    assert_eq!(server.get("/spaces/ada/picture/files/china.jpg").status(), 200);
}

fn artefact_bytes(server: &Server) -> u64 {
    let files = std::fs::read_dir(server.data.join("artefacts")).into_iter().flatten().flatten();
    files.map(|file| file.metadata().unwrap().len()).sum()
}

#[test]
fn a_run_past_its_deadline_is_an_error_of_its_call_alone() {
    for options in [vec![], vec!["--onnxruntime".to_owned(), onnxruntime()]] {
        let mut server = Server::start_with(&[]);
        server.kill();
        let data = server.data.clone();
        let start = |deadline: &str| {
            let mut all = vec!["--trusted-owners", "ada", "--native-threads", "1", "--native-deadline", deadline];
            all.extend(options.iter().map(String::as_str));
            Server::start_on(&data, &all)
        };
        let golden = std::fs::read(root().join("examples/image-classifier/golden.json")).unwrap();
        let cases: Vec<Value> = serde_json::from_slice(&golden).unwrap();
        let call = |server: &Server| server.call("ada/picture", "predict", &cases[0]["inputs"]);
        {
            let mut patient = start("60000");
            patient.publish(native(&bundle("image-classifier")).path(), "ada/picture");
            patient.publish(&root().join("examples/iris"), "ada/iris");
            assert_eq!(call(&patient).0, 200);
            patient.kill();
        }
        {
            // Reading the model alone takes longer than a millisecond.
            let mut hasty = start("1");
            let (status, answer) = call(&hasty);
            assert_eq!((status, &answer["error"]["code"]), (502, &json!("app_failed")), "{answer}");
            assert!(answer["error"]["message"].as_str().unwrap().contains("deadline"), "{answer}");
            let (status, answer) = hasty.call("ada/iris", "predict", &json!({"data": [5.1, 3.5, 1.4, 0.2]}));
            assert_eq!(status, 200, "{answer}");
            // What overran ends by itself, and the slot is there again.
            while !hasty.get("/metrics").text().unwrap().contains("vitrine_native_abandoned 0") {}
            assert!(hasty.get("/metrics").text().unwrap().contains("vitrine_native_running 0"));
            hasty.kill();
        }
        let patient = start("60000");
        assert_eq!(call(&patient).0, 200, "nothing of it stays");
    }
}

#[test]
fn an_app_that_is_no_onnx_file_may_ask_for_it_too() {
    let server = Server::start_with(&["--trusted-owners", "ada"]);
    let folder = native(&bundle("word-count"));
    server.publish(folder.path(), "ada/words");
    assert_refused(&server, folder.path(), "bob/words", &["`bob`", "VITRINE_TRUSTED_OWNERS"]);
}

#[test]
fn a_library_that_is_none_keeps_the_server_from_starting() {
    let folder = TempDir::new().unwrap();
    let missing = folder.path().join("libonnxruntime.so");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_vitrine"))
        .args(["serve", "--listen", "127.0.0.1:0", "--trusted-owners", "ada", "--data"])
        .arg(folder.path().join("data"))
        .arg("--onnxruntime")
        .arg(&missing)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(64), "{}", text(&output));
    assert!(text(&output).contains(missing.to_str().unwrap()), "{}", text(&output));
}
