//! Fails with the command to run when the files that the binary carries have not been built.

use std::env;
use std::path::Path;

#[expect(clippy::disallowed_methods, reason = "cargo's own variable, not configuration of ours")]
fn main() {
    // Asked when it runs: the compiled script may come from a cache that another checkout filled.
    let package = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let artifacts = Path::new(&package).join("../artifacts");
    for (file, step) in [("guests/onnx-runner.wasm", "guests"), ("site/manifest.json", "site")] {
        let path = artifacts.join(file);
        println!("cargo::rerun-if-changed={}", path.display());
        assert!(path.exists(), "artifacts/{file} is missing: run `make {step}` (or `make build`)");
    }
}
