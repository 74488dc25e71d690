//! Turns an uploaded component into an artefact that serves.
//!
//! `validate` → `snapshot` → `compile`, then the artefact is loaded as the server will load it, so that
//! `describe` and the smoke calls test the very file that goes live.
//!
//! **Invariant**: this runs in a worker process that does nothing else. Compiling a stranger's code may use
//! any time and memory; limits on the process, not on this code, bound it.

mod image;
mod snapshot;
pub(crate) mod split;
mod validate;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::artefact::{self, Artefact, LoadError};
use crate::capability::components::DrawnComponent;
use crate::capability::page::Arrangement;
use crate::engine::EngineConfig;
use crate::invoke::{EngineError, Invocation, InvokeError, Outcome};
use crate::limits::Limits;
use crate::sandbox::{App, Sandbox, SandboxConfig, SandboxError};
use crate::state::{AssetSource, GuestEnv, LogSink};
use crate::wit::Description;

pub use split::SplitError;

/// The part of a publish that happens here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Validate,
    Snapshot,
    Compile,
    /// `describe`, and the calls that the caller makes with [`Candidate::call`].
    Smoke,
}

/// What is published.
pub enum Source<'a> {
    /// A component of the author's.
    Component(&'a [u8]),
    /// The built-in runner with the author's assets; `code` was made by [`compile_runner`] from the same bytes.
    Runner { component: &'a [u8], code: &'a Artefact },
}

/// One publish.
pub struct Job<'a> {
    pub source: Source<'a>,
    pub assets: Arc<dyn AssetSource>,
    pub config: Arc<HashMap<String, String>>,
    /// For `init` and for the smoke calls.
    pub limits: Limits,
    /// The largest memory image, in bytes.
    pub max_image_bytes: usize,
    /// Where the artefact is written.
    pub artefact: &'a Path,
    pub log: Arc<dyn LogSink>,
}

/// A space that is ready, not yet live.
pub struct Candidate {
    pub description: Description,
    /// Fields that the guest draws otherwise than its description says.
    pub components: Vec<DrawnComponent>,
    /// How it lays its page out, instead of what its description says.
    pub arrangement: Option<Arrangement>,
    pub artefact: Artefact,
    /// Size of the file.
    pub artefact_bytes: u64,
    sandbox: Sandbox,
    app: App,
}

