//! Runs `init` once and freezes the memory that it leaves.

use std::time::Instant;

use wasmtime::Store;
use wasmtime::component::{Component, Instance, Lift, Linker, WasmList};
use wasmtime_wizer::{ComponentInstanceState, Wizer};

use super::split::{CODE_IMPORT, READER_EXPORT, split};
use super::{Job, PublishError};
use crate::artefact::RunnerCode;
use crate::guest::{Failure, Stage, store};
use crate::invoke::InvokeError;
use crate::limits::Limits;
use crate::sandbox::Sandbox;
use crate::state::{GuestEnv, GuestState, escape_message};
use crate::wit::SpacePre;

/// Initialises an author's component.
pub(super) fn component(
    sandbox: &Sandbox,
    bytes: &[u8],
    job: &Job<'_>,
    env: GuestEnv,
) -> Result<Vec<u8>, PublishError> {
    let mut wizer = Wizer::new();
    // Removing the function would renumber others; the contract keeps `init`, and the server never calls it.
    wizer.keep_init_func(true);
    let unfrozen = |error: wasmtime::Error| PublishError::Snapshot { message: format!("{error:#}") };
    let (context, instrumented) = wizer.instrument_component(bytes).map_err(unfrozen)?;
    let compiled = compile(sandbox, &instrumented)?;
    sandbox.block_on(async {
        let mut store = init_store(sandbox, &job.limits, env);
        let instance = init(&mut store, sandbox.linker(), &compiled, &job.limits).await?;
        check_image(store.data().limiter.used_bytes(), job)?;
        let mut access = Access { store: &mut store, instance, failed: None };
        let frozen = wizer.snapshot_component(&context, &mut access).await.map_err(unfrozen)?;
        match access.failed {
            None => Ok(frozen),
            Some(error) => Err(PublishError::Snapshot {
                message: format!(
                    "its memory cannot be read, which takes one more page than it has: declare a larger maximum ({error})"
                ),
            }),
        }
    })
}

/// Initialises the built-in runner, whose code is compiled already.
pub(super) fn runner(
    sandbox: &Sandbox,
    bytes: &[u8],
    code: &RunnerCode,
    job: &Job<'_>,
    env: GuestEnv,
) -> Result<Vec<u8>, PublishError> {
    let runner = split(bytes)?;
    let compiled = compile(sandbox, &runner.for_init()?)?;
    let mut linker = sandbox.linker().clone();
    linker.root().module(CODE_IMPORT, &code.module).map_err(contract)?;
    sandbox.block_on(async {
        let mut store = init_store(sandbox, &job.limits, env);
        let instance = init(&mut store, &linker, &compiled, &job.limits).await?;
        check_image(store.data().limiter.used_bytes(), job)?;
        let memory = instance.get_typed_func::<(), (WasmList<u8>,)>(&mut store, READER_EXPORT).map_err(contract)?;
        let (list,) = memory.call_async(&mut store, ()).await.map_err(contract)?;
        Ok(runner.for_serving(list.as_le_slice(&store))?)
    })
}

fn compile(sandbox: &Sandbox, bytes: &[u8]) -> Result<Component, PublishError> {
    Component::new(sandbox.engine(), bytes).map_err(|error| PublishError::Compile { message: format!("{error:#}") })
}

fn contract(error: wasmtime::Error) -> PublishError {
    PublishError::Contract { message: format!("{error:#}") }
}

fn init_store(sandbox: &Sandbox, limits: &Limits, env: GuestEnv) -> Store<GuestState> {
    // One page more than allowed: reading the memory afterwards grows it by that.
    let limits = Limits { max_memory_bytes: limits.max_memory_bytes + (64 << 10), ..*limits };
    let mut store = store(sandbox.engine(), &limits, env, Instant::now() + limits.deadline);
    // The image is read as one list, and models are large; nothing is copied by that.
    store.set_hostcall_fuel(usize::MAX);
    store
}

fn check_image(bytes: usize, job: &Job<'_>) -> Result<(), PublishError> {
    if bytes > job.max_image_bytes {
        return Err(PublishError::ImageTooLarge { bytes, max_bytes: job.max_image_bytes });
    }
    Ok(())
}

async fn init(
    store: &mut Store<GuestState>,
    linker: &Linker<GuestState>,
    component: &Component,
    limits: &Limits,
) -> Result<Instance, PublishError> {
    let pre = linker.instantiate_pre(component).map_err(contract)?;
    // Checks the types of all exports, not only of `init`.
    SpacePre::new(pre.clone()).map_err(contract)?;
    let work = async {
        let instance = pre.instantiate_async(&mut *store).await.map_err(|error| Stage::Instantiate.fail(error))?;
        let init = instance
            .get_typed_func::<(), (Result<(), String>,)>(&mut *store, "init")
            .map_err(|error| Stage::Instantiate.fail(error))?;
        let (result,) = init.call_async(&mut *store, ()).await.map_err(|error| Stage::Call.fail(error))?;
        Ok::<_, Failure>((instance, result))
    };
    match tokio::time::timeout(limits.deadline, work).await {
        Ok(Ok((instance, Ok(())))) => Ok(instance),
        Ok(Ok((_, Err(message)))) => Err(PublishError::InitFailed { message: escape_message(&message) }),
        Ok(Err(failure)) => {
            let source = failure.explain(limits, store.data_mut().panic_message.take());
            Err(PublishError::Guest { export: "init", source })
        }
        Err(_elapsed) => {
            let source = InvokeError::DeadlineExceeded { deadline: limits.deadline };
            Err(PublishError::Guest { export: "init", source })
        }
    }
}

/// Calls the functions with which wizer has instrumented a component.
struct Access<'a> {
    store: &'a mut Store<GuestState>,
    instance: Instance,
    /// The first call that failed; what was read from then on is not the guest's state.
    failed: Option<wasmtime::Error>,
}

impl Access<'_> {
    async fn call<R: Lift + Send + Sync + 'static>(&mut self, instance: &str, function: &str) -> Option<R> {
        // Wizer has just added these exports.
        let (_, instance) =
            self.instance.get_export(&mut *self.store, None, instance).expect("instrumented component has it");
        let (_, function) = self
            .instance
            .get_export(&mut *self.store, Some(&instance), function)
            .expect("instrumented component has it");
        let function =
            self.instance.get_typed_func::<(), (R,)>(&mut *self.store, function).expect("wizer made its type");
        match function.call_async(&mut *self.store, ()).await {
            Ok((state,)) => Some(state),
            Err(error) => {
                self.failed.get_or_insert(error);
                None
            }
        }
    }
}

impl ComponentInstanceState for Access<'_> {
    async fn call_func_ret_list_u8(&mut self, instance: &str, func: &str, contents: impl FnOnce(&[u8]) + Send) {
        let list: Option<WasmList<u8>> = self.call(instance, func).await;
        contents(list.as_ref().map_or(&[], |list| list.as_le_slice(&*self.store)));
    }

    async fn call_func_ret_s32(&mut self, instance: &str, func: &str) -> i32 {
        self.call(instance, func).await.unwrap_or_default()
    }

    async fn call_func_ret_s64(&mut self, instance: &str, func: &str) -> i64 {
        self.call(instance, func).await.unwrap_or_default()
    }

    async fn call_func_ret_f32(&mut self, instance: &str, func: &str) -> u32 {
        self.call::<f32>(instance, func).await.unwrap_or_default().to_bits()
    }

    async fn call_func_ret_f64(&mut self, instance: &str, func: &str) -> u64 {
        self.call::<f64>(instance, func).await.unwrap_or_default().to_bits()
    }
}
