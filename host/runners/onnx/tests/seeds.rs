//! The seeds of the fuzz target of this package, through the same checks as in `make fuzz`.

#[path = "../../../fuzz/src/message.rs"]
mod message;
#[path = "../../../fuzz/src/onnx.rs"]
mod onnx;
#[path = "../../../fuzz/src/seeds.rs"]
mod seeds;

#[test]
fn the_seeds_of_onnx_pass() {
    seeds::replay(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds/onnx"), onnx::check);
}
