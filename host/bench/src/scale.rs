//! Ten thousand spaces on one server: time to ready, memory while idle, and calls to any of them.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use spaces::SpaceId;
use spaces::store::{NewRevision, Store};
use time::OffsetDateTime;

use crate::load::{Load, post, post_to_many};
use crate::server::Server;
use crate::{Paths, median, row};

const N_SPACES: usize = 10_000;
/// How often the server is started.
const N_STARTS: usize = 5;

pub(crate) fn measure(paths: &Paths) -> Result<()> {
    let data = tempfile::tempdir()?;
    many_spaces(paths, data.path(), N_SPACES)?;
    let client = reqwest::blocking::Client::new();
    let mut ready_ms = Vec::new();
    let mut resident = f64::NAN;
    for _ in 0..N_STARTS {
        let since = Instant::now();
        let server = Server::vitrine(paths, data.path())?;
        client.get(format!("{}/readyz", server.url)).send()?.error_for_status()?;
        ready_ms.push(since.elapsed().as_secs_f64() * 1e3);
        let listed: serde_json::Value = client.get(format!("{}/api/v1/spaces?limit=1", server.url)).send()?.json()?;
        anyhow::ensure!(listed["meta"]["total"] == N_SPACES + 1, "the spaces are there: {listed}");
        resident = server.kept()?.resident_mib;
    }
    row("start with 10,000 spaces to /readyz", &format!("{:.0} ms", median(ready_ms)), "≤ 1 s");
    row("resident memory, idle, 10,000 spaces", &format!("{resident:.0} MiB"), "≤ 200 MB");

    let server = Server::vitrine(paths, data.path())?;
    let hot = format!("{}/spaces/bench/iris/api/predict", server.url);
    let _ = post(&hot, Some("{}"), 1)?;
    let hot = post(&hot, Some("{}"), 1)?;
    // Most of these calls are the first to their space since the start.
    let first = post_to_many(&server.url, N_SPACES, 1, Duration::from_secs(5))?;
    post_to_many(&server.url, N_SPACES, 16, Duration::from_secs(40))?;
    let loaded = post_to_many(&server.url, N_SPACES, 1, Duration::from_secs(10))?;
    let against = |load: &Load| {
        format!("{:.2} ms, hot {:.2} ms: {:.1}×", load.p99_us / 1e3, hot.p99_us / 1e3, load.p99_us / hot.p99_us)
    };
    row("p99 of spaces picked at random out of 10,000, each loaded before", &against(&loaded), "≤ 3×");
    row("the same right after the start, most of them never loaded", &against(&first), "");
    row("what the kernel cannot drop after all that", &format!("{:.0} MiB", server.kept()?.anonymous_mib), "");
    Ok(())
}

/// A data folder with `n_spaces` copies of iris, and the original.
pub(crate) fn many_spaces(paths: &Paths, data: &Path, n_spaces: usize) -> Result<()> {
    let server = Server::vitrine(paths, data)?;
    server.publish(paths, &paths.cache.join("bundles/iris"), "bench/iris")?;
    drop(server);
    tokio::runtime::Runtime::new()?.block_on(multiply(data, n_spaces))
}

/// Publishes the one space under many names, without compiling it again for each.
async fn multiply(data: &Path, n_spaces: usize) -> Result<()> {
    let store = Store::open(data).await?;
    let iris = SpaceId::new("bench", "iris")?;
    let revision = store.live_revision(&iris).await?.context("iris is live")?.revision;
    for index in 0..n_spaces {
        let artefact = store.artefact(&revision.component, &revision.engine).await?.context("iris is compiled")?;
        let draft = store.draft().await?;
        let copy = NewRevision {
            space: SpaceId::new("many", &format!("iris-{index}"))?,
            kind: revision.kind,
            bundle: revision.bundle,
            component: revision.component,
            engine: revision.engine.clone(),
            artefact,
            manifest: revision.manifest.clone(),
            interface: revision.interface.clone(),
            assets: revision.assets.clone(),
            created_at: OffsetDateTime::now_utc(),
        };
        draft.commit(copy).await?;
    }
    store.close().await;
    Ok(())
}
