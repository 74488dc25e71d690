//! The publish worker: a process that lives for one publish.
//!
//! The server writes one [`Job`] to its standard input and reads [`WorkerEvent`]s, one JSON object a line,
//! from its standard output. Whatever a stranger's code makes the compiler or the engine do happens here, under
//! the limits that [`confine`] sets on this very process before it reads a byte of it. Its end without a last
//! event is a failed publish, never the server's problem.
//!
//! All paths of a job are relative to the working directory, which may be the whole file system that it sees.

mod confine;
mod inspect;

use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufRead as _, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use host_runtime::publish::{self, Candidate, Source};
use host_runtime::{Artefact, Invocation, Limits, LogLevel, LogSink};
use serde::{Deserialize, Serialize};
use spaces::Digest;
use spaces::interface::{Endpoint, Interface};
use spaces::manifest::{Engine, Manifest};
use spaces::value::Value;
use spaces::value::decode::load_example;
use spaces::value::encode::check_outputs;
use spaces::view::{self, ErrorBody, Step};

use crate::assets::FileAssets;
use crate::examples::{Budget, ExampleIndex, MAX_TIME};
use crate::{convert, embedded};

pub(crate) use confine::{Confinement, MAX_CPU_SECONDS, MAX_FILE_BYTES};
pub(crate) use inspect::{InspectJob, InspectedModel};

/// What the worker is to do.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Job {
    /// Compile the built-in runner's code, once per engine version.
    CompileRunner { artefact: PathBuf },
    /// Make an artefact of an app.
    Publish(Box<PublishJob>),
    /// Tell what is in an ONNX file.
    Inspect(Box<InspectJob>),
}

/// One publish.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PublishJob {
    /// The component; none for the built-in ONNX runner.
    pub(crate) component: Option<PathBuf>,
    /// The runner's compiled code.
    pub(crate) runner: Option<(PathBuf, Digest)>,
    pub(crate) manifest: Manifest,
    /// The title used where neither author nor app gives one.
    pub(crate) fallback_title: String,
    /// The bundle's files: path in the bundle → file on disk.
    pub(crate) assets: BTreeMap<String, PathBuf>,
    pub(crate) config: HashMap<String, String>,
    /// What the space may use; its examples are called within that.
    pub(crate) limits: spaces::limits::Limits,
    /// For `init`, which loads the model: the server's default, however short the space's own deadline is.
    pub(crate) init_deadline_seconds: f64,
    pub(crate) artefact: PathBuf,
    /// The folder for what examples give.
    pub(crate) outputs: PathBuf,
}

/// What the worker reports.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub(crate) enum WorkerEvent {
    Started {
        step: Step,
    },
    Finished {
        step: Step,
        duration_ms: f64,
        detail: Option<String>,
    },
    Log {
        level: view::LogLevel,
        message: String,
    },
    Failed {
        step: Step,
        error: ErrorBody,
    },
    /// The runner's code is compiled.
    Compiled {
        digest: Digest,
    },
    /// What is in an ONNX file.
    Inspected(Box<InspectedModel>),
    /// The space is ready to go live.
    Done {
        interface: Box<Interface>,
        artefact: Digest,
        artefact_bytes: u64,
        /// The examples whose outputs are kept, each in a file of its own.
        examples: Vec<ExampleIndex>,
    },
}

/// The longest message about a failure.
const MAX_MESSAGE_BYTES: usize = 2 << 10;

