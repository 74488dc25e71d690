//! From an upload to a live revision: `receive` and `unpack` here, the dangerous middle in a worker process,
//! `activate` here again.

pub(crate) mod queue;
pub(crate) mod runner;
pub(crate) mod cgroup;
mod inspect;
mod job_folder;
mod memory;
mod smoke;
mod spans;
mod spawner;
pub(crate) mod worker_process;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use host_runtime::engine_version;
use spaces::interface::Interface;
use spaces::limits::{LimitError, LimitsSpec};
use spaces::manifest::{Engine, Manifest, Visibility};
use spaces::store::bundle::{Bundle, BundleError, BundleFile, BundleLimits, unpack};
use spaces::store::{
    AppKind, Artefact, Asset, Draft, ExampleOutput, NewRevision, OpenError, PutError, ReadError, Revision, StoredObject,
};
use spaces::view::{ErrorBody, LogLevel, PublishEvent, Step};
use spaces::{Digest, SpaceId};
use time::OffsetDateTime;
use tokio::sync::mpsc;

use crate::app::App;
use crate::blocking;
use crate::examples::{ExampleIndex, MAX_KEPT, MAX_OUTPUTS_BYTES, MAX_TOTAL_BYTES};
use crate::http::error::publish_status;
use crate::origin::Origin;
use crate::traces::Span;
use crate::worker::{Job, PublishJob, WorkerEvent, called, chain};
use job_folder::JobFolder;
use spans::PublishSpans;
use worker_process::{WorkerError, run_worker};

/// An upload, received.
pub(crate) struct Upload {
    pub(crate) space: SpaceId,
    /// As the client named it; its ending tells the kind.
    pub(crate) filename: String,
    /// As the client asks for it; it wins over the manifest.
    pub(crate) visibility: Option<Visibility>,
    /// Who sends it.
    pub(crate) published_by: String,
    pub(crate) received: Received,
}

/// The bytes of an upload, in the folder of its draft.
pub(crate) struct Received {
    pub(crate) draft: Draft,
    pub(crate) file: PathBuf,
    pub(crate) stored: StoredObject,
}

/// Why a publish failed: a step, and what to tell the author.
struct Failure {
    step: Step,
    error: ErrorBody,
}

/// Tells the client, the space's log and the trace.
pub(crate) struct Reporter {
    events: mpsc::Sender<PublishEvent>,
    logs: crate::logs::Logs,
    space: SpaceId,
    // A plain lock: it is held for a moment, never while somebody waits.
    spans: Mutex<PublishSpans>,
}

impl Reporter {
    pub(crate) fn new(app: &App, space: &SpaceId, events: mpsc::Sender<PublishEvent>) -> Self {
        let spans = Mutex::new(PublishSpans::new(&Origin::current_trace(), space));
        Self { events, logs: app.logs.clone(), space: space.clone(), spans }
    }

    /// The span of the wait for a turn.
    pub(crate) fn queue(&self) -> Span {
        self.spans.lock().expect("never poisoned: no code under it panics").queue()
    }

    /// A client that has gone does not stop a publish that has all its bytes.
    pub(crate) async fn send(&self, event: PublishEvent) {
        if let PublishEvent::Log { level, message } = &event {
            self.logs.push(&self.space, None, *level, message.clone());
        }
        self.spans.lock().expect("never poisoned: no code under it panics").hear(&event);
        let _ = self.events.send(event).await;
    }

    pub(crate) async fn started(&self, step: Step) -> Instant {
        self.send(PublishEvent::Started { step }).await;
        Instant::now()
    }

    pub(crate) async fn finished(&self, step: Step, since: Instant, detail: Option<String>) {
        let duration_ms = since.elapsed().as_secs_f64() * 1e3;
        self.send(PublishEvent::Finished { step, duration_ms, detail }).await;
    }
}

/// The files of an upload and what its author says of them.
struct Recipe {
    bundle: Bundle,
    manifest: Manifest,
}

/// Under which an artefact is kept: what it was made of, and by what.
pub(crate) fn artefact_key(revision: &Revision) -> (Digest, String) {
    (revision.component, engine_of(revision.kind))
}

