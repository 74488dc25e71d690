//! The trivial function as a Gradio app.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Result, ensure};

use crate::Paths;
use crate::server::Server;

const GRADIO: &str = "gradio==6.31.0";

/// The function without Gradio's queue, which answers in one response …
pub(crate) const DIRECT: &str = "add";
/// … and with it, as many at once as come.
pub(crate) const QUEUED: &str = "/add_queued";

const APP: &str = "
import sys
import gradio

def add(x, y):
    return x + y

with gradio.Blocks() as app:
    x, y, sum = gradio.Number(), gradio.Number(), gradio.Number()
    gradio.Button().click(add, [x, y], sum, api_name='add', queue=False)
    gradio.Button().click(add, [x, y], sum, api_name='add_queued', concurrency_limit=None)
app.launch(server_port=int(sys.argv[1]), quiet=True)
";

/// Starts Gradio.
pub(crate) fn start(paths: &Paths) -> Result<Server> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let process = Command::new(environment(paths)?)
        .args(["-c", APP, &port.to_string()])
        .env("GRADIO_ANALYTICS_ENABLED", "False")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let server = Server::known(process, format!("http://127.0.0.1:{port}"));
    let client = reqwest::blocking::Client::new();
    let since = Instant::now();
    let url = format!("{}/gradio_api/run/{DIRECT}", server.url);
    let call = || client.post(&url).json(&serde_json::json!({ "data": [1.5, 2.25] })).send();
    while !call().is_ok_and(|answer| answer.status().is_success()) {
        ensure!(since.elapsed().as_secs() < 120, "Gradio does not answer");
        std::thread::yield_now();
    }
    let answer: serde_json::Value = call()?.json()?;
    ensure!(answer["data"][0] == 3.75, "Gradio adds differently: {answer}");
    Ok(server)
}

/// A Python that has Gradio.
fn environment(paths: &Paths) -> Result<PathBuf> {
    let folder = paths.cache.join("bench/gradio");
    let python = folder.join("bin/python");
    if !folder.join("installed").exists() {
        let made = Command::new("python3").args(["-m", "venv"]).arg(&folder).status()?;
        ensure!(made.success(), "`python3 -m venv` failed");
        let installed = Command::new(&python).args(["-m", "pip", "install", "--quiet", GRADIO]).status()?;
        ensure!(installed.success(), "`pip install {GRADIO}` failed");
        std::fs::write(folder.join("installed"), GRADIO)?;
    }
    Ok(python)
}
