//! C1–C7: guests that take the processor, or never end.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::attack::SHORT;
use crate::guest::Guest;
use crate::harness::{Arena, OTHER};

const SPIN: &str = "(loop $for_ever (br $for_ever))";

const CLOCK: &str = r#"(import "wasi:clocks/monotonic-clock@0.2.0" "subscribe-duration"
    (func $subscribe (param i64) (result i32)))
    (import "wasi:io/poll@0.2.0" "[method]pollable.block" (func $block (param i32)))
    (import "wasi:io/poll@0.2.0" "[resource-drop]pollable" (func $drop (param i32)))"#;

/// Asks an honest space while a hostile call runs; at least `least` answers must come before that call has ended.
#[track_caller]
fn answered_meanwhile(arena: &Arena, hostile: impl FnOnce() + Send, least: usize) {
    let ended = AtomicBool::new(false);
    let answered = std::thread::scope(|scope| {
        scope.spawn(|| {
            hostile();
            ended.store(true, Ordering::SeqCst);
        });
        let mut answered = 0;
        while !ended.load(Ordering::SeqCst) {
            arena.ask(OTHER);
            answered += 1;
        }
        answered
    });
    assert!(answered >= least, "only {answered} honest answers meanwhile");
}

#[test]
fn c1_a_spinner_is_stopped_and_others_are_served_meanwhile() {
    for threads in ["1", "2"] {
        let arena = Arena::start_with(&["--deadline", "1", "--guest-threads", threads]);
        arena.let_in(&Guest { call: SPIN, ..Guest::default() });
        answered_meanwhile(&arena, || arena.provoke().with(504, "deadline_exceeded", "1s"), 20);
        arena.unharmed();
    }
}

#[test]
fn c2_a_spinning_start_function_never_gets_into_requests() {
    let arena = Arena::start_with(SHORT);
    // It would spin in each instance after the first; but what has started once is in the image, and never starts again.
    let guest = Guest {
        extra: "(func $start (if (i32.load (i32.const 4096)) (then (loop $for_ever (br $for_ever)))))
                (start $start)",
        init: "(i32.store (i32.const 4096) (i32.const 1))",
        call: "(local.set $answer (f64.const 5))",
        ..Guest::default()
    };
    assert_eq!(arena.suffer(&guest).number(), 5.0);
}

#[test]
fn c2_spinning_in_realloc_is_stopped() {
    let arena = Arena::start_with(SHORT);
    let guest = Guest {
        init: "(i32.store (i32.const 4096) (i32.const 1))",
        realloc: "(if (i32.load (i32.const 4096)) (then (loop $for_ever (br $for_ever))))",
        ..Guest::default()
    };
    arena.let_in(&guest);
    answered_meanwhile(&arena, || arena.provoke().with(504, "deadline_exceeded", "1s"), 20);
    arena.unharmed();
}

#[test]
fn c2_spinning_in_post_return_is_stopped() {
    let arena = Arena::start_with(SHORT);
    let guest = Guest {
        extra: r#"(func (export "cabi_post_call") (param i32) (loop $for_ever (br $for_ever)))"#,
        ..Guest::default()
    };
    arena.let_in(&guest);
    answered_meanwhile(&arena, || arena.provoke().with(504, "deadline_exceeded", "1s"), 20);
    arena.unharmed();
}

#[test]
fn c3_filling_a_gigabyte_again_and_again_is_stopped() {
    let arena = Arena::start_with(SHORT);
    let guest = Guest {
        call: "(drop (memory.grow (i32.const 16000)))
               (loop $for_ever
                   (memory.fill (i32.const 65536) (i32.const 7) (i32.const 1048510464))
                   (br $for_ever))",
        ..Guest::default()
    };
    arena.let_in(&guest);
    answered_meanwhile(&arena, || arena.provoke().with(504, "deadline_exceeded", "1s"), 5);
    arena.unharmed();
}

#[test]
fn c4_a_hundred_spinners_leave_others_their_share() {
    let arena = Arena::start_with(&["--deadline", "1", "--concurrency", "8"]);
    arena.let_in(&Guest { call: SPIN, ..Guest::default() });
    let attack = || {
        std::thread::scope(|scope| {
            let calls: Vec<_> = (0..100).map(|_| scope.spawn(|| arena.provoke())).collect();
            let ended: Vec<_> = calls.into_iter().map(|call| call.join().unwrap()).collect();
            let with = |status| ended.iter().filter(|ended| ended.status == status).count();
            assert_eq!(with(504) + with(503), 100, "each either ran into its deadline or was refused: {ended:?}");
            assert!(with(504) >= 8, "as many as may run did: {}", with(504));
            assert!(with(503) >= 100 - 8 * 5, "more than run and wait are refused: {}", with(503));
        });
    };
    answered_meanwhile(&arena, attack, 20);
    arena.unharmed();
}

#[test]
fn c5_sleeping_for_an_hour_frees_the_slot_at_the_deadline() {
    let arena = Arena::start_with(SHORT);
    let guest =
        Guest { imports: CLOCK, call: "(call $block (call $subscribe (i64.const 3600000000000)))", ..Guest::default() };
    arena.suffer(&guest).with(504, "deadline_exceeded", "1s");
}

#[test]
fn c5_polling_without_waiting_is_stopped() {
    let arena = Arena::start_with(SHORT);
    let guest = Guest {
        imports: CLOCK,
        call: "(loop $for_ever
                   (local.set $at (call $subscribe (i64.const 0)))
                   (call $block (local.get $at))
                   (call $drop (local.get $at))
                   (br $for_ever))",
        ..Guest::default()
    };
    arena.let_in(&guest);
    answered_meanwhile(&arena, || arena.provoke().with(504, "deadline_exceeded", "1s"), 20);
    arena.unharmed();
}

#[test]
fn c6_a_stream_that_stops_ends_with_an_error_event() {
    let arena = Arena::start_with(SHORT);
    let guest = Guest {
        imports: r#"(import "vitrine:space/stream@0.1.0" "emit" (func $emit (param i32 i32)))"#,
        call: "(i32.store8 (i32.const 4096) (i32.const 3))
               (f64.store (i32.const 4104) (f64.const 0.25))
               (call $emit (i32.const 4096) (i32.const 1))
               (loop $for_ever (br $for_ever))",
        ..Guest::default()
    };
    arena.let_in(&guest);
    let events = arena.provoke_events();
    let names: Vec<_> = events.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["output", "error"], "{events:?}");
    assert_eq!(events[0].1["data"][0], 0.25);
    assert_eq!(events[1].1["code"], "deadline_exceeded");
    arena.unharmed();
}

#[test]
fn c7_a_client_that_goes_away_takes_its_guest_with_it() {
    // Much longer than `unharmed` waits for the slot.
    let arena = Arena::start_with(&["--deadline", "3600", "--max-deadline", "3600"]);
    arena.let_in(&Guest { call: SPIN, ..Guest::default() });
    for accept in ["application/json", "text/event-stream"] {
        let request = format!(
            "POST /spaces/eve/attack/api/predict HTTP/1.1\r\nhost: localhost\r\naccept: {accept}\r\n\
             content-type: application/json\r\ncontent-length: 2\r\n\r\n{{}}"
        );
        let connection = arena.raw(request.as_bytes());
        arena.settles("the guest runs", || arena.running() == 1.0);
        drop(connection);
        arena.unharmed();
    }
}
