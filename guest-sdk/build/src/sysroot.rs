//! A standard library for WebAssembly, built from source once per compiler and kept in the user's cache.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::toolchain::WASM_TARGET;

/// Why the standard library could not be built.
#[derive(Debug, thiserror::Error)]
pub enum SysrootError {
    #[error("there is no cache folder: set XDG_CACHE_HOME or HOME")]
    NoCacheFolder,
    #[error("cannot read the version of {rustc}")]
    Version { rustc: PathBuf },
    #[error("cannot write `{path}`")]
    Write {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot run {cargo}")]
    Run {
        cargo: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cargo failed while it built the standard library; its messages are above")]
    Cargo,
}

/// The folder that `rustc` takes its libraries from.
pub(crate) fn of(rustc: &Path) -> Option<PathBuf> {
    let output = Command::new(rustc).args(["--print", "sysroot"]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| PathBuf::from(text.trim()))
}

/// True where `sysroot` holds the target's standard library.
pub(crate) fn has_std(sysroot: &Path) -> bool {
    let Ok(entries) = fs::read_dir(libraries(sysroot)) else { return false };
    entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
}

/// The sysroot that an earlier [`build`] left for this `rustc`.
pub(crate) fn cached(rustc: &Path) -> Option<PathBuf> {
    let path = cache_path(rustc).ok()?;
    has_std(&path).then_some(path)
}

/// Builds the standard library for `rustc` and puts it into the cache, in one rename.
pub(crate) fn build(cargo: &Path, rustc: &Path) -> Result<PathBuf, SysrootError> {
    let target = cache_path(rustc)?;
    let cache = target.parent().ok_or(SysrootError::NoCacheFolder)?;
    fs::create_dir_all(cache).map_err(write_error(cache))?;
    let scratch = tempfile::tempdir_in(cache).map_err(write_error(cache))?;

    build_std(cargo, rustc, scratch.path())?;
    let sysroot = scratch.path().join("sysroot");
    let deps = scratch.path().join("target").join(WASM_TARGET).join("release/deps");
    let into = libraries(&sysroot);
    fs::create_dir_all(&into).map_err(write_error(&into))?;
    for entry in fs::read_dir(&deps).map_err(write_error(&deps))?.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "rlib") {
            let copy = into.join(entry.file_name());
            fs::copy(&path, &copy).map_err(write_error(&copy))?;
        }
    }
    match fs::rename(&sysroot, &target) {
        // Another process was faster; its result is as good.
        Err(_) if has_std(&target) => Ok(target),
        Err(source) => Err(SysrootError::Write { path: target, source }),
        Ok(()) => Ok(target),
    }
}

/// Builds an empty package with `-Zbuild-std`, which leaves the libraries among its dependencies.
fn build_std(cargo: &Path, rustc: &Path, folder: &Path) -> Result<(), SysrootError> {
    const MANIFEST: &str =
        "[package]\nname = \"vitrine-sysroot\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";
    fs::create_dir_all(folder.join("src")).map_err(write_error(folder))?;
    for (name, text) in [("Cargo.toml", MANIFEST), ("src/lib.rs", "#![no_std]\n")] {
        let path = folder.join(name);
        fs::write(&path, text).map_err(write_error(&path))?;
    }
    let status = Command::new(cargo)
        .current_dir(folder)
        .args(["build", "--release", "-Zbuild-std=std,panic_abort", "--target", WASM_TARGET, "--target-dir", "target"])
        // The sources belong to exactly this compiler, which therefore may use its own unstable flag.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", rustc)
        // Without bitcode no guest could be linked with link-time optimisation.
        .env("CARGO_ENCODED_RUSTFLAGS", "-Cembed-bitcode=yes")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("CARGO_TARGET_DIR")
        .stdout(Stdio::null())
        .status()
        .map_err(|source| SysrootError::Run { cargo: cargo.to_owned(), source })?;
    if status.success() { Ok(()) } else { Err(SysrootError::Cargo) }
}

/// `~/.cache/vitrine/sysroot-VERSION`; the commit is part of the version, since Debian patches releases.
#[expect(clippy::disallowed_methods, reason = "the build tools' own variables, not configuration of ours")]
fn cache_path(rustc: &Path) -> Result<PathBuf, SysrootError> {
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")))
        .ok_or(SysrootError::NoCacheFolder)?;
    let version = version(rustc).ok_or_else(|| SysrootError::Version { rustc: rustc.to_owned() })?;
    Ok(cache.join("vitrine").join(format!("sysroot-{version}")))
}

/// `1.96.0-ac68faa20` from `rustc -vV`.
fn version(rustc: &Path) -> Option<String> {
    let output = Command::new(rustc).arg("-vV").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
    let release = field("release: ")?;
    let commit = field("commit-hash: ").filter(|hash| *hash != "unknown").and_then(|hash| hash.get(..9));
    Some(commit.map_or_else(|| release.to_owned(), |commit| format!("{release}-{commit}")))
}

fn libraries(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(WASM_TARGET).join("lib")
}

fn write_error(path: &Path) -> impl FnOnce(io::Error) -> SysrootError {
    let path = path.to_owned();
    move |source| SysrootError::Write { path, source }
}
