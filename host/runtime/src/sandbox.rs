//! Loads compiled spaces and invokes them, each request in a fresh instance.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use wasmtime::Engine;
use wasmtime::component::Linker;

use crate::admission::{Admission, Place};
use crate::artefact::{self, Artefact, LoadError, RunnerCode};
use crate::capability;
use crate::capability::components::DrawnComponent;
use crate::capability::page::Arrangement;
use crate::engine::{EngineConfig, engine};
use crate::guest::{Program, Stage, store};
use crate::invoke::{EngineError, GuestEvent, Invocation, InvokeError, Outcome, Usage};
use crate::limits::Limits;
use crate::meter::Metered;
use crate::publish::split::CODE_IMPORT;
use crate::state::{GuestEnv, GuestState};
use crate::ticker::{TICK, Ticker};
use crate::turns::{Account, Turns};
use crate::wit::{Description, SpacePre};

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
    program: Arc<Program>,
    share: Arc<Share>,
}

/// What the guests of one app share: its part of the server, and how they behave.
#[derive(Default)]
struct Share {
    place: Arc<Place>,
    account: Arc<Account>,
    /// True while the last guest to end needed more than its first turn.
    outlasts_turns: AtomicBool,
    /// Further invocations that do not begin on their callers' threads, since a guest has held one for
    /// [`MAX_FIRST_TURN`].
    kept_away: AtomicU32,
}

/// The longest that a guest may hold its caller's thread. Ticks end a turn long before; but a single instruction such
/// as `memory.fill` runs to its end, and a guest may use that to keep others waiting.
const MAX_FIRST_TURN: Duration = Duration::from_millis(20);
/// For how many invocations an app is kept away then: not for good, since a busy machine can keep a thread that long.
const KEPT_AWAY: u32 = 1_000;

/// The engine, its linker and the threads of the guests. One per process.
pub struct Sandbox {
    engine: Engine,
    linker: Linker<GuestState>,
    ticker: Arc<Ticker>,
    admission: Arc<Admission>,
    turns: Arc<Turns>,
    /// Taken out when dropped: a runtime must not be dropped on an async thread in the ordinary way.
    runtime: Option<Runtime>,
}

impl App {
    pub(crate) fn program(&self) -> &Program {
        &self.program
    }
}

