//! The spaces that serve: loaded at their first call, kept, replaced when something about them changes.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dashmap::DashMap;
use host_runtime::{LoadError, Usage};
use metrics::{Counter, Histogram};
use spaces::SpaceId;
use spaces::interface::Interface;
use spaces::limits::Limits;
use spaces::manifest::{Engine, Visibility};
use spaces::store::{AppKind, LiveRevision, ReadError, Revision};
use tokio::sync::OnceCell;

use crate::app::App;
use crate::assets::FileAssets;
use crate::convert::limits_to_runtime;
use crate::inference::SpaceInference;
use crate::publishing::runner::RunnerError;
use crate::publishing::{RebuildError, artefact_key};

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
    pub(crate) metrics: SpaceMetrics,
}

/// The space's own meters, looked up once.
pub(crate) struct SpaceMetrics {
    completed: Counter,
    failed: Counter,
    call_seconds: Histogram,
    instantiate_seconds: Histogram,
    cpu_seconds: Histogram,
    memory_bytes: Histogram,
    in_bytes: Counter,
    pub(crate) out_bytes: Counter,
}

/// Why a space cannot be called.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LiveError {
    #[error("there is no space `{id}`")]
    NotFound { id: SpaceId },
    #[error("the store cannot be read")]
    Read(#[from] ReadError),
    #[error("the ONNX runner is not ready")]
    Runner(#[from] RunnerError),
    #[error("the space cannot be loaded")]
    Load(#[from] LoadError),
    #[error("the space's artefact cannot be made again")]
    Rebuild(#[from] RebuildError),
}

/// Loaded spaces. A sharded map, since every request looks here; values are shared pointers, so nothing is
/// locked while a space is used.
#[derive(Default)]
pub(crate) struct LiveSpaces {
    loaded: DashMap<SpaceId, Arc<OnceCell<Arc<LiveSpace>>>>,
    /// Counts changes, so that a load that began before one is not kept after it.
    changes: AtomicU64,
}

impl LiveSpaces {
    /// Forgets a space that has changed; its next call loads it anew. Running calls end as they began.
    pub(crate) fn forget(&self, id: &SpaceId) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.loaded.remove(id);
    }
}

impl App {
    /// The space's live revision, loaded if need be; many callers at once load it once.
    ///
    /// # Errors
    /// [`LiveError`].
    pub(crate) async fn live_space(self: &Arc<Self>, id: &SpaceId) -> Result<Arc<LiveSpace>, LiveError> {
        loop {
            let cell = self.live.loaded.get(id).map(|entry| Arc::clone(entry.value()));
            if let Some(space) = cell.as_ref().and_then(|cell| cell.get()) {
                return Ok(Arc::clone(space));
            }
            let changes = self.live.changes.load(Ordering::SeqCst);
            // Asked first, so that unknown names leave no entry behind.
            let Some(revision) = self.store.live_revision(id).await? else {
                return Err(LiveError::NotFound { id: id.clone() });
            };
            let cell = Arc::clone(self.live.loaded.entry(id.clone()).or_default().value());
            let loaded = cell.get_or_try_init(|| self.load(revision)).await.map(Arc::clone);
            if self.live.changes.load(Ordering::SeqCst) == changes {
                return loaded;
            }
            self.live.loaded.remove(id);
        }
    }

    async fn load(self: &Arc<Self>, live: LiveRevision) -> Result<Arc<LiveSpace>, LiveError> {
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
        let files: BTreeMap<_, _> = revision
            .assets
            .iter()
            // The model is kept for the host; visitors get the bundle's other files.
            .filter(|asset| revision.kind != AppKind::Onnx || revision.manifest.app.as_ref() != Some(&asset.path))
            .map(|asset| (asset.path.clone(), self.store.asset_path(&asset.digest)))
            .collect();
        let config = self.store.config(&id).await?.into_iter().map(|entry| (entry.key, entry.value)).collect();
        let limits = self.limits.clamp(&revision.manifest.limits);
        Ok(Arc::new(LiveSpace {
            metrics: SpaceMetrics::of(&id),
            id,
            visibility,
            runtime_limits: limits_to_runtime(&limits),
            limits,
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

impl SpaceMetrics {
    fn of(id: &SpaceId) -> Self {
        let space = || id.to_string();
        let outcome = |outcome: &'static str| metrics::counter!("vitrine_invocations_total", "space" => space(), "outcome" => outcome);
        Self {
            completed: outcome("completed"),
            failed: outcome("failed"),
            call_seconds: metrics::histogram!("vitrine_call_seconds", "space" => space()),
            instantiate_seconds: metrics::histogram!("vitrine_instantiate_seconds", "space" => space()),
            cpu_seconds: metrics::histogram!("vitrine_cpu_seconds", "space" => space()),
            memory_bytes: metrics::histogram!("vitrine_memory_bytes", "space" => space()),
            in_bytes: metrics::counter!("vitrine_in_bytes_total", "space" => space()),
            out_bytes: metrics::counter!("vitrine_out_bytes_total", "space" => space()),
        }
    }

    /// Counts one invocation.
    pub(crate) fn record(&self, completed: bool, usage: &Usage, in_bytes: u64) {
        if completed { &self.completed } else { &self.failed }.increment(1);
        self.call_seconds.record(usage.call);
        self.instantiate_seconds.record(usage.instantiate);
        self.cpu_seconds.record(usage.cpu);
        self.memory_bytes.record(usage.memory_bytes as f64);
        self.in_bytes.increment(in_bytes);
    }
}
