//! The spaces that serve: loaded at their first call, kept, replaced when something about them changes.

mod loaded;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use host_runtime::{InvokeError, LoadError};
use spaces::SpaceId;
use spaces::interface::Interface;
use spaces::limits::Limits;
use spaces::manifest::{Engine, Visibility};
use spaces::store::{AppKind, ConfigEntry, ExampleOutput, LiveRevision, ReadError, Revision};

use self::loaded::Loaded;
use crate::app::App;
use crate::assets::FileAssets;
use crate::batching::Batcher;
use crate::convert::limits_to_runtime;
use crate::descriptors::Descriptors;
use crate::examples::ExampleIndex;
use crate::inference::SpaceInference;
use crate::meters::SpaceMeters;
use crate::origin::Origin;
use crate::publishing::runner::RunnerError;
use crate::publishing::{RebuildError, artefact_key};
use crate::usage::SpaceUsage;
use crate::usual::UsualDuration;

/// Mappings of a loaded space: of its artefact those that are read, executed and cleared, and part of one beside it.
const MAPPINGS_PER_SPACE: usize = 4;
/// What the engine keeps of a loaded space besides the files that it maps: measured for the ONNX runner.
const BYTES_PER_SPACE: usize = 64 << 10;
/// Previews that stay loaded: people look at one at a time.
const MAX_PREVIEWS: usize = 8;
/// Where the system does not say how much memory there is.
const DEFAULT_MEMORY_BYTES: usize = 2 << 30;
/// What Linux grants a process by default: `vm.max_map_count` in sysctl/vm.rst of its documentation.
const DEFAULT_MAPPINGS: usize = 65_530;

/// A space, ready to be called.
pub(crate) struct LiveSpace {
    pub(crate) id: SpaceId,
    pub(crate) visibility: Visibility,
    pub(crate) interface: Interface,
    pub(crate) limits: Limits,
    /// The same, as the sandbox counts them.
    pub(crate) runtime_limits: host_runtime::Limits,
    pub(crate) app: host_runtime::App,
    pub(crate) assets: Arc<FileAssets>,
    pub(crate) inference: Arc<SpaceInference>,
    pub(crate) config: Arc<HashMap<String, String>>,
    pub(crate) meters: SpaceMeters,
    /// Of each endpoint, in the interface's order.
    pub(crate) usual: Vec<UsualDuration>,
    /// What examples gave when the revision was published.
    pub(crate) example_outputs: HashMap<ExampleIndex, PathBuf>,
    pub(crate) usage: Arc<SpaceUsage>,
    /// The live revision's number.
    pub(crate) revision: u64,
    /// Where the space joins concurrent calls.
    pub(crate) batcher: Option<Batcher>,
}

