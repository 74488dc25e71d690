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
/// Their artefacts differ in so many ways, and each is a file of its own; the others share them, since all would take
/// 20 GB. If all shared one, the kernel would meet ten thousand mappings of a file, which no real server has.
const N_ARTEFACTS: usize = 2_000;
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
        anyhow::ensure!(listed["meta"]["total"] == N_SPACES, "the spaces are there: {listed}");
        resident = server.kept()?.resident_mib;
    }
    row("start with 10,000 spaces to /readyz", &format!("{:.0} ms", median(ready_ms)), "≤ 1 s");
    row("resident memory, idle, 10,000 spaces", &format!("{resident:.0} MiB"), "≤ 200 MB");

    let server = Server::vitrine(paths, data.path())?;
    let hot = format!("{}/spaces/many/iris-0/api/predict", server.url);
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

/// A data folder with `n_spaces` spaces that run iris.
pub(crate) fn many_spaces(paths: &Paths, data: &Path, n_spaces: usize) -> Result<()> {
    let server = Server::vitrine(paths, data)?;
    server.publish(paths, &paths.cache.join("bundles/iris"), &copy_of(0))?;
    drop(server);
    tokio::runtime::Runtime::new()?.block_on(multiply(data, n_spaces))
}

fn copy_of(index: usize) -> String {
    format!("many/iris-{index}")
}

/// Commits the one space under further names, without compiling it again for each.
async fn multiply(data: &Path, n_spaces: usize) -> Result<()> {
    let store = Store::open(data).await?;
    let original: SpaceId = copy_of(0).parse()?;
    let original = store.live_revision(&original).await?.context("it is live")?.revision;
    let artefact = store.artefact(&original.component, &original.engine).await?.context("it is compiled")?;
    let code = std::fs::read(&artefact.path)?;
    let mut artefacts = vec![(original.bundle, artefact)];
    for index in 1..n_spaces {
        let draft = store.draft().await?;
        if artefacts.len() < N_ARTEFACTS {
            // An upload and an artefact of its own: what follows the code is not looked at.
            std::fs::write(draft.file("upload"), index.to_string())?;
            std::fs::write(draft.file("code"), [&code[..], &index.to_le_bytes()[..]].concat())?;
            let bundle = draft.put_object(&draft.file("upload")).await?;
            artefacts.push((bundle, draft.put_artefact(&draft.file("code")).await?));
        }
        let (bundle, artefact) = artefacts[index % artefacts.len()].clone();
        let copy = NewRevision {
            example_outputs: Vec::new(),
            space: copy_of(index).parse()?,
            kind: original.kind,
            component: bundle.digest,
            bundle,
            engine: original.engine.clone(),
            artefact,
            manifest: original.manifest.clone(),
            interface: original.interface.clone(),
            assets: original.assets.clone(),
            created_at: OffsetDateTime::now_utc(),
            published_by: "bench".to_owned(),
        };
        draft.commit(copy).await?;
    }
    store.close().await;
    Ok(())
}
