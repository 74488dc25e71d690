//! Guests written as core WAT and encoded for our world.

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// Where `call` finds room for its result; the WAT of a test may write there.
pub(crate) const RESULT: u32 = 2048;

/// Room from 8192 on that is never given twice, for guests that read several things from the host. What is taken so far
/// is kept at 3072.
pub(crate) const GROWING: &str = "(i32.add (i32.const 8192) (i32.load (i32.const 3072)))
    (i32.store (i32.const 3072)
        (i32.and (i32.add (i32.load (i32.const 3072)) (i32.add (local.get 3) (i32.const 7))) (i32.const -8)))";

/// A guest by the bodies of its functions; empty bodies are replaced by ones that succeed.
#[derive(Default)]
pub(crate) struct Guest {
    /// Before the functions: globals, more functions, tables.
    pub(crate) extra: &'static str,
    /// Imports in core WAT; they come first.
    pub(crate) imports: &'static str,
    /// Body of `init`; leaves nothing on the stack and falls through to success.
    pub(crate) init: &'static str,
    /// Body of `call`; falls through to success with the one output `number($answer)`.
    pub(crate) call: &'static str,
    /// Body of `cabi_realloc`; gives the same room to everything by default. See [`GROWING`].
    pub(crate) realloc: Option<&'static str>,
    /// Replaces the pointer that `init` returns. Its result area is at 1024.
    pub(crate) init_result: Option<u32>,
}

impl Guest {
    /// The component.
    pub(crate) fn component(&self) -> Vec<u8> {
        let mut module = wat::parse_str(self.core()).expect("the test's WAT parses");
        let mut resolve = Resolve::default();
        let (package, _) = resolve.push_dir("../../guest-sdk/wit").expect("the contract parses");
        let world = resolve.select_world(&[package], Some("space")).expect("the contract has the world");
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("metadata fits");
        let mut encoder = ComponentEncoder::default().module(&module).expect("the module fits the world");
        encoder.encode().expect("the component encodes")
    }

    /// The core module. Its layout: the stack below 1024, `init`'s result at 1024, `describe`'s at 1536 (all
    /// zero is an empty description), `call`'s at [`RESULT`] and its one value at 2112.
    fn core(&self) -> String {
        let Self { extra, imports, init, call, realloc, init_result } = self;
        let realloc = realloc.unwrap_or("(i32.const 8192)");
        let init_result = init_result.unwrap_or(1024);
        format!(
            r#"(module
                {imports}
                (memory (export "memory") 1)
                (global $stack (mut i32) (i32.const 1024))
                {extra}
                (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) {realloc})
                (func (export "init") (result i32) {init} (i32.const {init_result}))
                (func (export "describe") (result i32) (i32.const 1536))
                (func (export "call") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i64) (result i32)
                    (local $answer f64)
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
