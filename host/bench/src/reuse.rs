//! A call in a fresh instance beside one in an instance that has served others: what isolation costs.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use host_runtime::wit::Value as Given;
use host_runtime::{App, Artefact, Invocation, Limits, LogLevel, LogSink, NoAssets, Sandbox, SandboxConfig, wit};
use serde_json::Value as Json;
use spaces::store::{AppKind, Revision, Store};
use spaces::value::Value;
use spaces::value::decode::{AssetReader, decode_inputs};
use spaces::{Digest, SpaceId};

use crate::server::Server;
use crate::{Paths, median, row};

/// The examples, with how often each is called.
const EXAMPLES: &[(&str, usize)] =
    &[("iris", 1000), ("digits", 1000), ("word-count", 1000), ("image-classifier", 40), ("sentence-similarity", 40)];

pub(crate) fn measure(paths: &Paths) -> Result<()> {
    let data = tempfile::tempdir()?;
    let server = Server::vitrine(paths, data.path())?;
    for (name, _) in EXAMPLES {
        let bundle = paths.cache.join("bundles").join(name);
        server.publish(paths, &bundle, &format!("bench/{name}")).context("stage the examples first: `make stage`")?;
    }
    // The data folder has one owner at a time.
    drop(server);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let store = runtime.block_on(Store::open(data.path()))?;
    let sandbox = Sandbox::new(SandboxConfig::default())?;
    let runner = sandbox.load_runner(&runner(data.path())?)?;
    for (name, n_calls) in EXAMPLES {
        let live = runtime.block_on(store.live_revision(&SpaceId::new("bench", name)?))?;
        let revision = live.context("it has just been published")?.revision;
        let needs_runner = revision.kind == AppKind::Onnx;
        let artefact = runtime.block_on(artefact(&store, &revision))?;
        let artefact = Artefact { path: artefact.path, digest: *artefact.digest.as_bytes(), needs_runner };
        let app = sandbox.load(&artefact, needs_runner.then_some(&runner))?;
        compare(paths, &sandbox, &app, &revision, *n_calls)?;
    }
    runtime.block_on(store.close());
    Ok(())
}

fn compare(paths: &Paths, sandbox: &Sandbox, app: &App, revision: &Revision, n_calls: usize) -> Result<()> {
    let name = revision.space.name();
    let golden = paths.root.join("examples").join(name).join("golden.json");
    let cases: Vec<Json> = serde_json::from_slice(&std::fs::read(golden)?)?;
    let endpoint = &revision.interface.endpoints[0];
    let folder = Folder(paths.cache.join("bundles").join(name));
    let inputs = decode_inputs(endpoint, cases[0]["inputs"].clone(), Vec::new(), &folder)?;
    let inputs: Vec<Given> = inputs.into_iter().map(given).collect::<Result<_>>()?;
    let measured = sandbox.compare_with_reuse(app, n_calls, || Invocation {
        id: "bench".to_owned(),
        endpoint: endpoint.name.clone(),
        inputs: inputs.clone(),
        limits: Limits::default(),
        assets: Arc::new(NoAssets),
        config: Arc::new(HashMap::new()),
        session: None,
        inference: None,
        events: None,
        log: Arc::new(NoLog),
    })?;
    let us = |times: Vec<std::time::Duration>| median(times.iter().map(|time| time.as_secs_f64() * 1e6).collect());
    let (fresh, reused) = (us(measured.fresh), us(measured.reused));
    let measured = format!("{fresh:.0} µs fresh, {reused:.0} µs reused: {:.2}×", fresh / reused);
    row(&format!("{name}: a call in a fresh instance, with making and dropping it, p50"), &measured, "≤ 1.1×");
    Ok(())
}

/// What the server has compiled the runner to.
fn runner(data: &Path) -> Result<Artefact> {
    let folder = data.join("runners");
    let mut files = std::fs::read_dir(&folder)?.map(|entry| entry.map(|entry| entry.path()));
    let code = files.find_map(|path| path.ok().filter(|path| path.extension().is_some_and(|end| end == "cwasm")));
    let path = code.context("the server has compiled no runner")?;
    let digest: Digest = std::fs::read_to_string(path.with_extension("digest"))?.trim().parse()?;
    Ok(Artefact { path, digest: *digest.as_bytes(), needs_runner: false })
}

async fn artefact(store: &Store, revision: &Revision) -> Result<spaces::store::Artefact> {
    let found = store.artefact(&revision.component, &revision.engine).await?;
    found.with_context(|| format!("{} has no artefact", revision.space))
}

/// The values that the examples take.
fn given(value: Value) -> Result<Given> {
    Ok(match value {
        Value::Null => Given::Null,
        Value::Integer(value) => Given::Integer(value),
        Value::Number(value) => Given::Number(value),
        Value::Text(value) => Given::Text(value),
        Value::Media(media) => {
            Given::Media(wit::Media { bytes: media.bytes, mime_type: media.mime_type, name: media.name })
        }
        other => bail!("no example takes {other:?}"),
    })
}

/// A staged bundle.
struct Folder(PathBuf);

impl AssetReader for Folder {
    fn read(&self, path: &str) -> Result<(Vec<u8>, String), String> {
        let bytes = std::fs::read(self.0.join(path)).map_err(|error| format!("{path}: {error}"))?;
        Ok((bytes, "image/jpeg".to_owned()))
    }
}

struct NoLog;

impl LogSink for NoLog {
    fn write(&self, _: LogLevel, _: String) {}
}
