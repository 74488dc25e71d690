//! One space at twenty times what it can do, and another one's p99 meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::load::post;
use crate::server::Server;
use crate::trivial::{BODY, build_guest};
use crate::{Paths, median, row};

/// Rounds that take some 25 ms.
const MILLIONS: f64 = 15.0;
/// How far above its capacity the flooded space is called.
const FLOOD: f64 = 20.0;

pub(crate) fn measure(paths: &Paths) -> Result<()> {
    let data = tempfile::tempdir()?;
    let server = Server::vitrine(paths, data.path())?;
    // Waits until the runner is compiled, which would take processors from what is measured.
    server.publish(paths, &paths.cache.join("bundles/iris"), "bench/iris")?;
    server.publish(paths, &build_guest(paths, "busy")?, "bench/busy")?;
    server.publish(paths, &build_guest(paths, "add")?, "bench/add")?;
    let honest = format!("{}/spaces/bench/add/api/add", server.url);
    let busy = format!("{}/spaces/bench/busy/api/work", server.url);
    let capacity = post(&busy, Some(&json!({ "millions": MILLIONS }).to_string()), 8)?.per_second;
    let _ = post(&honest, Some(BODY), 1)?;
    let quiet = post(&honest, Some(BODY), 1)?;
    let address = server.url.trim_start_matches("http://").to_owned();
    let flood = Flood::start(address, capacity * FLOOD)?;
    let flooded = post(&honest, Some(BODY), 1)?;
    let (answered, refused, seconds) = flood.stop();
    let measured = format!(
        "{:.2} ms quiet, {:.2} ms flooded: {:.1}× ({:.0}/s sent to a space that does {capacity:.0}/s, {answered} answered, {refused} refused)",
        quiet.p99_us / 1e3,
        flooded.p99_us / 1e3,
        flooded.p99_us / quiet.p99_us,
        (answered + refused) as f64 / seconds,
    );
    let bound = format!("≤ 3× + 1 ms: {:.2} ms", quiet.p99_us * 3.0 / 1e3 + 1.0);
    row("another space's p99 while one is at 20× its capacity", &measured, &bound);
    overshoot(paths, &server)
}

/// How long after its deadline a guest that computes for ever is stopped.
fn overshoot(paths: &Paths, server: &Server) -> Result<()> {
    let bundle = tempfile::tempdir()?;
    std::fs::copy(build_guest(paths, "busy")?, bundle.path().join("busy.wasm"))?;
    std::fs::write(bundle.path().join("space.toml"), "limits.deadline = 0.2\n")?;
    server.publish(paths, bundle.path(), "bench/endless")?;
    let client = reqwest::blocking::Client::new();
    let mut late = Vec::new();
    for _ in 0..20 {
        let url = format!("{}/spaces/bench/endless/api/work", server.url);
        let answer = client.post(url).json(&json!({ "millions": 1e9 })).send()?;
        anyhow::ensure!(answer.status() == 504, "an endless guest ended: {}", answer.status());
        let timing = answer.headers()["server-timing"].to_str()?.to_owned();
        let milliseconds = |name: &str| -> Result<f64> {
            let rest = timing.split(&format!("{name};dur=")).nth(1).context("no such timing")?;
            Ok(rest.split(',').next().unwrap_or_default().parse()?)
        };
        late.push(milliseconds("instantiate")? + milliseconds("call")? - 200.0);
    }
    let most = late.iter().copied().fold(0.0, f64::max);
    let measured = format!("p50 {:.2} ms, longest of 20 {most:.2} ms", median(late));
    row("an endless guest is stopped after its deadline by", &measured, "≤ 2 ms");
    Ok(())
}

/// Calls at a fixed rate, whether or not the ones before have been answered, as many visitors would.
struct Flood {
    stop: Arc<AtomicBool>,
    counts: Arc<[AtomicUsize; 2]>,
    since: Instant,
    thread: std::thread::JoinHandle<()>,
}

impl Flood {
    fn start(address: String, per_second: f64) -> Result<Self> {
        let (stop, counts) = (Arc::new(AtomicBool::new(false)), Arc::<[AtomicUsize; 2]>::default());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stopped, counted) = (Arc::clone(&stop), Arc::clone(&counts));
        let thread = std::thread::Builder::new().name("flood".to_owned()).spawn(move || {
            runtime.block_on(async {
                let mut turns = tokio::time::interval(Duration::from_secs_f64(1.0 / per_second));
                while !stopped.load(Ordering::Relaxed) {
                    turns.tick().await;
                    let (address, counted) = (address.clone(), Arc::clone(&counted));
                    tokio::spawn(async move {
                        if let Ok(status) = call(&address).await {
                            counted[usize::from(status != 200)].fetch_add(1, Ordering::Relaxed);
                        }
                    });
                }
            });
        });
        Ok(Self { stop, counts, since: Instant::now(), thread: thread.context("no thread for the flood")? })
    }

    /// Answered, refused, seconds.
    fn stop(self) -> (usize, usize, f64) {
        let seconds = self.since.elapsed().as_secs_f64();
        let counts = [0, 1].map(|index| self.counts[index].load(Ordering::Relaxed));
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.thread.join();
        (counts[0], counts[1], seconds)
    }
}

/// One call over a connection of its own; the status.
async fn call(address: &str) -> Result<u16> {
    let body = json!({ "millions": MILLIONS }).to_string();
    let mut connection = TcpStream::connect(address).await?;
    let head = format!(
        "POST /spaces/bench/busy/api/work HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    connection.write_all((head + &body).as_bytes()).await?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await?;
    let text = String::from_utf8_lossy(&answer);
    text.split(' ').nth(1).and_then(|status| status.parse().ok()).context("no status")
}
