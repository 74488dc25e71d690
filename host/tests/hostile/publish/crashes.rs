//! P12, P13: what is left when something dies half-way, or the disk has been changed.

use std::fs;
use std::io::Read as _;

use host_runtime::engine_version;
use reqwest::Method;
use serde_json::{Value, json};

use super::{files, leaves_nothing, replace};
use crate::guest::Guest;
use crate::harness::{Arena, Published, SAME};
use crate::server::root;
use crate::worker::{Worker, workers_of};

const SETOSA: [f64; 4] = [5.1, 3.5, 1.4, 0.2];

/// Uploads iris anew and calls `hurt` as soon as `step` begins.
fn publish_until(arena: &Arena, step: &str, mut hurt: impl FnMut()) -> Published {
    let model = fs::read(root().join("examples/iris/iris.onnx")).unwrap();
    let mut reached = false;
    let published = Published::read(arena.begin("ada/iris", "iris.onnx", model), |event| {
        if !reached && event["event"] == "started" && event["step"] == step {
            reached = true;
            hurt();
        }
    });
    assert!(reached, "the publish reaches {step}: {published:?}");
    published
}

/// The live revision and every other one that is listed are whole.
fn revisions_are_whole(arena: &Arena, when: &str) {
    let call = || arena.server.call("ada/iris", "predict", &json!({ "data": SETOSA }));
    let (status, answer) = call();
    // The bundle names the classes, the bare model that is published over it counts them.
    let label = &answer["data"][0]["label"];
    assert!(status == 200 && (label == "setosa" || label == "0"), "{when}: {answer}");
    let path = "/api/v1/spaces/ada/iris/revisions";
    let listed: Value = arena.server.admin(Method::GET, path).send().unwrap().json().unwrap();
    let revisions = listed["revisions"].as_array().unwrap();
    assert_eq!(revisions.iter().filter(|revision| revision["live"] == true).count(), 1, "{when}");
    for revision in revisions {
        let path = format!("{path}/{}/activate", revision["number"]);
        assert_eq!(arena.server.admin(Method::POST, &path).send().unwrap().status(), 200);
        assert_eq!(call().0, 200, "{when}: {revision}");
    }
}

#[test]
fn p12_a_killed_server_leaves_whole_revisions() {
    let mut arena = Arena::start();
    arena.server.publish(&root().join("examples/iris"), "ada/iris");
    for step in ["unpack", "resolve", "validate", "snapshot", "compile", "smoke", "activate"] {
        let pid = arena.server.pid();
        let mut workers = Vec::new();
        publish_until(&arena, step, || {
            workers = workers_of(&arena);
            let pid = rustix::process::Pid::from_raw(pid.cast_signed()).unwrap();
            rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
        });
        arena.kill_and_restart();
        arena.settles("the worker dies with its server", || !workers.iter().any(Worker::is_alive));
        assert!(files(&arena, "tmp").is_empty(), "the restart cleans up after a kill at {step}");
        // The kill races with the last steps, so a second revision may be there; then it is whole.
        revisions_are_whole(&arena, &format!("the server was killed at {step}"));
    }
    arena.unharmed();
}

#[test]
#[ignore = "soak"]
fn p12_a_server_killed_a_hundred_times_at_any_moment_leaves_whole_revisions() {
    let mut arena = Arena::start();
    arena.server.publish(&root().join("examples/iris"), "ada/iris");
    let model = fs::read(root().join("examples/iris/iris.onnx")).unwrap();
    for round in 0..100_u64 {
        // Bytes of the answer to read first: a moment that is spread over all steps and between them.
        let n_bytes = round * 17;
        let mut response = arena.begin("ada/iris", "iris.onnx", model.clone());
        std::io::copy(&mut response.by_ref().take(n_bytes), &mut std::io::sink()).unwrap();
        arena.server.kill();
        arena.kill_and_restart();
        assert!(files(&arena, "tmp").is_empty());
        revisions_are_whole(&arena, &format!("the server was killed after {n_bytes} bytes of its answer"));
    }
    arena.unharmed();
}