fn engine_of(kind: AppKind) -> String {
    match kind {
        AppKind::Component => engine_version().to_owned(),
        // The memory image fits one build of the runner's code only.
        AppKind::Onnx => format!("{}+{}", engine_version(), runner::digest()),
    }
}

impl App {
    /// Publishes an upload; the last event tells how it went.
    pub(crate) async fn publish(self: &Arc<Self>, upload: Upload, reporter: Reporter) {
        let space = upload.space.clone();
        let since = Instant::now();
        let event = match self.try_publish(upload, &reporter).await {
            Ok(revision) => {
                tracing::info!(space.id = %space, revision, duration_ms = since.elapsed().as_millis(), "published `{space}`");
                self.meters.published("live");
                PublishEvent::Live { url: format!("{}/spaces/{space}", self.public_url), space, revision }
            }
            Err(Failure { step, error }) => {
                // A stranger's words are part of it: they must not look like lines of the log.
                let line = error.message.replace('\n', " ");
                tracing::info!(space.id = %space, ?step, code = error.code, "publish of `{space}` failed: {line}");
                self.meters.published("failed");
                let message = format!("publish failed at {step:?}: {line}");
                reporter.logs.push(&space, None, LogLevel::Error, message);
                PublishEvent::Failed { step, status: publish_status(&error.code).as_u16(), error }
            }
        };
        reporter.send(event).await;
    }

    async fn try_publish(self: &Arc<Self>, upload: Upload, reporter: &Reporter) -> Result<u64, Failure> {
        let Upload { space, filename, visibility, published_by, received } = upload;
        let since = reporter.started(Step::Unpack).await;
        let limits = BundleLimits { max_unpacked_bytes: self.args.max_upload_bytes(), ..BundleLimits::default() };
        let unpacked = unpack_upload(&received.file, &filename, &received.draft, limits).await;
        let unpacked = unpacked.map_err(at(Step::Unpack))?;
        reporter.finished(Step::Unpack, since, None).await;

        let since = reporter.started(Step::Resolve).await;
        let mut recipe = resolve(unpacked).map_err(at(Step::Resolve))?;
        self.limits.grant(&recipe.manifest.limits).map_err(over_limit).map_err(at(Step::Resolve))?;
        if recipe.manifest.engine == Engine::Native {
            let allowed = self.native.check(&space);
            allowed
                .map_err(|not_allowed| body("native_not_allowed", not_allowed.to_string(), Some("engine")))
                .map_err(at(Step::Resolve))?;
        }
        recipe.manifest.visibility = visibility.or(recipe.manifest.visibility);
        let detail = match recipe.bundle.assets.len() {
            0 => recipe.bundle.app.name.clone(),
            1 => format!("{} and 1 more file", recipe.bundle.app.name),
            n => format!("{} and {n} more files", recipe.bundle.app.name),
        };
        reporter.finished(Step::Resolve, since, Some(detail)).await;

        let mut made = self.make_artefact(&space, &recipe, &received.draft, Some(reporter)).await?;

        if recipe.manifest.engine == Engine::Native {
            // The worker has begun this step and left it to us.
            let since = Instant::now();
            let n_calls = self.smoke_natively(&space, &recipe, &mut made, received.draft.path()).await;
            let n_calls = n_calls.map_err(at(Step::Smoke))?;
            reporter.finished(Step::Smoke, since, Some(called(n_calls))).await;
        }

        let since = reporter.started(Step::Activate).await;
        let number = self.activate(space, published_by, received, recipe, made).await;
        let number = number.map_err(|error| internal(Step::Activate, &error))?;
        reporter.finished(Step::Activate, since, None).await;
        Ok(number)
    }

