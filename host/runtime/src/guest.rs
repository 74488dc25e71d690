//! One guest: a store of its own, an instance that nobody has used, one call.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use wasmtime::component::{ComponentExportIndex, Func, TypedFunc};
use wasmtime::{Engine, Store, Trap, UpdateDeadline};

use crate::invoke::{Invocation, InvokeError, Outcome, Usage};
use crate::limits::Limits;
use crate::state::{GuestEnv, GuestState, escape_message};
use crate::turns::yield_turn;
use crate::wit::{CallError, Context, SpacePre, Value};

/// Ticks of a guest's first turn. Within one tick it would be interrupted at any time from its beginning on; with two
/// it has at least the time between them, in which nearly all that are quick are done.
const FIRST_TURN_TICKS: u64 = 2;

/// What an app's instances are made of.
pub(crate) struct Program {
    space: SpacePre<GuestState>,
    /// Where `call` is: looking up the other exports as well takes a tenth of the time of an instantiation.
    call: ComponentExportIndex,
    /// True once the types of `call` have been compared; they are the same in all instances of one component.
    is_typed: AtomicBool,
}

type Params<'a> = (&'a str, &'a [Value], &'a Context);
type Returns = (Result<Vec<Value>, CallError>,);

/// Raised inside the guest when its time is up.
#[derive(Debug, thiserror::Error)]
#[error("deadline")]
struct DeadlinePassed;

/// Makes a store whose guest yields at each tick and traps at its deadline.
pub(crate) fn store(engine: &Engine, limits: &Limits, env: GuestEnv, deadline: Instant) -> Store<GuestState> {
    let mut store = Store::new(engine, GuestState::new(limits, env, deadline));
    store.limiter(|state| &mut state.limiter);
    store.set_hostcall_fuel(limits.max_transfer_bytes);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|context| {
        if Instant::now() >= context.data().deadline {
            return Err(DeadlinePassed.into());
        }
        Ok(UpdateDeadline::YieldCustom(1, Box::pin(yield_turn())))
    });
    store
}

impl Program {
    /// `call` is the index of that export.
    pub(crate) fn new(space: SpacePre<GuestState>, call: ComponentExportIndex) -> Self {
        Self { space, call, is_typed: AtomicBool::new(false) }
    }

    pub(crate) fn space(&self) -> &SpacePre<GuestState> {
        &self.space
    }

    pub(crate) async fn instantiate(&self, store: &mut Store<GuestState>) -> Result<Func, Failure> {
        let instance = self.space.instance_pre().instantiate_async(&mut *store).await;
        let instance = instance.map_err(|error| Stage::Instantiate.fail(error))?;
        if !self.is_typed.load(Ordering::Relaxed) {
            let compared = instance.get_typed_func::<Params<'_>, Returns>(&mut *store, self.call);
            compared.map_err(|error| Stage::Instantiate.fail(error))?;
            self.is_typed.store(true, Ordering::Relaxed);
        }
        let call = instance.get_func(&mut *store, self.call);
        call.ok_or_else(|| Stage::Instantiate.fail(wasmtime::Error::msg("it does not export `call`")))
    }

    /// Runs one request in a fresh instance.
    pub(crate) async fn run(
        &self,
        engine: &Engine,
        invocation: Invocation,
        deadline: Instant,
        mut usage: Usage,
    ) -> Outcome {
        let Invocation { id, endpoint, inputs, limits, assets, config, session, inference, events, log } = invocation;
        let started = Instant::now();
        let (session_id, session_store) = session.unzip();
        let env = GuestEnv { assets, config, session: session_store, inference, events, log };
        let mut store = store(engine, &limits, env, deadline);
        store.set_epoch_deadline(FIRST_TURN_TICKS);
        // The epochs stop a guest that computes; this stops one that waits, for instance on a clock.
        let work = async {
            let call = self.instantiate(&mut store).await?;
            usage.instantiate = started.elapsed();
            let context = Context {
                invocation_id: id,
                session: session_id,
                deadline_ms: u64::try_from(limits.deadline.as_millis()).unwrap_or(u64::MAX),
            };
            let called = typed(call).call_async(&mut store, (&endpoint, &inputs, &context)).await;
            called.map(|(result,)| result).map_err(|error| Stage::Call.fail(error))
        };
        let finished = tokio::time::timeout_at(deadline.into(), work).await;
        usage.call = started.elapsed().saturating_sub(usage.instantiate);
        usage.memory_bytes = store.data().limiter.used_bytes();
        let result = match finished {
            Ok(Ok(Ok(outputs))) => Ok(outputs),
            Ok(Ok(Err(CallError::InvalidInput((field, message))))) => {
                let (field, message) = (escape_message(&field), escape_message(&message));
                Err(InvokeError::InvalidInput { field, message })
            }
            Ok(Ok(Err(CallError::Failed(message)))) => Err(InvokeError::Failed { message: escape_message(&message) }),
            Ok(Err(failure)) => Err(failure.explain(&limits, store.data_mut().panic_message.take())),
            Err(_elapsed) => Err(InvokeError::DeadlineExceeded { deadline: limits.deadline }),
        };
        Outcome { result, usage }
    }
}

#[expect(unsafe_code, reason = "comparing the types for each request takes a tenth of the time of an instantiation")]
pub(crate) fn typed<'a>(call: Func) -> TypedFunc<Params<'a>, Returns> {
    // SAFETY: functions come here from `Program::instantiate` only, which has compared the types of this export of this
    // component before.
    unsafe { TypedFunc::new_unchecked(call) }
}

/// What a guest was doing when it failed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stage {
    Instantiate,
    Call,
}

/// A guest's failure, not yet told apart.
pub(crate) struct Failure {
    stage: Stage,
    error: wasmtime::Error,
}

impl Stage {
    pub(crate) fn fail(self, error: wasmtime::Error) -> Failure {
        Failure { stage: self, error }
    }
}

impl Failure {
    pub(crate) fn explain(self, limits: &Limits, panic_message: Option<String>) -> InvokeError {
        let Self { stage, error } = self;
        if error.downcast_ref::<DeadlinePassed>().is_some() || error.downcast_ref::<Trap>() == Some(&Trap::Interrupt) {
            return InvokeError::DeadlineExceeded { deadline: limits.deadline };
        }
        if let Some(message) = panic_message {
            return InvokeError::Panicked { message };
        }
        if let Some(exit) = error.downcast_ref::<wasmtime_wasi::I32Exit>() {
            return InvokeError::Trap { trap: format!("it exited with code {}", exit.0), source: error.into() };
        }
        let reason = match error.downcast_ref::<Trap>() {
            Some(trap) => trap.to_string(),
            None => error.root_cause().to_string(),
        };
        match stage {
            Stage::Instantiate => InvokeError::Instantiate { reason, source: error.into() },
            Stage::Call => InvokeError::Trap { trap: reason, source: error.into() },
        }
    }
}