/// Why there is no candidate.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error("this is not a WebAssembly component: {found}")]
    NotAComponent { found: &'static str },
    #[error("the component uses {feature}, which this host does not run")]
    UnsupportedFeature { feature: String },
    #[error("the component is not valid: {message}")]
    Invalid { message: String },
    #[error("the component imports what this host does not offer: {}", imports.join(", "))]
    ForbiddenImports { imports: Vec<String> },
    #[error("the component does not fit the world `vitrine:space/space@0.1.1`: {message}")]
    Contract { message: String },
    /// Only memories and globals are frozen, so a component must not change its tables.
    #[error("the component's state after `init` cannot be frozen: {message}")]
    Snapshot { message: String },
    /// `init` returned an error.
    #[error("{message}")]
    InitFailed { message: String },
    /// `init` or `describe` trapped, panicked or overran.
    #[error("`{export}` did not return: {source}")]
    Guest {
        export: &'static str,
        #[source]
        source: InvokeError,
    },
    #[error("the app's memory after `init` is {bytes} bytes, more than the {max_bytes} that a space may have")]
    ImageTooLarge { bytes: usize, max_bytes: usize },
    /// Its artefact would be mostly zeros.
    #[error(
        "the app's memory image spans {span_bytes} bytes, but only {data_bytes} of them hold data; place the data close together"
    )]
    SparseImage { span_bytes: u64, data_bytes: u64 },
    #[error("the component cannot be compiled: {message}")]
    Compile { message: String },
    #[error("the artefact cannot be written to {path:?}")]
    Write {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the built-in runner is damaged")]
    Runner(#[from] SplitError),
    #[error("the finished artefact does not load")]
    Load(#[from] LoadError),
    #[error("the worker's engine does not start")]
    Engine(#[source] EngineError),
    #[error("the worker's sandbox does not start")]
    Sandbox(#[from] SandboxError),
}

impl PublishError {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAComponent { .. } => "not_a_component",
            Self::UnsupportedFeature { .. } => "unsupported_feature",
            Self::Invalid { .. } => "invalid_component",
            Self::ForbiddenImports { .. } => "forbidden_imports",
            Self::Contract { .. } => "contract_mismatch",
            Self::Snapshot { .. } => "snapshot_unsupported",
            Self::InitFailed { .. } => "init_failed",
            Self::Guest { source: InvokeError::DeadlineExceeded { .. }, .. } => "init_deadline_exceeded",
            Self::Guest { .. } => "init_trapped",
            Self::ImageTooLarge { .. } => "image_too_large",
            Self::SparseImage { .. } => "image_too_sparse",
            Self::Compile { .. } => "compile_failed",
            Self::Write { .. } | Self::Runner(_) | Self::Load(_) | Self::Engine(_) | Self::Sandbox(_) => "internal",
        }
    }
}

/// Compiles the shared code of a runner into `path` and returns its digest. Takes many seconds.
///
/// # Errors
/// [`PublishError`] when the runner does not have the expected shape, or the file cannot be written.
pub fn compile_runner(component: &[u8], path: &Path) -> Result<[u8; 32], PublishError> {
    let split = split::split(component)?;
    let engine = crate::engine::engine(EngineConfig::OnDemand).map_err(|error| PublishError::Engine(error.into()))?;
    let compiled = engine
        .precompile_module(&split.code)
        .map_err(|error| PublishError::Compile { message: format!("{error:#}") })?;
    write(path, &compiled)
}

/// Makes an artefact.
///
/// `started` is told of each step when it begins; the step before is then done.
///
/// # Errors
/// [`PublishError`] of the step that was started last.
pub fn publish(job: Job<'_>, started: &dyn Fn(Step)) -> Result<Candidate, PublishError> {
    let sandbox = Sandbox::new(SandboxConfig {
        engine: EngineConfig::OnDemand,
        max_running: 1,
        max_waiting: 1,
        max_wait: Duration::from_secs(1),
        threads: 1,
    })?;
    let runner = match &job.source {
        Source::Component(_) => None,
        Source::Runner { code, .. } => Some(sandbox.load_runner(code)?),
    };
    started(Step::Validate);
    if let Source::Component(bytes) = &job.source {
        validate::validate(bytes)?;
        image::check(bytes, job.max_image_bytes)?;
    }
    started(Step::Snapshot);
    let env = GuestEnv {
        assets: Arc::clone(&job.assets),
        config: Arc::clone(&job.config),
        session: None,
        inference: None,
        events: None,
        log: Arc::clone(&job.log),
    };
    let initialised = match &job.source {
        Source::Component(bytes) => snapshot::component(&sandbox, bytes, &job, env)?,
        Source::Runner { component, .. } => {
            // The module was loaded a few lines above for exactly this case.
            let runner = runner.as_ref().ok_or(LoadError::NoRunner)?;
            snapshot::runner(&sandbox, component, runner, &job, env)?
        }
    };
    image::check(&initialised, job.max_image_bytes)?;
    started(Step::Compile);
    let compiled = sandbox
        .engine()
        .precompile_component(&initialised)
        .map_err(|error| PublishError::Compile { message: format!("{error:#}") })?;
    let digest = write(job.artefact, &compiled)?;
    let artefact_bytes = compiled.len() as u64;
    drop((initialised, compiled));
    started(Step::Smoke);
    let artefact = Artefact { path: job.artefact.to_owned(), digest, needs_runner: runner.is_some() };
    let app = sandbox.load(&artefact, runner.as_ref())?;
    let env =
        GuestEnv { assets: job.assets, config: job.config, session: None, inference: None, events: None, log: job.log };
    let (description, components, arrangement) = sandbox
        .describe(&app, &job.limits, env)
        .map_err(|source| PublishError::Guest { export: "describe", source })?;
    Ok(Candidate { description, components, arrangement, artefact, artefact_bytes, sandbox, app })
}

impl Candidate {
    /// Calls an endpoint of the finished artefact, as a visitor would.
    pub fn call(&self, invocation: Invocation) -> Outcome {
        self.sandbox.block_on(self.sandbox.invoke(&self.app, invocation))
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<[u8; 32], PublishError> {
    artefact::write_atomically(path, bytes).map_err(|source| PublishError::Write { path: path.to_owned(), source })?;
    Ok(blake3::hash(bytes).into())
}
