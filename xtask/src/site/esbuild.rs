//! esbuild, which the set-up step installs from npm.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

/// The package folder that it is installed for.
pub(super) const FOLDER: &str = "web/elements";

/// What the browsers that we serve can read.
pub(super) const TARGET: &str = "--target=es2022";

/// A command that runs in [`FOLDER`].
///
/// # Errors
/// When it is not installed.
pub(super) fn command(root: &Path) -> Result<Command> {
    let folder = root.join(FOLDER);
    let program = folder.join("node_modules/.bin/esbuild");
    ensure!(program.exists(), "{} is missing: run `make setup`", program.display());
    let mut command = Command::new(program);
    command.current_dir(folder);
    Ok(command)
}

/// The same module with short names inside; its exports keep theirs.
///
/// # Errors
/// When esbuild is not installed or cannot read the module.
pub(super) fn minified(root: &Path, module: &str) -> Result<String> {
    let scratch = tempfile::tempdir()?;
    let (input, output) = (scratch.path().join("in.js"), scratch.path().join("out.js"));
    fs::write(&input, module)?;
    let mut command = command(root)?;
    command.args(["--minify", "--format=esm", TARGET, "--legal-comments=none", "--log-level=warning"]);
    command.arg(format!("--outfile={}", output.display())).arg(&input);
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(status.success(), "esbuild refuses the client's JavaScript ({status})");
    fs::read_to_string(&output).context("esbuild wrote nothing")
}