#[test]
fn p12_a_killed_worker_is_a_failed_publish() {
    let arena = Arena::start();
    arena.server.publish(&root().join("examples/iris"), "ada/iris");
    for step in ["validate", "snapshot", "compile", "smoke"] {
        let mut killed = false;
        let published = publish_until(&arena, step, || killed = workers_of(&arena).iter().any(Worker::kill));
        // A worker that was done before the signal came has published.
        if published.status == 200 {
            published.succeeded();
        } else {
            assert!(killed);
            published.refused(422, "worker_killed", &["SIGKILL"]);
        }
        leaves_nothing(&arena);
        revisions_are_whole(&arena, &format!("the worker was killed at {step}"));
    }
    arena.unharmed();
}

#[test]
fn p12_a_worker_that_is_killed_while_it_spins_is_a_failed_publish() {
    let arena = Arena::start();
    let spins = Guest { init: "(loop (br 0))", ..Guest::default() }.component();
    let published = Published::read(arena.begin(SAME, "app.wasm", spins), |event| {
        if event["event"] == "started" && event["step"] == "snapshot" {
            assert!(workers_of(&arena).iter().any(Worker::kill));
        }
    });
    published.refused(422, "worker_killed", &["SIGKILL"]);
    arena.unharmed();
}

/// Hurts an artefact in a store that no server has open.
type Damage<'a> = dyn Fn(&spaces::store::Store, &spaces::store::Revision) + 'a;

#[test]
fn p13_artefacts_that_are_not_ours_are_made_again() {
    let mut arena = Arena::start();
    arena.server.publish(&root().join("examples/iris"), "ada/iris");
    let data = arena.server.data.clone();
    let iris: spaces::SpaceId = "ada/iris".parse().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // The server is down while its folder is open here.
    let with_store = |change: &Damage<'_>| {
        runtime.block_on(async {
            let store = spaces::store::Store::open(&data).await.unwrap();
            let revision = store.live_revision(&iris).await.unwrap().unwrap().revision;
            change(&store, &revision);
            store.close().await;
        });
    };
    let artefact_of = |store: &spaces::store::Store, revision: &spaces::store::Revision| {
        tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current()
                .block_on(store.artefact(&revision.component, &revision.engine))
                .unwrap()
                .unwrap()
        })
    };
    let overwrite = |path: &std::path::Path, bytes: &[u8]| {
        // A new file, since an old one may be mapped.
        fs::remove_file(path).unwrap();
        fs::write(path, bytes).unwrap();
    };
    let damage: [(&str, &Damage<'_>); 4] = [
        ("a flipped bit", &|store, revision| {
            let path = artefact_of(store, revision).path;
            let mut bytes = fs::read(&path).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            overwrite(&path, &bytes);
        }),
        ("a cut", &|store, revision| {
            let path = artefact_of(store, revision).path;
            let bytes = fs::read(&path).unwrap();
            overwrite(&path, &bytes[..bytes.len() / 2]);
        }),
        ("no file", &|store, revision| fs::remove_file(artefact_of(store, revision).path).unwrap()),
        ("another engine, under its right digest", &|store, revision| {
            let bytes = fs::read(artefact_of(store, revision).path).unwrap();
            let foreign = replace(bytes, b"48", b"47");
            let file = data.join("tmp/foreign.cwasm");
            fs::write(&file, foreign).unwrap();
            tokio::task::block_in_place(|| {
                let put = store.put_artefact(&revision.component, &revision.engine, &file);
                tokio::runtime::Handle::current().block_on(put).unwrap();
            });
        }),
    ];
    for (what, hurt) in damage {
        arena.server.kill();
        with_store(hurt);
        arena.kill_and_restart();
        revisions_are_whole(&arena, what);
        leaves_nothing(&arena);
    }
    assert!(engine_version().contains("48"), "the version is what the last case changes");
    arena.unharmed();
}
