//! Is an app what its name says? A first look, so that the commonest mistakes get their own answer.
//!
//! The real checks are the worker's, which parses the component or the graph.

use std::fs::File;
use std::io::{self, BufReader, Read};

use crate::view::AppKind;

use super::error::BundleError;
use super::{BundleFile, extension};

const WASM_MAGIC: &[u8] = b"\0asm";
const ELF_MAGIC: &[u8] = b"\x7fELF";

/// What follows the magic number in a component: version 13, layer 1.
const COMPONENT_VERSION: [u8; 4] = [0x0d, 0, 1, 0];
const MODULE_VERSION: [u8; 4] = [1, 0, 0, 0];

/// `ModelProto.graph` in onnx.proto.
const GRAPH_FIELD: u64 = 7;

/// Tells the kind of app from its name and checks that the bytes agree.
pub(super) fn app_kind(app: &BundleFile) -> Result<AppKind, BundleError> {
    let failed = |source| BundleError::Io { path: app.path.clone(), source };
    let name = || app.name.clone();
    let mut file = File::open(&app.path).map_err(failed)?;
    let mut head = Vec::new();
    (&mut file).take(8).read_to_end(&mut head).map_err(failed)?;
    if head.starts_with(ELF_MAGIC) {
        return Err(BundleError::Precompiled { app: name() });
    }
    match extension(&app.name).as_deref() {
        Some("wasm") => {
            let reason = match head.split_at_checked(4) {
                Some((WASM_MAGIC, version)) if version == COMPONENT_VERSION => {
                    return Ok(AppKind::Component);
                }
                Some((WASM_MAGIC, version)) if version == MODULE_VERSION => {
                    return Err(BundleError::CoreModule { app: name() });
                }
                Some((WASM_MAGIC, _)) => "its version is not known",
                _ => "it does not begin as WebAssembly does",
            };
            Err(BundleError::NotComponent { app: name(), reason })
        }
        Some("onnx") => {
            if head.starts_with(WASM_MAGIC) {
                return Err(BundleError::NotOnnx { app: name(), reason: "it is WebAssembly" });
            }
            let file = File::open(&app.path).map_err(failed)?;
            check_model(BufReader::new(file), app.size_bytes)
                .map_err(failed)?
                .map_err(|reason| BundleError::NotOnnx { app: name(), reason })?;
            Ok(AppKind::Onnx)
        }
        _ => Err(BundleError::AppType { app: name() }),
    }
}

/// Walks the outermost fields of a `ModelProto` of `size_bytes`: all whole, and a graph among them.
///
/// The outer error is the disk's, the inner one the file's.
fn check_model(mut reader: BufReader<File>, size_bytes: u64) -> io::Result<Result<(), &'static str>> {
    const NO_PROTOBUF: &str = "it is not a protocol buffer";
    const CUT_OFF: &str = "it is cut off";
    if size_bytes == 0 {
        return Ok(Err("it is empty"));
    }
    let mut at = 0_u64;
    let mut has_graph = false;
    while at < size_bytes {
        let Some(tag) = read_varint(&mut reader, &mut at)? else {
            return Ok(Err(NO_PROTOBUF));
        };
        let (field, wire_type) = (tag >> 3, tag & 7);
        let n_bytes = match wire_type {
            _ if field == 0 || field > 0x1fff_ffff => return Ok(Err(NO_PROTOBUF)),
            0 => match read_varint(&mut reader, &mut at)? {
                Some(_) => 0,
                None => return Ok(Err(CUT_OFF)),
            },
            1 => 8,
            2 => match read_varint(&mut reader, &mut at)? {
                Some(n_bytes) => n_bytes,
                None => return Ok(Err(CUT_OFF)),
            },
            5 => 4,
            _ => return Ok(Err(NO_PROTOBUF)),
        };
        if n_bytes > size_bytes - at {
            // The field before a graph being whole is what tells a cut model from noise.
            return Ok(Err(if field == GRAPH_FIELD { CUT_OFF } else { NO_PROTOBUF }));
        }
        has_graph |= field == GRAPH_FIELD && wire_type == 2;
        reader.seek_relative(i64::try_from(n_bytes).map_err(io::Error::other)?)?;
        at += n_bytes;
    }
    Ok(if has_graph { Ok(()) } else { Err("it has no graph") })
}

/// Reads a base-128 number; none if it is too long or cut off.
fn read_varint(reader: &mut impl Read, at: &mut u64) -> io::Result<Option<u64>> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let mut byte = [0];
        match reader.read_exact(&mut byte) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        }
        *at += 1;
        value |= u64::from(byte[0] & 0x7f) << shift;
        if byte[0] & 0x80 == 0 {
            return Ok(Some(value));
        }
    }
    Ok(None)
}