/// Runs one job.
pub(crate) fn run(confinement: Confinement) -> ExitCode {
    let report = Arc::new(Report::default());
    if let Err(error) = confine::confine(confinement) {
        report.fail(Step::Validate, "internal", format!("the worker's limits cannot be set: {error}"), None);
        return ExitCode::FAILURE;
    }
    let mut line = String::new();
    let job = io::stdin().lock().read_line(&mut line).map_err(|e| e.to_string());
    let job = job.and_then(|_| serde_json::from_str::<Job>(&line).map_err(|e| e.to_string()));
    let done = match job {
        Ok(Job::CompileRunner { artefact }) => compile_runner(&artefact, &report),
        Ok(Job::Publish(job)) => publish(*job, &report),
        Ok(Job::Inspect(job)) => {
            report.send(&WorkerEvent::Inspected(Box::new(inspect::inspect(*job))));
            true
        }
        Err(message) => {
            report.fail(Step::Validate, "internal", format!("the worker's job is unreadable: {message}"), None);
            false
        }
    };
    if done { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Writes events, and times the steps.
#[derive(Default)]
struct Report {
    step: Mutex<Option<(Step, Instant)>>,
}

impl Report {
    fn send(&self, event: &WorkerEvent) {
        let mut line = serde_json::to_string(event).expect("events are plain data");
        line.push('\n');
        // A server that no longer reads has gone, and with it the reason to go on.
        if io::stdout().lock().write_all(line.as_bytes()).is_err() {
            std::process::exit(1);
        }
    }

    fn start(&self, step: Step) {
        self.finish(None);
        self.send(&WorkerEvent::Started { step });
        *self.step.lock().expect("never poisoned: no code under it panics") = Some((step, Instant::now()));
    }

    fn finish(&self, detail: Option<String>) {
        let step = self.step.lock().expect("never poisoned: no code under it panics").take();
        if let Some((step, since)) = step {
            let duration_ms = since.elapsed().as_secs_f64() * 1e3;
            self.send(&WorkerEvent::Finished { step, duration_ms, detail });
        }
    }

    /// Ends a step without a word.
    fn leave(&self) {
        *self.step.lock().expect("never poisoned: no code under it panics") = None;
    }

    /// The step that runs now.
    fn current(&self) -> Step {
        self.step.lock().expect("never poisoned: no code under it panics").map_or(Step::Validate, |(step, _)| step)
    }

    fn fail(&self, step: Step, code: &str, message: String, field: Option<String>) {
        // A stranger's words are part of it, and it will be in logs and on terminals.
        let shown = &message[..message.floor_char_boundary(MAX_MESSAGE_BYTES)];
        let mut lines: Vec<_> = shown.lines().map(|line| host_runtime::escape(line, MAX_MESSAGE_BYTES)).collect();
        if shown.len() < message.len() {
            lines.push("[…]".to_owned());
        }
        let message = lines.join("\n");
        let error = ErrorBody { code: code.to_owned(), message, field, request_id: None };
        self.send(&WorkerEvent::Failed { step, error });
    }
}

impl LogSink for Report {
    fn write(&self, level: LogLevel, message: String) {
        self.send(&WorkerEvent::Log { level: crate::logs::level(level), message });
    }
}

fn compile_runner(artefact: &std::path::Path, report: &Report) -> bool {
    match publish::compile_runner(embedded::onnx_runner(), artefact) {
        Ok(digest) => {
            report.send(&WorkerEvent::Compiled { digest: Digest::from_bytes(digest) });
            true
        }
        Err(error) => {
            report.fail(Step::Compile, error.code(), chain(&error), None);
            false
        }
    }
}

fn publish(job: PublishJob, report: &Arc<Report>) -> bool {
    match try_publish(job, report) {
        Ok(()) => true,
        Err(failure) => {
            report.fail(report.current(), &failure.code, failure.message, failure.field);
            false
        }
    }
}

struct Failure {
    code: String,
    message: String,
    field: Option<String>,
}

fn failure(code: &str, message: String) -> Failure {
    Failure { code: code.to_owned(), message, field: None }
}

fn try_publish(job: PublishJob, report: &Arc<Report>) -> Result<(), Failure> {
    let component = match &job.component {
        Some(path) => {
            Some(std::fs::read(path).map_err(|e| failure("internal", format!("the app cannot be read: {e}")))?)
        }
        None => None,
    };
    let runner = job.runner.map(|(path, digest)| Artefact { path, digest: *digest.as_bytes(), needs_runner: false });
    let source = match (&component, &runner) {
        (Some(bytes), _) => Source::Component(bytes),
        (None, Some(code)) => Source::Runner { component: embedded::onnx_runner(), code },
        (None, None) => return Err(failure("internal", "the job names neither component nor runner".to_owned())),
    };
    let mut assets = FileAssets::new(job.assets, Some(&job.manifest));
    if runner.is_some() && job.manifest.engine == Engine::Native {
        // Here and not in the sandbox, whose memory would keep room for the weights that it does not need.
        report.start(Step::Validate);
        assets = assets.with_facts().map_err(|message| failure("init_failed", message))?;
    }
    let assets = Arc::new(assets);
    let limits = convert::limits_to_runtime(&job.limits);
    let init_deadline = Duration::try_from_secs_f64(job.init_deadline_seconds).unwrap_or(limits.deadline);
    let config = Arc::new(job.config);
    let on_step = |step: publish::Step| {
        report.start(match step {
            publish::Step::Validate => Step::Validate,
            publish::Step::Snapshot => Step::Snapshot,
            publish::Step::Compile => Step::Compile,
            publish::Step::Smoke => Step::Smoke,
        });
    };
    let publish_job = publish::Job {
        source,
        assets: Arc::clone(&assets) as _,
        config: Arc::clone(&config),
        limits: Limits { deadline: init_deadline.max(limits.deadline), ..limits },
        max_image_bytes: limits.max_memory_bytes,
        artefact: &job.artefact,
        log: Arc::clone(report) as _,
    };
    let candidate = publish::publish(publish_job, &on_step).map_err(|error| failure(error.code(), chain(&error)))?;
    let interface = interface(&candidate, &job.manifest, &job.fallback_title)?;
    let mut smoke = Smoke {
        candidate: &candidate,
        assets: &assets,
        config,
        limits,
        log: Arc::clone(report) as _,
        budget: Budget::new(job.manifest.caches_examples()),
        folder: job.outputs,
        kept: Vec::new(),
    };
    let n_calls = smoke.run(&interface, job.manifest.engine)?;
    match job.manifest.engine {
        Engine::Sandbox => report.finish(Some(called(n_calls))),
        // The server goes on with this step: native inference is there, not here.
        Engine::Native => report.leave(),
    }
    report.send(&WorkerEvent::Done {
        interface: Box::new(interface),
        artefact: Digest::from_bytes(candidate.artefact.digest),
        artefact_bytes: candidate.artefact_bytes,
        examples: smoke.kept,
    });
    Ok(())
}

fn interface(candidate: &Candidate, manifest: &Manifest, fallback_title: &str) -> Result<Interface, Failure> {
    let mut interface = convert::interface_from_guest(
        candidate.description.clone(),
        candidate.components.clone(),
        candidate.arrangement.as_ref(),
    )
    .map_err(|error| failure("invalid_interface", error.to_string()))?;
    manifest.overlay(&mut interface).map_err(|error| failure("invalid_manifest", error.to_string()))?;
    if interface.title.is_empty() {
        fallback_title.clone_into(&mut interface.title);
    }
    interface.check().map_err(|error| failure("invalid_interface", error.to_string()))?;
    if let Some(batching) = &manifest.batching {
        batching.check(&interface).map_err(|error| failure("invalid_manifest", error.to_string()))?;
    }
    Ok(interface)
}

/// How many smoke calls there were, for the author.
pub(crate) fn called(n_calls: usize) -> String {
    match n_calls {
        0 => "no example to call".to_owned(),
        1 => "1 example called".to_owned(),
        n => format!("{n} examples called"),
    }
}

/// Loads every example, calls each endpoint with its first one, and the others to keep what they give.
struct Smoke<'a> {
    candidate: &'a Candidate,
    assets: &'a Arc<FileAssets>,
    config: Arc<HashMap<String, String>>,
    limits: Limits,
    log: Arc<dyn LogSink>,
    budget: Budget,
    /// Where outputs are kept.
    folder: PathBuf,
    kept: Vec<ExampleIndex>,
}

impl Smoke<'_> {
    fn run(&mut self, interface: &Interface, engine: Engine) -> Result<usize, Failure> {
        let mut n_calls = 0;
        let mut others = Vec::new();
        for (index, endpoint) in interface.endpoints.iter().enumerate() {
            // Visitors load each of them by a click, so each must be whole; one call shows that the endpoint works.
            for (example, described) in endpoint.examples.iter().enumerate() {
                let inputs = load_example(endpoint, described, self.assets.as_ref()).map_err(|error| {
                    let message = format!("endpoint `{}`, example {}: {error}", endpoint.name, example + 1);
                    failure("invalid_example", message)
                })?;
                if engine == Engine::Native {
                    continue;
                }
                if example > 0 {
                    others.push((endpoint, ExampleIndex { endpoint: index, example }));
                    continue;
                }
                let outputs = self.call(endpoint, inputs, self.limits.deadline).map_err(|(code, reason)| {
                    failure(code, format!("endpoint `{}` with its first example: {reason}", endpoint.name))
                })?;
                self.keep(endpoint, ExampleIndex { endpoint: index, example }, outputs)?;
                n_calls += 1;
            }
        }
        for (endpoint, index) in others {
            let Some(deadline) = self.budget.next_deadline(self.limits.deadline) else { break };
            // Loaded again: all at once they would need too much room.
            let Ok(inputs) = load_example(endpoint, &endpoint.examples[index.example], self.assets.as_ref()) else {
                continue;
            };
            n_calls += 1;
            match self.call(endpoint, inputs, deadline) {
                Ok(outputs) => self.keep(endpoint, index, outputs)?,
                Err((_, reason)) => {
                    let number = index.example + 1;
                    let message = format!(
                        "endpoint `{}`, example {number} is not cached: {reason} (all examples have {MAX_TIME:?})",
                        endpoint.name
                    );
                    self.log.write(LogLevel::Warn, message);
                }
            }
        }
        Ok(n_calls)
    }

    fn call(
        &self,
        endpoint: &Endpoint,
        inputs: Vec<Value>,
        deadline: Duration,
    ) -> Result<Vec<Value>, (&'static str, String)> {
        let invocation = Invocation {
            id: "smoke".to_owned(),
            endpoint: endpoint.name.clone(),
            inputs: inputs.into_iter().map(convert::value_to_guest).collect(),
            limits: Limits { deadline, ..self.limits },
            assets: Arc::clone(self.assets) as _,
            config: Arc::clone(&self.config),
            session: None,
            inference: None,
            events: None,
            log: Arc::clone(&self.log),
        };
        let outputs = self.candidate.call(invocation).result;
        let outputs = outputs.map_err(|error| ("smoke_failed", chain(&error)))?;
        let outputs = convert::values_from_guest(outputs).map_err(|error| ("broken_contract", error.to_string()))?;
        check_outputs(endpoint, &outputs).map_err(|error| ("broken_contract", error.to_string()))?;
        Ok(outputs)
    }

    fn keep(&mut self, endpoint: &Endpoint, index: ExampleIndex, outputs: Vec<Value>) -> Result<(), Failure> {
        if let Some(json) = self.budget.keep(endpoint, outputs) {
            std::fs::write(self.folder.join(index.file_name()), json)
                .map_err(|error| failure("internal", format!("an example's outputs cannot be written: {error}")))?;
            self.kept.push(index);
        }
        Ok(())
    }
}

/// An error with its causes, for the author.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}
