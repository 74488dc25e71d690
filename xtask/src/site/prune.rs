//! Takes out of the client what islands never call.

use anyhow::{Context as _, Result, ensure};
use walrus::ir::{Instr, Unreachable};
use walrus::{FunctionKind, Module, passes};

/// leptos can bring a whole page alive that was streamed in pieces, and `hydrate_async` is the one of the two ways of
/// doing so that waits for them. Each kind of view has its own, reached through tables of functions, so that the
/// linker has to keep them: a seventh of all code. They begin at `leptos::mount::hydrate_lazy` alone, which islands
/// do not call.
const NEVER_CALLED: &str = "hydrate_async";

/// Instructions of a function that is long enough to be of one kind only: the compiler keeps one of several functions
/// that came out alike, by whichever name, and what drops a value or forwards a call looks like many others.
const MIN_INSTRUCTIONS: u64 = 50;

/// The module with the bodies of functions that are never called replaced by a trap.
///
/// # Errors
/// When `module` cannot be read, has no names, or has no such functions any more: then this step is of no use.
pub(super) fn prune(module: &[u8]) -> Result<Vec<u8>> {
    let mut module = Module::from_buffer(module).context("the compiler's module cannot be read")?;
    let mut n_pruned = 0;
    for function in module.funcs.iter_mut() {
        let is_dead = |name: &str| name.contains(NEVER_CALLED) && !name.contains("drop_in_place");
        if let (true, FunctionKind::Local(local)) = (function.name.as_deref().is_some_and(is_dead), &mut function.kind)
            && local.size() >= MIN_INSTRUCTIONS
        {
            let entry = local.entry_block();
            local.block_mut(entry).instrs = vec![(Instr::Unreachable(Unreachable {}), Default::default())];
            n_pruned += 1;
        }
    }
    ensure!(n_pruned > 0, "no long function of the client is called `…{NEVER_CALLED}…`: take this step out");
    // What only they have called.
    passes::gc::run(&mut module);
    Ok(module.emit_wasm())
}
