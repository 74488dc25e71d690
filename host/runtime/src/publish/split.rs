//! Splits a built-in runner into code that all its spaces share and a memory image for each.
//!
//! Compiled whole, each space of the ONNX runner would cost seconds of Cranelift and tens of megabytes. So the
//! runner's main module is turned into a *code module* that imports its memory and is compiled once, and a
//! space becomes a small component around a *data module*: nothing but a memory with the image that `init`
//! left. The rest of the component (type conversions, shims) is kept as it is, with indices moved by one to
//! make room for the instance of the data module.
//!
//! This relies on the shape that `wit-component` gives: the main module is core module 0, it owns the only
//! memory, its data segments are active, and its only mutable global is the stack pointer. [`split`] checks
//! each of these.

mod code;
mod frame;
mod reader;

pub use code::SplitError;

/// The component-level import under which a space finds the shared code.
pub(crate) const CODE_IMPORT: &str = "runner-code";
/// The core import under which the code module finds its memory.
const MEMORY_MODULE: &str = "vitrine:runner";
const MEMORY_NAME: &str = "memory";
/// The component-level export that hands out the memory during a snapshot.
pub(crate) const READER_EXPORT: &str = "runner-memory";

const PAGE_BYTES: usize = 64 << 10;

/// A runner, split.
pub(crate) struct SplitRunner<'a> {
    component: &'a [u8],
    /// The code module, to be compiled once.
    pub(crate) code: Vec<u8>,
    code_type: frame::CodeType,
    /// Where the stack begins; it grows down to 0, and what lies below is dead between calls.
    stack_pointer: usize,
    initial: MemoryImage,
}

/// The contents of a linear memory from address 0; a whole number of pages.
pub(crate) struct MemoryImage {
    bytes: Vec<u8>,
}

/// Splits the component of a runner.
///
/// # Errors
/// [`SplitError`] naming the assumption that does not hold.
pub(crate) fn split(component: &[u8]) -> Result<SplitRunner<'_>, SplitError> {
    let main = code::main_module(component)?;
    let parts = code::split_module(main)?;
    Ok(SplitRunner {
        component,
        code: parts.code,
        code_type: parts.code_type,
        stack_pointer: parts.stack_pointer,
        initial: MemoryImage { bytes: parts.memory },
    })
}

impl SplitRunner<'_> {
    /// A component whose memory is as the runner's author left it, with [`READER_EXPORT`] to read it later.
    pub(crate) fn for_init(&self) -> Result<Vec<u8>, SplitError> {
        let mut component = frame::assemble(self.component, &self.code_type, &self.initial)?;
        reader::append(&mut component)?;
        Ok(component)
    }

    /// A component that starts from `memory`, the contents after `init`.
    ///
    /// The dead part of the stack is cleared: it holds leftovers of `init` that would only cost space.
    pub(crate) fn for_serving(&self, memory: &[u8]) -> Result<Vec<u8>, SplitError> {
        let mut bytes = memory.to_vec();
        if let Some(stack) = bytes.get_mut(..self.stack_pointer) {
            stack.fill(0);
        }
        frame::assemble(self.component, &self.code_type, &MemoryImage { bytes })
    }
}
