//! The long-lived parts of the server, made once and shared by all requests.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use host_runtime::{EngineConfig, Sandbox, SandboxConfig};
use spaces::limits::LimitPolicy;
use spaces::store::Store;
use tokio::sync::watch;

use crate::auth::AdminToken;
use crate::blocking;
use crate::card::Cards;
use crate::config::ServeArgs;
use crate::descriptors::Descriptors;
use crate::enforcement::Enforcement;
use crate::flagging::FlagPace;
use crate::http::patience::Bodies;
use crate::inference::Native;
use crate::live::{self, LiveSpaces};
use crate::logs::{LogQueue, Logs};
use crate::meters::Meters;
use crate::publishing::queue::PublishQueue;
use crate::publishing::runner::OnnxRunner;
use crate::publishing::worker_process::WorkerLimits;
use crate::sessions::Sessions;
use crate::sign_ins::SignIns;
use crate::temporary::TemporaryFiles;
use crate::traces::Traces;
use crate::trim::Trim;
use crate::usage::Usages;

/// How often bytes that no revision refers to are removed: they cost only room on the disk.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// How often it is looked whether memory can be given back.
const TRIM_INTERVAL: Duration = Duration::from_secs(5);

/// Everything that a request may need.
pub(crate) struct App {
    pub(crate) args: ServeArgs,
    /// The URL that people are given, without a final slash.
    pub(crate) public_url: String,
    pub(crate) store: Store,
    pub(crate) sandbox: Sandbox,
    pub(crate) runner: OnnxRunner,
    pub(crate) live: LiveSpaces,
    pub(crate) native: Native,
    pub(crate) logs: Logs,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) temporary: Arc<TemporaryFiles>,
    pub(crate) admin: AdminToken,
    pub(crate) sign_ins: SignIns,
    pub(crate) bodies: Arc<Bodies>,
    pub(crate) limits: LimitPolicy,
    pub(crate) publish_queue: PublishQueue,
    pub(crate) worker_limits: WorkerLimits,
    pub(crate) meters: Meters,
    pub(crate) flag_pace: FlagPace,
    pub(crate) usages: Arc<Usages>,
    pub(crate) cards: Cards,
    pub(crate) traces: Traces,
    draining: watch::Sender<bool>,
}

impl App {
    /// Opens the data folder and starts the sandbox. Reads nothing per space.
    ///
    /// # Errors
    /// When the folder is in use or damaged, or this machine cannot run guests.
    pub(crate) async fn start(
        args: ServeArgs,
        public_url: String,
        descriptors: Descriptors,
    ) -> anyhow::Result<Arc<Self>> {
        let store = Store::open(&args.data).await?;
        let admin = AdminToken::load(&store, args.admin_token.as_ref()).await?;
        let enforcement = Enforcement::detect();
        enforcement.warn();
        let sandbox = Sandbox::new(sandbox_config(&args)).context("the sandbox does not start")?;
        let runner = OnnxRunner::new(&runner_folder(&args.data)?);
        let native = Native::start(&args.native)?;
        let (logs, queue) = Logs::new();
        let app = Arc::new(Self {
            limits: args.limits.policy(),
            public_url,
            sandbox,
            runner,
            live: LiveSpaces::new(live::max_loaded(args.max_loaded, descriptors)),
            native,
            logs,
            sessions: Arc::default(),
            temporary: TemporaryFiles::new(args.data.join("temporary"), args.temporary.limits())
                .context("the folder for temporary files cannot be made")?,
            bodies: Arc::new(Bodies::new(u64::from(args.max_bodies) << 20)),
            admin,
            sign_ins: SignIns::default(),
            publish_queue: PublishQueue::new(args.publish_workers as usize),
            worker_limits: WorkerLimits {
                memory_mib: args.publish_memory,
                user: enforcement.worker_user(&args),
                cgroups: enforcement.cgroups,
            },
            meters: Meters::new(),
            flag_pace: FlagPace::default(),
            usages: Arc::default(),
            cards: Cards::default(),
            traces: Traces::start(&args.traces)?,
            draining: watch::Sender::new(false),
            store: store.clone(),
            args,
        });
        tokio::spawn(sweep_store(store.clone()));
        tokio::spawn(give_memory_back());
        tokio::spawn(Arc::clone(&app.temporary).sweep());
        tokio::spawn(Arc::clone(&app.usages).keep_writing(store.clone()));
        tokio::spawn(store_logs(store, queue));
        // Loading the runner takes a few hundredths of a second, which are better spent before the first call than
        // in it. The first start on a machine compiles it, which takes many: then publishes wait for it, while the
        // server is up.
        let starting = Arc::clone(&app);
        let get_runner = async move {
            if let Err(error) = starting.runner.get(&starting).await {
                tracing::error!(error = &error as &dyn std::error::Error, "the ONNX runner is not ready");
            }
        };
        if app.runner.is_compiled() {
            get_runner.await;
        } else {
            tokio::spawn(get_runner);
        }
        Ok(app)
    }

