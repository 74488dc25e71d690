//! P3–P10: what is inside of an upload: modules, components, models, and what they do in `init`.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;
use wasm_encoder::{
    Component, ComponentSection as _, ComponentTypeSection, ComponentValType, NestedComponentSection, PrimitiveValType,
};

use super::{component, files, leaves_nothing, refused};
use crate::bombs;
use crate::guest::Guest;
use crate::harness::{Arena, OTHER, SAME, honest};
use crate::server::root;
use crate::worker::workers_of;

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
