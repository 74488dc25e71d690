//! A server with spaces to call, and the clients' own interpreters.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::server::{Server, root, text};

/// The space that has something of everything: `host/tests/guests/workbench`.
pub(crate) const WORKBENCH: &str = "ada/workbench";

/// A server with the workbench.
pub(crate) fn workbench(options: &[&str]) -> Server {
    let server = Server::start_with(options);
    server.publish(&root().join("artifacts/guests/workbench.wasm"), WORKBENCH);
    server
}

/// Where `xtask/setup/clients.sh` has installed the clients.
pub(crate) fn installed(name: &str) -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "says where the clients are, as for the Makefile")]
    let cache = std::env::var_os("VITRINE_CACHE").map_or_else(|| root().join(".cache"), PathBuf::from);
    let folder = cache.join("clients").join(name);
    assert!(folder.is_dir(), "{} is missing: run `xtask/setup/clients.sh`", folder.display());
    folder
}

/// The path of a script of these tests.
pub(crate) fn script(path: &str) -> PathBuf {
    root().join("host/tests/clients").join(path)
}

/// A script in Python, with the packages of an environment.
pub(crate) fn python(environment: &str, path: &str) -> Command {
    let mut command = Command::new(installed(environment).join("bin/python"));
    // Whatever the user of this machine has configured is not tested here.
    command.arg("-I").arg(script(path)).stdin(Stdio::null());
    command
}

/// Runs a script to its end and returns what it printed; fails the test where the script fails.
#[track_caller]
pub(crate) fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let text = text(&output);
    assert!(output.status.success(), "{command:?} failed:\n{text}");
    text
}
