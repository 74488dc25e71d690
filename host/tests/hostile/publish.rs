//! P1–P13: what is uploaded.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};

use host_runtime::engine_version;
use reqwest::Method;
use reqwest::blocking::Body;
use serde_json::{Value, json};
use wasm_encoder::{
    Component, ComponentSection as _, ComponentTypeSection, ComponentValType, NestedComponentSection, PrimitiveValType,
};

use crate::bombs;
use crate::guest::Guest;
use crate::harness::{Arena, OTHER, Published, SAME, honest, publish_for_status};
use crate::server::{TOKEN, root};
use crate::worker::{Worker, workers_of};

const SETOSA: [f64; 4] = [5.1, 3.5, 1.4, 0.2];

fn component(wat: &str) -> Vec<u8> {
    wat::parse_str(wat).unwrap()
}

/// Publishes to the honest space, where it must be refused.
#[track_caller]
fn refused(arena: &Arena, upload: impl Into<Body>, status: u16, code: &str, words: &[&str]) -> Published {
    let published = arena.publish(SAME, "app.wasm", upload);
    published.refused(status, code, words);
    published
}

fn files(arena: &Arena, folder: &str) -> Vec<std::path::PathBuf> {
    fs::read_dir(arena.server.data.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// The folders of publishes go away with them, a moment after their last event.
#[track_caller]
fn leaves_nothing(arena: &Arena) {
    arena.settles("nothing of a publish is left", || files(arena, "tmp").is_empty());
}

#[test]
fn p1_what_is_no_app_is_told_apart() {
    let arena = Arena::start();
    let whole = honest();
    refused(&arena, "random bytes", 400, "app_not_component", &["does not begin as WebAssembly does"]);
    refused(&arena, whole[..whole.len() / 2].to_vec(), 400, "not_a_component", &["cut off"]);
    refused(&arena, component("(module)"), 400, "app_core_module", &["core module", "vitrine build"]);
    refused(&arena, component("(component)"), 422, "contract_mismatch", &["`init`, `describe`, `call`"]);
    arena.publish(SAME, "model.onnx", "random bytes").refused(400, "app_not_onnx", &["not an ONNX model"]);
    arena.publish(SAME, "app.exe", whole.clone()).refused(400, "bundle_file_type", &[".onnx", ".wasm", ".zip"]);

    let artefact = fs::read(&files(&arena, "artefacts")[0]).unwrap();
    refused(&arena, artefact.clone(), 400, "app_precompiled", &["never accepted"]);
    arena.publish(SAME, "app.cwasm", artefact.clone()).refused(400, "app_precompiled", &["never accepted"]);
    // In a bundle as well, under whatever name.
    let bundle = zip(&[("app.wasm", &artefact)]);
    arena.publish(SAME, "app.zip", bundle).refused(400, "app_precompiled", &["never accepted"]);
    arena.unharmed();
}

#[test]
fn p1_a_script_is_told_by_the_status_alone() {
    let arena = Arena::start();
    let (status, body) = publish_for_status(&arena.server, SAME, "app.wasm", b"random bytes".to_vec());
    assert_eq!((status, &body["error"]["code"]), (400, &json!("app_not_component")), "{body}");
    let (status, body) = publish_for_status(&arena.server, SAME, "app.wasm", component("(component)"));
    assert_eq!((status, &body["error"]["code"]), (422, &json!("contract_mismatch")), "{body}");
    let (status, body) = publish_for_status(&arena.server, SAME, "app.wasm", honest());
    assert_eq!((status, &body["published"]["space"]), (201, &json!(SAME)), "{body}");
    arena.unharmed();
}

#[test]
fn p2_an_upload_over_the_limit_is_cut_off() {
    let arena = Arena::start_with(&["--max-upload", "1"]);
    // Announced: refused without a byte of it.
    assert_eq!(status(send_head(&arena, "content-length: 2097152")), "413");

    // Not announced, and without an end.
    let mut connection = send_head(&arena, "transfer-encoding: chunked");
    let chunk = [b"10000\r\n".as_slice(), &[0; 0x10000], b"\r\n"].concat();
    // More than the limit and all that the buffers of the two sockets can hold.
    let endless = (0..1024).take_while(|_| connection.write_all(&chunk).is_ok()).count();
    assert!(endless < 1024, "the server has taken 64 MiB");
    leaves_nothing(&arena);
    arena.unharmed();
}

/// Opens a connection and sends the head of an upload.
fn send_head(arena: &Arena, headers: &str) -> TcpStream {
    let mut connection = TcpStream::connect(arena.server.url.trim_start_matches("http://")).unwrap();
    let head = format!(
        "POST /api/v1/spaces/{SAME}/revisions?filename=app.wasm HTTP/1.1\r\nhost: localhost\r\n\
         authorization: Bearer {TOKEN}\r\n{headers}\r\n\r\n"
    );
    connection.write_all(head.as_bytes()).unwrap();
    connection
}

/// Waits for the answer.
fn status(mut connection: TcpStream) -> String {
    let mut answer = [0; 12];
    connection.read_exact(&mut answer).unwrap();
    String::from_utf8_lossy(&answer[9..]).into_owned()
}

#[test]
#[ignore = "soak"]
fn p2_an_upload_that_stalls_is_cut_off() {
    let arena = Arena::start();
    let mut connection = send_head(&arena, "content-length: 1000");
    connection.write_all(b"\0asm").unwrap();
    assert_eq!(status(connection), "408");
    leaves_nothing(&arena);
    arena.unharmed();
}

#[test]
fn p2_archives_stay_inside_their_folder_and_their_limit() {
    let arena = Arena::start_with(&["--max-upload", "1"]);
    let check = |upload: Vec<u8>, status: u16, code: &str, words: &[&str]| {
        arena.publish(SAME, "app.zip", upload).refused(status, code, words);
    };
    let app = honest();
    let zeros = vec![0; 300 << 20];
    let bomb = zip(&[("app.wasm", &app), ("zeros", &zeros)]);
    assert!(bomb.len() < 1 << 20);
    check(bomb, 413, "bundle_too_large", &["1048576", "zeros"]);
    for name in ["../../escaped", "a/../../escaped", "/etc/escaped", "..\\escaped"] {
        check(zip(&[("app.wasm", &app), (name, b"x")]), 400, "bundle_entry_name", &["escaped"]);
    }
    let twice = zip(&[("app.wasm", &app), ("first", b"1"), ("other", b"2")]);
    check(replace(twice, b"other", b"first"), 400, "bundle_duplicate_entry", &["first"]);
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.add_symlink("app.wasm", "/etc/passwd", zip::write::SimpleFileOptions::default()).unwrap();
    check(archive.finish().unwrap().into_inner(), 400, "bundle_entry_type", &["app.wasm", "link"]);
    check(b"PK\x03\x04 cut off".to_vec(), 400, "bundle_broken", &["not a ZIP file"]);

    let escaped = |folder: &std::path::Path| folder.join("escaped").exists();
    assert!(!arena.server.data.ancestors().any(escaped) && !escaped("/etc".as_ref()));
    leaves_nothing(&arena);
    arena.unharmed();
}

pub(crate) fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn replace(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    let places: Vec<_> = (0..bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    bytes
}

#[test]
fn p3_compile_bombs_cost_their_worker_alone() {
    let arena = Arena::start_with(&["--publish-deadline", "12", "--publish-memory", "1536"]);
    type Bomb = fn() -> Vec<u8>;
    let bombs: [(&str, Bomb); 5] = [
        ("large-function", bombs::large_function),
        ("many-locals", bombs::many_locals),
        ("wide-branch", bombs::wide_branch),
        ("nested-blocks", bombs::nested_blocks),
        ("many-functions", bombs::many_functions),
    ];
    for (name, bomb) in bombs {
        let upload = bomb();
        let done = AtomicBool::new(false);
        let (published, n_calls) = std::thread::scope(|scope| {
            let calls = scope.spawn(|| {
                let mut n_calls = 0;
                while !done.load(Ordering::Relaxed) {
                    arena.ask(OTHER);
                    n_calls += 1;
                }
                n_calls
            });
            let published = arena.publish(&format!("eve/{name}"), "app.wasm", upload);
            done.store(true, Ordering::Relaxed);
            (published, calls.join().unwrap())
        });
        eprintln!("{name}: {} after {n_calls} calls of another space", published.events.last().unwrap());
        assert!(n_calls > 0, "others are served meanwhile");
        if published.status != 200 {
            let code = published.code();
            let clean = [
                "publish_deadline_exceeded",
                "worker_out_of_memory",
                "worker_out_of_time",
                "compile_failed",
                "invalid_component",
            ];
            assert!(published.status == 422 && clean.contains(&code), "{name}: {}", published.error());
        }
    }
    assert!(workers_of(&arena).is_empty(), "no worker outlives its publish");
    arena.unharmed();
}

#[test]
fn p3_a_publish_is_stopped_at_its_wall_limit() {
    let arena = Arena::start_with(&["--publish-deadline", "1"]);
    let spins = Guest { init: "(loop (br 0))", ..Guest::default() }.component();
    refused(&arena, spins, 422, "publish_deadline_exceeded", &["1s"]);
    assert!(workers_of(&arena).is_empty());
    arena.unharmed();
}

#[test]
fn p3_a_worker_is_stopped_at_its_memory_cap() {
    let arena = Arena::start_with(&["--publish-memory", "512"]);
    let touches = Guest {
        init: "(drop (memory.grow (i32.const 12000)))
               (memory.fill (i32.const 65536) (i32.const 1) (i32.const 780000000))",
        ..Guest::default()
    };
    refused(&arena, touches.component(), 422, "worker_out_of_memory", &["512 MiB", "--publish-memory"]);
    assert!(workers_of(&arena).is_empty());
    arena.unharmed();
}

#[test]
fn p4_image_bombs_are_refused_before_they_are_written() {
    let arena = Arena::start();
    let artefacts = files(&arena, "artefacts").len();
    let apart = Guest {
        memory: Some("16000"),
        extra: r#"(data (i32.const 0) "\01") (data (i32.const 1048000000) "\01")"#,
        ..Guest::default()
    };
    refused(&arena, apart.component(), 422, "image_too_sparse", &["1048000001 bytes"]);
    let by_init = Guest {
        init: "(drop (memory.grow (i32.const 16000))) (i32.store8 (i32.const 1048000000) (i32.const 1))",
        ..Guest::default()
    };
    refused(&arena, by_init.component(), 422, "image_too_sparse", &[]);
    let huge = Guest { memory: Some("65536"), ..Guest::default() };
    refused(&arena, huge.component(), 422, "init_trapped", &["memory"]);
    let segments =
        |count: u32| (0..count).map(|n| format!("(data (i32.const {}) \"x\")", n * 10_000)).collect::<String>();
    let spread = Guest { memory: Some("16000"), extra: &segments(99_999), ..Guest::default() };
    refused(&arena, spread.component(), 422, "image_too_sparse", &[]);
    assert_eq!(files(&arena, "artefacts").len(), artefacts);
    leaves_nothing(&arena);
    arena.unharmed();
}

#[test]
fn p5_structures_without_end_are_invalid() {
    let arena = Arena::start();
    let mut nested = Component::new();
    for _ in 0..1_000 {
        let mut outer = Component::new();
        outer.section(&NestedComponentSection(&nested));
        nested = outer;
    }
    let mut upload = honest();
    NestedComponentSection(&nested).append_to_component(&mut upload);
    refused(&arena, upload, 422, "invalid_component", &["nest", "100"]);

    // Each type refers to the one before, `width` times.
    let types = |depth: u32, width: usize| {
        let mut types = ComponentTypeSection::new();
        types.defined_type().tuple([ComponentValType::Primitive(PrimitiveValType::U8)]);
        for before in 0..depth {
            types.defined_type().tuple(vec![ComponentValType::Type(before); width]);
        }
        let mut component = Component::new();
        component.section(&types);
        component.finish()
    };
    refused(&arena, types(150, 1), 422, "invalid_component", &["nesting"]);
    refused(&arena, types(40, 10), 422, "invalid_component", &["size"]);
    let instances = |count| component(&format!("(component {})", "(instance)".repeat(count)));
    refused(&arena, instances(1_001), 422, "invalid_component", &["instance"]);
    refused(&arena, instances(1_000), 422, "contract_mismatch", &[]);
    let named = |length| component(&format!(r#"(component (import "a:b/{}" (instance)))"#, "c".repeat(length)));
    refused(&arena, named(100_000), 422, "invalid_component", &["string"]);
    refused(&arena, named(90_000), 422, "forbidden_imports", &["a:b/ccc"]);
    arena.unharmed();
}

#[test]
fn p6_refused_features_are_named() {
    let arena = Arena::start();
    let check = |module: &str, feature: &str| {
        let upload = component(&format!("(component (core module {module}))"));
        refused(&arena, upload, 422, "unsupported_feature", &[feature]);
    };
    check("(memory i64 1)", "memory64");
    check("(memory 1 1 shared)", "threads");
    check("(memory 1) (memory 1)", "multiple memories");
    check("(tag)", "exceptions");
    check("(type (struct))", "gc");
    check("(type $f (func)) (type (cont $f))", "stack switching");
    arena.unharmed();
}

#[test]
fn p7_imports_that_are_not_offered_are_listed_at_publish() {
    let arena = Arena::start();
    let upload = component(
        r#"(component
            (import "wasi:sockets/network@0.2.0" (instance))
            (import "acme:thing/tool@1.0.0" (instance))
            (import "wasi:clocks/wall-clock@0.2.0" (instance)))"#,
    );
    let published =
        refused(&arena, upload, 422, "forbidden_imports", &["wasi:sockets/network@0.2.0", "acme:thing/tool@1.0.0"]);
    assert!(!published.error()["message"].as_str().unwrap().contains("wasi:clocks"), "{published:?}");
    // Its interface is offered, the function is not.
    let unknown = component(
        r#"(component
            (import "wasi:clocks/wall-clock@0.2.0" (instance (export "rewind" (func))))
            (core module $m (func (export "f"))) (core instance $i (instantiate $m))
            (func $f (canon lift (core func $i "f")))
            (export "init" (func $f)) (export "describe" (func $f)) (export "call" (func $f)))"#,
    );
    refused(&arena, unknown, 422, "contract_mismatch", &["rewind"]);
    arena.unharmed();
}

#[test]
fn p8_an_init_that_misbehaves_is_a_clean_error_with_its_log() {
    let arena = Arena::start_with(&["--deadline", "2", "--max-memory", "64"]);
    let imports = r#"(import "vitrine:space/log@0.1.0" "write" (func $write (param i32 i32 i32)))
                     (import "wasi:clocks/monotonic-clock@0.2.0" "subscribe-duration" (func $later (param i64) (result i32)))
                     (import "wasi:io/poll@0.2.0" "[method]pollable.block" (func $block (param i32)))
                     (import "vitrine:space/session@0.1.0" "set" (func $set (param i32 i32 i32 i32 i32)))"#;
    let speak = "(call $write (i32.const 2) (i32.const 4096) (i32.const 6))";
    let extra = r#"(data (i32.const 4096) "so far")"#;
    let check = |body: &str, code: &str, words: &[&str]| {
        let init = format!("{speak} {body}");
        let guest = Guest { imports, extra, init: &init, ..Guest::default() };
        let published = refused(&arena, guest.component(), 422, code, words);
        assert_eq!(published.log(), ["so far"], "the guest's own log is attached");
    };
    check("(loop (br 0))", "init_deadline_exceeded", &["2s"]);
    check(
        "(loop (br_if 0 (i32.ge_s (memory.grow (i32.const 1)) (i32.const 0)))) (unreachable)",
        "init_trapped",
        &["unreachable"],
    );
    check("(unreachable)", "init_trapped", &["unreachable"]);
    // In `init` there is no session: the call is refused, and the guest makes what it likes of that.
    check(
        "(call $set (i32.const 4096) (i32.const 2) (i32.const 4096) (i32.const 2) (i32.const 4200))
         (if (i32.load8_u (i32.const 4200)) (then (unreachable)))",
        "init_trapped",
        &["unreachable"],
    );
    let hour = "(call $block (call $later (i64.const 3600000000000)))";
    check(hour, "init_deadline_exceeded", &["2s"]);

    let named = Guest { extra: r#"(func (export "__wizer_memory_0"))"#, ..Guest::default() };
    refused(&arena, named.component(), 422, "snapshot_unsupported", &["__wizer_"]);
    arena.unharmed();
}

#[test]
fn p8_a_memory_that_cannot_grow_is_told_so() {
    let arena = Arena::start();
    let fixed = Guest { memory: Some("1 1"), ..Guest::default() };
    refused(&arena, fixed.component(), 422, "snapshot_unsupported", &["declare a larger maximum"]);
    arena.unharmed();
}

#[test]
fn p8_what_an_init_says_cannot_command_a_terminal() {
    let arena = Arena::start();
    let says_no = Guest {
        extra: r#"(data (i32.const 1024) "\01\00\00\00\00\10\00\00\09\00\00\00") (data (i32.const 4096) "no\1b[2J\nno")"#,
        ..Guest::default()
    };
    refused(&arena, says_no.component(), 422, "init_failed", &["no\\u{1b}[2J\nno"]);
    arena.unharmed();
}

#[test]
fn p9_an_init_may_leave_200_mib_of_state() {
    let arena = Arena::start();
    let large = Guest {
        init: "(drop (memory.grow (i32.const 3200)))
               (memory.fill (i32.const 65536) (i32.const 7) (i32.const 209715200))",
        call: "(local.set $answer (f64.convert_i32_u (i32.add
                   (i32.load8_u (i32.const 65536)) (i32.load8_u (i32.const 209780735)))))",
        ..Guest::default()
    };
    arena.publish("eve/large", "app.wasm", large.component()).succeeded();
    assert_eq!(arena.ask("eve/large"), json!([14.0]));
    arena.unharmed();
}

#[test]
fn p10_hostile_models_are_refused_naming_the_culprit() {
    let arena = Arena::start();
    let check = |model: &str, words: &[&str]| {
        let file = root().join(format!("host/runners/onnx/tests/models/hostile/{model}.onnx"));
        let published = arena.publish(SAME, "model.onnx", fs::read(file).unwrap());
        published.refused(422, "init_failed", words);
    };
    check("huge_input", &["input `x`", "elements"]);
    check("negative_input", &["input `x`", "negative: -7"]);
    check("huge_weight", &["initializer `w`", "elements"]);
    check("negative_weight", &["initializer `w`", "negative: -1"]);
    check("constant_bomb", &["node `bomb` (ConstantOfShape)"]);
    check("cycle", &["cyclic", "`first`"]);
    check("external", &["initializer `w`", "../../etc/passwd"]);
    check("dangling", &["node `add` (Add)", "`nowhere`"]);
    check("unsupported", &["operator `Frobnicate`", "node `frob`"]);
    arena.unharmed();
}

#[test]
fn p11_a_flood_of_uploads_is_bounded_and_fair() {
    const N_UPLOADS: usize = 200;
    let arena = Arena::start();
    let upload = honest();
    let (flood, done) = (AtomicBool::new(true), AtomicBool::new(false));
    let (outcomes, most_workers) = std::thread::scope(|scope| {
        let uploads: Vec<_> = (0..N_UPLOADS)
            .map(|n| {
                let (arena, upload) = (&arena, upload.clone());
                scope.spawn(move || {
                    let response = arena.begin(&format!("eve/flood-{}", n % 10), "app.wasm", upload);
                    let wait = response.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
                    (wait, Published::read(response, |_| {}))
                })
            })
            .collect();
        let watch = scope.spawn(|| {
            let mut most = 0;
            while !done.load(Ordering::Relaxed) {
                most = most.max(workers_of(&arena).len());
            }
            most
        });
        // Somebody else's upload gets its turn next, while the flood still waits.
        arena.publish(OTHER, "app.wasm", upload.clone()).succeeded();
        flood.store(uploads.iter().any(|upload| !upload.is_finished()), Ordering::Relaxed);
        let outcomes: Vec<_> = uploads.into_iter().map(|upload| upload.join().unwrap()).collect();
        done.store(true, Ordering::Relaxed);
        (outcomes, watch.join().unwrap())
    });
    assert!(flood.load(Ordering::Relaxed), "the other upload did not wait for the whole flood");
    assert_eq!(most_workers, 1, "one job per owner at a time");
    let (published, refused): (Vec<_>, Vec<_>) = outcomes.iter().partition(|(_, outcome)| outcome.status == 200);
    for (_, outcome) in &published {
        outcome.succeeded();
    }
    for (wait, outcome) in &refused {
        outcome.refused(429, "publish_queue_full", &["try again"]);
        assert!(wait.is_some(), "it is said when to come back");
    }
    assert!(!published.is_empty() && !refused.is_empty(), "{} published, {} refused", published.len(), refused.len());
    eprintln!("of {N_UPLOADS} uploads at once {} are published, {} refused", published.len(), refused.len());
    arena.publish("eve/flood-0", "app.wasm", upload).succeeded();
    arena.unharmed();
}

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
