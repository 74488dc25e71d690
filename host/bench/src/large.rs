//! Large bodies: a photograph of 5 MB in, a tensor of 10 MB out, beside axum doing the same by hand.

use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use reqwest::blocking::{Client, multipart};
use serde_json::json;

use crate::server::Server;
use crate::trivial::build_guest;
use crate::{Paths, median, row};

const N_CALLS: usize = 30;
/// A photograph's length; its contents do not matter to a guest that only counts.
const PHOTO_BYTES: usize = 5 << 20;
/// Makes a graph that repeats its input as 2.5 million numbers: 10 MB.
const MAKE_MODEL: &str = "
import sys, numpy, onnx
from onnx import TensorProto, helper, numpy_helper
shape = numpy_helper.from_array(numpy.array([1, 2_500_000], dtype=numpy.int64), 'shape')
graph = helper.make_graph(
    [helper.make_node('Expand', ['x', 'shape'], ['y'])], 'large',
    [helper.make_tensor_value_info('x', TensorProto.FLOAT, [1, 1])],
    [helper.make_tensor_value_info('y', TensorProto.FLOAT, [1, 2_500_000])], [shape])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)], ir_version=8)
onnx.save(model, sys.argv[1])
";

pub(crate) fn measure(paths: &Paths) -> Result<()> {
    let data = tempfile::tempdir()?;
    let server = Server::vitrine(paths, data.path())?;
    server.publish(paths, &build_guest(paths, "large")?, "bench/large")?;
    let axum = Server::start(Command::new(std::env::current_exe()?).arg("reference"))?;
    let client = Client::new();

    let photo: Vec<u8> = (0..PHOTO_BYTES).map(|index| (index * 2_654_435_761) as u8).collect();
    let send = |url: &str| -> Result<f64> {
        let part = multipart::Part::bytes(photo.clone()).file_name("photo.jpg").mime_str("image/jpeg")?;
        let since = Instant::now();
        let answer = client.post(url).multipart(multipart::Form::new().part("file", part)).send()?;
        let answer: serde_json::Value = answer.error_for_status()?.json()?;
        ensure!(answer["data"][0] == PHOTO_BYTES as f64, "a wrong length: {answer}");
        Ok(since.elapsed().as_secs_f64() * 1e3)
    };
    let ours = format!("{}/spaces/bench/large/api/length", server.url);
    let theirs = format!("{}/length", axum.url);
    compare("5 MB photograph in, p50", &ours, &theirs, send)?;

    let model = data.path().join("large.onnx");
    let python = paths.cache.join("python/bin/python");
    let made =
        Command::new(&python).args(["-c", MAKE_MODEL]).arg(&model).status().context("stage the examples first")?;
    ensure!(made.success(), "the model of the tensor row could not be made");
    server.publish(paths, &model, "bench/tensor")?;
    let get = |url: &str| -> Result<f64> {
        let since = Instant::now();
        let answer = client.post(url).json(&json!({ "x": 0.1 })).send()?.error_for_status()?.bytes()?;
        ensure!(answer.len() > 10_000_000, "a short answer: {} bytes", answer.len());
        Ok(since.elapsed().as_secs_f64() * 1e3)
    };
    let ours = format!("{}/spaces/bench/tensor/api/predict", server.url);
    compare("10 MB tensor out as JSON, p50", &ours, &format!("{}/tensor", axum.url), get)
}

/// One call of each by turns.
fn compare(what: &str, ours: &str, theirs: &str, call: impl Fn(&str) -> Result<f64>) -> Result<()> {
    let (mut our_ms, mut their_ms) = (Vec::new(), Vec::new());
    for _ in 0..N_CALLS {
        our_ms.push(call(ours)?);
        their_ms.push(call(theirs)?);
    }
    let (our_ms, their_ms) = (median(our_ms), median(their_ms));
    row(what, &format!("{our_ms:.1} ms, axum {their_ms:.1} ms: {:.2}×", our_ms / their_ms), "");
    Ok(())
}
