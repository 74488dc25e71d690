//! What a server uses: models in, tensors in and out.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use onnx_runner::native::Wanted;
use tokio::sync::oneshot;

use crate::engine::{self, EngineKind, StartError};
use crate::models::{Found, LoadResult, Loading, Models};
use crate::pool::{Pool, PoolLimits, Refused};
use crate::tensor::NamedTensor;

/// How native inference is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InferenceConfig {
    pub engine: EngineKind,
    /// Runs at once.
    pub threads: usize,
    /// Runs that wait; further ones are refused.
    pub max_queued: usize,
    /// Threads that may still be at a run which nobody waits for any more; beyond that nothing is accepted.
    pub max_abandoned: usize,
    /// The longest run, whatever its caller allows; loading the model counts.
    pub max_run: Duration,
    /// What all loaded models together may take, estimated from their files' sizes.
    pub max_model_bytes: u64,
}

/// A model of a space.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelRef {
    /// The space: models are never shared between two.
    pub space: String,
    /// The file's SHA-256: an unchanged model stays loaded when its space is published anew.
    pub digest: [u8; 32],
    pub path: PathBuf,
    /// The outputs that are asked for.
    pub wanted: Wanted,
}

/// Why there is no result. The texts are for the author of the space.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InferError {
    /// The file is not a model that the engine runs.
    #[error("{0}")]
    BadModel(String),
    /// The inputs do not fit the model.
    #[error("{0}")]
    BadInput(String),
    /// The run failed.
    #[error("{0}")]
    Failed(String),
    #[error("the native run exceeded its deadline")]
    DeadlineExceeded,
    /// There is no room now; the same call may work later.
    #[error("{0}")]
    Busy(String),
}

impl From<Refused> for InferError {
    fn from(refused: Refused) -> Self {
        Self::Busy(refused.to_string())
    }
}

/// What there is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InferenceStats {
    /// Runs and loads that somebody waits for.
    pub running: usize,
    /// Threads at a run that nobody waits for any more.
    pub abandoned: usize,
    /// Models that are loaded or being loaded.
    pub models: usize,
    /// What they are counted to take.
    pub model_bytes: u64,
}

/// Runs models on threads of its own.
pub struct Inference {
    models: Arc<Models>,
    pool: Pool,
    max_run: Duration,
    engine_name: &'static str,
}

impl Inference {
    /// Loads the engine and starts the threads.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn start(config: &InferenceConfig) -> Result<Self, StartError> {
        let engine = engine::start(&config.engine)?;
        let limits =
            PoolLimits { slots: config.threads, max_queued: config.max_queued, max_abandoned: config.max_abandoned };
        Ok(Self {
            engine_name: engine.name(),
            models: Models::new(engine, config.max_model_bytes),
            pool: Pool::start(limits).map_err(StartError::Threads)?,
            max_run: config.max_run,
        })
    }

    /// The engine's name, for messages.
    pub fn engine_name(&self) -> &'static str {
        self.engine_name
    }

    /// Runs a model once. `inputs` are all inputs of the graph, in any order; the outputs come in the graph's.
    ///
    /// Dropping the future, or the deadline, gives the run up: its caller is free at once.
    ///
    /// # Errors
    /// [`InferError`].
    pub async fn infer(
        &self,
        model: &ModelRef,
        inputs: Vec<NamedTensor>,
        deadline: Instant,
    ) -> Result<Vec<NamedTensor>, InferError> {
        self.until(deadline, async {
            let loaded = self.loaded(model).await?;
            let (sender, result) = oneshot::channel();
            let path = model.path.clone();
            let _ticket = self.pool.submit(loaded.exclusive, move |interrupt| {
                let result = loaded.model.run(&path, inputs, interrupt);
                // Not needed to hand it over, and the model may go as soon as its caller has the answer.
                drop(loaded);
                move || {
                    // Nobody may be left to hear it.
                    let _ = sender.send(result);
                }
            })?;
            result.await.unwrap_or_else(|_| Err(InferError::Failed("the engine failed on this model".to_owned())))
        })
        .await
    }

    /// Loads a model without running it, to find out whether it can be.
    ///
    /// # Errors
    /// [`InferError`].
    pub async fn load(&self, model: &ModelRef, deadline: Instant) -> Result<(), InferError> {
        self.until(deadline, async { self.loaded(model).await.map(drop) }).await
    }

    /// What there is now.
    pub fn stats(&self) -> InferenceStats {
        let (running, abandoned) = self.pool.counts();
        let (model_bytes, models) = self.models.usage();
        InferenceStats { running, abandoned, models, model_bytes }
    }

    async fn until<T>(
        &self,
        deadline: Instant,
        work: impl Future<Output = Result<T, InferError>>,
    ) -> Result<T, InferError> {
        let deadline = deadline.min(Instant::now() + self.max_run);
        tokio::time::timeout_at(deadline.into(), work).await.unwrap_or(Err(InferError::DeadlineExceeded))
    }

    async fn loaded(&self, model: &ModelRef) -> LoadResult {
        loop {
            match self.models.find(model) {
                // Whoever was to load it may have gone before it began: then it is for the next to do.
                Found::Known(loading) => {
                    if let Some(result) = wait(loading).await {
                        return result;
                    }
                }
                Found::New(loading, work) => {
                    // Should this caller go, a load that has begun goes on without a slot, for the next call.
                    let _ticket = self.pool.submit(None, move |_| work.run())?;
                    let failed = || Err(InferError::Failed("the engine failed on this model".to_owned()));
                    return wait(loading).await.unwrap_or_else(failed);
                }
            }
        }
    }
}

/// None where nobody loads it any more.
async fn wait(mut loading: Loading) -> Option<LoadResult> {
    loading.wait_for(Option::is_some).await.ok().and_then(|result| result.clone())
}
