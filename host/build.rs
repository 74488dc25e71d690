//! Fails with the command to run when the files that the binary carries have not been built.

use std::path::Path;

fn main() {
    let artifacts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../artifacts");
    for (file, step) in [("guests/onnx-runner.wasm", "guests"), ("site/manifest.json", "site")] {
        let path = artifacts.join(file);
        println!("cargo::rerun-if-changed={}", path.display());
        assert!(path.exists(), "artifacts/{file} is missing: run `make {step}` (or `make build`)");
    }
}
