//! What the build step made and the binary carries.

use rust_embed::Embed;

/// The ONNX runner, a component of our world.
pub(crate) fn onnx_runner() -> &'static [u8] {
    include_bytes!("../../artifacts/guests/onnx-runner.wasm")
}

/// The browser's files, with hashed names and their compressed forms.
#[derive(Embed)]
#[folder = "../artifacts/site"]
pub(crate) struct Site;
