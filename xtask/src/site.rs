//! The step `site`: builds the browser client and writes it, compressed and under names with digests, to
//! `artifacts/site`, from where the server embeds it.
//!
//! `manifest.json` there names the files; `assets/` holds them, each beside its `.br` and `.gz`.

mod client;
mod css;
mod docs;
mod elements;
mod esbuild;
mod optimize;
mod prune;
mod publish;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

/// Part of the stamp: raise it when this step itself makes other files from the same sources.
const STEP_VERSION: &str = "6";

/// Brings `artifacts/site` below `root` up to date.
///
/// # Errors
/// When the client does not compile, or a tool or a file fails.
pub(crate) fn run(root: &Path) -> Result<()> {
    let site = root.join("artifacts/site");
    let clients = [client::For::Visitors, client::For::Authors]
        .map(|whose| anyhow::Ok((whose, client::build(root, whose)?)))
        .into_iter()
        .collect::<Result<Vec<_>>>()?;
    let style = css::joined(&root.join("web/assets/style"))?;
    let boot = fs::read_to_string(root.join("web/assets/boot.js")).context("cannot read the boot script")?;
    let docs = docs::Docs::read(root)?;
    let optimizer = optimize::find(root);

    let stamp = stamp(&[
        STEP_VERSION.as_bytes(),
        &clients[0].1,
        &clients[1].1,
        style.as_bytes(),
        boot.as_bytes(),
        &elements::sources(root)?,
        &docs.css,
        &docs.js,
        &docs.start,
        &[u8::from(optimizer.is_some())],
    ]);
    let stamp_file = site.join("stamp");
    if fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp) {
        return Ok(());
    }
    // Written last: an interrupted step leaves no stamp, so the next one starts over.
    if site.exists() {
        fs::remove_dir_all(&site).with_context(|| format!("cannot clear {}", site.display()))?;
    }
    let assets = site.join("assets");
    fs::create_dir_all(&assets).with_context(|| format!("cannot create {}", assets.display()))?;

    let mut names = serde_json::Map::new();
    for (whose, module) in &clients {
        let client = client::bind(module, &assets)?;
        let wasm = match &optimizer {
            Some(optimizer) => optimize::shrink(optimizer, &client.wasm)?,
            None => client.wasm,
        };
        let files = serde_json::json!({
            "js": publish::write(&assets, whose.stem(), "js", esbuild::minified(root, &client.js)?.as_bytes())?,
            "wasm": publish::write(&assets, whose.stem(), "wasm", &wasm)?,
        });
        names.insert(whose.stem().to_owned(), files);
    }
    let manifest = serde_json::json!({
        "css": publish::write(&assets, "vitrine", "css", css::squeezed(&style).as_bytes())?,
        "boot": publish::write(&assets, "boot", "js", boot.as_bytes())?,
        "client": names.get("client"),
        "authors": names.get("authors"),
        "elements": elements::bundle(root, &assets)?,
        "docs": docs.write(&assets)?,
    });
    fs::write(site.join("manifest.json"), serde_json::to_vec_pretty(&manifest)?)?;
    fs::write(stamp_file, stamp)?;
    Ok(())
}

fn stamp(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_le_bytes());
        hasher.update(part);
    }
    hex::encode(hasher.finalize())
}
