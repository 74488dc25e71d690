//! Finds a Rust compiler that can build for WebAssembly.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::sysroot::{self, SysrootError};

/// The target of guests and of the browser client.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Where Debian's packages put their compiler; asked by path, since rustup's comes first in `PATH`.
const SYSTEM_BIN: &str = "/usr/bin";

/// Linkers that Debian's compiler can use, best first.
const LINKERS: [&str; 4] = ["wasm-ld-22", "wasm-ld-21", "wasm-ld-20", "wasm-ld"];

/// cargo's setting against the network.
const OFFLINE: &str = "CARGO_NET_OFFLINE";

/// A compiler, linker and standard library for [`WASM_TARGET`].
#[derive(Debug, Clone)]
pub struct Toolchain {
    origin: Origin,
    cargo: PathBuf,
    rustc: PathBuf,
    /// Flags that every build with this toolchain needs.
    flags: Vec<String>,
}

/// Which way led to the toolchain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Installed,
    RustupAdded,
    System,
}

/// Why there is no toolchain.
#[derive(Debug, thiserror::Error)]
pub enum ToolchainError {
    #[error(
        "no Rust compiler here can build for {WASM_TARGET}: {rustup}; {system}. \
         Run `rustup target add {WASM_TARGET}`, or where it cannot be downloaded, on Debian: \
         `apt-get install rustc-web cargo-web rust-web-src lld-22`"
    )]
    NotFound { rustup: String, system: String },
    #[error("cannot build the standard library for {WASM_TARGET}")]
    Sysroot(#[source] SysrootError),
}

impl Toolchain {
    /// Finds a toolchain: what is ready first, then what can be made ready.
    ///
    /// In order: the active toolchain with the target installed; a standard library that an earlier call built;
    /// `rustup target add`, unless `CARGO_NET_OFFLINE` is set; Debian's compiler, for which the standard library is
    /// built once and cached.
    ///
    /// # Errors
    /// [`ToolchainError::NotFound`] says what was tried and which packages to install.
    pub fn find() -> Result<Self, ToolchainError> {
        if has_target(Path::new("rustc")) {
            return Ok(Self::active(Origin::Installed));
        }
        let system = SystemCompiler::find();
        if let Ok(compiler) = &system
            && let Some(sysroot) = sysroot::cached(&compiler.rustc)
        {
            return Ok(Self::system(compiler, &sysroot));
        }
        let rustup = match add_rustup_target() {
            Ok(()) => return Ok(Self::active(Origin::RustupAdded)),
            Err(reason) => reason,
        };
        match system {
            Ok(compiler) => {
                let sysroot = sysroot::build(&compiler.cargo, &compiler.rustc).map_err(ToolchainError::Sysroot)?;
                Ok(Self::system(&compiler, &sysroot))
            }
            Err(system) => Err(ToolchainError::NotFound { rustup, system }),
        }
    }

    /// A `cargo` command for this toolchain, without a subcommand.
    ///
    /// `flags` are compiler flags for the target, such as `-Ctarget-feature=+simd128`. Pass
    /// `--target wasm32-unknown-unknown` too, else they apply to build scripts and procedural macros.
    pub fn cargo(&self, flags: &[&str]) -> Command {
        let mut encoded = OsString::new();
        for flag in self.flags.iter().map(String::as_str).chain(flags.iter().copied()) {
            if !encoded.is_empty() {
                encoded.push("\u{1f}");
            }
            encoded.push(flag);
        }
        let mut command = Command::new(&self.cargo);
        command.env("RUSTC", &self.rustc).env("CARGO_ENCODED_RUSTFLAGS", encoded).env_remove("RUSTFLAGS");
        if self.origin == Origin::System {
            // rustup's proxies would otherwise take over from the system's compiler halfway.
            command.env_remove("RUSTUP_TOOLCHAIN").env_remove("RUSTDOC").env("PATH", path_with_system_first());
        }
        command
    }

    fn active(origin: Origin) -> Self {
        Self { origin, cargo: "cargo".into(), rustc: "rustc".into(), flags: Vec::new() }
    }

    fn system(compiler: &SystemCompiler, sysroot: &Path) -> Self {
        Self {
            origin: Origin::System,
            cargo: compiler.cargo.clone(),
            rustc: compiler.rustc.clone(),
            flags: vec![format!("--sysroot={}", sysroot.display()), format!("-Clinker={}", compiler.linker.display())],
        }
    }
}

impl fmt::Display for Toolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.origin {
            Origin::Installed => write!(f, "the active toolchain, with {WASM_TARGET} installed"),
            Origin::RustupAdded => write!(f, "the active toolchain, with {WASM_TARGET} added by rustup"),
            Origin::System => write!(f, "{} with {}", self.rustc.display(), self.flags[0]),
        }
    }
}

/// The compiler of the operating system's packages.
struct SystemCompiler {
    cargo: PathBuf,
    rustc: PathBuf,
    linker: PathBuf,
}

impl SystemCompiler {
    /// Finds it, with all that a build of the standard library needs; the error says what is missing.
    fn find() -> Result<Self, String> {
        let bin = Path::new(SYSTEM_BIN);
        let (cargo, rustc) = (bin.join("cargo"), bin.join("rustc"));
        if !cargo.exists() || !rustc.exists() {
            return Err(format!("there is no {} and {}", rustc.display(), cargo.display()));
        }
        let sysroot = sysroot::of(&rustc).ok_or_else(|| format!("{} does not run", rustc.display()))?;
        let source = sysroot.join("lib/rustlib/src/rust/library/std");
        if !source.exists() {
            return Err(format!("the standard library's source is not at {}", source.display()));
        }
        let linker = LINKERS
            .iter()
            .map(|name| bin.join(name))
            .find(|path| path.exists())
            .ok_or_else(|| format!("no WebAssembly linker (wasm-ld) in {SYSTEM_BIN}"))?;
        Ok(Self { cargo, rustc, linker })
    }
}

/// True where `rustc` has the standard library for the target.
fn has_target(rustc: &Path) -> bool {
    let Some(sysroot) = sysroot::of(rustc) else { return false };
    sysroot::has_std(&sysroot)
}

/// Lets rustup download the target; the error is rustup's last line.
///
/// This changes the active toolchain, so cargo's own wish to stay offline is respected.
#[expect(clippy::disallowed_methods, reason = "the build tools' own variables, not configuration of ours")]
fn add_rustup_target() -> Result<(), String> {
    if std::env::var(OFFLINE).is_ok_and(|value| value == "true" || value == "1") {
        return Err(format!("`rustup target add` was not tried, since {OFFLINE} is set"));
    }
    let output = Command::new("rustup")
        .args(["target", "add", WASM_TARGET])
        .output()
        .map_err(|_| "rustup is not installed".to_owned())?;
    if output.status.success() && has_target(Path::new("rustc")) {
        return Ok(());
    }
    let message = String::from_utf8_lossy(&output.stderr);
    let line = message.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("no message").trim().to_owned();
    Err(format!("`rustup target add` failed ({line})"))
}

#[expect(clippy::disallowed_methods, reason = "the build tools' own variables, not configuration of ours")]
fn path_with_system_first() -> OsString {
    let mut path = OsString::from(SYSTEM_BIN);
    if let Some(rest) = std::env::var_os("PATH") {
        path.push(":");
        path.push(rest);
    }
    path
}
