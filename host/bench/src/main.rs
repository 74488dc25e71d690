//! `make bench`: Vitrine beside its references, measured in one run, printed as a table.
//!
//! Machines are noisy, so what counts are the ratios: each pair is measured one right after the other.
//! Load comes from `wrk`, the fastest client there is, so that the client is not what is measured.
#![expect(clippy::print_stdout, reason = "the table goes to standard output")]

mod clients;
mod fairness;
mod gradio;
mod inference;
mod large;
mod load;
mod native;
mod open_inference;
mod reference;
mod reuse;
mod scale;
mod server;
mod soak;
mod trivial;

use std::path::PathBuf;

use anyhow::{Context as _, Result};

/// Where things are.
pub(crate) struct Paths {
    /// The repository.
    pub(crate) root: PathBuf,
    /// Staged bundles and downloaded tools.
    pub(crate) cache: PathBuf,
    /// The program under test.
    pub(crate) vitrine: PathBuf,
}

/// Measures a part and prints its rows.
type Measure = fn(&Paths) -> Result<()>;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    // The reference handler is a process of its own, as the server under test is.
    let what = arguments.next();
    if what.as_deref() == Some("reference") {
        return reference::serve();
    }
    // Not the folder that it was compiled in: clones that share a target folder share this program.
    let here = std::env::current_dir()?;
    let root = here.ancestors().find(|folder| folder.join("xtask/Cargo.toml").is_file());
    let root = root.context("run this inside the repository")?.to_owned();
    #[expect(clippy::disallowed_methods, reason = "says where the staged examples are, as for the Makefile")]
    let cache = std::env::var_os("VITRINE_CACHE").map_or_else(|| root.join(".cache"), PathBuf::from);
    let paths = Paths { vitrine: root.join("bin/vitrine"), root, cache };
    let _ = rustls::crypto::ring::default_provider().install_default();
    println!("| what | measured | target |\n| --- | --- | --- |");
    let all: &[(&str, Measure)] = &[
        ("trivial", trivial::measure),
        ("clients", clients::measure),
        ("large", large::measure),
        ("fairness", fairness::measure),
        ("inference", inference::measure),
        ("reuse", reuse::measure),
        ("native", native::measure),
        ("open-inference", open_inference::measure),
        ("scale", scale::measure),
    ];
    match what.as_deref() {
        None => all.iter().try_for_each(|(_, measure)| measure(&paths)),
        Some("soak") => soak::run(&paths),
        Some(name) => {
            let found = all.iter().find(|(known, _)| *known == name).context("there is no such part")?;
            (found.1)(&paths)
        }
    }
}

/// Prints one row.
pub(crate) fn row(what: &str, measured: &str, target: &str) {
    println!("| {what} | {measured} | {target} |");
}

/// The value in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