/// Why a space cannot be called.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LiveError {
    #[error("there is no space `{id}`")]
    NotFound { id: SpaceId },
    #[error("space `{id}` has no revision {number}")]
    NoRevision { id: SpaceId, number: u64 },
    #[error("the store cannot be read")]
    Read(#[from] ReadError),
    #[error("the ONNX runner is not ready")]
    Runner(#[from] RunnerError),
    #[error("the space cannot be loaded")]
    Load(#[from] LoadError),
    #[error("the space's artefact cannot be made again")]
    Rebuild(#[from] RebuildError),
}

/// Loaded spaces.
pub(crate) struct LiveSpaces {
    loaded: Loaded<LiveSpace>,
    /// Revisions that their owners look at without making them live.
    previews: Loaded<LiveSpace, (SpaceId, u64)>,
    /// Counts changes, so that a load that began before one is not kept after it.
    changes: AtomicU64,
}

impl LiveSpaces {
    /// Keeps at most `max_loaded` spaces loaded.
    pub(crate) fn new(max_loaded: usize) -> Self {
        Self { loaded: Loaded::new(max_loaded), previews: Loaded::new(MAX_PREVIEWS), changes: AtomicU64::new(0) }
    }

    /// Forgets a space that has changed; its next call loads it anew. Running calls end as they began.
    pub(crate) fn forget(&self, id: &SpaceId) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.loaded.forget(id);
        self.previews.forget_all(|(space, _)| space == id);
    }

    /// Whether a space is ready without loading it.
    pub(crate) fn is_loaded(&self, id: &SpaceId) -> bool {
        self.loaded.find(id).is_some()
    }

    /// How many are loaded.
    pub(crate) fn n_loaded(&self) -> usize {
        self.loaded.len()
    }
}

/// How many spaces to keep loaded: what the operator says, or three quarters of the mappings that the kernel grants and
/// an eighth of the memory; in any case no more than there are descriptors.
pub(crate) fn max_loaded(wanted: Option<u32>, descriptors: Descriptors) -> usize {
    wanted.map_or_else(fit_here, |number| number as usize).min(descriptors.spaces)
}

fn fit_here() -> usize {
    let number = |path: &str| -> Option<usize> { std::fs::read_to_string(path).ok()?.trim().parse().ok() };
    let mappings = number("/proc/sys/vm/max_map_count").unwrap_or(DEFAULT_MAPPINGS);
    let limit = number("/sys/fs/cgroup/memory.max").unwrap_or(usize::MAX);
    let memory = limit.min(memory_bytes().unwrap_or(DEFAULT_MEMORY_BYTES));
    (mappings / 4 * 3 / MAPPINGS_PER_SPACE).min(memory / 8 / BYTES_PER_SPACE)
}

/// The memory of this machine.
fn memory_bytes() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: usize = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes << 10)
}

impl App {
    /// The space's live revision, loaded if need be.
    ///
    /// # Errors
    /// [`LiveError`].
    pub(crate) async fn live_space(self: &Arc<Self>, id: &SpaceId) -> Result<Arc<LiveSpace>, LiveError> {
        match self.live.loaded.find(id) {
            Some(space) => Ok(space),
            None => self.load_live(id).await,
        }
    }

    /// Whether a space is full, so that nobody need send it megabytes to hear so.
    ///
    /// # Errors
    /// [`InvokeError::Overloaded`], which counts as a call that failed.
    pub(crate) fn refuse_if_full(&self, space: &LiveSpace) -> Result<(), InvokeError> {
        match self.sandbox.refusal(&space.app, &space.runtime_limits) {
            None => Ok(()),
            Some(refusal) => {
                space.usage.refused();
                Err(refusal)
            }
        }
    }

    async fn load_live(self: &Arc<Self>, id: &SpaceId) -> Result<Arc<LiveSpace>, LiveError> {
        let span = Origin::current_trace().span("load");
        span.set("vitrine.space", id.to_string());
        loop {
            let changes = self.live.changes.load(Ordering::SeqCst);
            // Asked first, so that unknown names leave no entry behind.
            let (revision, config) = tokio::try_join!(self.store.live_revision(id), self.store.config(id))?;
            let Some(revision) = revision else {
                return Err(LiveError::NotFound { id: id.clone() });
            };
            let usage = self.usages.of_space(id);
            let space = self.live.loaded.load(id, self.load(revision, config, usage)).await;
            if self.live.changes.load(Ordering::SeqCst) == changes {
                let oldest = self.live.loaded.take_oldest();
                if !oldest.is_empty() {
                    // Taking away a mapping makes all threads wait a little; nobody waits for the sum of it.
                    tokio::task::spawn_blocking(move || drop(oldest));
                }
                return space;
            }
            self.live.loaded.forget(id);
        }
    }

    /// A revision as it would serve, loaded if need be; what is live stays live.
    ///
    /// Its calls are not counted in the space's usage: nobody but the owner makes them.
    ///
    /// # Errors
    /// [`LiveError`].
    pub(crate) async fn preview_space(
        self: &Arc<Self>,
        id: &SpaceId,
        number: u64,
    ) -> Result<Arc<LiveSpace>, LiveError> {
        let key = (id.clone(), number);
        if let Some(space) = self.live.previews.find(&key) {
            return Ok(space);
        }
        let changes = self.live.changes.load(Ordering::SeqCst);
        let (revision, config) = tokio::try_join!(self.store.preview(id, number), self.store.config(id))?;
        let revision = revision.ok_or_else(|| LiveError::NoRevision { id: id.clone(), number })?;
        let space = self.live.previews.load(&key, self.load(revision, config, Arc::default())).await;
        if self.live.changes.load(Ordering::SeqCst) != changes {
            // It serves this once as it was asked for; the next call sees the change.
            self.live.previews.forget(&key);
        }
        let oldest = self.live.previews.take_oldest();
        if !oldest.is_empty() {
            tokio::task::spawn_blocking(move || drop(oldest));
        }
        space
    }

