//! H1–H11: guests that lie to the host about what they hand over, or hand over too much.

use reqwest::Method;
use serde_json::{Value, json};

use crate::attack::{EVE, SHORT};
use crate::guest::{Guest, RESULT};
use crate::harness::Arena;

/// The case of `value`, whose payload lies 8 bytes after it.
const NUMBER: u32 = 3;
const TEXT: u32 = 4;
const TEXTS: u32 = 5;
const JSON: u32 = 6;
const TENSOR: u32 = 9;

/// Returns one value of this case, whose pointer and length (or bits) have been stored at 2120 and 2124.
fn returns(case: u32, payload: &str) -> String {
    format!(
        "{payload}
         (i32.store8 (i32.const 2112) (i32.const {case}))
         (i32.store8 (i32.const {RESULT}) (i32.const 0))
         (i32.store (i32.const 2052) (i32.const 2112))
         (i32.store (i32.const 2056) (i32.const 1))
         (return (i32.const {RESULT}))"
    )
}

/// Stores a list for [`returns`].
fn list(pointer: &str, length: &str) -> String {
    format!("(i32.store (i32.const 2120) {pointer}) (i32.store (i32.const 2124) {length})")
}

fn constant(number: i64) -> String {
    format!("(i32.const {number})")
}

#[track_caller]
fn trapped(arena: &Arena, call: &str) {
    arena.let_in(&Guest { call, ..Guest::default() });
    arena.provoke().with(502, "app_trapped", "");
}

#[test]
fn h1_lists_outside_memory_are_guest_errors() {
    let arena = Arena::start();
    // The pointer to the result: outside, misaligned.
    trapped(&arena, "(return (i32.const -16))");
    trapped(&arena, "(return (i32.const 2049))");
    // A list of 2^32 - 1 values.
    let call = "(i32.store (i32.const 2052) (i32.const 0)) (i32.store (i32.const 2056) (i32.const -1)) (return (i32.const 2048))";
    trapped(&arena, call);
    // A text of 4 GiB, one that begins outside, one that ends outside.
    for (pointer, length) in [(0, -1), (-8, 4), (65_530, 100)] {
        trapped(&arena, &returns(TEXT, &list(&constant(pointer), &constant(length))));
    }
    arena.unharmed();
}

#[test]
fn h2_a_gigabyte_handed_over_is_over_the_budget() {
    let arena = Arena::start_with(&["--memory", "2048"]);
    let grow = "(drop (memory.grow (i32.const 16384)))";
    let gigabyte = list("(i32.const 65536)", "(i32.const 1073741824)");
    trapped(&arena, &format!("{grow} {}", returns(TEXT, &gigabyte)));
    // As the bytes of a tensor: dtype at 2120, shape at 2124, bytes at 2132.
    let tensor = "(i32.store8 (i32.const 2120) (i32.const 1))
        (i32.store (i32.const 2124) (i32.const 0)) (i32.store (i32.const 2128) (i32.const 0))
        (i32.store (i32.const 2132) (i32.const 65536)) (i32.store (i32.const 2136) (i32.const 1073741824))";
    trapped(&arena, &format!("{grow} {}", returns(TENSOR, tensor)));
    arena.unharmed();
}

#[test]
fn h2_a_million_aliases_of_one_text_are_over_the_budget() {
    let arena = Arena::start();
    // A million times the same kilobyte: eight megabytes of pointers in the guest, a gigabyte in the host.
    let call = format!(
        "(drop (memory.grow (i32.const 200)))
         (memory.fill (i32.const 65536) (i32.const 97) (i32.const 1024))
         (local.set $at (i32.const 131072))
         (loop $more
             (i32.store (local.get $at) (i32.const 65536))
             (i32.store offset=4 (local.get $at) (i32.const 1024))
             (local.set $at (i32.add (local.get $at) (i32.const 8)))
             (br_if $more (i32.lt_u (local.get $at) (i32.const 8131072))))
         {}",
        returns(TEXTS, &list("(i32.const 131072)", "(i32.const 1000000)"))
    );
    trapped(&arena, &call);
    arena.unharmed();
}

