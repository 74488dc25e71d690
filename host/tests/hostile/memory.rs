//! M1–M7: guests that take memory, or look for what others have left in it.

use serde_json::json;
use wasm_encoder::{
    ComponentSection as _, InstanceSection, MemorySection, MemoryType, Module, ModuleArg, ModuleSection,
};

use crate::attack::EVE;
use crate::guest::Guest;
use crate::harness::{Arena, OTHER, honest};
use crate::pressure::Pressure;

/// A small cap, so that reaching it is quick.
const SMALL: &[&str] = &["--memory", "64", "--max-memory", "64"];
const SMALL_BYTES: f64 = 67_108_864.0;

/// Grows by a megabyte until refused and touches every page; the answer is the memory's size in pages.
const GROW: &str = "(block $full (loop $more
        (br_if $full (i32.eq (memory.grow (i32.const 16)) (i32.const -1)))
        (memory.fill
            (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 1048576))
            (i32.const 165) (i32.const 1048576))
        (br $more)))
    (local.set $answer (f64.convert_i32_u (memory.size)))";

#[test]
fn m1_memory_ends_at_the_spaces_cap() {
    let arena = Arena::start_with(SMALL);
    let ended = arena.suffer(&Guest { call: GROW, ..Guest::default() });
    let pages = ended.number();
    assert!((900.0..=1024.0).contains(&pages), "{pages} pages");
    let used = ended.body["usage"]["memory_bytes"].as_f64().unwrap();
    assert!((0.9 * SMALL_BYTES..=SMALL_BYTES).contains(&used), "{used} bytes");
}

#[test]
fn m2_two_memories_at_the_cap_are_one_too_many() {
    let arena = Arena::start_with(SMALL);
    // Each of the two alone would fit.
    let mut component = Guest { memory: Some("600"), ..Guest::default() }.component();
    let mut memories = MemorySection::new();
    memories.memory(MemoryType { minimum: 600, maximum: None, memory64: false, shared: false, page_size_log2: None });
    let mut second = Module::new();
    second.section(&memories);
    let modules = wasmparser::Validator::new().validate_all(&component).unwrap().as_ref().module_count();
    ModuleSection(&second).append_to_component(&mut component);
    let mut instances = InstanceSection::new();
    instances.instantiate(modules, std::iter::empty::<(&str, ModuleArg)>());
    instances.append_to_component(&mut component);
    let published = arena.publish(EVE, "app.wasm", component);
    assert_eq!(published.status, 422, "{:?}", published.events);
    arena.unharmed();
}

#[test]
fn m3_tables_are_counted_and_do_not_grow() {
    let arena = Arena::start_with(SMALL);
    let grows = Guest {
        extra: "(table $t 1 funcref)",
        call: "(local.set $answer (f64.convert_i32_s (table.grow $t (ref.null func) (i32.const 90000000))))",
        ..Guest::default()
    };
    let published = arena.publish(EVE, "app.wasm", grows.component());
    published.refused(422, "snapshot_unsupported", &["table.grow"]);
    let huge = Guest { extra: "(table 10000000 funcref)", ..Guest::default() };
    let published = arena.publish(EVE, "app.wasm", huge.component());
    assert_eq!(published.status, 422, "{:?}", published.events);
    arena.unharmed();
}

#[test]
fn m4_endless_recursion_is_a_guest_error() {
    let arena = Arena::start();
    let guest = Guest {
        extra: "(func $deep (param i32) (result i32) (i32.add (call $deep (local.get 0)) (i32.const 1)))",
        call: "(drop (call $deep (i32.const 0)))",
        ..Guest::default()
    };
    arena.suffer(&guest).with(502, "app_trapped", "stack");
}

#[test]
fn m5_recursion_through_the_host_is_a_guest_error() {
    let arena = Arena::start();
    // The host lowers the list by asking the guest for room, and the guest asks the host again.
    let guest = Guest {
        imports: r#"(import "vitrine:space/assets@0.1.0" "list-paths" (func $list (param i32)))"#,
        init: "(i32.store (i32.const 4096) (i32.const 1))",
        realloc: "(if (i32.load (i32.const 4096)) (then (call $list (i32.const 4104))))",
        ..Guest::default()
    };
    arena.suffer(&guest).with(502, "app_trapped", "leave");
}

