//! Makes the client smaller with `wasm-opt`, where the right one is installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

/// What the module uses; without them `wasm-opt` refuses it.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-multivalue",
];

/// The `wasm-opt` that the set-up step installs from npm. Never the system's: Debian's version 108 exits with 0 and
/// breaks the module.
pub(super) fn find(root: &Path) -> Option<PathBuf> {
    let program = root.join("xtask/setup/node_modules/.bin/wasm-opt");
    program.exists().then_some(program)
}

/// The same module, smaller.
pub(super) fn shrink(program: &Path, wasm: &[u8]) -> Result<Vec<u8>> {
    let scratch = tempfile::tempdir()?;
    let (input, output) = (scratch.path().join("in.wasm"), scratch.path().join("out.wasm"));
    fs::write(&input, wasm)?;
    let mut command = Command::new(program);
    // A second round finds what the first has laid open.
    command.args(["-Oz", "-Oz"]).args(FEATURES).arg(&input).arg("-o").arg(&output);
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(status.success(), "wasm-opt fails on the browser client ({status})");
    fs::read(&output).context("wasm-opt wrote nothing")
}
