//! Every setting of wasmtime, in one function that the publish worker and the server share.
//!
//! Compiled code depends on these settings: an artefact from other ones is refused when it is loaded.

use std::num::NonZeroUsize;

use wasmparser::WasmFeatures;
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig};

/// Names the compiled format: artefacts made by another version are rebuilt.
pub fn engine_version() -> &'static str {
    concat!("wasmtime-48.0.8-r2-", env!("CARGO_PKG_VERSION"))
}

/// How many guests an engine holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineConfig {
    /// Slots are reserved ahead: instantiation takes microseconds. For serving.
    Pooling {
        /// The most instances alive at once.
        max_instances: u32,
    },
    /// Memory is mapped for each instance. For the publish worker, which makes a handful.
    OnDemand,
}

/// The largest memory image that is mapped copy-on-write. Above it wasmtime would silently copy the whole
/// image at each instantiation, so [`crate::publish`] refuses larger ones.
pub const MAX_IMAGE_BYTES: u64 = 1 << 30;

/// The stack of a guest, in bytes; deeper recursion is a guest error.
const MAX_WASM_STACK: usize = 1 << 20;
/// The stack on which guest and host functions run together.
const ASYNC_STACK_SIZE: usize = 2 << 20;
/// Bytes of a slot that stay resident between two uses, where the kernel can tell which pages were written: what a
/// small model writes. Each slot may keep as much, so a hostile guest in each would keep this times their number.
const KEEP_RESIDENT_BYTES: usize = 8 << 20;
/// Bytes of a table that stay resident between two uses: those of common programs are smaller.
const KEEP_TABLE_BYTES: usize = 64 << 10;
/// Slots that keep their last image mapped, so that the next call to the same space finds it.
const MAX_WARM_SLOTS: u32 = 64;
/// Core instances of one component: the app, its adapters, and wit-component's shims.
const MAX_CORE_INSTANCES: u32 = 12;
/// Memories of one component: the app's, and one of an adapter.
const MAX_MEMORIES: u32 = 2;
/// Tables of one component.
const MAX_TABLES: u32 = 6;
/// Elements of one table: function pointers of large programs such as Python come to some 20,000.
const MAX_TABLE_ELEMENTS: usize = 100_000;

/// WebAssembly as it is accepted: what common compilers emit, and nothing whose implementation is young or
/// whose cost is hard to bound.
pub(crate) fn accepted_features() -> WasmFeatures {
    WasmFeatures::WASM1
        | WasmFeatures::BULK_MEMORY
        | WasmFeatures::MULTI_VALUE
        | WasmFeatures::REFERENCE_TYPES
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::SATURATING_FLOAT_TO_INT
        | WasmFeatures::SIMD
        | WasmFeatures::RELAXED_SIMD
        | WasmFeatures::EXTENDED_CONST
        | WasmFeatures::COMPONENT_MODEL
}

/// Makes the engine of a process.
///
/// # Errors
/// When this machine cannot run it, for instance when address space for the pool is refused.
pub(crate) fn engine(config: EngineConfig) -> wasmtime::Result<Engine> {
    let mut settings = Config::new();
    settings.wasm_component_model(true);
    settings.wasm_simd(true).wasm_relaxed_simd(true).wasm_bulk_memory(true);
    settings.wasm_multi_value(true).wasm_extended_const(true);
    // Garbage collection, threads and the rest of what is refused are not compiled into wasmtime at all.
    settings.wasm_memory64(false).wasm_multi_memory(false).wasm_tail_call(false);
    settings.cranelift_opt_level(OptLevel::Speed);
    settings.memory_guaranteed_dense_image_size(MAX_IMAGE_BYTES);
    settings.epoch_interruption(true);
    settings.max_wasm_stack(MAX_WASM_STACK).async_stack_size(ASYNC_STACK_SIZE);
    // Backtraces go to the guest's log; the system unwinder never walks guest frames.
    settings.native_unwind_info(false);
    settings.wasm_backtrace_max_frames(NonZeroUsize::new(16));
    if let EngineConfig::Pooling { max_instances } = config {
        settings.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(max_instances)));
    }
    Engine::new(&settings)
}

fn pool(max_instances: u32) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(max_instances)
        .total_stacks(max_instances)
        .total_core_instances(max_instances.saturating_mul(MAX_CORE_INSTANCES))
        .total_memories(max_instances.saturating_mul(MAX_MEMORIES))
        .total_tables(max_instances.saturating_mul(MAX_TABLES))
        .max_core_instances_per_component(MAX_CORE_INSTANCES)
        .max_memories_per_component(MAX_MEMORIES)
        .max_tables_per_component(MAX_TABLES)
        .table_elements(MAX_TABLE_ELEMENTS)
        .max_memory_size(4 << 30)
        .max_component_instance_size(1 << 20)
        .max_core_instance_size(1 << 20)
        .max_unused_warm_slots(MAX_WARM_SLOTS.min(max_instances));
    // Without the scan, keeping pages resident copies the whole image at each reset; with swap the kernel may
    // have moved pages where the scan does not see them.
    if PoolingAllocationConfig::is_pagemap_scan_available() && !has_swap() {
        pool.pagemap_scan(Enabled::Yes).linear_memory_keep_resident(KEEP_RESIDENT_BYTES);
    }
    // Clearing a small table by hand is cheaper than giving its page back and faulting it in again.
    pool.table_keep_resident(KEEP_TABLE_BYTES);
    pool
}

/// True when the kernel may write memory to a swap device; unreadable counts as yes, the safe answer.
pub fn has_swap() -> bool {
    match std::fs::read_to_string("/proc/swaps") {
        Ok(text) => text.lines().count() > 1,
        Err(_) => true,
    }
}
