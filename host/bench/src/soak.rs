//! `make soak`: a thousand spaces called at random for ten minutes; nothing may grow.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::load::post_to_many;
use crate::scale::many_spaces;
use crate::server::{Kept, Server};
use crate::{Paths, row};

const N_SPACES: usize = 1_000;
const MINUTES: u64 = 10;
/// Growth that is still flat, as a part: the allocator's arenas breathe.
const FLAT: f64 = 0.1;

pub(crate) fn run(paths: &Paths) -> Result<()> {
    let data = tempfile::tempdir()?;
    many_spaces(paths, data.path(), N_SPACES)?;
    let server = Server::vitrine(paths, data.path())?;
    // Every space is loaded and every thread has worked before the count begins.
    post_to_many(&server.url, N_SPACES, 16, Duration::from_secs(30))?;
    let ended = AtomicBool::new(false);
    let (load, kept) = std::thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let mut kept = Vec::new();
            while !ended.load(Ordering::Relaxed) {
                kept.push(server.kept()?);
                std::thread::sleep(Duration::from_secs(5));
            }
            Ok::<_, anyhow::Error>(kept)
        });
        let load = post_to_many(&server.url, N_SPACES, 16, Duration::from_secs(60 * MINUTES));
        ended.store(true, Ordering::Relaxed);
        (load, watch.join().expect("the watching thread does not panic"))
    });
    let (load, kept) = (load?, kept?);
    ensure!(kept.len() >= 4, "the run was too short to tell");
    let quarter = kept.len() / 4;
    let most = |part: &[Kept], of: fn(&Kept) -> f64| part.iter().map(of).fold(0.0, f64::max);
    let mut grown = Vec::new();
    for (name, of) in [
        ("anonymous memory, MiB", (|kept: &Kept| kept.anonymous_mib) as fn(&Kept) -> f64),
        ("descriptors", |kept| kept.descriptors as f64),
        ("mappings", |kept| kept.mappings as f64),
    ] {
        let (first, last) = (most(&kept[..quarter], of), most(&kept[kept.len() - quarter..], of));
        row(&format!("{name}, first and last quarter of {MINUTES} minutes"), &format!("{first:.0}, {last:.0}"), "flat");
        if last > first * (1.0 + FLAT) {
            grown.push(name);
        }
    }
    let measured = format!("p50 {:.0} µs, p99 {:.0} µs, {:.0}/s, no error", load.p50_us, load.p99_us, load.per_second);
    row(&format!("{N_SPACES} spaces, 16 clients"), &measured, "no error");
    ensure!(grown.is_empty(), "these have grown: {}", grown.join(", "));
    Ok(())
}