    async fn load(
        self: &Arc<Self>,
        live: LiveRevision,
        config: Vec<ConfigEntry>,
        usage: Arc<SpaceUsage>,
    ) -> Result<Arc<LiveSpace>, LiveError> {
        let LiveRevision { visibility, revision } = live;
        let id = revision.space.clone();
        let runner = match revision.kind {
            AppKind::Onnx => Some(self.runner.get(self).await?),
            AppKind::Component => None,
        };
        let (component, engine) = artefact_key(&revision);
        let found = match self.store.artefact(&component, &engine).await? {
            Some(artefact) => match self.load_artefact(&artefact, runner.as_ref()).await {
                Ok(app) => Some(app),
                Err(LoadError::Read { .. } | LoadError::Digest { .. } | LoadError::Incompatible { .. }) => None,
                Err(error) => return Err(error.into()),
            },
            None => None,
        };
        let app = match found {
            Some(app) => app,
            None => {
                tracing::warn!(space.id = %id, "the artefact of space `{id}` is missing or damaged: it is made again");
                let artefact = self.rebuild(&revision).await?;
                self.load_artefact(&artefact, runner.as_ref()).await?
            }
        };
        let inference = self.native_inference(&revision);
        let files: BTreeMap<_, _> =
            revision.public_assets().map(|asset| (asset.path.clone(), self.store.asset_path(&asset.digest))).collect();
        let output = |output: &ExampleOutput| {
            let ExampleOutput { endpoint, example, digest } = output;
            (ExampleIndex { endpoint: *endpoint, example: *example }, self.store.object_path(digest))
        };
        let example_outputs = revision.example_outputs.iter().map(output).collect();
        let config = config.into_iter().map(|entry| (entry.key, entry.value)).collect();
        let limits = self.limits.clamp(&revision.manifest.limits);
        Ok(Arc::new(LiveSpace {
            meters: self.meters.of_space(&id),
            usage,
            revision: revision.number,
            batcher: revision.manifest.batching.map(Batcher::new),
            id,
            visibility,
            example_outputs,
            runtime_limits: limits_to_runtime(&limits),
            limits,
            usual: revision.interface.endpoints.iter().map(|_| UsualDuration::default()).collect(),
            interface: revision.interface,
            app,
            assets: Arc::new(FileAssets::new(files, None)),
            inference: Arc::new(inference),
            config: Arc::new(config),
        }))
    }

    fn native_inference(&self, revision: &Revision) -> SpaceInference {
        let files = match revision.manifest.engine {
            Engine::Native => revision.assets.as_slice(),
            Engine::Sandbox => &[],
        };
        let files =
            files.iter().map(|asset| (asset.path.clone(), (asset.digest, self.store.asset_path(&asset.digest))));
        self.native.for_space(&revision.space, revision.kind, &revision.manifest, files.collect())
    }

    async fn load_artefact(
        self: &Arc<Self>,
        artefact: &spaces::store::Artefact,
        runner: Option<&host_runtime::RunnerCode>,
    ) -> Result<host_runtime::App, LoadError> {
        let artefact = host_runtime::Artefact {
            path: artefact.path.clone(),
            digest: *artefact.digest.as_bytes(),
            needs_runner: runner.is_some(),
        };
        let (app, runner) = (Arc::clone(self), runner.cloned());
        // Hashing the file takes a millisecond for each few megabytes.
        crate::blocking::run(move || app.sandbox.load(&artefact, runner.as_ref())).await
    }
}
