//! Takes functions out of the client that can never run, but that no linker can see to be dead.
//!
//! Each erased view carries a table with its functions, among them the one that hydrates while it waits for data.
//! Islands hydrate at once, always, so that one is never called; the tables still hold it, and it is a fifth of the
//! client. A call would trap, which the browser test would see.

use anyhow::{Context as _, Result};
use walrus::{FunctionBuilder, FunctionKind, Module, ModuleConfig};

/// Part of the names of the functions that go.
const NEVER_CALLED: &str = "hydrate_async";

/// The same module with an empty body for each such function, and without what only they called.
pub(super) fn snipped(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut module = ModuleConfig::new().parse(wasm).context("the client is no WebAssembly module")?;
    let is_dead = |name: &Option<String>| name.as_ref().is_some_and(|name| name.contains(NEVER_CALLED));
    let dead: Vec<_> =
        module.funcs.iter_local().map(|(id, _)| id).filter(|id| is_dead(&module.funcs.get(*id).name)).collect();
    for id in dead {
        empty(&mut module, id);
    }
    walrus::passes::gc::run(&mut module);
    Ok(module.emit_wasm())
}

fn empty(module: &mut Module, id: walrus::FunctionId) {
    let signature = module.types.get(module.funcs.get(id).ty());
    let (parameters, results) = (signature.params().to_vec(), signature.results().to_vec());
    let mut builder = FunctionBuilder::new(&mut module.types, &parameters, &results);
    builder.func_body().unreachable();
    let arguments = parameters.iter().map(|parameter| module.locals.add(*parameter)).collect();
    module.funcs.get_mut(id).kind = FunctionKind::Local(builder.local_func(arguments));
}
