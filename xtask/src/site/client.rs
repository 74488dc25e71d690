//! Compiles the client and makes its JavaScript half.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use guest_build::{Toolchain, WASM_TARGET};
use wasm_bindgen_cli_support::Bindgen;

use super::prune;

const PROFILE: &str = "web-release";

/// The client as browsers load it.
pub(super) struct Client {
    pub(super) js: String,
    pub(super) wasm: Vec<u8>,
}

/// Whose client it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    /// Who opens a space: as small as can be.
    Visitors,
    /// Who has signed in: all islands.
    Authors,
}

impl For {
    /// The first part of the names of its files.
    pub(super) fn stem(self) -> &'static str {
        match self {
            Self::Visitors => "client",
            Self::Authors => "authors",
        }
    }
}

/// Compiles `web-hydrate`; the result is the module as the compiler leaves it.
#[expect(clippy::disallowed_methods, reason = "the build tools' own variables, not configuration of ours")]
pub(super) fn build(root: &Path, whose: For) -> Result<Vec<u8>> {
    let target_dir = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let toolchain = Toolchain::find().context("no toolchain for the browser client")?;
    let mut command = toolchain.cargo(&[]);
    command
        .current_dir(root)
        .env("CARGO_TARGET_DIR", &target_dir)
        // Compiled in, it would make leptos look for files under other names.
        .env_remove("LEPTOS_OUTPUT_NAME")
        .args(["build", "--locked", "-p", "web-hydrate", "--profile", PROFILE, "--target", WASM_TARGET]);
    if whose == For::Authors {
        command.args(["--features", "authors"]);
    }
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(status.success(), "the browser client does not compile ({status})");
    let module = target_dir.join(WASM_TARGET).join(PROFILE).join("web_hydrate.wasm");
    fs::read(&module).with_context(|| format!("cannot read {}", module.display()))
}

/// Makes the module and its JavaScript half; snippets that the half imports go below `assets`.
pub(super) fn bind(module: &[u8], assets: &Path) -> Result<Client> {
    let scratch = tempfile::tempdir()?;
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes("client", prune::prune(module)?)
        .out_name("client")
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen.web(true)?;
    bindgen.generate(scratch.path()).context("wasm-bindgen refuses the browser client")?;
    let snippets = scratch.path().join("snippets");
    if snippets.exists() {
        copy_folder(&snippets, &assets.join("snippets"))?;
    }
    Ok(Client {
        js: fs::read_to_string(scratch.path().join("client.js"))?,
        wasm: fs::read(scratch.path().join("client_bg.wasm"))?,
    })
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy_folder(&entry.path(), &target)?,
            false => {
                fs::copy(entry.path(), target)?;
            }
        }
    }
    Ok(())
}
