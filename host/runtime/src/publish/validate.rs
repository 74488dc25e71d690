//! Is it a component, of the accepted features, with imports that the host offers?

use wasmparser::{BinaryReader, ComponentExternalKind, Encoding, Parser, Payload, Validator};

use super::PublishError;
use crate::capability::REFUSED_WASI;
use crate::engine::accepted_features;

/// Interfaces that a component may import, by prefix.
const OFFERED: &[&str] =
    &["vitrine:space/", "wasi:cli/", "wasi:clocks/", "wasi:filesystem/", "wasi:io/", "wasi:random/"];
/// How deep components and modules may lie in one another: linked and adapted ones are some five deep, and tools that
/// walk down recursively must not run out of stack.
const MAX_NESTING: i32 = 100;
/// The functions of the world.
const REQUIRED_EXPORTS: &[&str] = &["init", "describe", "call"];

/// Checks an uploaded component without compiling it.
///
/// # Errors
/// [`PublishError`] naming the feature, import or export at fault.
pub(super) fn validate(bytes: &[u8]) -> Result<(), PublishError> {
    recognise(bytes)?;
    if let Err(error) = Validator::new_with_features(accepted_features()).validate_all(bytes) {
        return Err(explain(bytes, &error));
    }
    let mut forbidden = Vec::new();
    let mut exports = Vec::new();
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.map_err(|error| PublishError::Invalid { message: error.to_string() })?;
        match payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => {
                depth += 1;
                if depth > MAX_NESTING {
                    let message = format!("its components nest more than {MAX_NESTING} deep");
                    return Err(PublishError::Invalid { message });
                }
            }
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section.into_iter().flatten() {
                    let offered = import.ty.kind() == ComponentExternalKind::Instance
                        && OFFERED.iter().any(|prefix| import.name.name.starts_with(prefix))
                        && !REFUSED_WASI.iter().any(|prefix| import.name.name.starts_with(prefix));
                    // Types are no capability: a world's `use` clauses import them.
                    if !offered && import.ty.kind() != ComponentExternalKind::Type {
                        forbidden.push(import.name.name.to_owned());
                    }
                }
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                exports.extend(section.into_iter().flatten().map(|export| export.name.name.to_owned()));
            }
            _ => {}
        }
    }
    if !forbidden.is_empty() {
        return Err(PublishError::ForbiddenImports { imports: forbidden });
    }
    let missing: Vec<_> =
        REQUIRED_EXPORTS.iter().filter(|name| !exports.iter().any(|export| export == *name)).collect();
    if !missing.is_empty() {
        let names = missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        return Err(PublishError::Contract { message: format!("it does not export {names}") });
    }
    Ok(())
}

/// Tells apart what people upload by mistake.
fn recognise(bytes: &[u8]) -> Result<(), PublishError> {
    if bytes.starts_with(b"\x7fELF") {
        return Err(PublishError::NotAComponent {
            found: "it is compiled code (a .cwasm file), which is never taken from outside; upload the .wasm it was made from",
        });
    }
    if !bytes.starts_with(b"\0asm") {
        return Err(PublishError::NotAComponent { found: "it does not begin as WebAssembly does" });
    }
    match Parser::new(0).parse_all(bytes).next() {
        Some(Ok(Payload::Version { encoding: Encoding::Component, .. })) if !is_cut_off(bytes) => Ok(()),
        Some(Ok(Payload::Version { encoding: Encoding::Component, .. })) => {
            Err(PublishError::NotAComponent { found: "it is cut off; upload the whole file" })
        }
        Some(Ok(Payload::Version { .. })) => Err(PublishError::NotAComponent {
            found: "it is a core module; make it a component with `vitrine build` or `wasm-tools component new`",
        }),
        Some(_) | None => Err(PublishError::NotAComponent { found: "its header is cut off" }),
    }
}

/// True if the last outermost section announces more bytes than follow.
fn is_cut_off(bytes: &[u8]) -> bool {
    const HEADER_BYTES: usize = 8;
    const LAST_SECTION_ID: u8 = 12;
    let mut rest = bytes.get(HEADER_BYTES..).unwrap_or_default();
    while let Some((id, after_id)) = rest.split_first() {
        if *id > LAST_SECTION_ID {
            return false;
        }
        let mut reader = BinaryReader::new(after_id, 0);
        match reader.read_var_u32() {
            Ok(n_bytes) if n_bytes as usize <= reader.bytes_remaining() => {
                rest = &after_id[reader.original_position() + n_bytes as usize..];
            }
            Ok(_) => return true,
            // No length at all: cut off within it, or noise, which the validator tells.
            Err(_) => return after_id.len() < 5 && after_id.iter().all(|byte| byte & 0x80 != 0),
        }
    }
    false
}

/// A validator without our restrictions tells a refused feature from a broken file.
fn explain(bytes: &[u8], error: &wasmparser::BinaryReaderError) -> PublishError {
    let message = error.to_string();
    let valid_otherwise = Validator::new_with_features(wasmparser::WasmFeatures::all()).validate_all(bytes).is_ok();
    if valid_otherwise {
        PublishError::UnsupportedFeature { feature: message }
    } else {
        PublishError::Invalid { message }
    }
}
