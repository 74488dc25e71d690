//! What is only looked at is as hostile as what is published: P1, P2, P3, P8, P10 and P11 for `POST /api/v1/inspect`.

use std::fs;

use reqwest::Method;
use serde_json::Value;

use super::{component, leaves_nothing, zip};
use crate::guest::Guest;
use crate::harness::{Arena, OTHER, honest};
use crate::server::root;

/// The status, and the code of the problem or error; none where it could be published.
fn inspect(arena: &Arena, filename: &str, upload: impl Into<reqwest::blocking::Body>) -> (u16, Option<String>) {
    let path = format!("/api/v1/inspect?filename={filename}");
    let answer = arena.server.admin(Method::POST, &path).body(upload).send().unwrap();
    let status = answer.status().as_u16();
    let body: Value = answer.json().unwrap();
    let error = if status == 200 { &body["inspection"]["problems"][0] } else { &body["error"] };
    if let Some(message) = error["message"].as_str() {
        assert!(message.len() < 4096, "a message of {} bytes", message.len());
        assert!(!message.contains(|c: char| c.is_control() && c != '\n'), "not escaped: {message:?}");
    }
    (status, error["code"].as_str().map(str::to_owned))
}

fn refused(code: &str) -> (u16, Option<String>) {
    (200, Some(code.to_owned()))
}

#[test]
fn a_look_at_what_is_broken_hurts_nobody() {
    let arena = Arena::start_with(&["--deadline", "2"]);
    assert_eq!(inspect(&arena, "app.wasm", honest()), (200, None));
    assert_eq!(inspect(&arena, "app.wasm", "random bytes"), refused("app_not_component"));
    assert_eq!(inspect(&arena, "app.wasm", component("(component)")), refused("contract_mismatch"));
    assert_eq!(inspect(&arena, "app.cwasm", "x"), refused("app_precompiled"));
    assert_eq!(inspect(&arena, "..%2Fapp.wasm", honest()), refused("bundle_entry_name"));
    let (app, escaped) = (honest(), b"x".as_slice());
    assert_eq!(
        inspect(&arena, "app.zip", zip(&[("app.wasm", &app), ("../../escaped", escaped)])),
        refused("bundle_entry_name")
    );
    assert!(!arena.server.data.ancestors().any(|folder| folder.join("escaped").exists()));

    let spinning = Guest { init: "(loop (br 0))", ..Guest::default() }.component();
    assert_eq!(inspect(&arena, "app.wasm", spinning), refused("init_deadline_exceeded"));
    let trapping = Guest { init: "unreachable", ..Guest::default() }.component();
    assert_eq!(inspect(&arena, "app.wasm", trapping), refused("init_trapped"));
    leaves_nothing(&arena);
    arena.unharmed();
}

#[test]
fn a_look_at_a_hostile_model_is_the_workers_to_survive() {
    let arena = Arena::start();
    let models = root().join("host/runners/onnx/tests/models/hostile");
    let mut n_models = 0;
    for entry in fs::read_dir(models).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "onnx") {
            let bytes = fs::read(&path).unwrap();
            // Of nothing there is nothing to look at.
            let expected = if bytes.is_empty() { 400 } else { 200 };
            let (status, code) = inspect(&arena, "model.onnx", bytes);
            assert_eq!(status, expected, "{}", path.display());
            assert!(code.is_some(), "{} is refused", path.display());
            n_models += 1;
        }
    }
    assert!(n_models > 10);
    leaves_nothing(&arena);
    arena.unharmed();
}

#[test]
fn a_look_at_too_much_is_cut_off() {
    let arena = Arena::start_with(&["--max-upload", "1"]);
    assert_eq!(inspect(&arena, "app.wasm", vec![0; 2 << 20]).0, 413);
    let zeros = vec![0; 300 << 20];
    let bomb = zip(&[("app.wasm", &honest()), ("zeros", &zeros)]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(inspect(&arena, "app.zip", bomb), refused("bundle_too_large"));
    leaves_nothing(&arena);
    arena.unharmed();
}

#[test]
fn a_flood_of_looks_is_bounded_and_delays_no_publish() {
    const N_LOOKS: usize = 60;
    let arena = Arena::start();
    let upload = honest();
    let outcomes = std::thread::scope(|scope| {
        let looks: Vec<_> = (0..N_LOOKS)
            .map(|_| {
                let (arena, upload) = (&arena, upload.clone());
                scope.spawn(move || inspect(arena, "app.wasm", upload))
            })
            .collect();
        arena.publish(OTHER, "app.wasm", upload.clone()).succeeded();
        looks.into_iter().map(|look| look.join().unwrap()).collect::<Vec<_>>()
    });
    let (done, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(|outcome| *outcome == (200, None));
    assert!(!done.is_empty() && !refused.is_empty(), "{} done, {} refused", done.len(), refused.len());
    assert!(
        refused.iter().all(|(status, code)| (*status, code.as_deref()) == (429, Some("publish_queue_full"))),
        "{refused:?}"
    );
    leaves_nothing(&arena);
    arena.unharmed();
}
