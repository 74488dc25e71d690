//! What a guest may do in a request, and how it is stopped.

use host_runtime::{Blame, InvokeError};
use std::sync::Arc;

use crate::guest::Guest;
use crate::harness::{LIMITS, Log, Server, invocation};

/// After whatever a guest did, an honest one answers and no slot is taken.
#[track_caller]
fn assert_unharmed(server: &Server) {
    let honest = server.load(&Guest { call: "(local.set $answer (f64.const 7))", ..Guest::default() }.component());
    assert_eq!(server.number(&honest), 7.0);
    assert_eq!(server.sandbox.running(), 0);
}

#[test]
fn each_request_starts_from_what_init_left() {
    let server = Server::new(2, 2);
    let app = server.load(
        &Guest {
            init: "(i32.store (i32.const 4096) (i32.const 41))",
            call: "(i32.store (i32.const 4096) (i32.add (i32.load (i32.const 4096)) (i32.const 1)))
                   (local.set $answer (f64.convert_i32_s (i32.load (i32.const 4096))))",
            ..Guest::default()
        }
        .component(),
    );
    assert_eq!(server.number(&app), 42.0);
    assert_eq!(server.number(&app), 42.0, "the first request's write must be gone");
}

#[test]
fn c1_an_endless_call_is_stopped_at_its_deadline() {
    let server = Server::new(2, 2);
    let app = server.load(&Guest { call: "(loop (br 0))", ..Guest::default() }.component());
    let error = server.invoke(&app).unwrap_err();
    assert!(matches!(error, InvokeError::DeadlineExceeded { deadline } if deadline == LIMITS.deadline), "{error:?}");
    assert_unharmed(&server);
}

#[test]
fn c1_a_spinner_does_not_keep_others_from_the_only_thread() {
    let server = Server::new(4, 4);
    let spinner = server.load(&Guest { call: "(loop (br 0))", ..Guest::default() }.component());
    let honest = server.load(&Guest { call: "(local.set $answer (f64.const 1))", ..Guest::default() }.component());
    let answered = server.runtime.block_on(async {
        let spinning = server.sandbox.invoke(&spinner, invocation());
        let answering = server.sandbox.invoke(&honest, invocation());
        tokio::pin!(spinning, answering);
        tokio::select! {
            biased;
            _ = &mut spinning => false,
            outcome = &mut answering => { outcome.result.unwrap(); true }
        }
    });
    assert!(answered, "the honest guest must answer while the other one spins");
    assert_unharmed(&server);
}

#[test]
fn c7_a_dropped_request_stops_its_guest() {
    let server = Server::new(1, 1);
    let spinner = server.load(&Guest { call: "(loop (br 0))", ..Guest::default() }.component());
    let mut endless = invocation();
    endless.limits.deadline = std::time::Duration::from_secs(3600);
    server.runtime.block_on(async {
        let call = server.sandbox.invoke(&spinner, endless);
        let started = async {
            while server.sandbox.running() == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            biased;
            _ = call => panic!("an endless guest ended"),
            () = started => {}
        }
    });
    // With one slot, this answers only if the guest is gone.
    assert_unharmed(&server);
}

#[test]
fn m1_memory_ends_at_the_cap() {
    let server = Server::new(2, 2);
    let app = server.load(
        &Guest {
            call: "(block $full (loop $more
                     (br_if $full (i32.eq (memory.grow (i32.const 16)) (i32.const -1)))
                     (memory.fill (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 1048576)) (i32.const 1) (i32.const 1048576))
                     (br $more)))
                   (local.set $answer (f64.convert_i32_u (memory.size)))",
            ..Guest::default()
        }
        .component(),
    );
    let outcome = server.outcome(&app);
    assert!(outcome.result.is_ok(), "{outcome:?}");
    assert!(outcome.usage.memory_bytes <= LIMITS.max_memory_bytes, "{} bytes", outcome.usage.memory_bytes);
    assert_unharmed(&server);
}

#[test]
fn m4_endless_recursion_is_a_guest_error() {
    let server = Server::new(2, 2);
    let guest = Guest {
        extra: "(func $deep (param i32) (result i32) (i32.add (call $deep (local.get 0)) (i32.const 1)))",
        call: "(drop (call $deep (i32.const 0)))",
        ..Guest::default()
    };
    let error = server.invoke(&server.load(&guest.component())).unwrap_err();
    assert!(matches!(&error, InvokeError::Trap { trap, .. } if trap.contains("stack")), "{error:?}");
    assert_eq!(error.blame(), Blame::Guest);
    assert_unharmed(&server);
}

#[test]
fn m6_traps_are_named() {
    let server = Server::new(2, 2);
    let check = |call: &'static str, expected: &str| {
        let error = server.invoke(&server.load(&Guest { call, ..Guest::default() }.component())).unwrap_err();
        assert!(matches!(&error, InvokeError::Trap { trap, .. } if trap.contains(expected)), "{call}: {error:?}");
    };
    check("(unreachable)", "unreachable");
    check("(drop (i32.div_s (i32.const 1) (i32.const 0)))", "divide by zero");
    check("(drop (i32.load (i32.const -4)))", "out of bounds");
    assert_unharmed(&server);
}

