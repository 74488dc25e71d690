//! Starts servers and runs the command line against them.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;

use reqwest::blocking::{Client, Response};
use serde_json::Value;
use tempfile::TempDir;

/// The token of every server of these tests.
pub(crate) const TOKEN: &str = "a-token-for-tests-only";

/// The repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A folder that `make stage` has made.
pub(crate) fn bundle(name: &str) -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "says where the staged examples are, as for the Makefile")]
    let cache = std::env::var_os("VITRINE_CACHE").map_or_else(|| root().join(".cache"), PathBuf::from);
    let folder = cache.join("bundles").join(name);
    assert!(folder.is_dir(), "{} is missing: run `make stage`", folder.display());
    folder
}

/// A running server; killed when dropped.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) data: PathBuf,
    /// Where it serves gRPC, if it was told to.
    pub(crate) grpc: Option<String>,
    process: Child,
    _folder: Option<TempDir>,
}

impl Server {
    /// Starts a server on a fresh folder.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts a server on a fresh folder with more options.
    pub(crate) fn start_with(options: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let data = folder.path().join("data");
        share_runner(&data);
        let mut server = Self::start_on(&data, options);
        server._folder = Some(folder);
        server
    }

    /// Starts a server on a fresh folder with more options; what it logs is in the file.
    pub(crate) fn start_logged(options: &[&str]) -> (Self, PathBuf) {
        let folder = TempDir::new().unwrap();
        let data = folder.path().join("data");
        share_runner(&data);
        let log = folder.path().join("log");
        let (process, url, grpc) = spawn(&data, options, std::fs::File::create(&log).unwrap().into());
        (Self { url, data, grpc, process, _folder: Some(folder) }, log)
    }

    /// Starts a server on a folder that another one has left.
    pub(crate) fn start_on(data: &Path, options: &[&str]) -> Self {
        let (process, url, grpc) = spawn(data, options, Stdio::inherit());
        Self { url, data: data.to_owned(), grpc, process, _folder: None }
    }

    /// Ends the process as a power cut would and starts another on the same folder.
    pub(crate) fn kill_and_restart(&mut self) {
        self.kill();
        (self.process, self.url, self.grpc) = spawn(&self.data, &[], Stdio::inherit());
    }

    /// Ends the process as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Asks the process to stop.
    pub(crate) fn terminate(&self) {
        let pid = rustix::process::Pid::from_raw(self.pid().cast_signed()).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    }

    /// Waits until the process has stopped.
    pub(crate) fn wait(&mut self) -> std::process::ExitStatus {
        self.process.wait().unwrap()
    }

    /// Runs the command line against this server, with the token.
    pub(crate) fn vitrine(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_vitrine"))
            .args(args)
            .env("VITRINE_SERVER", &self.url)
            .env("VITRINE_TOKEN", TOKEN)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Publishes a folder or file; fails the test if it is refused.
    #[track_caller]
    pub(crate) fn publish(&self, path: &Path, space: &str) -> String {
        let output = self.vitrine(&["publish", path.to_str().unwrap(), "--to", space]);
        let text = text(&output);
        assert!(output.status.success(), "publish of {} failed:\n{text}", path.display());
        text
    }

    pub(crate) fn get(&self, path: &str) -> Response {
        client().get(format!("{}{path}", self.url)).send().unwrap()
    }

    pub(crate) fn admin(&self, method: reqwest::Method, path: &str) -> reqwest::blocking::RequestBuilder {
        client().request(method, format!("{}{path}", self.url)).bearer_auth(TOKEN)
    }

    /// Calls an endpoint with JSON.
    pub(crate) fn call(&self, space: &str, endpoint: &str, body: &Value) -> (u16, Value) {
        let url = format!("{}/spaces/{space}/api/{endpoint}", self.url);
        // Said, since an endpoint that streams answers with events otherwise.
        let request = client().post(url).header("accept", "application/json").json(body);
        let response = request.send().unwrap();
        (response.status().as_u16(), response.json().unwrap())
    }
}

fn spawn(data: &Path, options: &[&str], log: Stdio) -> (Child, String, Option<String>) {
    let mut process = Command::new(env!("CARGO_BIN_EXE_vitrine"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .args(options)
        .env("VITRINE_ADMIN_TOKEN", TOKEN)
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let mut grpc = None;
    let url = lines
        .map_while(Result::ok)
        .find_map(|line| {
            if let Some(address) = line.strip_prefix("Vitrine serves gRPC at ") {
                grpc = Some(address.to_owned());
            }
            line.strip_prefix("Vitrine serves at ").map(str::to_owned)
        })
        .expect("the server says where it serves");
    (process, url, grpc)
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) fn client() -> Client {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    let made = CLIENT.get_or_init(|| {
        // The same provider as the command line's.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Client::builder().timeout(std::time::Duration::from_secs(120)).build().unwrap()
    });
    made.clone()
}

/// Everything that a command printed.
pub(crate) fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Compiles the ONNX runner once for all tests and links it into a server's folder.
fn share_runner(data: &Path) {
    static COMPILED: OnceLock<PathBuf> = OnceLock::new();
    let compiled = COMPILED.get_or_init(|| {
        // Kept from run to run: the server itself finds out whether its code is still the right one.
        let data = Path::new(env!("CARGO_TARGET_TMPDIR")).join("runner");
        let server = Server::start_on(&data, &[]);
        // Publishing waits for the runner.
        server.publish(&root().join("examples/iris"), "test/iris");
        data.join("runners")
    });
    let folder = data.join("runners");
    std::fs::create_dir_all(&folder).unwrap();
    for file in std::fs::read_dir(compiled).unwrap() {
        let file = file.unwrap();
        std::fs::hard_link(file.path(), folder.join(file.file_name())).unwrap();
    }
}
