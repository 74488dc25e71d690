//! The custom elements of `web/elements`, bundled by esbuild: a file for each, and files for what several share.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::{esbuild, publish};

/// Each file of `web/elements/src` is the element `vitrine-{name}`.
const TAG_PREFIX: &str = "vitrine-";

/// The sources, as far as they decide on the result: for the stamp.
///
/// # Errors
/// When one cannot be read.
pub(super) fn sources(root: &Path) -> Result<Vec<u8>> {
    let folder = root.join(esbuild::FOLDER);
    let mut all = read(&folder.join("package-lock.json"))?;
    for path in scripts(&folder.join("src"))?.into_iter().chain(scripts(&folder.join("src/lib"))?) {
        all.extend(path.file_name().unwrap_or_default().as_encoded_bytes());
        all.extend(read(&path)?);
    }
    Ok(all)
}

/// Bundles the elements into `assets`; gives back the file of each tag.
///
/// # Errors
/// When esbuild is not installed or finds a mistake.
pub(super) fn bundle(root: &Path, assets: &Path) -> Result<Value> {
    let folder = root.join(esbuild::FOLDER);
    let scratch = tempfile::tempdir()?;
    let meta = scratch.path().join("meta.json");
    let entries = scripts(&folder.join("src"))?;
    let mut command = esbuild::command(root)?;
    command
        .args(["--bundle", "--splitting", "--format=esm", "--minify", esbuild::TARGET, "--log-level=warning"])
        // The licences are in a file of their own.
        .args(["--legal-comments=none", "--entry-names=[name]-[hash]", "--chunk-names=part-[hash]"])
        .arg(format!("--outdir={}", scratch.path().join("out").display()))
        .arg(format!("--metafile={}", meta.display()))
        .args(&entries);
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(status.success(), "esbuild refuses the custom elements ({status})");

    for file in scripts(&scratch.path().join("out"))? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        publish::write_as(assets, &name, &read(&file)?)?;
    }
    let meta: Value = serde_json::from_slice(&read(&meta)?).context("esbuild's report cannot be read")?;
    publish::write(assets, "elements-licences", "txt", licences(&folder, &meta)?.as_bytes())?;
    tags(&meta)
}

/// The file of each tag, out of esbuild's report.
fn tags(meta: &Value) -> Result<Value> {
    let outputs = meta["outputs"].as_object().context("esbuild reports no outputs")?;
    let mut tags = BTreeMap::new();
    for (path, output) in outputs {
        let Some(entry) = output["entryPoint"].as_str() else { continue };
        let stem = Path::new(entry).file_stem().unwrap_or_default().to_string_lossy();
        let file = Path::new(path).file_name().unwrap_or_default().to_string_lossy();
        tags.insert(format!("{TAG_PREFIX}{stem}"), file.into_owned());
    }
    Ok(json!(tags))
}

/// The licence of each package of which a line is in a bundle.
fn licences(folder: &Path, meta: &Value) -> Result<String> {
    let inputs = meta["inputs"].as_object().context("esbuild reports no inputs")?;
    let packages: BTreeSet<&str> = inputs.keys().filter_map(|path| package(path)).collect();
    let mut text = String::new();
    for package in packages {
        let home = folder.join("node_modules").join(package);
        let about: Value = serde_json::from_slice(&read(&home.join("package.json"))?)?;
        let field = |name: &str| about[name].as_str().unwrap_or("unknown").to_owned();
        text.push_str(&format!("{package} {} ({})\n\n", field("version"), field("license")));
        for file in fs::read_dir(&home).with_context(|| format!("cannot list {}", home.display()))? {
            let path = file?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
            if (name.starts_with("licen") || name.starts_with("notice")) && path.is_file() {
                text.push_str(&String::from_utf8_lossy(&read(&path)?));
                text.push('\n');
            }
        }
        text.push_str("\n--------\n\n");
    }
    Ok(text)
}

/// `a` of `node_modules/a/b.js`, `@a/b` of `node_modules/@a/b/c.js`.
fn package(path: &str) -> Option<&str> {
    let (_, inside) = path.rsplit_once("node_modules/")?;
    let n_parts = if inside.starts_with('@') { 2 } else { 1 };
    let end = inside.match_indices('/').nth(n_parts - 1)?.0;
    Some(&inside[..end])
}

fn scripts(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "js"));
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::package;

    #[test]
    fn a_file_belongs_to_the_innermost_package() {
        let check = |path: &str, expected: Option<&str>| assert_eq!(package(path), expected, "{path}");
        check("src/plot.js", None);
        check("node_modules/vega/build/vega.js", Some("vega"));
        check("node_modules/@a/b/c.js", Some("@a/b"));
        check("node_modules/a/node_modules/c/d.js", Some("c"));
    }
}
