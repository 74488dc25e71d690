//! Models: instantiation with the model loaded, and inference in the sandbox beside the same code run natively.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result};
use onnx_runner::Runner;
use onnx_runner::assets::Assets;
use serde_json::Value;
use spaces::manifest::{FILE_NAME, Manifest, RUNNER_ASSET};
use spaces::value::decode::{AssetReader, decode_inputs};

use crate::server::Server;
use crate::trivial::build_guest;
use crate::{Paths, median, row};

/// The examples, with how often each is called.
const EXAMPLES: &[(&str, usize)] =
    &[("iris", 300), ("digits", 300), ("image-classifier", 30), ("sentence-similarity", 30)];

pub(crate) fn measure(paths: &Paths) -> Result<()> {
    let data = tempfile::tempdir()?;
    let server = Server::vitrine(paths, data.path())?;
    let client = reqwest::blocking::Client::new();
    let since = Instant::now();
    server.publish(paths, &paths.cache.join("bundles/iris"), "bench/first").context("stage the examples first")?;
    row(
        "the first publish on a machine, which compiles the runner",
        &format!("{:.1} s", since.elapsed().as_secs_f64()),
        "",
    );
    for (name, n_calls) in EXAMPLES {
        let bundle = paths.cache.join("bundles").join(name);
        let since = Instant::now();
        server.publish(paths, &bundle, &format!("bench/{name}")).context("stage the examples first: `make stage`")?;
        let published = since.elapsed();
        let golden = paths.root.join("examples").join(name).join("golden.json");
        let cases: Vec<Value> = serde_json::from_slice(&std::fs::read(golden)?)?;
        let inputs = &cases[0]["inputs"];
        let url = format!("{}/spaces/bench/{name}/api/predict", server.url);
        let native = Native::load(Folder(bundle), inputs)?;
        let (mut instantiate, mut with_drop, mut call, mut beside) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        // In turns, so that whatever else the machine does slows both.
        for _ in 0..*n_calls {
            let answer: Value = client.post(&url).json(inputs).send()?.json()?;
            let timing = |key: &str| answer["timings"][key].as_f64().with_context(|| format!("no timings: {answer}"));
            instantiate.push(timing("instantiate_ms")?);
            call.push(timing("call_ms")?);
            with_drop.push(around_the_call(&answer)?);
            beside.push(native.call()?);
        }
        let (instantiate, call, native) = (median(instantiate), median(call), median(beside));
        let target = match *name {
            "iris" => "≤ 25 µs",
            "image-classifier" => "≤ 1 ms",
            _ => "",
        };
        row(
            &format!("{name}: publish by command line, to live"),
            &format!("{:.2} s", published.as_secs_f64()),
            match *name {
                "iris" => "≤ 2 s",
                _ => "",
            },
        );
        instantiation(name, instantiate, median(with_drop), target);
        let ratio = format!("{call:.3} ms sandboxed, {native:.3} ms native: {:.2}×", call / native);
        let target = match *name {
            "iris" => "≤ 1.5×",
            "sentence-similarity" => "≤ 3×",
            _ => "≤ 2×",
        };
        row(&format!("{name}: inference, p50"), &ratio, target);
    }
    large_state(paths, &server)?;
    let model = paths.cache.join("bundles/image-classifier/efficientnet-lite0.onnx");
    let seconds =
        median((0..5).map(|_| server.publish_from_last_byte(&model, "bench/last-byte")).collect::<Result<_>>()?);
    row("an ONNX file of 18.5 MB: from the last byte uploaded to live", &format!("{seconds:.2} s"), "≤ 1 s");
    drop(server);
    first_call(paths, data.path())
}

/// Processor time around the call itself, in milliseconds: making the instance and its store, and dropping both.
fn around_the_call(answer: &Value) -> Result<f64> {
    let number = |table: &str, key: &str| answer[table][key].as_f64().with_context(|| format!("no {key}: {answer}"));
    Ok(number("usage", "cpu_ms")? - number("timings", "call_ms")?)
}