    /// True once the server has been told to stop.
    pub(crate) fn draining(&self) -> bool {
        *self.draining.borrow()
    }

    /// Waits until the server is told to stop.
    pub(crate) async fn drained(&self) {
        // Fails only without a sender, which is this.
        let _ = self.draining.subscribe().wait_for(|draining| *draining).await;
    }

    /// Makes `/readyz` say no, so that balancers send nothing more.
    pub(crate) fn start_draining(&self) {
        self.draining.send_replace(true);
    }
}

fn sandbox_config(args: &ServeArgs) -> SandboxConfig {
    SandboxConfig {
        threads: args.guest_threads.map_or(SandboxConfig::default().threads, usize::from),
        // Some room above the running ones: a finished instance gives its slot back a little later.
        engine: EngineConfig::Pooling { max_instances: args.max_running + args.max_running / 4 + 4 },
        max_running: args.max_running as usize,
        max_waiting: args.max_waiting as usize,
        max_wait: Duration::from_secs(u64::from(args.limits.deadline.min(10))),
    }
}

fn runner_folder(data: &Path) -> anyhow::Result<std::path::PathBuf> {
    let folder = data.join("runners");
    std::fs::create_dir_all(&folder).with_context(|| format!("`{}` cannot be made", folder.display()))?;
    // The worker gets absolute paths: it runs in a folder of its own.
    Ok(folder.canonicalize()?)
}

/// Writes guests' logs in batches until the server stops.
async fn store_logs(store: Store, mut queue: LogQueue) {
    loop {
        let mut batch = queue.next_batch().await;
        if batch.is_empty() {
            return;
        }
        batch.sort_by(|(a, _), (b, _)| a.cmp(b));
        for lines in batch.chunk_by(|(a, _), (b, _)| a == b) {
            let space = lines[0].0.clone();
            let lines: Vec<_> = lines.iter().map(|(_, line)| line.clone()).collect();
            match store.append_logs(&space, &lines).await {
                Ok(()) | Err(spaces::store::ChangeError::UnknownSpace { .. }) => {}
                Err(error) => tracing::warn!(space.id = %space, error = %error, "log lines were lost"),
            }
        }
    }
}

/// Gives memory back now and then, until the server stops.
async fn give_memory_back() {
    let mut turns = tokio::time::interval(TRIM_INTERVAL);
    let mut trim = Trim::default();
    loop {
        turns.tick().await;
        trim = blocking::run(move || {
            trim.look();
            trim
        })
        .await;
    }
}

/// Removes what deleted spaces have left, now and then, until the server stops.
async fn sweep_store(store: Store) {
    let mut turns = tokio::time::interval(SWEEP_INTERVAL);
    // The first turn is now, while the server starts.
    turns.tick().await;
    loop {
        turns.tick().await;
        // A sweep that finds a publish running does nothing; the next turn comes.
        if let Err(error) = store.sweep().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "unreferenced files could not be removed");
        }
    }
}
