//! A thousand spaces on one server: time to ready, and memory while idle.

use std::time::Instant;

use anyhow::{Context as _, Result};
use spaces::SpaceId;
use spaces::store::{NewRevision, Store};
use time::OffsetDateTime;

use crate::server::Server;
use crate::{Paths, median, row};

const N_SPACES: usize = 1_000;

pub(crate) fn measure(paths: &Paths) -> Result<()> {
    let data = tempfile::tempdir()?;
    let server = Server::vitrine(paths, data.path())?;
    server.publish(paths, &paths.cache.join("bundles/iris"), "bench/iris")?;
    drop(server);
    tokio::runtime::Runtime::new()?.block_on(multiply(data.path()))?;
    let client = reqwest::blocking::Client::new();
    let mut ready_ms = Vec::new();
    let (mut resident, mut called) = (f64::NAN, f64::NAN);
    for round in 0..5 {
        let since = Instant::now();
        let server = Server::vitrine(paths, data.path())?;
        client.get(format!("{}/readyz", server.url)).send()?.error_for_status()?;
        ready_ms.push(since.elapsed().as_secs_f64() * 1e3);
        let listed: serde_json::Value = client.get(format!("{}/api/v1/spaces?limit=1", server.url)).send()?.json()?;
        anyhow::ensure!(listed["meta"]["total"] == N_SPACES + 1, "the spaces are there: {listed}");
        resident = server.resident_mib()?;
        if round == 0 {
            for index in 0..N_SPACES {
                let url = format!("{}/spaces/many/iris-{index}/api/predict", server.url);
                client.post(url).json(&serde_json::json!({})).send()?.error_for_status()?;
            }
            called = server.anonymous_mib()?;
        }
    }
    row("start with 1,000 spaces to /readyz", &format!("{:.0} ms", median(ready_ms)), "≤ 300 ms");
    row("resident memory, idle, 1,000 spaces", &format!("{resident:.0} MiB"), "≤ 150 MB");
    row("the same after a call of each, what the kernel cannot drop", &format!("{called:.0} MiB"), "");
    Ok(())
}

/// Publishes the one space under many names, without compiling it again for each.
async fn multiply(data: &std::path::Path) -> Result<()> {
    let store = Store::open(data).await?;
    let iris = SpaceId::new("bench", "iris")?;
    let revision = store.live_revision(&iris).await?.context("iris is live")?.revision;
    for index in 0..N_SPACES {
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
