//! The component around code and memory.

use std::convert::Infallible;

use wasm_encoder::reencode::{Reencode, ReencodeComponent, RoundtripReencoder, component_utils};
use wasm_encoder::{
    Component, ComponentImportSection, ComponentTypeRef, ConstExpr, CoreTypeSection, DataSection, EntityType,
    ExportKind, ExportSection, InstanceSection, MemorySection, MemoryType, Module, ModuleArg, ModuleSection,
    ModuleType, RawSection,
};
use wasmparser::{FuncType, InstanceSectionReader, Parser, Payload};

use super::code::{MEMORY_OF_CODE, SplitError, encode};
use super::{CODE_IMPORT, MEMORY_MODULE, MEMORY_NAME, MemoryImage, PAGE_BYTES};

/// What a system maps at once; where it maps more, the image is still whole pages of this size.
const SYSTEM_PAGE_BYTES: usize = 4096;
static EMPTY_PAGE: [u8; SYSTEM_PAGE_BYTES] = [0; SYSTEM_PAGE_BYTES];

type Error = wasm_encoder::reencode::Error<Infallible>;

/// The type of the code module, as the component's import states it.
#[derive(Default)]
pub(super) struct CodeType {
    ty: ModuleTypeParts,
    /// The type of each function, imported ones first.
    functions: Vec<u32>,
}

#[derive(Default)]
struct ModuleTypeParts {
    types: Vec<(Vec<wasm_encoder::ValType>, Vec<wasm_encoder::ValType>)>,
    imports: Vec<(String, String, u32)>,
    function_exports: Vec<(String, u32)>,
    memory_exports: Vec<String>,
}

impl CodeType {
    pub(super) fn add_type(&mut self, ty: &FuncType) -> Result<(), SplitError> {
        let list = |types: &[wasmparser::ValType]| {
            types.iter().map(|ty| RoundtripReencoder.val_type(*ty)).collect::<Result<Vec<_>, _>>().map_err(encode)
        };
        self.ty.types.push((list(ty.params())?, list(ty.results())?));
        Ok(())
    }

    pub(super) fn add_import(&mut self, module: &str, name: &str, ty: u32) {
        self.ty.imports.push((module.to_owned(), name.to_owned(), ty));
        self.functions.push(ty);
    }

    pub(super) fn add_function(&mut self, ty: u32) {
        self.functions.push(ty);
    }

    pub(super) fn add_function_export(&mut self, name: &str, function: u32) -> Result<(), SplitError> {
        let ty = usize::try_from(function).ok().and_then(|index| self.functions.get(index));
        let ty = ty.ok_or(SplitError::Shape("it exports a function that it does not have"))?;
        self.ty.function_exports.push((name.to_owned(), *ty));
        Ok(())
    }

    pub(super) fn add_memory_export(&mut self, name: &str) {
        self.ty.memory_exports.push(name.to_owned());
    }

    fn encode(&self) -> ModuleType {
        let mut module = ModuleType::new();
        for (params, results) in &self.ty.types {
            module.ty().function(params.iter().copied(), results.iter().copied());
        }
        for (from, name, ty) in &self.ty.imports {
            module.import(from, name, EntityType::Function(*ty));
        }
        module.import(MEMORY_MODULE, MEMORY_NAME, EntityType::Memory(MEMORY_OF_CODE));
        for (name, ty) in &self.ty.function_exports {
            module.export(name, EntityType::Function(*ty));
        }
        for name in &self.ty.memory_exports {
            module.export(name, EntityType::Memory(MEMORY_OF_CODE));
        }
        module
    }
}

impl MemoryImage {
    /// A module that exports a memory with this image, in one data segment from the first page that is set to
    /// the last.
    fn module(&self) -> Module {
        let pages = self.bytes.len().div_ceil(PAGE_BYTES);
        let mut memories = MemorySection::new();
        memories.memory(MemoryType { minimum: pages as u64, ..MEMORY_OF_CODE });
        let mut exports = ExportSection::new();
        exports.export(MEMORY_NAME, ExportKind::Memory, 0);
        let mut module = Module::new();
        module.section(&memories).section(&exports);
        // Whole pages of the system, so that the image can be mapped; and compared as a whole, since most of the memory
        // may be empty.
        let is_set = |page: &[u8]| *page != EMPTY_PAGE[..page.len()];
        let mut pages = self.bytes.chunks(SYSTEM_PAGE_BYTES);
        if let Some(first) = pages.position(is_set) {
            let last = pages.rposition(is_set).map_or(first, |after_first| first + 1 + after_first);
            let start = first * SYSTEM_PAGE_BYTES;
            let end = ((last + 1) * SYSTEM_PAGE_BYTES).min(self.bytes.len());
            let offset = ConstExpr::i32_const(u32::try_from(start).unwrap_or(u32::MAX).cast_signed());
            let mut data = DataSection::new();
            data.active(0, &offset, self.bytes[start..end].iter().copied());
            module.section(&data);
        }
        module
    }
}