#[test]
fn h3_values_that_are_none_are_guest_errors() {
    let arena = Arena::start();
    // Bytes that are no UTF-8.
    let bytes = "(i32.store (i32.const 4096) (i32.const 0xfffefdfc))";
    trapped(&arena, &format!("{bytes} {}", returns(TEXT, &list("(i32.const 4096)", "(i32.const 4)"))));
    // A case that `value` does not have, and an element type that `dtype` does not have.
    trapped(&arena, &returns(99, ""));
    trapped(&arena, &returns(TENSOR, "(i32.store8 (i32.const 2120) (i32.const 200))"));
    // Neither outputs nor an error.
    trapped(&arena, "(i32.store8 (i32.const 2048) (i32.const 7)) (return (i32.const 2048))");
    // A log level that there is not.
    let guest = Guest {
        imports: r#"(import "vitrine:space/log@0.1.0" "write" (func $write (param i32 i32 i32)))"#,
        call: "(call $write (i32.const 77) (i32.const 4096) (i32.const 4))",
        ..Guest::default()
    };
    arena.suffer(&guest).with(502, "app_trapped", "");
}

const POLLABLES: &str = r#"(import "wasi:clocks/monotonic-clock@0.2.0" "subscribe-duration"
        (func $subscribe (param i64) (result i32)))
    (import "wasi:io/poll@0.2.0" "[method]pollable.block" (func $block (param i32)))
    (import "wasi:io/poll@0.2.0" "[resource-drop]pollable" (func $drop (param i32)))"#;

#[test]
fn h4_handles_are_counted_and_checked() {
    let arena = Arena::start();
    let check = |call: &str| {
        arena.let_in(&Guest { imports: POLLABLES, call, ..Guest::default() });
        arena.provoke().with(502, "app_trapped", "");
    };
    // A million of them.
    check(
        "(loop $more
             (drop (call $subscribe (i64.const 3600000000000)))
             (local.set $at (i32.add (local.get $at) (i32.const 1)))
             (br_if $more (i32.lt_u (local.get $at) (i32.const 1000000))))",
    );
    // Dropped twice, used after it was dropped, never made.
    check("(local.set $at (call $subscribe (i64.const 1))) (call $drop (local.get $at)) (call $drop (local.get $at))");
    check("(local.set $at (call $subscribe (i64.const 1))) (call $drop (local.get $at)) (call $block (local.get $at))");
    check("(call $block (i32.const 12345))");
    arena.unharmed();
}

#[test]
fn h5_ten_million_host_calls_are_stopped() {
    let arena = Arena::start_with(SHORT);
    let imports = r#"(import "vitrine:space/log@0.1.0" "write" (func $write (param i32 i32 i32)))
        (import "vitrine:space/stream@0.1.0" "progress" (func $progress (param i32 f64 i32 i32)))
        (import "vitrine:space/stream@0.1.0" "emit" (func $emit (param i32 i32)))
        (import "wasi:random/random@0.2.0" "get-random-bytes" (func $random (param i64 i32)))
        (import "wasi:clocks/monotonic-clock@0.2.0" "now" (func $now (result i64)))"#;
    for host_call in [
        "(call $write (i32.const 2) (i32.const 4096) (i32.const 8))",
        "(call $progress (i32.const 1) (f64.const 0.5) (i32.const 4096) (i32.const 8))",
        "(call $emit (i32.const 4200) (i32.const 1))",
        "(call $random (i64.const 8) (i32.const 4300)) (i32.store (i32.const 16) (i32.const 0))",
        "(drop (call $now))",
    ] {
        let call = format!(
            "(i32.store8 (i32.const 4200) (i32.const 3))
             (loop $more
                 {host_call}
                 (local.set $at (i32.add (local.get $at) (i32.const 1)))
                 (br_if $more (i32.lt_u (local.get $at) (i32.const 10000000))))"
        );
        arena.let_in(&Guest { imports, call: &call, ..Guest::default() });
        let ended = arena.provoke();
        // A fast machine may get through ten million of the cheap ones in a second.
        assert!(ended.status == 504 || ended.status == 200, "{host_call}: {:?}", ended.body);
    }
    arena.unharmed();
}

