//! The build step: what cargo alone cannot build, because it is for another target than the program.
//!
//! `cargo run -p xtask -- guests` builds the guests, `… -- site` the browser client; both into `artifacts/`.

mod guests;
mod site;

use anyhow::{Context as _, Result, bail};

fn main() -> Result<()> {
    // Not the folder that it was compiled in: clones that share a target folder share this program.
    let here = std::env::current_dir()?;
    let root = here.ancestors().find(|folder| folder.join("xtask/Cargo.toml").is_file());
    let root = root.context("run this inside the repository")?;
    let steps: Vec<String> = std::env::args().skip(1).collect();
    if steps.is_empty() {
        bail!("name a step: `guests` or `site`");
    }
    for step in steps {
        match step.as_str() {
            "guests" => guests::run(root).context("step `guests` failed")?,
            "site" => site::run(root).context("step `site` failed")?,
            other => bail!("there is no step `{other}`: the steps are `guests` and `site`"),
        }
    }
    Ok(())
}
