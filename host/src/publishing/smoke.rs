//! Smoke calls of apps that run models natively: here, since the worker has no native inference.
//!
//! A guest runs in the server as it will for visitors, so nothing is risked that a visitor's call does not.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use host_runtime::{InferenceError, Invocation, InvokeError};
use spaces::interface::Endpoint;
use spaces::store::AppKind;
use spaces::value::Value;
use spaces::value::decode::load_example;
use spaces::value::encode::check_outputs;
use spaces::view::ErrorBody;
use spaces::{Digest, SpaceId};

use super::{Made, Recipe, body};
use crate::app::App;
use crate::assets::FileAssets;
use crate::blocking;
use crate::convert;
use crate::examples::{Budget, ExampleIndex};
use crate::inference::SpaceInference;
use crate::worker::chain;

/// The longest that loading a model may take: a deadline of a visitor's call is too short for the largest.
const LOAD_LIMIT: Duration = Duration::from_secs(60);

impl App {
    /// Loads the model, calls each endpoint with its first example, and the others to keep what they give in `folder`; says
    /// how many were called.
    ///
    /// # Errors
    /// What the author is told.
    pub(super) async fn smoke_natively(
        self: &Arc<Self>,
        space: &SpaceId,
        recipe: &Recipe,
        made: &mut Made,
        folder: &Path,
    ) -> Result<usize, ErrorBody> {
        let inference = Arc::new(self.native.for_space(
            space,
            recipe.bundle.kind,
            &recipe.manifest,
            bundle_files(recipe).collect(),
        ));
        let runner = match recipe.bundle.kind {
            AppKind::Component => None,
            AppKind::Onnx => {
                let path = &recipe.bundle.app.name;
                inference.load(path, Instant::now() + LOAD_LIMIT).await.map_err(unsupported)?;
                Some(self.runner.get(self).await.map_err(|error| internal(&error))?)
            }
        };
        let artefact = host_runtime::Artefact {
            path: made.artefact.clone(),
            digest: *made.digest.as_bytes(),
            needs_runner: runner.is_some(),
        };
        let loading = Arc::clone(self);
        let app = blocking::run(move || loading.sandbox.load(&artefact, runner.as_ref())).await;
        let app = app.map_err(|error| internal(&error))?;
        let files: BTreeMap<_, _> = bundle_files(recipe).map(|(name, (_, path))| (name, path)).collect();
        let limits = convert::limits_to_runtime(&self.limits.clamp(&recipe.manifest.limits));
        let assets = Arc::new(FileAssets::new(files, None));
        let call = SmokeCall { server: self, space, app, assets, inference, limits };
        let mut n_calls = 0;
        let mut budget = Budget::new(recipe.manifest.caches_examples());
        let mut order: Vec<_> = indices(&made.interface.endpoints).collect();
        // The first of each endpoint are called in any case, and before the others take the time.
        order.sort_by_key(|index| index.example > 0);
        for index in order {
            let endpoint = &made.interface.endpoints[index.endpoint];
            let outputs = match index.example {
                0 => call.run(endpoint, 0, limits.deadline).await?,
                example => {
                    let Some(deadline) = budget.next_deadline(limits.deadline) else { break };
                    match call.run(endpoint, example, deadline).await {
                        Ok(outputs) => outputs,
                        Err(error) => {
                            tracing::info!(space.id = %space, "an example is not cached: {}", error.message);
                            continue;
                        }
                    }
                }
            };
            n_calls += 1;
            if let Some(json) = budget.keep(endpoint, outputs) {
                let file = folder.join(index.file_name());
                tokio::fs::write(&file, json).await.map_err(|error| internal(&error))?;
                made.examples.push((index, file));
            }
        }
        Ok(n_calls)
    }
}

/// All examples.
fn indices(endpoints: &[Endpoint]) -> impl Iterator<Item = ExampleIndex> {
    let of_endpoint = |(endpoint, described): (usize, &Endpoint)| {
        (0..described.examples.len()).map(move |example| ExampleIndex { endpoint, example })
    };
    endpoints.iter().enumerate().flat_map(of_endpoint)
}

/// The bundle's files with the model among them, for [`SpaceInference`].
fn bundle_files(recipe: &Recipe) -> impl Iterator<Item = (String, (Digest, std::path::PathBuf))> {
    let app = (recipe.bundle.kind == AppKind::Onnx).then_some(&recipe.bundle.app);
    recipe.bundle.assets.iter().chain(app).map(|file| (file.name.clone(), (file.digest, file.path.clone())))
}

struct SmokeCall<'a> {
    server: &'a App,
    space: &'a SpaceId,
    app: host_runtime::App,
    assets: Arc<FileAssets>,
    inference: Arc<SpaceInference>,
    limits: host_runtime::Limits,
}

impl SmokeCall<'_> {
    async fn run(&self, endpoint: &Endpoint, example: usize, deadline: Duration) -> Result<Vec<Value>, ErrorBody> {
        let failure = |code: &str, reason: &str| {
            let which = if example == 0 { "its first example".to_owned() } else { format!("example {}", example + 1) };
            body(code, format!("endpoint `{}` with {which}: {reason}", endpoint.name), None)
        };
        let (loading, assets) = (endpoint.clone(), Arc::clone(&self.assets));
        // Examples come from the disk.
        let inputs = blocking::run(move || load_example(&loading, &loading.examples[example], assets.as_ref()));
        let inputs = inputs.await.map_err(|error| failure("invalid_example", &error.to_string()))?;
        let config = self.server.store.config(self.space).await.map_err(|error| internal(&error))?;
        let invocation = Invocation {
            id: "smoke".to_owned(),
            endpoint: endpoint.name.clone(),
            inputs: inputs.into_iter().map(convert::value_to_guest).collect(),
            limits: host_runtime::Limits { deadline, ..self.limits },
            assets: Arc::clone(&self.assets) as _,
            config: Arc::new(config.into_iter().map(|entry| (entry.key, entry.value)).collect()),
            session: None,
            inference: Some(Arc::clone(&self.inference) as _),
            events: None,
            log: self.server.logs.sink(self.space, None),
        };
        let outputs = self.server.sandbox.invoke(&self.app, invocation).await.result;
        let outputs = outputs.map_err(|error: InvokeError| failure("smoke_failed", &chain(&error)))?;
        let outputs =
            convert::values_from_guest(outputs).map_err(|error| failure("broken_contract", &error.to_string()))?;
        check_outputs(endpoint, &outputs).map_err(|error| failure("broken_contract", &error.to_string()))?;
        Ok(outputs)
    }
}

fn unsupported(error: InferenceError) -> ErrorBody {
    match error {
        InferenceError::Denied(message) => body("native_not_allowed", message, Some("engine")),
        InferenceError::BadModel(message) | InferenceError::BadInput(message) => {
            let advice = "; without `engine = \"native\"` in space.toml it runs in the sandbox, if it can at all";
            body("native_unsupported", format!("{message}{advice}"), Some("engine"))
        }
        InferenceError::Failed(message) => body("native_failed", message, Some("engine")),
    }
}

fn internal(error: &dyn std::error::Error) -> ErrorBody {
    super::internal(spaces::view::Step::Smoke, &chain(error)).error
}