#[test]
fn h5_events_that_nobody_reads_hold_the_guest_back() {
    // Long enough to be seen running.
    let arena = Arena::start_with(&["--deadline", "5"]);
    let guest = Guest {
        imports: r#"(import "vitrine:space/stream@0.1.0" "emit" (func $emit (param i32 i32)))"#,
        call: "(i32.store8 (i32.const 4200) (i32.const 3))
               (loop $for_ever (call $emit (i32.const 4200) (i32.const 1)) (br $for_ever))",
        ..Guest::default()
    };
    arena.let_in(&guest);
    let connection = arena.raw(
        b"POST /spaces/eve/attack/api/predict HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\
          content-type: application/json\r\ncontent-length: 2\r\n\r\n{}",
    );
    arena.settles("the guest runs", || arena.running() == 1.0);
    // The connection is open and nothing is read from it: the slot is free after the deadline all the same, and what
    // waits for the client is bounded.
    arena.unharmed();
    drop(connection);
}

#[test]
fn h6_a_flood_of_log_is_capped_and_escaped() {
    let arena = Arena::start_with(SHORT);
    let imports = r#"(import "vitrine:space/log@0.1.0" "write" (func $write (param i32 i32 i32)))"#;
    let flood = |length: u32, times: u32| {
        format!(
            "(drop (memory.grow (i32.const 1700)))
             (loop $more
                 (call $write (i32.const 2) (i32.const 65536) (i32.const {length}))
                 (local.set $at (i32.add (local.get $at) (i32.const 1)))
                 (br_if $more (i32.lt_u (local.get $at) (i32.const {times}))))"
        )
    };
    // One line of 100 MB; a gigabyte in kilobytes; and lines of everything that could break a terminal or a page.
    arena.let_in(&Guest { imports, call: &flood(100_000_000, 1), ..Guest::default() });
    arena.provoke().number();
    arena.let_in(&Guest { imports, call: &flood(1_000, 1_000_000), ..Guest::default() });
    let ended = arena.provoke();
    assert!(ended.status == 504 || ended.status == 200, "{:?}", ended.body);
    let nasty = Guest {
        imports,
        extra: r#"(data (i32.const 4096) "\1b[31mred\0a2026-01-01 ERROR forged\0d\00<script>alert(1)</script>")"#,
        call: "(call $write (i32.const 2) (i32.const 4096) (i32.const 64))",
        ..Guest::default()
    };
    arena.let_in(&nasty);
    arena.provoke().number();
    let lines = || {
        let path = format!("/api/v1/spaces/{EVE}/logs?limit=1000");
        let text = arena.server.admin(Method::GET, &path).send().unwrap().text().unwrap();
        let line = |line: &str| serde_json::from_str::<Value>(line).unwrap()["message"].as_str().unwrap().to_owned();
        text.lines().map(line).collect::<Vec<_>>()
    };
    arena.settles("the last line is stored", || lines().iter().any(|line| line.contains("forged")));
    let forged = lines().into_iter().find(|line| line.contains("forged")).unwrap();
    assert!(forged.starts_with("\\u{1b}[31mred\\n2026-01-01 ERROR forged\\r\\u{0}"), "{forged}");
    assert!(lines().iter().any(|line| line.contains("dropped")), "a marker says that the rest is gone");
    arena.unharmed();
}

#[test]
fn h7_more_random_bytes_than_there_is_memory_are_a_guest_error() {
    let arena = Arena::start();
    let guest = Guest {
        imports: r#"(import "wasi:random/random@0.2.0" "get-random-bytes" (func $random (param i64 i32)))"#,
        call: "(call $random (i64.const 0x7fffffffffffffff) (i32.const 4096))",
        ..Guest::default()
    };
    arena.suffer(&guest).with(502, "app_trapped", "");
}

#[test]
fn h8_leaving_where_it_is_forbidden_is_one_guest_error() {
    let arena = Arena::start();
    let guest = Guest {
        imports: r#"(import "wasi:random/random@0.2.0" "get-random-bytes" (func $random (param i64 i32)))"#,
        extra: r#"(func (export "cabi_post_call") (param i32) (call $random (i64.const 8) (i32.const 4096)))"#,
        ..Guest::default()
    };
    arena.suffer(&guest).with(502, "app_trapped", "leave");
}

