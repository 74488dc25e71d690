//! Publishes guests and invokes them.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use host_runtime::publish::{self, Candidate, Job, PublishError, Source, Step};
use host_runtime::wit::Value;
use host_runtime::{
    App, EngineConfig, Invocation, InvokeError, Limits, LogLevel, LogSink, NoAssets, Outcome, Sandbox, SandboxConfig,
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Short, so that the tests of endless guests end soon; long for the honest ones.
pub(crate) const LIMITS: Limits = Limits {
    max_memory_bytes: 16 << 20,
    deadline: Duration::from_millis(300),
    max_transfer_bytes: 1 << 20,
    max_log_bytes: 4 << 10,
    max_concurrency: 8,
};

/// Keeps what a guest wrote.
#[derive(Default)]
pub(crate) struct Log(pub(crate) Mutex<Vec<(LogLevel, String)>>);

impl LogSink for Log {
    fn write(&self, level: LogLevel, message: String) {
        self.0.lock().unwrap().push((level, message));
    }
}

pub(crate) fn job<'a>(source: Source<'a>, artefact: &'a Path) -> Job<'a> {
    Job {
        source,
        assets: Arc::new(NoAssets),
        config: Arc::default(),
        limits: LIMITS,
        max_image_bytes: LIMITS.max_memory_bytes,
        artefact,
        log: Arc::new(Log::default()),
    }
}

/// Publishes a component.
pub(crate) fn publish(component: &[u8]) -> (Result<Candidate, PublishError>, Vec<Step>, TempDir) {
    let folder = TempDir::new().unwrap();
    let steps = Mutex::new(Vec::new());
    let file = folder.path().join("app.cwasm");
    let made = publish::publish(job(Source::Component(component), &file), &|step| steps.lock().unwrap().push(step));
    (made, steps.into_inner().unwrap(), folder)
}

/// A server's sandbox, with a runtime to call it from.
pub(crate) struct Server {
    pub(crate) runtime: Runtime,
    pub(crate) sandbox: Arc<Sandbox>,
}

impl Server {
    pub(crate) fn new(max_running: usize, max_waiting: usize) -> Self {
        let sandbox = Sandbox::new(SandboxConfig {
            engine: EngineConfig::Pooling { max_instances: 8 },
            max_running,
            max_waiting,
            max_wait: Duration::from_secs(20),
            threads: 1,
        });
        Self { runtime: Runtime::new().unwrap(), sandbox: Arc::new(sandbox.unwrap()) }
    }

    /// Publishes and loads a component.
    pub(crate) fn load(&self, component: &[u8]) -> App {
        let (made, _, folder) = publish(component);
        let app = self.sandbox.load(&made.unwrap().artefact, None).unwrap();
        // The file is mapped; removing its name is harmless.
        drop(folder);
        app
    }

    pub(crate) fn invoke(&self, app: &App) -> Result<Vec<Value>, InvokeError> {
        self.outcome(app).result
    }

    pub(crate) fn outcome(&self, app: &App) -> Outcome {
        self.runtime.block_on(self.sandbox.invoke(app, invocation()))
    }

    /// The one number that a guest of these tests returns.
    pub(crate) fn number(&self, app: &App) -> f64 {
        match self.invoke(app).unwrap().as_slice() {
            [Value::Number(number)] => *number,
            other => panic!("not one number: {other:?}"),
        }
    }
}

pub(crate) fn invocation() -> Invocation {
    Invocation {
        id: "test".to_owned(),
        endpoint: "predict".to_owned(),
        inputs: Vec::new(),
        limits: LIMITS,
        assets: Arc::new(NoAssets),
        config: Arc::default(),
        session: None,
        inference: None,
        events: None,
        log: Arc::new(Log::default()),
    }
}