    /// Runs the worker and passes its events on.
    async fn make_artefact(
        self: &Arc<Self>,
        space: &SpaceId,
        recipe: &Recipe,
        draft: &Draft,
        reporter: Option<&Reporter>,
    ) -> Result<Made, Failure> {
        let runner = match recipe.bundle.kind {
            AppKind::Component => None,
            AppKind::Onnx => Some(self.runner.get_file(self).await.map_err(|error| internal(Step::Validate, &error))?),
        };
        let config = self.store.config(space).await.map_err(|error| internal(Step::Validate, &error))?;
        let (root, user, bundle) = (draft.path().to_owned(), self.worker_limits.user, recipe.bundle.clone());
        let inputs = blocking::run(move || Inputs::gather(&root, user, bundle, runner)).await;
        let Inputs { folder, component, runner, assets } = inputs.map_err(|error| internal(Step::Validate, &error))?;
        let job = Job::Publish(Box::new(PublishJob {
            component,
            runner,
            manifest: recipe.manifest.clone(),
            fallback_title: space.name().replace('-', " "),
            assets,
            config: config.into_iter().map(|entry| (entry.key, entry.value)).collect::<HashMap<_, _>>(),
            limits: self.limits.clamp(&recipe.manifest.limits),
            init_deadline_seconds: self.limits.clamp(&LimitsSpec::default()).deadline_seconds,
            artefact: JobFolder::output(ARTEFACT),
            outputs: JobFolder::output(""),
        }));
        let (sender, mut events) = mpsc::channel(64);
        let worker = run_worker(&job, folder.root(), &self.worker_limits, self.args.publish_deadline(), sender);
        let follow = async {
            let mut step = Step::Validate;
            let mut last = None;
            while let Some(event) = events.recv().await {
                let told = match event {
                    WorkerEvent::Started { step: started } => {
                        step = started;
                        PublishEvent::Started { step }
                    }
                    WorkerEvent::Finished { step, duration_ms, detail } => {
                        PublishEvent::Finished { step, duration_ms, detail }
                    }
                    WorkerEvent::Log { level, message } => PublishEvent::Log { level, message },
                    done => {
                        last = Some(done);
                        continue;
                    }
                };
                if let Some(reporter) = reporter {
                    reporter.send(told).await;
                }
            }
            (step, last)
        };
        let (ended, (step, last)) = tokio::join!(worker, follow);
        match last {
            Some(WorkerEvent::Done { interface, artefact: digest, examples, .. }) => {
                let artefact = folder.take(ARTEFACT).map_err(|error| internal(Step::Smoke, &error))?;
                let examples = take_examples(&folder, &interface, examples);
                Ok(Made { interface: *interface, artefact, digest, examples })
            }
            Some(WorkerEvent::Failed { step, error }) => Err(Failure { step, error }),
            _ => Err(worker_died(step, ended)),
        }
    }

    async fn activate(
        &self,
        space: SpaceId,
        published_by: String,
        received: Received,
        recipe: Recipe,
        made: Made,
    ) -> anyhow::Result<u64> {
        let Received { draft, file, stored } = received;
        let bundle = draft.put_object(&file).await?;
        anyhow::ensure!(bundle.digest == stored.digest, "the upload has changed on disk while it was published");
        let mut assets = Vec::new();
        // In the sandbox the model is part of the artefact; the host needs its file.
        let is_native_model = recipe.bundle.kind == AppKind::Onnx && recipe.manifest.engine == Engine::Native;
        let model = is_native_model.then_some(recipe.bundle.app);
        for BundleFile { name, path, size_bytes, mime_type, .. } in recipe.bundle.assets.into_iter().chain(model) {
            let object = draft.put_asset(&path).await?;
            assets.push(Asset { path: name, digest: object.digest, size_bytes, mime_type });
        }
        let mut interface = made.interface;
        let mut example_outputs = Vec::with_capacity(made.examples.len());
        for (ExampleIndex { endpoint, example }, file) in made.examples {
            interface.endpoints[endpoint].examples[example].cached = true;
            let digest = draft.put_object(&file).await?.digest;
            example_outputs.push(ExampleOutput { endpoint, example, digest });
        }
        let artefact = draft.put_artefact(&made.artefact).await?;
        // What the worker tested is what goes live.
        anyhow::ensure!(artefact.digest == made.digest, "the artefact has changed on disk after the worker wrote it");
        let revision = NewRevision {
            space: space.clone(),
            kind: recipe.bundle.kind,
            component: bundle.digest,
            bundle,
            engine: engine_of(recipe.bundle.kind),
            artefact,
            manifest: recipe.manifest,
            interface,
            assets,
            example_outputs,
            created_at: OffsetDateTime::now_utc(),
            published_by,
        };
        let number = draft.commit(revision).await?;
        self.live.forget(&space);
        Ok(number)
    }