#[test]
fn h8_a_trap_in_post_return_is_one_guest_error() {
    let arena = Arena::start();
    let guest = Guest { extra: r#"(func (export "cabi_post_call") (param i32) (unreachable))"#, ..Guest::default() };
    arena.suffer(&guest).with(502, "app_trapped", "unreachable");
}

#[test]
fn h9_leaving_the_process_is_a_guest_error_and_no_empty_answer() {
    let arena = Arena::start();
    for status in [0, 1] {
        let call = format!("(call $exit (i32.const {status}))");
        let imports = r#"(import "wasi:cli/exit@0.2.0" "exit" (func $exit (param i32)))"#;
        arena.let_in(&Guest { imports, call: &call, ..Guest::default() });
        arena.provoke().with(502, "app_trapped", &format!("exited with code {status}"));
    }
    arena.unharmed();
}

#[test]
fn h10_two_requests_draw_different_random_numbers() {
    let arena = Arena::start();
    let guest = Guest {
        imports: r#"(import "wasi:random/random@0.2.0" "get-random-bytes" (func $random (param i64 i32)))"#,
        init: "(call $random (i64.const 8) (i32.const 4096))",
        // The host puts the list where `cabi_realloc` says, and that address at 4096.
        call: "(call $random (i64.const 8) (i32.const 4096))
               (local.set $answer (f64.convert_i64_u (i64.load (i32.load (i32.const 4096)))))",
        ..Guest::default()
    };
    arena.let_in(&guest);
    assert_ne!(arena.provoke().number(), arena.provoke().number());
    arena.unharmed();
}

#[test]
fn h11_outputs_that_break_the_interface_are_a_broken_contract() {
    let arena = Arena::start();
    let check = |call: &str, word: &str| {
        arena.let_in(&Guest { call, ..Guest::default() });
        arena.provoke().with(502, "broken_contract", word);
    };
    let count = |count: u32| {
        format!(
            "(i32.store (i32.const 2052) (i32.const 2112)) (i32.store (i32.const 2056) (i32.const {count})) (return (i32.const {RESULT}))"
        )
    };
    check(&count(0), "output");
    check(&count(3), "output");
    // A text, markup, and a document for a number.
    let script = "(i64.store (i32.const 4096) (i64.const 0x3e7470697263733c))";
    check(&format!("{script} {}", returns(TEXT, &list("(i32.const 4096)", "(i32.const 8)"))), "y");
    check(&returns(NUMBER, "(f64.store (i32.const 2120) (f64.const nan))"), "y");
    check(&returns(NUMBER, "(f64.store (i32.const 2120) (f64.const inf))"), "y");
    // JSON that is nested a hundred thousand deep.
    let deep = "(drop (memory.grow (i32.const 2))) (memory.fill (i32.const 65536) (i32.const 91) (i32.const 100000))";
    check(&format!("{deep} {}", returns(JSON, &list("(i32.const 65536)", "(i32.const 100000)"))), "JSON");
    arena.unharmed();
}

#[test]
fn h11_markup_in_texts_is_text_on_the_page() {
    let arena = Arena::start();
    let bundle = crate::publish::zip(&[
        ("app.wasm", &Guest::default().component()),
        (
            "space.toml",
            br#"title = "<script>alert(1)</script>"
description = "<img src=x onerror=alert(2)> and [a link](javascript:alert(3))"
tags = ["<b>bold</b>"]"#,
        ),
    ]);
    arena.publish(EVE, "app.zip", bundle).succeeded();
    let page = arena.server.get(&format!("/spaces/{EVE}")).text().unwrap();
    for markup in ["<script>alert", "<img src=x", "href=\"javascript:", "<b>bold"] {
        assert!(!page.contains(markup), "`{markup}` is in the page");
    }
    assert!(page.contains("&lt;script&gt;alert(1)"), "the title is shown as text");
    let listed: Value = serde_json::from_str(&arena.server.get("/api/v1/spaces").text().unwrap()).unwrap();
    let titles: Vec<_> = listed["spaces"].as_array().unwrap().iter().map(|space| &space["title"]).collect();
    assert!(titles.contains(&&json!("<script>alert(1)</script>")), "programs get it as it is: {titles:?}");
    arena.unharmed();
}
