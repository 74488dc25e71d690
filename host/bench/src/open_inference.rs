//! The Open Inference Protocol: a picture's tensor in, one as large out, beside an axum handler that answers what it gets.

use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use reqwest::blocking::{Client, Response};
use serde_json::json;

use crate::server::Server;
use crate::{Paths, median, row};

const N_CALLS: usize = 300;
const SHAPE: [usize; 4] = [1, 3, 224, 224];
/// Makes a graph that answers the negative of a picture.
const MAKE_MODEL: &str = "
import sys, onnx
from onnx import TensorProto, helper
shape = [1, 3, 224, 224]
graph = helper.make_graph(
    [helper.make_node('Neg', ['x'], ['y'])], 'negative',
    [helper.make_tensor_value_info('x', TensorProto.FLOAT, shape)],
    [helper.make_tensor_value_info('y', TensorProto.FLOAT, shape)])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)], ir_version=8)
onnx.save(model, sys.argv[1])
";

const MANIFEST: &str = "
[[inputs]]
name = 'x'
kind = 'tensor'
[[outputs]]
name = 'y'
kind = 'tensor'
";

pub(crate) fn measure(paths: &Paths) -> Result<()> {
    let data = tempfile::tempdir()?;
    let server = Server::vitrine(paths, data.path())?;
    let bundle = data.path().join("bundle");
    std::fs::create_dir(&bundle)?;
    // By itself a tensor of this shape would be taken for a picture.
    std::fs::write(bundle.join("space.toml"), MANIFEST)?;
    let model = bundle.join("negative.onnx");
    let python = paths.cache.join("python/bin/python");
    let made =
        Command::new(python).args(["-c", MAKE_MODEL]).arg(&model).status().context("stage the examples first")?;
    ensure!(made.success(), "the model of the tensor row could not be made");
    server.publish(paths, &bundle, "bench/negative")?;
    let axum = Server::start(Command::new(std::env::current_exe()?).arg("reference"))?;

    let tensor: Vec<u8> = (0..SHAPE.iter().product()).flat_map(|index: usize| (index as f32).to_le_bytes()).collect();
    let parameters = json!({ "binary_data_size": tensor.len() });
    let input = json!({ "name": "x", "datatype": "FP32", "shape": SHAPE, "parameters": parameters });
    let head = json!({ "inputs": [input], "parameters": { "binary_data_output": true } }).to_string();
    let mut body = head.clone().into_bytes();
    body.extend_from_slice(&tensor);

    let client = Client::new();
    let send = |url: &str| -> Result<(f64, Response)> {
        let request = client.post(url).header("inference-header-content-length", head.len()).body(body.clone());
        let since = Instant::now();
        let answer = request.send()?.error_for_status()?;
        Ok((since.elapsed().as_secs_f64() * 1e6, answer))
    };
    let ours = format!("{}/v2/models/bench.negative/infer", server.url);
    let theirs = format!("{}/echo", axum.url);
    let (mut our_us, mut their_us, mut call_us) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..N_CALLS {
        let (elapsed, answer) = send(&ours)?;
        let timing = answer.headers().get("server-timing").and_then(|value| value.to_str().ok());
        let guest = call_ms(timing.context("no Server-Timing")?).context("no time of the call")? * 1e3;
        answer.bytes()?;
        our_us.push(elapsed - guest);
        call_us.push(guest);
        let (elapsed, answer) = send(&theirs)?;
        answer.bytes()?;
        their_us.push(elapsed);
    }
    let (our_us, their_us, call_us) = (median(our_us), median(their_us), median(call_us));
    let measured =
        format!("{our_us:.0} µs, axum {their_us:.0} µs: {:.2}×; the call {call_us:.0} µs", our_us / their_us);
    row("v2 infer, 1×3×224×224 FP32 binary, time outside the model, p50", &measured, "≤ 1.5×");
    Ok(())
}

/// The time of the guest's call, in milliseconds.
fn call_ms(timing: &str) -> Option<f64> {
    timing.split(", ").find_map(|part| part.strip_prefix("call;dur="))?.parse().ok()
}
