//! Modules that are small to send and dear to compile.

use std::fmt::Write as _;

use crate::guest::Guest;

/// A function of 7 MB, near the most that is valid.
pub(crate) fn large_function() -> Vec<u8> {
    const BYTES: usize = 7_000_000;
    const STEP: &str = "local.get 0 i32.load local.set 0 ";
    const STEP_BYTES: usize = 7;
    function("", &STEP.repeat(BYTES / STEP_BYTES))
}

/// 49,000 locals, all alive at once.
pub(crate) fn many_locals() -> Vec<u8> {
    const N_LOCALS: usize = 49_000;
    let mut body = String::new();
    for local in 1..=N_LOCALS {
        write!(body, "local.get 0 i32.load local.set {local} ").unwrap();
    }
    for local in 1..=N_LOCALS {
        write!(body, "local.get {local} local.get 0 i32.add local.set 0 ").unwrap();
    }
    function(&format!("(local {})", "i32 ".repeat(N_LOCALS)), &body)
}

/// One branch with a million targets.
pub(crate) fn wide_branch() -> Vec<u8> {
    const N_TARGETS: usize = 1_000_000;
    function("", &format!("block block local.get 0 br_table {}end end ", "0 1 ".repeat(N_TARGETS / 2)))
}

/// Blocks in blocks, each with a way out of all.
pub(crate) fn nested_blocks() -> Vec<u8> {
    const N_BLOCKS: usize = 15_000;
    let mut body = String::new();
    for depth in 0..N_BLOCKS {
        write!(body, "block local.get 0 br_if {depth} ").unwrap();
    }
    body.push_str(&"end ".repeat(N_BLOCKS));
    function("", &body)
}

/// A hundred thousand functions.
pub(crate) fn many_functions() -> Vec<u8> {
    const N_FUNCTIONS: usize = 100_000;
    let functions = "(func (param i32) (result i32) local.get 0 i32.load)\n".repeat(N_FUNCTIONS);
    Guest { extra: &functions, ..Guest::default() }.component()
}

/// A guest with one more function, which `call` could reach.
fn function(locals: &str, body: &str) -> Vec<u8> {
    let extra = format!("(func $bomb (param i32) (result i32) {locals} {body} local.get 0)");
    Guest { extra: &extra, call: "(drop (call $bomb (i32.const 0)))", ..Guest::default() }.component()
}
