//! What the fuzz targets do with their bytes: one file a target, shared with the ordinary tests.
//!
//! A check gets any bytes and panics where a promise is broken; there is no other outcome. The tests of `spaces`,
//! `host` and `onnx-runner` run the same files on the seeds, so that no seed and no check rots between two runs of
//! `make fuzz`. Each file says at its top what its bytes mean.
//!
//! The files of `host` under test are included by their path, since that package is a program; what they name as
//! `crate::…` is therefore here at the same place.

#[cfg(feature = "guest")]
#[path = "../../src/convert.rs"]
mod convert;
mod http;

mod allocation;
mod bundle;
mod close;
mod manifest;
mod message;
mod multipart;
#[cfg(feature = "onnx")]
mod onnx;
mod source;
#[cfg(feature = "guest")]
mod values;

macro_rules! target {
    ($name:ident) => {
        /// One run of the target, within the memory that its input allows.
        pub fn $name(data: &[u8]) {
            allocation::bounded(data, crate::$name::check);
        }
    };
}

pub mod targets {
    //! An entry for each program in `targets/`.
    use crate::allocation;

    target!(bundle);
    target!(manifest);
    target!(multipart);
    #[cfg(feature = "onnx")]
    target!(onnx);
    #[cfg(feature = "guest")]
    target!(values);
}
