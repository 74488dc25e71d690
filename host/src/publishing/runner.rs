//! The built-in ONNX runner's code: compiled once per version, kept beside the data.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use host_runtime::{Artefact, LoadError, RunnerCode, engine_version};
use spaces::Digest;
use spaces::store::OpenError;
use tokio::sync::{OnceCell, mpsc};

use super::job_folder::JobFolder;
use super::worker_process::{WorkerError, run_worker};
use crate::app::App;
use crate::worker::{Job, WorkerEvent};
use crate::{blocking, embedded};

/// The longest that compiling the runner may take: ten times what a small machine needs.
const COMPILE_LIMIT: Duration = Duration::from_secs(240);

/// The name of what the worker makes.
const CODE: &str = "runner.cwasm";

/// Why the runner is not there.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunnerError {
    #[error("the runner's folder cannot be used")]
    Folder(#[from] std::io::Error),
    #[error("the store has no room for drafts")]
    Draft(#[from] OpenError),
    #[error("the worker that compiles the runner failed")]
    Worker(#[from] WorkerError),
    #[error("the runner could not be compiled: {message}")]
    Compile { message: String },
    #[error("the runner does not load")]
    Load(#[from] LoadError),
}

/// The digest of the runner that this binary carries.
pub(crate) fn digest() -> Digest {
    static DIGEST: LazyLock<Digest> = LazyLock::new(|| Digest::of(embedded::onnx_runner()));
    *DIGEST
}

/// The runner, made at the first need.
pub(crate) struct OnnxRunner {
    folder: PathBuf,
    file: OnceCell<Artefact>,
    code: OnceCell<RunnerCode>,
}

impl OnnxRunner {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), file: OnceCell::new(), code: OnceCell::new() }
    }

    /// True where an earlier start has left the compiled code.
    pub(crate) fn is_compiled(&self) -> bool {
        self.recorded().is_some()
    }

    /// The loaded code; compiles it where this version has not been compiled here yet.
    ///
    /// # Errors
    /// [`RunnerError`]; the next call tries again.
    pub(crate) async fn get(&self, app: &Arc<App>) -> Result<RunnerCode, RunnerError> {
        let code = self.code.get_or_try_init(|| async {
            let file = self.get_file(app).await?;
            match load(app, file).await {
                Err(LoadError::Digest { .. } | LoadError::Incompatible { .. } | LoadError::Read { .. }) => {
                    Ok(load(app, self.compile(app).await?).await?)
                }
                loaded => Ok(loaded?),
            }
        });
        code.await.cloned()
    }

    /// The compiled file, for a worker.
    ///
    /// # Errors
    /// [`RunnerError`].
    pub(crate) async fn get_file(&self, app: &Arc<App>) -> Result<Artefact, RunnerError> {
        let file = self.file.get_or_try_init(|| async {
            match self.recorded() {
                Some(artefact) => Ok(artefact),
                None => self.compile(app).await,
            }
        });
        file.await.cloned()
    }

    fn path(&self) -> PathBuf {
        self.folder.join(format!("onnx-{}-{}.cwasm", digest(), engine_version()))
    }

    /// What an earlier start has compiled; its digest lies beside it and is checked when it is loaded.
    fn recorded(&self) -> Option<Artefact> {
        let path = self.path();
        let text = std::fs::read_to_string(path.with_extension("digest")).ok()?;
        let digest: Digest = text.trim().parse().ok()?;
        path.is_file().then(|| Artefact { path, digest: *digest.as_bytes(), needs_runner: false })
    }

    /// Removes the code of other versions: tens of megabytes that nobody loads any more.
    async fn remove_others(&self, kept: &Path) -> std::io::Result<()> {
        let mut entries = tokio::fs::read_dir(&self.folder).await?;
        while let Some(entry) = entries.next_entry().await? {
            if entry.path().file_stem() != kept.file_stem() {
                tokio::fs::remove_file(entry.path()).await?;
            }
        }
        Ok(())
    }

    async fn compile(&self, app: &Arc<App>) -> Result<Artefact, RunnerError> {
        let since = Instant::now();
        tracing::info!("compiling the ONNX runner, once for this version");
        let path = self.path();
        let (sender, mut events) = mpsc::channel(8);
        // On the disk of the data folder, and removed also after a crash.
        let draft = app.store.draft().await?;
        let (root, user) = (draft.path().to_owned(), app.worker_limits.user);
        let folder = blocking::run(move || JobFolder::new(&root, user)).await?;
        let job = Job::CompileRunner { artefact: JobFolder::output(CODE) };
        let listen = async {
            let mut last = None;
            while let Some(event) = events.recv().await {
                last = Some(event);
            }
            last
        };
        let (ended, last) =
            tokio::join!(run_worker(&job, folder.root(), &app.worker_limits, COMPILE_LIMIT, sender), listen);
        ended?;
        match last {
            Some(WorkerEvent::Compiled { digest }) => {
                // The worker has written and synced it whole; the name comes last.
                tokio::fs::rename(folder.take(CODE)?, &path).await?;
                tokio::fs::write(path.with_extension("digest"), digest.to_string()).await?;
                self.remove_others(&path).await?;
                tracing::info!(duration_ms = since.elapsed().as_millis(), "the ONNX runner is compiled");
                Ok(Artefact { path, digest: *digest.as_bytes(), needs_runner: false })
            }
            Some(WorkerEvent::Failed { error, .. }) => Err(RunnerError::Compile { message: error.message }),
            _ => Err(RunnerError::Compile { message: "the worker gave no answer".to_owned() }),
        }
    }
}

async fn load(app: &Arc<App>, file: Artefact) -> Result<RunnerCode, LoadError> {
    let app = Arc::clone(app);
    blocking::run(move || app.sandbox.load_runner(&file)).await
}