/// Writes the runner's component anew: code imported, memory brought along.
pub(super) fn assemble(original: &[u8], code_type: &CodeType, image: &MemoryImage) -> Result<Vec<u8>, SplitError> {
    let n_modules = count_modules(original)?;
    let mut component = Component::new();
    let mut frame = Frame { code_type, image, n_modules, modules_seen: 0, data_added: false, depth: 0 };
    component_utils::parse_component(&mut frame, &mut component, Parser::new(0), original, original).map_err(encode)?;
    Ok(component.finish())
}

fn count_modules(component: &[u8]) -> Result<u32, SplitError> {
    let mut n_modules = 0;
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::ModuleSection { .. } if depth > 0 => {
                return Err(SplitError::Shape("a nested component has a module"));
            }
            Payload::ModuleSection { .. } => {
                n_modules += 1;
                depth += 1;
            }
            Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            _ => {}
        }
    }
    Ok(n_modules)
}

struct Frame<'a> {
    code_type: &'a CodeType,
    image: &'a MemoryImage,
    n_modules: u32,
    modules_seen: u32,
    data_added: bool,
    depth: u32,
}

impl Reencode for Frame<'_> {
    type Error = Infallible;
}

impl ReencodeComponent for Frame<'_> {
    /// The data module's instance comes first, so each other one moves up.
    fn instance_index(&mut self, index: u32) -> u32 {
        index + 1
    }

    fn push_depth(&mut self) {
        self.depth += 1;
    }

    fn pop_depth(&mut self) {
        self.depth -= 1;
    }

    fn parse_component_submodule(
        &mut self,
        component: &mut Component,
        _parser: Parser,
        module: &[u8],
    ) -> Result<(), Error> {
        if self.modules_seen == 0 {
            let mut types = CoreTypeSection::new();
            types.ty().module(&self.code_type.encode());
            component.section(&types);
            let mut imports = ComponentImportSection::new();
            imports.import(CODE_IMPORT, ComponentTypeRef::Module(0));
            component.section(&imports);
        } else {
            component.section(&RawSection { id: wasm_encoder::ComponentSectionId::CoreModule as u8, data: module });
        }
        self.modules_seen += 1;
        if self.modules_seen == self.n_modules {
            component.section(&ModuleSection(&self.image.module()));
        }
        Ok(())
    }

    fn parse_instance_section(
        &mut self,
        instances: &mut InstanceSection,
        section: InstanceSectionReader<'_>,
    ) -> Result<(), Error> {
        if !self.data_added {
            self.data_added = true;
            instances.instantiate(self.n_modules, std::iter::empty::<(&str, ModuleArg)>());
        }
        component_utils::parse_instance_section(self, instances, section)
    }

    fn parse_instance(
        &mut self,
        instances: &mut InstanceSection,
        instance: wasmparser::Instance<'_>,
    ) -> Result<(), Error> {
        match &instance {
            wasmparser::Instance::Instantiate { module_index: 0, args } => {
                let own = args.iter().map(|arg| (arg.name, ModuleArg::Instance(arg.index + 1)));
                let args: Vec<_> = own.chain([(MEMORY_MODULE, ModuleArg::Instance(0))]).collect();
                instances.instantiate(0, args);
                Ok(())
            }
            _ => component_utils::parse_instance(self, instances, instance),
        }
    }

    /// Custom sections hold names and producers: of no use to the compiler.
    fn parse_component_custom_section(
        &mut self,
        _component: &mut Component,
        _section: wasmparser::CustomSectionReader<'_>,
    ) -> Result<(), Error> {
        Ok(())
    }
}