fn instantiation(name: &str, alone_ms: f64, with_drop_ms: f64, target: &str) {
    let measured = format!("{:.0} µs, {:.0} µs with store and drop", alone_ms * 1e3, with_drop_ms * 1e3);
    row(&format!("{name}: instantiation, p50"), &measured, target);
}

/// A space whose `init` leaves 200 MB.
fn large_state(paths: &Paths, server: &Server) -> Result<()> {
    server.publish(paths, &build_guest(paths, "state")?, "bench/state")?;
    let url = format!("{}/spaces/bench/state/api/look", server.url);
    let client = reqwest::blocking::Client::new();
    let (mut alone, mut with_drop) = (Vec::new(), Vec::new());
    for index in 0..200 {
        let inputs = serde_json::json!({ "index": index * 100_000 });
        let answer: Value = client.post(&url).json(&inputs).send()?.error_for_status()?.json()?;
        alone.push(answer["timings"]["instantiate_ms"].as_f64().with_context(|| format!("no timings: {answer}"))?);
        with_drop.push(around_the_call(&answer)?);
    }
    instantiation("200 MB of state", median(alone), median(with_drop), "≤ 3 ms");
    Ok(())
}

/// The first call of a server's life to a space, against a warm one.
fn first_call(paths: &Paths, data: &Path) -> Result<()> {
    let golden = std::fs::read(paths.root.join("examples/iris/golden.json"))?;
    let cases: Vec<Value> = serde_json::from_slice(&golden)?;
    let client = reqwest::blocking::Client::new();
    let mut extra = Vec::new();
    for _ in 0..5 {
        let server = Server::vitrine(paths, data)?;
        let url = format!("{}/spaces/bench/iris/api/predict", server.url);
        // The connection is made before the clock starts.
        client.get(format!("{}/readyz", server.url)).send()?;
        let call = || -> Result<f64> {
            let since = Instant::now();
            client.post(&url).json(&cases[0]["inputs"]).send()?.error_for_status()?.bytes()?;
            Ok(since.elapsed().as_secs_f64() * 1e3)
        };
        let first = call()?;
        let warm = median((0..100).map(|_| call()).collect::<Result<_>>()?);
        extra.push(first - warm);
    }
    row("iris: first call after start over a warm one", &format!("{:.1} ms", median(extra)), "≤ 3 ms");
    Ok(())
}

/// The runner's own code in this process.
struct Native {
    runner: Runner,
    values: Vec<spaces::value::Value>,
}

impl Native {
    fn load(folder: Folder, inputs: &Value) -> Result<Self> {
        let runner = Runner::load(&folder)?;
        let values = decode_inputs(&runner.interface().endpoints[0], inputs.clone(), Vec::new(), &folder)?;
        Ok(Self { runner, values })
    }

    /// The time of one call, in milliseconds.
    fn call(&self) -> Result<f64> {
        let since = Instant::now();
        self.runner.call(&self.runner.interface().endpoints[0].name, &self.values)?;
        Ok(since.elapsed().as_secs_f64() * 1e3)
    }
}

/// A staged bundle.
struct Folder(PathBuf);

impl Assets for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        if path == RUNNER_ASSET {
            let text = std::fs::read_to_string(self.0.join(FILE_NAME)).map_err(|error| error.to_string())?;
            let manifest = Manifest::parse(&text).map_err(|error| error.to_string())?;
            return serde_json::to_vec(&manifest).map_err(|error| error.to_string());
        }
        std::fs::read(self.0.join(path)).map_err(|error| format!("{path}: {error}"))
    }

    fn paths(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).into_iter().flatten().flatten();
        let mut paths: Vec<_> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        paths.push(RUNNER_ASSET.to_owned());
        paths.sort();
        paths
    }
}

impl AssetReader for Folder {
    fn read(&self, path: &str) -> Result<(Vec<u8>, String), String> {
        Ok((Assets::read(self, path)?, "image/jpeg".to_owned()))
    }
}