    /// Makes a revision's artefact again, from its stored upload.
    ///
    /// # Errors
    /// [`RebuildError`].
    pub(crate) async fn rebuild(self: &Arc<Self>, revision: &Revision) -> Result<Artefact, RebuildError> {
        let _turn = self.publish_queue.urgent_turn(revision.space.owner()).await;
        let (component, engine) = artefact_key(revision);
        let draft = self.store.draft().await?;
        let upload = self.store.object_path(&revision.bundle.digest);
        let filename = stored_filename(&upload, revision).await?;
        let limits = BundleLimits { max_unpacked_bytes: u64::MAX, ..BundleLimits::default() };
        let unpacked = unpack_upload(&upload, &filename, &draft, limits).await.map_err(RebuildError::resolve)?;
        let mut recipe = resolve(unpacked).map_err(RebuildError::resolve)?;
        // Those of the revision are kept already.
        recipe.manifest.cache_examples = Some(false);
        let made = self.make_artefact(&revision.space, &recipe, &draft, None).await;
        let made = made.map_err(|failure| RebuildError::Worker { message: failure.error.message })?;
        Ok(self.store.put_artefact(&component, &engine, &made.artefact).await?)
    }
}

/// Why an artefact could not be made again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RebuildError {
    #[error("the stored upload cannot be read")]
    Upload(#[from] std::io::Error),
    #[error("the stored upload no longer resolves: {message}")]
    Resolve { message: String },
    #[error("the worker failed: {message}")]
    Worker { message: String },
    #[error("the artefact cannot be kept")]
    Put(#[from] PutError),
    #[error("the store cannot be read")]
    Read(#[from] ReadError),
    #[error("the store has no room for drafts")]
    Draft(#[from] OpenError),
}

impl RebuildError {
    fn resolve(error: ErrorBody) -> Self {
        Self::Resolve { message: error.message }
    }
}

/// The name of what the worker makes.
const ARTEFACT: &str = "app.cwasm";

/// What the worker reads, in its folder; paths as the worker sees them.
struct Inputs {
    folder: JobFolder,
    component: Option<PathBuf>,
    runner: Option<(PathBuf, Digest)>,
    assets: BTreeMap<String, PathBuf>,
}

impl Inputs {
    fn gather(
        root: &Path,
        user: Option<u32>,
        bundle: Bundle,
        runner: Option<host_runtime::Artefact>,
    ) -> std::io::Result<Self> {
        let mut folder = JobFolder::new(root, user)?;
        let runner = match runner {
            Some(code) => Some((folder.input(&code.path)?, Digest::from_bytes(code.digest))),
            None => None,
        };
        let mut assets = BTreeMap::new();
        for file in bundle.assets {
            assets.insert(file.name, folder.input(&file.path)?);
        }
        let app = folder.input(&bundle.app.path)?;
        let component = match bundle.kind {
            AppKind::Component => Some(app),
            AppKind::Onnx => {
                assets.insert(bundle.app.name, app);
                None
            }
        };
        Ok(Self { folder, component, runner, assets })
    }
}

/// What the worker made.
struct Made {
    interface: Interface,
    artefact: PathBuf,
    digest: Digest,
    /// The examples whose outputs are kept, with the file of each.
    examples: Vec<(ExampleIndex, PathBuf)>,
}

/// What the worker has kept of examples: within the bounds again, since a worker has met a stranger's code.
fn take_examples(
    folder: &JobFolder,
    interface: &Interface,
    examples: Vec<ExampleIndex>,
) -> Vec<(ExampleIndex, PathBuf)> {
    let mut taken: Vec<(ExampleIndex, PathBuf)> = Vec::new();
    let mut bytes_left = MAX_TOTAL_BYTES;
    for index in examples.into_iter().take(MAX_KEPT).filter(|index| index.is_in(interface)) {
        let Ok(file) = folder.take(&index.file_name()) else { continue };
        let n_bytes = file.metadata().map_or(u64::MAX, |metadata| metadata.len());
        let is_new = !taken.iter().any(|(other, _)| *other == index);
        if is_new && n_bytes <= MAX_OUTPUTS_BYTES.min(bytes_left) {
            bytes_left -= n_bytes;
            taken.push((index, file));
        }
    }
    taken
}

/// A name under which a stored upload unpacks as it did when it was sent.
async fn stored_filename(upload: &Path, revision: &Revision) -> std::io::Result<String> {
    use tokio::io::AsyncReadExt as _;
    let mut magic = [0; 2];
    tokio::fs::File::open(upload).await?.read_exact(&mut magic).await?;
    match &revision.manifest.app {
        Some(app) if magic != *b"PK" => Ok(app.clone()),
        _ => Ok("bundle.zip".to_owned()),
    }
}

async fn unpack_upload(
    file: &Path,
    filename: &str,
    draft: &Draft,
    limits: BundleLimits,
) -> Result<spaces::store::bundle::Unpacked, ErrorBody> {
    let (file, filename, into) = (file.to_owned(), filename.to_owned(), draft.file("files"));
    let unpacked = blocking::run(move || {
        std::fs::create_dir_all(&into).map_err(|source| BundleError::Io { path: into.clone(), source })?;
        unpack(&file, &filename, &into, &limits)
    });
    unpacked.await.map_err(bundle_error)
}

fn resolve(unpacked: spaces::store::bundle::Unpacked) -> Result<Recipe, ErrorBody> {
    let mut manifest = match &unpacked.manifest {
        Some(text) => {
            Manifest::parse(text).map_err(|error| body("invalid_manifest", error.to_string(), Some("space.toml")))?
        }
        None => Manifest::default(),
    };
    let bundle = unpacked.into_bundle(manifest.app.as_deref()).map_err(bundle_error)?;
    if bundle.kind == AppKind::Component && !(manifest.inputs.is_empty() && manifest.outputs.is_empty()) {
        // Silently ignored, they would leave the author wondering why the page does not change.
        let message = format!(
            "`[[inputs]]` and `[[outputs]]` describe an ONNX model, but `{}` describes itself; remove them",
            bundle.app.name
        );
        return Err(body("invalid_manifest", message, Some("space.toml")));
    }
    if let Some(picture) = &manifest.thumbnail
        && !bundle.assets.iter().any(|file| file.name == *picture)
    {
        let message = format!("the thumbnail `{picture}` is not in the bundle");
        return Err(body("invalid_manifest", message, Some("space.toml")));
    }
    manifest.app = Some(bundle.app.name.clone());
    Ok(Recipe { bundle, manifest })
}

fn over_limit(error: LimitError) -> ErrorBody {
    body("limit_exceeded", error.to_string(), Some(&format!("limits.{}", error.key)))
}

fn bundle_error(error: BundleError) -> ErrorBody {
    body(error.code(), chain(&error), error.entry())
}

fn worker_died(step: Step, ended: Result<(), WorkerError>) -> Failure {
    let (code, message) = match ended {
        Ok(()) => ("worker_failed", "the publish worker ended without a result".to_owned()),
        Err(error) => (error.code(), chain(&error)),
    };
    Failure { step, error: body(code, message, None) }
}

fn body(code: &str, message: String, field: Option<&str>) -> ErrorBody {
    ErrorBody { code: code.to_owned(), message, field: field.map(str::to_owned), request_id: None }
}

fn at(step: Step) -> impl FnOnce(ErrorBody) -> Failure {
    move |error| Failure { step, error }
}

/// Our own mistake: the author hears that it is not theirs, the log hears what it is.
fn internal(step: Step, error: &dyn std::fmt::Debug) -> Failure {
    tracing::error!(?step, ?error, "a publish failed for a reason of the server's");
    let message = "the server could not finish the publish; it is not your app's fault, try again".to_owned();
    Failure { step, error: body("internal", message, None) }
}
