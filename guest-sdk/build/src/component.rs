//! From a crate's folder to a component file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use wit_component::ComponentEncoder;

use crate::package::{Package, PackageError};
use crate::toolchain::{Toolchain, ToolchainError, WASM_TARGET};

/// Compiler flags of every guest.
///
/// tract's fast kernels exist only with SIMD; `getrandom` asks the guest SDK, which asks the host.
const GUEST_FLAGS: [&str; 3] = ["-Ctarget-feature=+simd128,+relaxed-simd", "--cfg", "getrandom_backend=\"custom\""];

/// A component on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltComponent {
    pub path: PathBuf,
    pub size_bytes: u64,
    /// False where the file already held these bytes.
    pub changed: bool,
}

/// Why there is no component.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error("no toolchain for guests")]
    Toolchain(#[source] ToolchainError),
    #[error("`{folder}` is not a guest crate")]
    Package {
        folder: PathBuf,
        #[source]
        source: PackageError,
    },
    #[error("cannot run cargo")]
    Run(#[source] io::Error),
    #[error("cargo could not build `{package}`; its messages are above")]
    Cargo { package: String },
    #[error("cannot read `{path}`")]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the module of `{package}` is not a space: {reason}. Has its code `#[guest_sdk::space]`?")]
    Encode { package: String, reason: String },
    #[error("cannot write `{path}`")]
    Write {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

/// Builds the crate in `crate_dir` and writes the component to `out`. Cargo's messages go to standard error.
///
/// # Errors
/// [`BuildError`] names the step; compiler messages were already shown.
pub fn build_component(crate_dir: &Path, out: &Path) -> Result<BuiltComponent, BuildError> {
    let toolchain = Toolchain::find().map_err(BuildError::Toolchain)?;
    build_component_with(&toolchain, crate_dir, out)
}

/// As [`build_component`], with a toolchain found before.
///
/// # Errors
/// As [`build_component`].
pub fn build_component_with(toolchain: &Toolchain, crate_dir: &Path, out: &Path) -> Result<BuiltComponent, BuildError> {
    let package = Package::resolve(toolchain.cargo(&[]), crate_dir)
        .map_err(|source| BuildError::Package { folder: crate_dir.to_owned(), source })?;
    let module = compile(toolchain, crate_dir, &package)?;
    let bytes = fs::read(&module).map_err(|source| BuildError::Read { path: module, source })?;
    let component = encode(&bytes).map_err(|reason| BuildError::Encode { package: package.name, reason })?;
    let changed =
        write_if_changed(out, &component).map_err(|source| BuildError::Write { path: out.to_owned(), source })?;
    Ok(BuiltComponent { path: out.to_owned(), size_bytes: component.len() as u64, changed })
}

/// Compiles to a core module and returns its path.
fn compile(toolchain: &Toolchain, crate_dir: &Path, package: &Package) -> Result<PathBuf, BuildError> {
    let status = toolchain
        .cargo(&GUEST_FLAGS)
        .current_dir(crate_dir)
        .args(["build", "--package", &package.name, "--profile", package.profile, "--target", WASM_TARGET])
        .arg("--target-dir")
        .arg(&package.target_dir)
        .stdout(Stdio::null())
        .status()
        .map_err(BuildError::Run)?;
    if !status.success() {
        return Err(BuildError::Cargo { package: package.name.clone() });
    }
    Ok(package.target_dir.join(WASM_TARGET).join(package.profile).join(&package.artifact))
}

/// Wraps a core module, which carries its world in a custom section, into a component.
fn encode(module: &[u8]) -> Result<Vec<u8>, String> {
    ComponentEncoder::default()
        .module(module)
        .and_then(|encoder| encoder.validate(true).encode())
        .map_err(|error| format!("{error:#}"))
}

/// Writes through a temporary name, so that a reader never sees half a file.
fn write_if_changed(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(false);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut partial = path.as_os_str().to_owned();
    partial.push(format!(".{}.partial", std::process::id()));
    fs::write(&partial, bytes)?;
    fs::rename(&partial, path)?;
    Ok(true)
}
