//! Native inference for spaces: who may use it, and from assets to files.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use host_inference::{
    EngineKind, InferError, Inference, InferenceConfig, InferenceStats, ModelRef, NamedTensor, Wanted,
};
use host_runtime::wit::NamedTensor as GuestTensor;
use host_runtime::{InferenceError, Inferring, NativeInference};
use spaces::manifest::{Engine, Manifest};
use spaces::store::AppKind;
use spaces::{Digest, SpaceId};

use crate::config::NativeArgs;
use crate::convert;

/// Runs that wait for each thread, before further ones are refused.
const QUEUED_PER_THREAD: usize = 32;

/// Who may run models outside the sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum NativePolicy {
    /// Nobody
    Off,
    /// The owners under --trusted-owners
    TrustedOwners,
    /// Everybody who may publish
    All,
}

/// Why a space may not; says who can change it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotAllowed(String);

impl fmt::Display for NotAllowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Native inference of this server; its engine starts only where somebody may use it.
pub(crate) struct Native {
    policy: NativePolicy,
    trusted_owners: Vec<String>,
    engine: Option<Arc<Inference>>,
}

impl Native {
    /// Starts the engine.
    ///
    /// # Errors
    /// When the operator's library is not ONNX Runtime, or the system gives no threads.
    pub(crate) fn start(args: &NativeArgs) -> anyhow::Result<Self> {
        // An empty variable is an empty list.
        let owners = args.trusted_owners.iter().map(|owner| owner.trim().to_owned());
        let trusted_owners: Vec<String> = owners.filter(|owner| !owner.is_empty()).collect();
        let somebody_may = match args.native_inference {
            NativePolicy::Off => false,
            NativePolicy::TrustedOwners => !trusted_owners.is_empty(),
            NativePolicy::All => true,
        };
        let engine = if somebody_may {
            let engine = Inference::start(&config(args)).context("native inference does not start")?;
            tracing::info!("native inference runs with {}", engine.engine_name());
            Some(Arc::new(engine))
        } else {
            None
        };
        Ok(Self { policy: args.native_inference, trusted_owners, engine })
    }

    /// Whether the spaces of this owner may use native inference.
    ///
    /// # Errors
    /// [`NotAllowed`], to be shown to the author.
    pub(crate) fn check(&self, space: &SpaceId) -> Result<&Arc<Inference>, NotAllowed> {
        let owner = space.owner();
        let allowed = match self.policy {
            NativePolicy::Off => false,
            NativePolicy::TrustedOwners => self.trusted_owners.iter().any(|trusted| trusted == owner),
            NativePolicy::All => true,
        };
        if let (true, Some(engine)) = (allowed, &self.engine) {
            return Ok(engine);
        }
        let reason = match self.policy {
            NativePolicy::Off => format!(
                "native inference is off on this server (VITRINE_NATIVE_INFERENCE=off); whoever runs it can turn it on \
                 and put `{owner}` on VITRINE_TRUSTED_OWNERS"
            ),
            NativePolicy::TrustedOwners | NativePolicy::All => format!(
                "this server runs models outside the sandbox only for owners that it trusts, and `{owner}` is not one; \
                 whoever runs it can add `{owner}` to VITRINE_TRUSTED_OWNERS"
            ),
        };
        Err(NotAllowed(format!("{reason}. Without `engine = \"native\"` in space.toml the model runs in the sandbox")))
    }

    /// What a space is given to run its models; `files` are its bundle's, the model included.
    pub(crate) fn for_space(
        &self,
        id: &SpaceId,
        kind: AppKind,
        manifest: &Manifest,
        files: HashMap<String, (Digest, PathBuf)>,
    ) -> SpaceInference {
        let engine = match manifest.engine {
            Engine::Native => self.check(id).map(Arc::clone).map_err(|not_allowed| not_allowed.to_string()),
            Engine::Sandbox => {
                Err("this space has not asked for native inference: write `engine = \"native\"` in its \
                                    space.toml and publish it again"
                    .to_owned())
            }
        };
        let wanted = match kind {
            AppKind::Onnx => Wanted::Shown(manifest.outputs.clone()),
            AppKind::Component => Wanted::Numeric,
        };
        SpaceInference { engine, space: id.to_string(), files, wanted }
    }

    /// What the engine does now; nothing where none has started.
    pub(crate) fn stats(&self) -> InferenceStats {
        self.engine.as_ref().map_or_else(InferenceStats::default, |engine| engine.stats())
    }
}

fn config(args: &NativeArgs) -> InferenceConfig {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let threads = args.native_threads.map_or(cores, |threads| threads as usize);
    InferenceConfig {
        engine: match &args.onnxruntime {
            Some(library) => {
                EngineKind::OnnxRuntime { library: library.clone(), intra_threads: args.onnxruntime_threads as usize }
            }
            None => EngineKind::Tract,
        },
        threads,
        max_queued: threads * QUEUED_PER_THREAD,
        max_abandoned: threads,
        max_run: Duration::from_millis(args.native_deadline),
        max_model_bytes: u64::from(args.native_memory) << 20,
    }
}

/// Runs the models of one space.
pub(crate) struct SpaceInference {
    /// Or why it is denied.
    engine: Result<Arc<Inference>, String>,
    space: String,
    /// By their path in the bundle.
    files: HashMap<String, (Digest, PathBuf)>,
    wanted: Wanted,
}

impl SpaceInference {
    /// Finds out whether the engine runs a model.
    ///
    /// # Errors
    /// [`InferenceError`], for the author.
    pub(crate) async fn load(&self, path: &str, deadline: Instant) -> Result<(), InferenceError> {
        let (engine, model) = self.model(path)?;
        engine.load(&model, deadline).await.map_err(|error| for_guest(path, error))
    }

    fn model(&self, path: &str) -> Result<(&Arc<Inference>, ModelRef), InferenceError> {
        let engine = self.engine.as_ref().map_err(|reason| InferenceError::Denied(reason.clone()))?;
        let (digest, file) = self.files.get(path).ok_or_else(|| {
            InferenceError::BadModel(format!("`{path}`: {}", crate::assets::missing(path, self.files.keys())))
        })?;
        let model = ModelRef {
            space: self.space.clone(),
            digest: *digest.as_bytes(),
            path: file.clone(),
            wanted: self.wanted.clone(),
        };
        Ok((engine, model))
    }
}

impl NativeInference for SpaceInference {
    fn infer(&self, model: String, inputs: Vec<GuestTensor>, deadline: Instant) -> Inferring<'_> {
        Box::pin(async move {
            let (engine, file) = self.model(&model)?;
            let inputs = inputs.into_iter().map(from_guest).collect();
            let outputs = engine.infer(&file, inputs, deadline).await.map_err(|error| for_guest(&model, error))?;
            Ok(outputs.into_iter().map(to_guest).collect())
        })
    }
}

fn for_guest(model: &str, error: InferError) -> InferenceError {
    let message = format!("`{model}`: {error}");
    match error {
        InferError::BadModel(_) => InferenceError::BadModel(message),
        InferError::BadInput(_) => InferenceError::BadInput(message),
        InferError::Failed(_) | InferError::DeadlineExceeded | InferError::Busy(_) => InferenceError::Failed(message),
    }
}

fn from_guest(named: GuestTensor) -> NamedTensor {
    NamedTensor { name: named.name, tensor: convert::tensor_from_guest(named.tensor) }
}

fn to_guest(named: NamedTensor) -> GuestTensor {
    GuestTensor { name: named.name, tensor: convert::tensor_to_guest(named.tensor) }
}
