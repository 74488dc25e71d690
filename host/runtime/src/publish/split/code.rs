//! The runner's main module: its code with an imported memory, and its initial memory.

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{EntityType, ImportSection, MemoryType, Module, RawSection, SectionId};
use wasmparser::{BinaryReaderError, DataKind, ExternalKind, Operator, Parser, Payload, TypeRef};

use super::frame::CodeType;
use super::{MEMORY_MODULE, MEMORY_NAME, PAGE_BYTES};

/// Why a runner cannot be split. It is ours, so this is a mistake of its build.
#[derive(Debug, thiserror::Error)]
pub enum SplitError {
    #[error("the runner is not valid WebAssembly")]
    Parse(#[from] BinaryReaderError),
    #[error("the runner cannot be written anew: {0}")]
    Encode(String),
    #[error("the runner does not have the expected shape: {0}")]
    Shape(&'static str),
}

/// What [`split_module`] makes of the main module.
pub(super) struct Parts {
    pub(super) code: Vec<u8>,
    pub(super) code_type: CodeType,
    pub(super) stack_pointer: usize,
    pub(super) memory: Vec<u8>,
}

/// Finds core module 0 of a component.
pub(super) fn main_module(component: &[u8]) -> Result<&[u8], SplitError> {
    for payload in Parser::new(0).parse_all(component) {
        if let Payload::ModuleSection { unchecked_range, .. } = payload? {
            return component.get(unchecked_range).ok_or(SplitError::Shape("its first module is cut off"));
        }
    }
    Err(SplitError::Shape("it has no core module"))
}

/// Separates code and memory.
pub(super) fn split_module(module: &[u8]) -> Result<Parts, SplitError> {
    let mut code = Module::new();
    let mut code_type = CodeType::default();
    let mut memory: Option<Vec<u8>> = None;
    let mut stack_pointer = None;
    let mut has_imports = false;
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        let before_imports = matches!(
            payload,
            Payload::Version { .. } | Payload::TypeSection(_) | Payload::ImportSection(_) | Payload::CustomSection(_)
        );
        if !before_imports && !has_imports {
            // A module without imports of its own still imports its memory.
            let mut imports = ImportSection::new();
            imports.import(MEMORY_MODULE, MEMORY_NAME, EntityType::Memory(MEMORY_OF_CODE));
            code.section(&imports);
            has_imports = true;
        }
        match &payload {
            Payload::ImportSection(section) => {
                has_imports = true;
                let mut imports = ImportSection::new();
                RoundtripReencoder.parse_import_section(&mut imports, section.clone()).map_err(encode)?;
                imports.import(MEMORY_MODULE, MEMORY_NAME, EntityType::Memory(MEMORY_OF_CODE));
                code.section(&imports);
                for import in section.clone().into_imports() {
                    let import = import?;
                    let TypeRef::Func(index) = import.ty else {
                        return Err(SplitError::Shape("it imports more than functions"));
                    };
                    code_type.add_import(import.module, import.name, index);
                }
                continue;
            }
            Payload::MemorySection(section) => {
                let mut types = section.clone().into_iter();
                let (Some(ty), None) = (types.next(), types.next()) else {
                    return Err(SplitError::Shape("it has more than one memory"));
                };
                let pages = usize::try_from(ty?.initial).map_err(|_| SplitError::Shape("its memory is too large"))?;
                memory = Some(vec![0; pages * PAGE_BYTES]);
                continue;
            }
            Payload::DataCountSection { .. } => continue,
            Payload::DataSection(section) => {
                let memory = memory.as_mut().ok_or(SplitError::Shape("it has data but no memory"))?;
                for data in section.clone() {
                    let data = data?;
                    let DataKind::Active { memory_index: 0, offset_expr } = data.kind else {
                        return Err(SplitError::Shape("it has passive data"));
                    };
                    let offset = constant(&offset_expr)?;
                    memory
                        .get_mut(offset..offset + data.data.len())
                        .ok_or(SplitError::Shape("its data lies outside its memory"))?
                        .copy_from_slice(data.data);
                }
                continue;
            }
            Payload::TypeSection(section) => {
                for ty in section.clone().into_iter_err_on_gc_types() {
                    code_type.add_type(&ty?)?;
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section.clone() {
                    code_type.add_function(ty?);
                }
            }
            Payload::GlobalSection(section) => {
                for (index, global) in section.clone().into_iter().enumerate() {
                    let global = global?;
                    if global.ty.mutable && index != 0 {
                        return Err(SplitError::Shape("it has a mutable global besides the stack pointer"));
                    }
                    if index == 0 {
                        stack_pointer = Some(constant(&global.init_expr)?);
                    }
                }
            }
            Payload::ExportSection(section) => {
                for export in section.clone() {
                    let export = export?;
                    match export.kind {
                        ExternalKind::Func => code_type.add_function_export(export.name, export.index)?,
                        ExternalKind::Memory => code_type.add_memory_export(export.name),
                        // Nothing outside uses the table or the linker's constants.
                        _ => {}
                    }
                }
            }
            Payload::StartSection { .. } => return Err(SplitError::Shape("it has a start function")),
            Payload::CustomSection(_) => continue,
            _ => {}
        }
        if let Some((id, range)) = payload.as_section()
            && id != SectionId::Custom as u8
        {
            code.section(&RawSection { id, data: &module[range] });
        }
    }
    Ok(Parts {
        code: code.finish(),
        code_type,
        stack_pointer: stack_pointer.ok_or(SplitError::Shape("it has no stack pointer"))?,
        memory: memory.ok_or(SplitError::Shape("it has no memory"))?,
    })
}

/// The memory as the code imports it: any size, since each space brings its own.
pub(super) const MEMORY_OF_CODE: MemoryType =
    MemoryType { minimum: 0, maximum: None, memory64: false, shared: false, page_size_log2: None };

/// Reads a constant expression that is one `i32.const`.
fn constant(expression: &wasmparser::ConstExpr<'_>) -> Result<usize, SplitError> {
    let mut operators = expression.get_operators_reader();
    match operators.read()? {
        Operator::I32Const { value } => Ok(value.cast_unsigned() as usize),
        _ => Err(SplitError::Shape("an offset is not constant")),
    }
}

pub(super) fn encode(error: wasm_encoder::reencode::Error) -> SplitError {
    SplitError::Encode(error.to_string())
}