#[test]
fn h1_results_outside_memory_are_guest_errors() {
    let server = Server::new(2, 2);
    let check = |call: &'static str| {
        let error = server.invoke(&server.load(&Guest { call, ..Guest::default() }.component())).unwrap_err();
        assert!(matches!(error, InvokeError::Trap { .. }), "{call}: {error:?}");
    };
    check("(return (i32.const -16))");
    check("(return (i32.const 2049))");
    // A list of 2^32 - 1 values.
    check(
        "(i32.store (i32.const 2052) (i32.const 0)) (i32.store (i32.const 2056) (i32.const -1)) (return (i32.const 2048))",
    );
    assert_unharmed(&server);
}

#[test]
fn h6_a_log_flood_is_capped_and_escaped() {
    let server = Server::new(2, 2);
    let app = server.load(
        &Guest {
            imports: r#"(import "vitrine:space/log@0.1.0" "write" (func $write (param i32 i32 i32)))"#,
            extra: r#"(data (i32.const 4096) "\1b[31m\n")"#,
            call: "(loop $more
                     (call $write (i32.const 2) (i32.const 4096) (i32.const 60000))
                     (local.set $answer (f64.add (local.get $answer) (f64.const 1)))
                     (br_if $more (f64.lt (local.get $answer) (f64.const 100))))",
            ..Guest::default()
        }
        .component(),
    );
    let log = Arc::new(Log::default());
    let mut invocation = invocation();
    invocation.log = Arc::clone(&log) as _;
    server.runtime.block_on(server.sandbox.invoke(&app, invocation)).result.unwrap();
    let lines = log.0.lock().unwrap();
    let bytes: usize = lines.iter().map(|(_, line)| line.len()).sum();
    assert!(bytes <= 2 * LIMITS.max_log_bytes, "{bytes} bytes of log");
    assert!(lines.last().unwrap().1.contains("dropped"), "a marker says that the rest is gone");
    assert!(lines.iter().all(|(_, line)| !line.contains(['\u{1b}', '\n', '\0'])));
    assert!(lines[0].1.starts_with("\\u{1b}[31m\\n"));
    drop(lines);
    assert_unharmed(&server);
}

#[test]
fn a_full_server_refuses_at_once() {
    let server = Server::new(1, 0);
    let spinner = server.load(&Guest { call: "(loop (br 0))", ..Guest::default() }.component());
    server.runtime.block_on(async {
        let first = server.sandbox.invoke(&spinner, invocation());
        let second = async {
            while server.sandbox.running() == 0 {
                tokio::task::yield_now().await;
            }
            server.sandbox.invoke(&spinner, invocation()).await
        };
        let (first, second) = tokio::join!(first, second);
        let (first, second) = (first.result, second.result);
        assert!(matches!(first, Err(InvokeError::DeadlineExceeded { .. })), "{first:?}");
        let refused = second.unwrap_err();
        assert!(matches!(refused, InvokeError::Overloaded { .. }), "{refused:?}");
        assert!(refused.retryable());
    });
    assert_unharmed(&server);
}

#[test]
fn h10_two_requests_draw_different_random_numbers_from_one_snapshot() {
    let server = Server::new(2, 2);
    let app = server.load(
        &Guest {
            imports: r#"(import "wasi:random/random@0.2.0" "get-random-bytes" (func $random (param i64 i32)))"#,
            call: "(call $random (i64.const 8) (i32.const 4096))
                   (local.set $answer (f64.convert_i64_u (i64.load (i32.load (i32.const 4096)))))",
            ..Guest::default()
        }
        .component(),
    );
    assert_ne!(server.number(&app), server.number(&app));
    assert_unharmed(&server);
}

#[test]
fn a_panic_reaches_the_caller_with_its_message() {
    let server = Server::new(2, 2);
    let app = server.load(
        &Guest {
            imports: r#"(import "vitrine:space/log@0.1.0" "panicked" (func $panicked (param i32 i32)))"#,
            extra: r#"(data (i32.const 4096) "no such class")"#,
            call: "(call $panicked (i32.const 4096) (i32.const 13)) (unreachable)",
            ..Guest::default()
        }
        .component(),
    );
    let error = server.invoke(&app).unwrap_err();
    assert!(matches!(&error, InvokeError::Panicked { message } if message == "no such class"), "{error:?}");
    assert_eq!(error.blame(), Blame::Guest);
    assert_unharmed(&server);
}

#[test]
fn c3_a_guest_holds_its_callers_thread_only_once() {
    let server = Server::new(2, 2);
    // One instruction that no tick interrupts: half a gigabyte, page by page for the first time.
    let app = server.load(
        &Guest {
            call: "(drop (memory.grow (i32.const 8192)))
                   (memory.fill (i32.const 65536) (i32.const 1) (i32.const 536870912))",
            ..Guest::default()
        }
        .component(),
    );
    let invoke = || {
        let mut large = invocation();
        large.limits.max_memory_bytes = 1 << 30;
        large.limits.deadline = std::time::Duration::from_secs(60);
        server.sandbox.invoke(&app, large)
    };
    server.runtime.block_on(async {
        invoke().await.result.unwrap();
        let second = invoke();
        tokio::pin!(second);
        let others_go_on = tokio::select! {
            biased;
            _ = &mut second => false,
            () = tokio::task::yield_now() => true,
        };
        assert!(others_go_on, "the second call must not begin on its caller's thread");
        second.await.result.unwrap();
    });
    assert_unharmed(&server);
}
