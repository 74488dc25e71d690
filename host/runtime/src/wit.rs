//! The contract `vitrine:space@0.1.1`, generated from `guest-sdk/wit`.

mod generated {
    wasmtime::component::bindgen!({
        path: "../../guest-sdk/wit",
        world: "space",
        imports: {
            "vitrine:space/stream.progress": async,
            "vitrine:space/stream.emit": async,
            "vitrine:space/inference.infer": async,
        },
        exports: { default: async },
        with: { "wasi:random/random": wasmtime_wasi::p2::bindings::random::random },
    });
}

pub(crate) use generated::vitrine::space::{assets, components, config, inference, log, page, session, stream};
pub(crate) use generated::{CallError, Context, SpacePre};

pub use generated::vitrine::space::description::{self, Space as Description};
pub use generated::vitrine::space::inference::NamedTensor;
pub use generated::vitrine::space::types::{self, Cell, Column, Confidence, Dtype, Media, Tensor, Value};