#[test]
fn m6_traps_are_named() {
    let arena = Arena::start();
    let check = |guest: &Guest<'_>, name: &str| {
        arena.let_in(guest);
        arena.provoke().with(502, "app_trapped", name);
    };
    let call = |call| Guest { call, ..Guest::default() };
    check(&call("(drop (i32.load (i32.const -4)))"), "out of bounds");
    check(&call("(unreachable)"), "unreachable");
    check(&call("(drop (i32.div_s (i32.const 1) (i32.const 0)))"), "divide by zero");
    check(&call("(drop (i32.trunc_f64_s (f64.const nan)))"), "conversion");
    let table = "(table 2 funcref) (type $t (func))
                 (func $other (result i32) (i32.const 1)) (elem (i32.const 0) $other)";
    check(
        &Guest { extra: table, call: "(call_indirect (type $t) (i32.const 0))", ..Guest::default() },
        "indirect call",
    );
    check(
        &Guest { extra: table, call: "(call_indirect (type $t) (i32.const 1))", ..Guest::default() },
        "uninitialized",
    );
    check(
        &Guest { extra: table, call: "(call_indirect (type $t) (i32.const 9))", ..Guest::default() },
        "out of bounds",
    );
    arena.unharmed();
}

/// Fills every page that it can get with a secret.
const FILL: &str = "(drop (memory.grow (i32.const 1000)))
    (memory.fill (i32.const 65536) (i32.const 165) (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 65536)))";

/// Counts the words of all the memory it can get, its own page aside, that are not zero.
const SCAN: &str = "(drop (memory.grow (i32.const 1000)))
    (local.set $at (i32.const 65536))
    (loop $more
        (if (i64.ne (i64.load (local.get $at)) (i64.const 0))
            (then (local.set $answer (f64.add (local.get $answer) (f64.const 1)))))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br_if $more (i32.lt_u (local.get $at) (i32.mul (memory.size) (i32.const 65536)))))";

/// A secret in one space's memory, then another space that looks for it; again and again in the same slots.
///
/// `squeezed`: between the two the kernel takes back what it can of the server's memory. False where it cannot be made to.
fn search_for_secrets(rounds: usize, squeezed: bool) -> bool {
    // One slot at a time is used again at once; a few warm ones keep pages resident.
    let arena = Arena::start_with(&["--max-running", "1", "--memory", "64", "--deadline", "120"]);
    let pressure = match squeezed.then(|| Pressure::on(arena.server.pid())).transpose() {
        Ok(pressure) => pressure,
        Err(error) => {
            eprintln!("gap: M7 under memory pressure: no control group can be made here: {error}");
            return false;
        }
    };
    let (without_image, with_image) = ("mallory/zeros", "mallory/image");
    arena.let_in(&Guest { call: FILL, ..Guest::default() });
    arena.publish(without_image, "app.wasm", Guest { call: SCAN, ..Guest::default() }.component()).succeeded();
    // A page of the image beyond the first: what the scan must find, and nothing else.
    let image = Guest {
        init: "(drop (memory.grow (i32.const 3))) (memory.fill (i32.const 131072) (i32.const 1) (i32.const 65536))",
        call: SCAN,
        ..Guest::default()
    };
    arena.publish(with_image, "app.wasm", image.component()).succeeded();
    for round in 0..rounds {
        for (space, expected) in [(without_image, 0.0), (with_image, 8192.0)] {
            assert_eq!(arena.provoke().status, 200);
            if let Some(pressure) = &pressure {
                pressure.squeeze().expect("the kernel reclaims");
            }
            let (status, answer) = arena.server.call(space, "predict", &json!({}));
            assert_eq!((status, &answer["data"][0]), (200, &json!(expected)), "round {round}: {answer}");
        }
    }
    arena.unharmed();
    true
}

#[test]
fn m7_no_instance_sees_what_another_has_left() {
    assert!(search_for_secrets(50, false));
}

#[test]
fn m7_no_instance_sees_what_another_has_left_under_memory_pressure() {
    // Where no control group can be made, it says so.
    search_for_secrets(20, true);
}

#[test]
#[ignore = "soak: ten thousand rounds"]
fn m7_no_instance_sees_what_another_has_left_for_long() {
    assert!(search_for_secrets(10_000, false));
}

#[test]
fn m7_a_reused_slot_serves_another_space_as_a_new_one_would() {
    let arena = Arena::start_with(&["--max-running", "1"]);
    arena.let_in(&Guest { call: FILL, ..Guest::default() });
    let before = arena.ask(OTHER);
    assert_eq!(arena.provoke().status, 200);
    assert_eq!(arena.ask(OTHER), before);
    // A new revision of the hostile space in the slot that holds the old one's image.
    arena.publish(EVE, "app.wasm", honest()).succeeded();
    assert_eq!(arena.provoke().number(), 41.0);
    arena.unharmed();
}
