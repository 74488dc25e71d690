//! Guests written as core WAT and encoded for our world. The server's own tests share this file.

use std::path::{Path, PathBuf};

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// Where `call` finds room for its result; the WAT of a test may write there.
pub(crate) const RESULT: u32 = 2048;
/// Where `init` finds room for its result.
const INIT_RESULT: u32 = 1024;
/// Where the description lies; it ends before [`RESULT`].
const DESCRIPTION: u32 = 1536;
/// From where on `cabi_realloc` gives memory.
const HEAP: u32 = 8192;

/// A guest by the bodies of its functions; empty bodies are replaced by ones that succeed.
///
/// It has one endpoint, `predict`, from the number `x` to the number `y`. Addresses from 4096 to 8192 are free for
/// the test.
#[derive(Default)]
pub(crate) struct Guest<'a> {
    /// Before the functions: globals, more functions, tables.
    pub(crate) extra: &'a str,
    /// Imports in core WAT; they come first.
    pub(crate) imports: &'a str,
    /// Body of `init`; leaves nothing on the stack and falls through to success.
    pub(crate) init: &'a str,
    /// Body of `call`; falls through to success with the one output `number($answer)`. `$x` is the input, `$at` an integer to
    /// use.
    pub(crate) call: &'a str,
    /// Replaces the pointer that `init` returns.
    pub(crate) init_result: Option<u32>,
    /// What `cabi_realloc` does first.
    pub(crate) realloc: &'a str,
    /// The memory's type; none is one page that may grow.
    pub(crate) memory: Option<&'a str>,
}

impl Guest<'_> {
    /// The component.
    pub(crate) fn component(&self) -> Vec<u8> {
        encode(wat::parse_str(self.core()).expect("the test's WAT parses"))
    }

    /// The core module. Its layout: the heap's end at 16, the stack below 1024, then the results of `init`,
    /// `describe` and `call` with its one value at 2112.
    pub(crate) fn core(&self) -> String {
        let Self { extra, imports, init, call, init_result, realloc, memory } = self;
        let init_result = init_result.unwrap_or(INIT_RESULT);
        let memory = memory.unwrap_or("1");
        let description = escape(&description());
        format!(
            r#"(module
                {imports}
                (memory (export "memory") {memory})
                (global $stack (mut i32) (i32.const 1024))
                (data (i32.const {DESCRIPTION}) "{description}")
                {extra}
                (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
                    (local $at i32)
                    {realloc}
                    ;; Eight bytes fit every alignment of the contract.
                    (local.set $at (select (i32.load (i32.const 16)) (i32.const {HEAP}) (i32.load (i32.const 16))))
                    (i32.store (i32.const 16)
                        (i32.and (i32.add (i32.add (local.get $at) (local.get 3)) (i32.const 7)) (i32.const -8)))
                    (block $fits
                        (br_if $fits (i32.le_u (i32.load (i32.const 16)) (i32.shl (memory.size) (i32.const 16))))
                        (br_if $fits (i32.ge_s
                            (memory.grow (i32.add (i32.shr_u (local.get 3) (i32.const 16)) (i32.const 1)))
                            (i32.const 0)))
                        (unreachable))
                    (local.get $at))
                (func (export "init") (result i32) {init} (i32.const {init_result}))
                (func (export "describe") (result i32) (i32.const {DESCRIPTION}))
                (func (export "call") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i64) (result i32)
                    (local $x f64) (local $answer f64) (local $at i32)
                    (if (local.get 3) (then (local.set $x (f64.load offset=8 (local.get 2)))))
                    {call}
                    (i32.store8 (i32.const 2112) (i32.const 3))
                    (f64.store (i32.const 2120) (local.get $answer))
                    (i32.store8 (i32.const {RESULT}) (i32.const 0))
                    (i32.store (i32.const 2052) (i32.const 2112))
                    (i32.store (i32.const 2056) (i32.const 1))
                    (i32.const {RESULT})))"#
        )
    }
}

/// Makes a component of our world, with WASI's clocks and exit besides, from a core module.
pub(crate) fn encode(mut module: Vec<u8>) -> Vec<u8> {
    let mut resolve = Resolve::default();
    resolve.push_dir(contract()).expect("the contract parses");
    for (name, text) in [("io.wit", IO), ("clocks.wit", CLOCKS), ("cli.wit", CLI)] {
        resolve.push_str(name, text).expect("the interfaces parse");
    }
    let package = resolve.push_str("guest.wit", WORLD).expect("the world parses");
    let world = resolve.select_world(&[package], Some("guest")).expect("there is one world");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("metadata fits");
    let mut encoder = ComponentEncoder::default().module(&module).expect("the module fits the world");
    encoder.encode().expect("the component encodes")
}

/// Our world and what else a guest may import; imports that a guest does not use are left out.
const WORLD: &str = "package test:guest;
world guest {
    include vitrine:space/space@0.1.1;
    import wasi:clocks/monotonic-clock@0.2.0;
    import wasi:cli/exit@0.2.0;
}";
const IO: &str = "package wasi:io@0.2.0;
interface poll { resource pollable { block: func(); } }";
const CLOCKS: &str = "package wasi:clocks@0.2.0;
interface monotonic-clock {
    use wasi:io/poll@0.2.0.{pollable};
    now: func() -> u64;
    subscribe-duration: func(when: u64) -> pollable;
}";

const CLI: &str = "package wasi:cli@0.2.0;
interface exit { exit: func(status: result); }";

fn contract() -> PathBuf {
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    folders.map(|folder| folder.join("guest-sdk/wit")).find(|folder| folder.is_dir()).expect("the contract is there")
}

/// The `space` record at [`DESCRIPTION`], as the canonical ABI lays it out.
fn description() -> Vec<u8> {
    const ENDPOINT: usize = 48;
    const FIELDS: usize = 104;
    const FIELD_BYTES: usize = 144;
    const TEXTS: usize = FIELDS + 2 * FIELD_BYTES;
    /// The case of `component` and of `value`.
    const NUMBER_COMPONENT: u8 = 1;
    const NUMBER_VALUE: u8 = 3;
    let mut bytes = vec![0; TEXTS];
    let mut put = |at: usize, offset: usize, length: u32| {
        let pointer = DESCRIPTION + u32::try_from(offset).expect("it is small");
        bytes[at..at + 4].copy_from_slice(&pointer.to_le_bytes());
        bytes[at + 4..at + 8].copy_from_slice(&length.to_le_bytes());
    };
    // Of `space`: its endpoints. Of the endpoint: its name, inputs and outputs.
    put(16, ENDPOINT, 1);
    put(ENDPOINT, TEXTS, 7);
    put(ENDPOINT + 24, FIELDS, 1);
    put(ENDPOINT + 32, FIELDS + FIELD_BYTES, 1);
    for (index, field) in [FIELDS, FIELDS + FIELD_BYTES].into_iter().enumerate() {
        // Name and label.
        put(field, TEXTS + 7 + index, 1);
        put(field + 8, TEXTS + 7 + index, 1);
    }
    for field in [FIELDS, FIELDS + FIELD_BYTES] {
        bytes[field + 32] = NUMBER_COMPONENT;
    }
    // The input's default is 0.
    bytes[FIELDS + 88] = 1;
    bytes[FIELDS + 96] = NUMBER_VALUE;
    bytes.extend(b"predictxy");
    assert!(bytes.len() <= (RESULT - DESCRIPTION) as usize);
    bytes
}

/// Bytes as text of a WAT string.
fn escape(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\{byte:02x}")).collect()
}