impl Share {
    /// Whether the next guest begins on its caller's thread.
    fn begins_at_once(&self) -> bool {
        let kept_away = self.kept_away.load(Ordering::Relaxed);
        if kept_away > 0 {
            // Others may do the same at the same time; it need not be exact.
            self.kept_away.store(kept_away - 1, Ordering::Relaxed);
        }
        kept_away == 0 && !self.outlasts_turns.load(Ordering::Relaxed)
    }
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
            // wasmtime-wasi's clocks and streams need it; and they are looked after at each turn, however many guests
            // compute without a pause.
            .enable_all()
            .event_interval(1)
            .build()
            .map_err(SandboxError::Threads)?;
        Ok(Self {
            engine,
            linker,
            ticker: Arc::new(ticker),
            admission: Admission::new(config.max_running, config.max_waiting, config.max_wait),
            turns: Turns::new(config.threads),
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
        let missing = || LoadError::Link { message: "it does not export `call`".to_owned() };
        let call = component.get_export_index(None, "call").ok_or_else(missing)?;
        Ok(App { program: Arc::new(Program::new(SpacePre::new(pre).map_err(link)?, call)), share: Arc::default() })
    }

    /// The error that an invocation would meet at once, so that its inputs need not be read.
    pub fn refusal(&self, app: &App, limits: &Limits) -> Option<InvokeError> {
        self.admission.refusal(&app.share.place, limits.max_concurrency)
    }

    /// Runs one request in a fresh instance.
    ///
    /// The guest begins on the caller's thread. Most are done before the second tick, and handing them to another
    /// thread and back costs more than they do; one that is not goes on among the guests' own threads, so that it
    /// holds the caller's for two ticks at most. There its app gets as much of the processor as any other. An app whose
    /// guests need more than a turn begins there, and one that has held its caller's thread for longer always does.
    ///
    /// Dropping the future stops the guest at its next tick and frees its slot.
    pub async fn invoke(&self, app: &App, invocation: Invocation) -> Outcome {
        let arrived = Instant::now();
        let share = &app.share;
        let on_position = |position| {
            if let Some(events) = &invocation.events {
                // For a client that is too slow for it, it would be out of date when it came.
                let _ = events.try_send(GuestEvent::Queued { position });
            }
        };
        let admitted = self.admission.admit(&share.place, invocation.limits.max_concurrency, on_position);
        let permit = match admitted.await {
            Ok(permit) => permit,
            Err(error) => return Outcome { result: Err(error), usage: queued(arrived.elapsed()) },
        };
        let started = Instant::now();
        let usage = queued(started - arrived);
        let Some(runtime) = &self.runtime else { return Outcome { result: Err(InvokeError::Stopping), usage } };
        let running = self.ticker.run();
        let deadline = started + invocation.limits.deadline;
        let (program, engine) = (Arc::clone(&app.program), self.engine.clone());
        let guest = Box::pin(async move {
            let outcome = program.run(&engine, invocation, deadline, usage).await;
            drop(running);
            drop(permit);
            outcome
        });
        let mut guest = Metered::new(guest, Arc::clone(&share.account));
        if share.begins_at_once() {
            let since = Instant::now();
            let begun = poll_fn(|context| Poll::Ready(Pin::new(&mut guest).poll(context))).await;
            if since.elapsed() > MAX_FIRST_TURN {
                share.kept_away.store(KEPT_AWAY, Ordering::Relaxed);
            }
            if let Poll::Ready(outcome) = begun {
                return outcome;
            }
        }
        let guest = self.turns.take_turns(guest, Arc::clone(&share.account), deadline);
        // A client that goes away drops this future, which has to stop the guest as well.
        let mut task = AbortOnDrop(runtime.spawn(guest));
        let outcome = match (&mut task.0).await {
            Ok(outcome) => outcome,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => return Outcome { result: Err(InvokeError::Stopping), usage },
        };
        share.outlasts_turns.store(outcome.usage.cpu > TICK, Ordering::Relaxed);
        outcome
    }

    /// Invocations that run now.
    pub fn running(&self) -> usize {
        self.admission.running()
    }

    /// Invocations that wait for a free instance now.
    pub fn waiting(&self) -> usize {
        self.admission.waiting()
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

    /// Asks a fresh instance what it is, how it draws its fields otherwise, and how it lays its page out.
    pub(crate) fn describe(
        &self,
        app: &App,
        limits: &Limits,
        env: GuestEnv,
    ) -> Result<(Description, Vec<DrawnComponent>, Option<Arrangement>), InvokeError> {
        self.block_on(async {
            let mut store = store(&self.engine, limits, env, Instant::now() + limits.deadline);
            store.data_mut().drawn = Some(Vec::new());
            let work = async {
                let space = app
                    .program
                    .space()
                    .instantiate_async(&mut store)
                    .await
                    .map_err(|error| Stage::Instantiate.fail(error))?;
                space.call_describe(&mut store).await.map_err(|error| Stage::Call.fail(error))
            };
            match tokio::time::timeout(limits.deadline, work).await {
                Ok(Ok(description)) => {
                    let state = store.data_mut();
                    Ok((description, state.drawn.take().unwrap_or_default(), state.arrangement.take()))
                }
                Ok(Err(failure)) => Err(failure.explain(limits, store.data_mut().panic_message.take())),
                Err(_elapsed) => Err(InvokeError::DeadlineExceeded { deadline: limits.deadline }),
            }
        })
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

struct AbortOnDrop<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn queued(queued: Duration) -> Usage {
    Usage { queued, ..Usage::default() }
}
