//! Writes `host/src/http/open_inference/grpc/proto.rs` from `open_inference.proto`: `cargo run` in this folder, after
//! each change of the definition.

use std::path::Path;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = folder.join("../src/http/open_inference/grpc");
    let definition = protox::compile(["open_inference.proto"], [folder]).expect("the definition is right");
    tonic_prost_build::configure()
        .build_client(false)
        .build_transport(false)
        // Slices of the message as it came, not copies.
        .bytes(".")
        .out_dir(&out)
        .compile_fds(definition)
        .expect("the folder can be written");
    std::fs::rename(out.join("inference.rs"), out.join("proto.rs")).expect("it was written just now");
}
