//! Runs the runner natively on a staged bundle and compares it with the golden outputs of its example.
//!
//! ```sh
//! cargo run -p onnx-runner --example golden -- .cache/bundles/iris examples/iris/golden.json
//! ```
#![expect(clippy::print_stdout, reason = "a command line tool")]

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, bail, ensure};
use onnx_runner::Runner;
use onnx_runner::assets::Assets;
use serde_json::Value as Json;
use spaces::manifest::{FILE_NAME, Manifest, RUNNER_ASSET};
use spaces::value::decode::{AssetReader, decode_inputs};
use spaces::value::encode::encode_outputs;

/// How far a number may be off where the case does not say.
const DEFAULT_TOLERANCE: f64 = 1e-4;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(folder), Some(golden)) = (arguments.next(), arguments.next()) else {
        bail!("usage: golden BUNDLE GOLDEN_JSON");
    };
    let folder = Folder(folder);
    let started = Instant::now();
    let runner = Runner::load(&folder)?;
    println!("loaded in {:.1} ms", started.elapsed().as_secs_f64() * 1e3);

    let endpoint = &runner.interface().endpoints[0];
    let cases: Vec<Json> = serde_json::from_slice(&std::fs::read(golden)?)?;
    let mut greatest = 0.0_f64;
    let mut durations = Vec::with_capacity(cases.len());
    for (index, case) in cases.iter().enumerate() {
        let inputs = decode_inputs(endpoint, case["inputs"].clone(), Vec::new(), &folder)?;
        let started = Instant::now();
        let outputs = runner.call(&endpoint.name, &inputs).with_context(|| format!("case {index}"))?;
        durations.push(started.elapsed());
        let tolerance = case["tolerance"].as_f64().unwrap_or(DEFAULT_TOLERANCE);
        for (field, answer) in endpoint.outputs.iter().zip(encode_outputs(endpoint, outputs)) {
            // As a client reads it.
            let answer: Json = serde_json::from_str(&serde_json::to_string(&answer)?)?;
            let difference =
                difference(&answer, &case["outputs"][&field.name]).with_context(|| format!("case {index}"))?;
            ensure!(difference <= tolerance, "case {index}: off by {difference}: {answer}");
            greatest = greatest.max(difference);
        }
    }
    durations.sort();
    println!(
        "{} cases, greatest difference {greatest:.2e}, median call {:.2} ms",
        cases.len(),
        durations[durations.len() / 2].as_secs_f64() * 1e3
    );
    Ok(())
}

/// The greatest difference of two numbers or of two sets of confidences with the same best label.
fn difference(answer: &Json, expected: &Json) -> anyhow::Result<f64> {
    if let (Some(answer), Some(expected)) = (answer.as_f64(), expected.as_f64()) {
        return Ok((answer - expected).abs());
    }
    ensure!(answer["label"] == expected["label"], "{answer} is not {expected}");
    let confidence = |list: &Json, label: &Json| {
        let list = list["confidences"].as_array()?;
        list.iter().find(|entry| entry["label"] == *label)?["confidence"].as_f64()
    };
    let mut greatest = 0.0_f64;
    for entry in expected["confidences"].as_array().context("confidences are missing")? {
        // The last few of the best may change places with classes that were not answered.
        if let Some(found) = confidence(answer, &entry["label"]) {
            greatest = greatest.max((found - entry["confidence"].as_f64().context("no number")?).abs());
        }
    }
    Ok(greatest)
}

/// A bundle in a folder, with its `space.toml` as the runner's manifest.
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
        let names = |folder: &Path| -> Vec<String> {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
        };
        let mut paths = names(&self.0);
        if paths.iter().any(|path| path == FILE_NAME) {
            paths.push(RUNNER_ASSET.to_owned());
        }
        paths.sort();
        paths
    }
}

impl AssetReader for Folder {
    fn read(&self, path: &str) -> Result<(Vec<u8>, String), String> {
        let mime_type = if path.ends_with(".png") { "image/png" } else { "image/jpeg" };
        Ok((Assets::read(self, path)?, mime_type.to_owned()))
    }
}
