//! Loads compiled spaces and invokes them, each request in a fresh instance.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wasmtime::component::Linker;
use wasmtime::{Engine, Store, Trap, UpdateDeadline};

use crate::artefact::{self, Artefact, LoadError, RunnerCode};
use crate::capability;
use crate::engine::{EngineConfig, engine};
use crate::invoke::{EngineError, Invocation, InvokeError, Outcome};
use crate::limits::Limits;
use crate::publish::split::CODE_IMPORT;
use crate::state::{GuestEnv, GuestState};
use crate::ticker::Ticker;
use crate::wit::{CallError, Context, Description, SpacePre};

/// How many guests run at once, and where.
#[derive(Debug, Clone, Copy)]
pub struct SandboxConfig {
    pub engine: EngineConfig,
    /// Invocations that run at once; at most the engine's instances.
    pub max_running: usize,
    /// Invocations that wait for a free instance; further ones are refused at once.
    pub max_waiting: usize,
    /// The longest wait for a free instance.
    pub max_wait: Duration,
    /// Threads for guests that outlast their first turn, apart from those that serve connections.
    pub threads: usize,
}

impl Default for SandboxConfig {
    fn default() -> Self {
        Self {
            engine: EngineConfig::Pooling { max_instances: 128 },
            max_running: 64,
            max_waiting: 512,
            max_wait: Duration::from_secs(10),
            threads: std::thread::available_parallelism().map_or(2, usize::from),
        }
    }
}

