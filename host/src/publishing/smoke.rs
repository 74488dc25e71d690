//! Smoke calls of apps that run models natively: here, since the worker has no native inference.
//!
//! A guest runs in the server as it will for visitors, so nothing is risked that a visitor's call does not.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use host_runtime::{InferenceError, Invocation, InvokeError};
use spaces::interface::Endpoint;
use spaces::store::AppKind;
use spaces::value::decode::load_example;
use spaces::value::encode::check_outputs;
use spaces::view::ErrorBody;
use spaces::{Digest, SpaceId};

use super::{Made, Recipe, body};
use crate::app::App;
use crate::assets::FileAssets;
use crate::blocking;
use crate::convert;
use crate::inference::SpaceInference;
use crate::worker::chain;

/// The longest that loading a model may take: a deadline of a visitor's call is too short for the largest.
const LOAD_LIMIT: Duration = Duration::from_secs(60);

impl App {
    /// Loads the model, and calls each endpoint with its first example; says how many were called.
    ///
    /// # Errors
    /// What the author is told.
    pub(super) async fn smoke_natively(
        self: &Arc<Self>,
        space: &SpaceId,
        recipe: &Recipe,
        made: &Made,
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
        for endpoint in &made.interface.endpoints {
            if endpoint.examples.is_empty() {
                continue;
            }
            call.run(endpoint).await?;
            n_calls += 1;
        }
        Ok(n_calls)
    }
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
    async fn run(&self, endpoint: &Endpoint) -> Result<(), ErrorBody> {
        let failure = |code: &str, reason: &str| {
            body(code, format!("endpoint `{}` with its first example: {reason}", endpoint.name), None)
        };
        let (loading, assets) = (endpoint.clone(), Arc::clone(&self.assets));
        // Examples come from the disk.
        let inputs = blocking::run(move || {
            let example = loading.examples.first()?;
            Some(load_example(&loading, example, assets.as_ref()))
        });
        let Some(inputs) = inputs.await else { return Ok(()) };
        let inputs = inputs.map_err(|error| failure("invalid_example", &error.to_string()))?;
        let config = self.server.store.config(self.space).await.map_err(|error| internal(&error))?;
        let invocation = Invocation {
            id: "smoke".to_owned(),
            endpoint: endpoint.name.clone(),
            inputs: inputs.into_iter().map(convert::value_to_guest).collect(),
            limits: self.limits,
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
        check_outputs(endpoint, &outputs).map_err(|error| failure("broken_contract", &error.to_string()))
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
