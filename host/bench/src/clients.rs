//! Gradio's own protocol, on both sides: the same function as a space and as a Gradio app.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::load::{post, queued};
use crate::server::Server;
use crate::trivial::build_guest;
use crate::{Paths, gradio, row};

/// Sequential calls of the JavaScript client.
const CALLS: u32 = 500;
const BODY: &str = r#"{"data": [1.5, 2.25]}"#;

pub(crate) fn measure(paths: &Paths) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let vitrine = Server::vitrine(paths, &folder.path().join("data"))?;
    vitrine.publish(paths, &build_guest(paths, "add")?, "bench/add")?;
    let ours = format!("{}/spaces/bench/add", vitrine.url);
    let gradio = gradio::start(paths)?;
    let theirs = &gradio.url;

    let client = |url: &str, endpoint: &str| javascript(paths, url, endpoint);
    let (mine, other) = (client(&ours, "/add")?, client(theirs, gradio::QUEUED)?);
    let measured = format!("p50 {mine:.0} µs against {other:.0} µs: {:.2}×", mine / other);
    row("JavaScript client, one call after the other, against Gradio", &measured, "≤ 0.15×");

    let path = |function: &str| format!("/gradio_api/run/{function}");
    let other = post(&format!("{theirs}{}", path(gradio::DIRECT)), Some(BODY), 16)?;
    let mine = post(&format!("{ours}{}", path("add")), Some(BODY), 16)?;
    compared("Gradio's synchronous route, 16 clients", mine.per_second, other.per_second);

    // A call is two requests: it joins the queue, and its stream brings the answer.
    let other = queued(theirs, 1, 16, true)?.per_second / 2.0;
    let mine = queued(&ours, 0, 16, false)?.per_second / 2.0;
    compared("Gradio's queue, 16 clients", mine, other);
    Ok(())
}

fn compared(what: &str, mine: f64, other: f64) {
    row(what, &format!("{mine:.0}/s against {other:.0}/s: {:.0}×", mine / other), "≥ 40×");
}

fn javascript(paths: &Paths, url: &str, endpoint: &str) -> Result<f64> {
    let script: &Path = &paths.root.join("host/tests/clients/gradio/latency.mjs");
    let output = Command::new("node").arg(script).args([url, endpoint, &CALLS.to_string()]).output()?;
    let failed = || format!("the JavaScript client failed: {}", String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), failed());
    String::from_utf8_lossy(&output.stdout).trim().parse().with_context(failed)
}