/// Why a sandbox could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    #[error("the WebAssembly engine does not start on this machine")]
    Engine(#[source] EngineError),
    #[error("the threads for guests do not start")]
    Threads(#[source] std::io::Error),
}

/// A space, ready to be invoked. Cheap to clone; holds no instance.
#[derive(Clone)]
pub struct App {
    pre: SpacePre<GuestState>,
    /// True once a guest has held its caller's thread for [`MAX_FIRST_TURN`].
    holds_threads: Arc<AtomicBool>,
}

/// The longest that a guest may hold its caller's thread. Ticks end a turn long before; but a single instruction such
/// as `memory.fill` runs to its end, and a guest may use that to keep others waiting. It gets one chance.
const MAX_FIRST_TURN: Duration = Duration::from_millis(20);

/// The engine, its linker and the threads of the guests. One per process.
pub struct Sandbox {
    engine: Engine,
    linker: Linker<GuestState>,
    ticker: Arc<Ticker>,
    admission: Arc<Semaphore>,
    waiting: AtomicUsize,
    config: SandboxConfig,
    /// Taken out when dropped: a runtime must not be dropped on an async thread in the ordinary way.
    runtime: Option<Runtime>,
}

impl Sandbox {
    /// Starts the engine and the guests' threads.
    ///
    /// # Errors
    /// [`SandboxError`] when this machine refuses memory or threads.
    pub fn new(config: SandboxConfig) -> Result<Self, SandboxError> {
        let engine = engine(config.engine).map_err(|error| SandboxError::Engine(error.into()))?;
        let mut linker = Linker::new(&engine);
        capability::link(&mut linker).map_err(|error| SandboxError::Engine(error.into()))?;
        let ticker = Ticker::start(engine.clone()).map_err(SandboxError::Threads)?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(config.threads)
            .thread_name("guest")
            // wasmtime-wasi's clocks and streams need it.
            .enable_all()
            .build()
            .map_err(SandboxError::Threads)?;
        Ok(Self {
            engine,
            linker,
            ticker: Arc::new(ticker),
            admission: Arc::new(Semaphore::new(config.max_running)),
            waiting: AtomicUsize::new(0),
            config,
            runtime: Some(runtime),
        })
    }

    /// Loads the shared code of a built-in runner. Blocks on the disk.
    ///
    /// # Errors
    /// [`LoadError`] when the file is missing, damaged or of another engine.
    pub fn load_runner(&self, artefact: &Artefact) -> Result<RunnerCode, LoadError> {
        Ok(RunnerCode { module: artefact::load_module(&self.engine, &artefact.path, &artefact.digest)? })
    }

    /// Loads a space. Blocks on the disk: the file is hashed before it is trusted.
    ///
    /// # Errors
    /// [`LoadError`]; on [`LoadError::Digest`] and [`LoadError::Incompatible`] the artefact is to be made again.
    pub fn load(&self, artefact: &Artefact, runner: Option<&RunnerCode>) -> Result<App, LoadError> {
        let component = artefact::load_component(&self.engine, &artefact.path, &artefact.digest)?;
        let link = |error: wasmtime::Error| LoadError::Link { message: format!("{error:#}") };
        let pre = if artefact.needs_runner {
            let runner = runner.ok_or(LoadError::NoRunner)?;
            let mut linker = self.linker.clone();
            linker.root().module(CODE_IMPORT, &runner.module).map_err(link)?;
            linker.instantiate_pre(&component).map_err(link)?
        } else {
            self.linker.instantiate_pre(&component).map_err(link)?
        };
        Ok(App { pre: SpacePre::new(pre).map_err(link)?, holds_threads: Arc::default() })
    }

    /// Runs one request in a fresh instance.
    ///
    /// The guest begins on the caller's thread. Most are done before the first tick, and handing them to another
    /// thread and back costs more than they do; one that is not goes on among the guests' own threads, so that it
    /// holds the caller's for a tick at most. An app that has held one for longer begins there from then on.
    ///
    /// Dropping the future stops the guest at its next tick and frees its slot.
    ///
    /// # Errors
    /// [`InvokeError`].
    pub async fn invoke(&self, app: &App, invocation: Invocation) -> Result<Outcome, InvokeError> {
        let arrived = Instant::now();
        let permit = self.admit(arrived).await?;
        let queued = arrived.elapsed();
        let running = self.ticker.run();
        let holds_threads = &app.holds_threads;
        let (app, engine) = (app.clone(), self.engine.clone());
        let Some(runtime) = &self.runtime else { return Err(InvokeError::Stopping) };
        let mut work = Box::pin(async move {
            let outcome = run(&engine, &app, invocation, queued).await;
            drop(running);
            drop(permit);
            outcome
        });
        if !holds_threads.load(Ordering::Relaxed) {
            let since = Instant::now();
            let begun = poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await;
            if since.elapsed() > MAX_FIRST_TURN {
                holds_threads.store(true, Ordering::Relaxed);
            }
            if let Poll::Ready(outcome) = begun {
                return outcome;
            }
        }
        // A client that goes away drops this future, which has to stop the guest as well.
        let mut task = AbortOnDrop(runtime.spawn(work));
        match (&mut task.0).await {
            Ok(outcome) => outcome,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => Err(InvokeError::Stopping),
        }
    }

    /// Invocations that run now.
    pub fn running(&self) -> usize {
        self.config.max_running - self.admission.available_permits()
    }

    /// Invocations that wait for a free instance now.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(crate) fn linker(&self) -> &Linker<GuestState> {
        &self.linker
    }

    /// Runs a future that runs guests, and waits for it. For the worker, which has no runtime of its own.
    pub(crate) fn block_on<F: Future>(&self, future: F) -> F::Output {
        let _ticks = self.ticker.run();
        self.runtime.as_ref().expect("taken only by drop").block_on(future)
    }

    /// Asks a fresh instance what it is.
    pub(crate) fn describe(&self, app: &App, limits: &Limits, env: GuestEnv) -> Result<Description, InvokeError> {
        self.block_on(async {
            let mut store = store(&self.engine, limits, env);
            let work = async {
                let space =
                    app.pre.instantiate_async(&mut store).await.map_err(|error| Stage::Instantiate.fail(error))?;
                space.call_describe(&mut store).await.map_err(|error| Stage::Call.fail(error))
            };
            match tokio::time::timeout(limits.deadline, work).await {
                Ok(Ok(description)) => Ok(description),
                Ok(Err(failure)) => Err(failure.explain(limits, store.data_mut().panic_message.take())),
                Err(_elapsed) => Err(InvokeError::DeadlineExceeded { deadline: limits.deadline }),
            }
        })
    }

    async fn admit(&self, arrived: Instant) -> Result<OwnedSemaphorePermit, InvokeError> {
        if let Ok(permit) = Arc::clone(&self.admission).try_acquire_owned() {
            return Ok(permit);
        }
        let _waiting = Waiting::enter(&self.waiting, self.config.max_waiting)
            .ok_or(InvokeError::Overloaded { waited: Duration::ZERO })?;
        let acquire = Arc::clone(&self.admission).acquire_owned();
        match tokio::time::timeout(self.config.max_wait, acquire).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_closed)) => Err(InvokeError::Stopping),
            Err(_elapsed) => Err(InvokeError::Overloaded { waited: arrived.elapsed() }),
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A place in the bounded queue.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn enter(count: &'a AtomicUsize, max: usize) -> Option<Self> {
        if count.fetch_add(1, Ordering::Relaxed) < max {
            return Some(Self(count));
        }
        count.fetch_sub(1, Ordering::Relaxed);
        None
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

struct AbortOnDrop<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Raised inside the guest when its time is up.
#[derive(Debug, thiserror::Error)]
#[error("deadline")]
struct DeadlinePassed;

/// Makes a store whose guest yields at each tick and traps past its deadline.
pub(crate) fn store(engine: &Engine, limits: &Limits, env: GuestEnv) -> Store<GuestState> {
    let mut store = Store::new(engine, GuestState::new(limits, env));
    store.limiter(|state| &mut state.limiter);
    store.set_hostcall_fuel(limits.max_transfer_bytes);
    store.set_epoch_deadline(1);
    let end = Instant::now() + limits.deadline;
    store.epoch_deadline_callback(move |_| {
        if Instant::now() >= end {
            return Err(DeadlinePassed.into());
        }
        // tokio's own yield lets the driver run, so timers and other guests get their turn.
        Ok(UpdateDeadline::YieldCustom(1, Box::pin(tokio::task::yield_now())))
    });
    store
}

async fn run(engine: &Engine, app: &App, invocation: Invocation, queued: Duration) -> Result<Outcome, InvokeError> {
    let Invocation { id, endpoint, inputs, limits, assets, config, session, inference, events, log } = invocation;
    let started = Instant::now();
    let (session_id, session_store) = session.unzip();
    let env = GuestEnv { assets, config, session: session_store, inference, events, log };
    let mut store = store(engine, &limits, env);
    // The epochs stop a guest that computes; this stops one that waits, for instance on a clock.
    let work = async {
        let space = app.pre.instantiate_async(&mut store).await.map_err(|error| Stage::Instantiate.fail(error))?;
        let instantiated = Instant::now();
        let context = Context {
            invocation_id: id,
            session: session_id,
            deadline_ms: u64::try_from(limits.deadline.as_millis()).unwrap_or(u64::MAX),
        };
        let result =
            space.call_call(&mut store, &endpoint, &inputs, &context).await.map_err(|error| Stage::Call.fail(error))?;
        Ok::<_, Failure>((result, instantiated))
    };
    let finished = tokio::time::timeout(limits.deadline, work).await;
    let (result, instantiated) = match finished {
        Ok(Ok(done)) => done,
        Ok(Err(failure)) => return Err(failure.explain(&limits, store.data_mut().panic_message.take())),
        Err(_elapsed) => return Err(InvokeError::DeadlineExceeded { deadline: limits.deadline }),
    };
    match result {
        Ok(outputs) => Ok(Outcome {
            outputs,
            queued,
            instantiate: instantiated - started,
            call: instantiated.elapsed(),
            memory_bytes: store.data().limiter.used_bytes(),
        }),
        Err(CallError::InvalidInput((field, message))) => Err(InvokeError::InvalidInput { field, message }),
        Err(CallError::Failed(message)) => Err(InvokeError::Failed { message }),
    }
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
