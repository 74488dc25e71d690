//! Native inference beside the same engine called directly, in one process.
//!
//! What is compared is what the host does for each run: from tensors as a guest hands them over to tensors as it gets
//! them back, on the pool's threads, against the engine's own call on tensors that are ready.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use host_inference::{DirectCall, EngineKind, Inference, InferenceConfig, ModelRef, NamedTensor, Wanted, direct};
use spaces::Digest;
use spaces::value::{Dtype, Tensor};

use crate::{Paths, median, row};

/// Runs of each side; they take turns, so that a noisy moment meets both.
const N_RUNS: usize = 60;

/// An input of ones, since the time of a run does not depend on the numbers.
struct Input {
    name: &'static str,
    shape: &'static [u64],
    dtype: Dtype,
}

struct Case {
    name: &'static str,
    file: &'static str,
    inputs: &'static [Input],
}

const CASES: &[Case] = &[
    Case {
        name: "image-classifier",
        file: "image-classifier/efficientnet-lite0.onnx",
        inputs: &[Input { name: "input", shape: &[1, 3, 224, 224], dtype: Dtype::F32 }],
    },
    Case {
        name: "MiniLM",
        file: "sentence-similarity/minilm-int8.onnx",
        inputs: &[
            Input { name: "input_ids", shape: &[2, 16], dtype: Dtype::S64 },
            Input { name: "attention_mask", shape: &[2, 16], dtype: Dtype::S64 },
            Input { name: "token_type_ids", shape: &[2, 16], dtype: Dtype::S64 },
        ],
    },
];

pub(crate) fn measure(paths: &Paths) -> Result<()> {
    let library = EngineKind::OnnxRuntime { library: onnxruntime(&paths.cache)?, intra_threads: 1 };
    for engine in [EngineKind::Tract, library] {
        let inference = Inference::start(&InferenceConfig {
            engine: engine.clone(),
            threads: 1,
            max_queued: 4,
            max_abandoned: 1,
            max_run: Duration::from_secs(60),
            max_model_bytes: 1 << 30,
        })?;
        for case in CASES {
            let path = paths.cache.join("bundles").join(case.file);
            let inputs: Vec<_> = case.inputs.iter().map(Input::named).collect();
            compare(case, &inference, &path, direct(&engine, &path, &inputs)??)?;
        }
    }
    Ok(())
}

fn compare(case: &Case, inference: &Inference, path: &Path, mut direct: DirectCall) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let model = ModelRef {
        space: "bench/native".to_owned(),
        digest: *Digest::of(&std::fs::read(path)?).as_bytes(),
        path: path.to_owned(),
        wanted: Wanted::Numeric,
    };
    let (mut hosted_times, mut direct_times) = (Vec::new(), Vec::new());
    for run in 0..=N_RUNS {
        let inputs: Vec<_> = case.inputs.iter().map(Input::named).collect();
        let since = Instant::now();
        let deadline = Instant::now() + Duration::from_secs(60);
        let outputs = runtime.block_on(inference.infer(&model, inputs, deadline))?;
        let hosted = since.elapsed();
        ensure!(!outputs.is_empty(), "no outputs");
        let since = Instant::now();
        direct()?;
        let directly = since.elapsed();
        // The first run loads the model.
        if run > 0 {
            hosted_times.push(hosted.as_secs_f64() * 1e3);
            direct_times.push(directly.as_secs_f64() * 1e3);
        }
    }
    let (hosted, direct) = (median(hosted_times), median(direct_times));
    row(
        &format!(
            "{}: native inference with {} against the engine called directly, p50",
            case.name,
            inference.engine_name()
        ),
        &format!("{hosted:.2} ms, {direct:.2} ms directly: {:.2}×", hosted / direct),
        "≤ 1.1×",
    );
    Ok(())
}

impl Input {
    fn named(&self) -> NamedTensor {
        let n_elements = self.shape.iter().product::<u64>() as usize;
        let bytes = match self.dtype {
            Dtype::S64 => 1_i64.to_le_bytes().repeat(n_elements),
            _ => 1_f32.to_le_bytes().repeat(n_elements),
        };
        NamedTensor {
            name: self.name.to_owned(),
            tensor: Tensor { dtype: self.dtype, shape: self.shape.to_vec(), bytes },
        }
    }
}

/// The library inside the wheel that `make stage` installs.
fn onnxruntime(cache: &Path) -> Result<PathBuf> {
    let folders = std::fs::read_dir(cache.join("python/lib")).into_iter().flatten().flatten();
    let libraries = folders
        .flat_map(|python| {
            std::fs::read_dir(python.path().join("site-packages/onnxruntime/capi")).into_iter().flatten()
        })
        .flatten()
        .map(|file| file.path());
    let is_library = |path: &PathBuf| path.to_string_lossy().contains("/libonnxruntime.so");
    libraries.filter(is_library).min().context("ONNX Runtime is missing: run `make stage`")
}
