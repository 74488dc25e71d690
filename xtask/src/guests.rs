//! The step `guests`: builds the built-in runner, the examples in Rust and the tests' guests into `artifacts/guests`.
//!
//! cargo decides what is fresh; a component that comes out with the same bytes is not written again.
#![expect(clippy::print_stderr, reason = "the step reports to the terminal, beside cargo")]

use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result};
use guest_build::Toolchain;

/// Each guest's name in `artifacts/guests` and its folder. The quick one comes first: it shows a broken toolchain soon.
const GUESTS: [(&str, &str); 7] = [
    ("word-count", "examples/word-count"),
    ("components", "examples/components"),
    ("growth-explorer", "examples/growth-explorer"),
    ("sentence-labels", "examples/sentence-labels"),
    ("workbench", "host/tests/guests/workbench"),
    ("tensors", "host/tests/guests/tensors"),
    ("onnx-runner", "host/runners/onnx"),
];

/// Brings `artifacts/guests` below `root` up to date.
///
/// # Errors
/// When there is no toolchain, or a guest does not compile.
pub(crate) fn run(root: &Path) -> Result<()> {
    let toolchain = Toolchain::find()?;
    eprintln!("guests are built by {toolchain}");
    for (name, folder) in GUESTS {
        let started = Instant::now();
        let out = root.join("artifacts/guests").join(format!("{name}.wasm"));
        let component = guest_build::build_component_with(&toolchain, &root.join(folder), &out)
            .with_context(|| format!("cannot build the guest `{name}`"))?;
        let state = if component.changed { "built" } else { "unchanged" };
        eprintln!("{name}: {state}, {} bytes, {:.1?}", component.size_bytes, started.elapsed());
    }
    Ok(())
}
