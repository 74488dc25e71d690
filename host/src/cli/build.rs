//! `vitrine build`: a Rust crate → the component that `vitrine publish` sends.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use guest_build::Toolchain;
use spaces::manifest::{self, Manifest};

use super::error::CliError;
use super::output;

/// The component's name where `space.toml` gives none.
const DEFAULT_APP: &str = "app.wasm";

/// Build a Rust space into a component
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vitrine build
  vitrine build word-count && vitrine publish word-count

The component is written to `app.wasm` in that folder, or to what `app` in space.toml says.
It needs Rust; the wasm target is installed where it is missing.")]
pub(crate) struct BuildArgs {
    /// The folder of the crate
    #[arg(default_value = ".")]
    dir: PathBuf,
}

/// Builds the crate and prints what came out.
pub(crate) fn run(args: &BuildArgs) -> Result<(), CliError> {
    let dir = &args.dir;
    if !dir.join("Cargo.toml").is_file() {
        return Err(CliError::input(format!(
            "there is no `Cargo.toml` in `{}`: `vitrine new NAME --template rust` makes a crate to begin with",
            dir.display()
        )));
    }
    let out = dir.join(app(dir)?);
    let toolchain = Toolchain::find().map_err(|source| CliError::Build { source: Box::new(source) })?;
    output::note(&format!("building with {toolchain}"));
    let built = guest_build::build_component_with(&toolchain, dir, &out)
        .map_err(|source| CliError::Build { source: Box::new(source) })?;
    let change = if built.changed { "" } else { ", unchanged" };
    output::result(&format!("{} ({}{change})", built.path.display(), output::size(built.size_bytes)))
}

/// `app` in `space.toml`, where it is a component.
fn app(dir: &Path) -> Result<String, CliError> {
    let path = dir.join(manifest::FILE_NAME);
    let Ok(text) = fs::read_to_string(&path) else {
        return Ok(DEFAULT_APP.to_owned());
    };
    let manifest =
        Manifest::parse(&text).map_err(|error| CliError::input(dir.join(error.to_string()).display().to_string()))?;
    match manifest.app {
        None => Ok(DEFAULT_APP.to_owned()),
        Some(app) if app.ends_with(".wasm") => Ok(app),
        Some(app) => Err(CliError::input(format!(
            "`app` in `{}` is `{app}`: a crate is built into a .wasm file",
            path.display()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_names_the_component() {
        let check = |manifest: Option<&str>, expected: Result<&str, &str>| {
            let dir = tempfile::tempdir().expect("a temporary folder");
            if let Some(text) = manifest {
                fs::write(dir.path().join("space.toml"), text).expect("written");
            }
            match (app(dir.path()), expected) {
                (Ok(app), Ok(expected)) => assert_eq!(app, expected),
                (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
                (found, expected) => panic!("{found:?} instead of {expected:?}"),
            }
        };
        check(None, Ok("app.wasm"));
        check(Some("title = \"x\""), Ok("app.wasm"));
        check(Some("app = \"words.wasm\""), Ok("words.wasm"));
        check(Some("app = \"model.onnx\""), Err("is `model.onnx`: a crate is built into a .wasm file"));
        check(Some("app = "), Err("/space.toml:1:"));
    }
}
