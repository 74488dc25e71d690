//! The export through which the publish worker reads a runner's memory after `init`.

use wasm_encoder::{
    Alias, BlockType, CanonicalFunctionSection, CanonicalOption, CodeSection, ComponentAliasSection,
    ComponentExportKind, ComponentExportSection, ComponentSection, ComponentTypeSection, ComponentValType, EntityType,
    ExportKind, ExportSection, Function, FunctionSection, ImportSection, InstanceSection, MemArg, Module, ModuleArg,
    ModuleSection, PrimitiveValType, TypeSection, ValType,
};
use wasmparser::Validator;

use super::code::{MEMORY_OF_CODE, SplitError};
use super::{MEMORY_NAME, READER_EXPORT};
use crate::engine::accepted_features;

/// Appends `export runner-memory: func() -> list<u8>` to an assembled component.
pub(super) fn append(component: &mut Vec<u8>) -> Result<(), SplitError> {
    let types = Validator::new_with_features(accepted_features()).validate_all(component)?;
    let types = types.as_ref();
    let (module, instance) = (types.module_count(), types.core_instance_count());
    let (core_function, core_memory) = (types.function_count(), types.memory_count());
    let (ty, function) = (types.component_type_count(), types.component_function_count());

    let reader = reader_module();
    ModuleSection(&reader).append_to_component(component);
    let mut instances = InstanceSection::new();
    // Instance 0 is the data module's.
    instances.instantiate(module, [("data", ModuleArg::Instance(0))]);
    instances.append_to_component(component);
    let mut aliases = ComponentAliasSection::new();
    aliases.alias(Alias::CoreInstanceExport { instance, kind: ExportKind::Func, name: "read" });
    aliases.alias(Alias::CoreInstanceExport { instance: 0, kind: ExportKind::Memory, name: MEMORY_NAME });
    aliases.append_to_component(component);
    let mut list_types = ComponentTypeSection::new();
    list_types.defined_type().list(ComponentValType::Primitive(PrimitiveValType::U8));
    list_types
        .function()
        .params(std::iter::empty::<(&str, ComponentValType)>())
        .result(Some(ComponentValType::Type(ty)));
    list_types.append_to_component(component);
    let mut canonicals = CanonicalFunctionSection::new();
    canonicals.lift(core_function, ty + 1, [CanonicalOption::Memory(core_memory)]);
    canonicals.append_to_component(component);
    let mut exports = ComponentExportSection::new();
    exports.export(READER_EXPORT, ComponentExportKind::Func, function, None);
    exports.append_to_component(component);
    Ok(())
}

/// `read` grows the memory by a page and writes there where the list begins (0) and how long it is (all that
/// was there before): a place of its own, so that the contents stay as `init` left them.
fn reader_module() -> Module {
    let mut types = TypeSection::new();
    types.ty().function([], [ValType::I32]);
    let mut imports = ImportSection::new();
    imports.import("data", MEMORY_NAME, EntityType::Memory(MEMORY_OF_CODE));
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut exports = ExportSection::new();
    exports.export("read", ExportKind::Func, 0);
    let memarg = |offset| MemArg { offset, align: 2, memory_index: 0 };
    let mut read = Function::new([(1, ValType::I32)]);
    let mut code = read.instructions();
    code.i32_const(1).memory_grow(0).local_tee(0);
    code.i32_const(-1).i32_eq().if_(BlockType::Empty).unreachable().end();
    code.local_get(0).i32_const(16).i32_shl().local_tee(0);
    code.i32_const(0).i32_store(memarg(0));
    code.local_get(0).local_get(0).i32_store(memarg(4));
    code.local_get(0).end();
    let mut bodies = CodeSection::new();
    bodies.function(&read);
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&exports).section(&bodies);
    module
}
