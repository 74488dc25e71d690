//! The worker's process, seen from outside while it runs a stranger's code.

use std::collections::HashSet;
use std::fs;
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::guest::Guest;
use crate::harness::{Arena, Published, SAME};
use crate::server::TOKEN;

/// A worker of a server.
#[derive(Debug)]
pub(crate) struct Worker {
    pid: u32,
    /// When it was started, by which it is told from a later process with its id.
    started: String,
}

impl Worker {
    /// Ends it; false if it had ended before.
    pub(crate) fn kill(&self) -> bool {
        let pid = Pid::from_raw(self.pid.cast_signed()).unwrap();
        self.is_alive() && kill_process(pid, Signal::KILL).is_ok()
    }

    pub(crate) fn is_alive(&self) -> bool {
        stat(self.pid).is_some_and(|stat| stat[START] == self.started && stat[STATE] != "Z")
    }

    fn file(&self, name: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/{name}", self.pid))
    }

    fn status(&self, name: &str) -> String {
        let text = fs::read_to_string(self.file("status")).unwrap();
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        value.unwrap_or_else(|| panic!("no {name} in {text}")).trim().to_owned()
    }

    fn limit(&self, name: &str) -> String {
        let text = fs::read_to_string(self.file("limits")).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().next().unwrap().to_owned()
    }
}

/// Fields of `/proc/<pid>/stat` after the name, counted from 0.
const STATE: usize = 0;
const PARENT: usize = 1;
const SESSION: usize = 3;
const NICE: usize = 16;
const START: usize = 19;

fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    Some(fields.split_whitespace().map(str::to_owned).collect())
}

/// The living children of a server.
pub(crate) fn workers_of(arena: &Arena) -> Vec<Worker> {
    let server = arena.server.pid().to_string();
    let pids = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
    pids.filter_map(|pid: u32| {
        let stat = stat(pid)?;
        (stat[PARENT] == server && stat[STATE] != "Z").then(|| Worker { pid, started: stat[START].clone() })
    })
    .collect()
}

/// An open descriptor of a process.
struct Descriptor {
    number: u32,
    target: String,
    /// Device and inode.
    file: (u64, u64),
}

fn descriptors(pid: u32) -> Vec<Descriptor> {
    fs::read_dir(format!("/proc/{pid}/fd"))
        .unwrap()
        .filter_map(|entry| {
            let path = entry.unwrap().path();
            // Some are closed while they are listed.
            let (target, file) = (fs::read_link(&path).ok()?, fs::metadata(&path).ok()?);
            let number = path.file_name()?.to_str()?.parse().ok()?;
            Some(Descriptor { number, target: target.to_str()?.to_owned(), file: (file.dev(), file.ino()) })
        })
        .collect()
}

#[test]
fn p3_a_worker_has_given_up_what_it_does_not_need() {
    // Left open for the server by whoever starts it, as a careless script would.
    let marker = tempfile::NamedTempFile::new().unwrap();
    rustix::io::fcntl_setfd(&marker, rustix::io::FdFlags::empty()).unwrap();
    let leaked = marker.path().to_str().unwrap().to_owned();
    let arena = Arena::start_with(&["--publish-memory", "512"]);
    let spins = Guest { init: "(loop (br 0))", ..Guest::default() }.component();
    let mut seen = false;
    let published = Published::read(arena.begin(SAME, "app.wasm", spins), |event| {
        if event["event"] != "started" || event["step"] != "snapshot" {
            return;
        }
        seen = true;
        let [worker] = &workers_of(&arena)[..] else { panic!("one worker runs") };
        let numbers = stat(worker.pid).unwrap();
        assert_eq!(numbers[SESSION], worker.pid.to_string(), "a session of its own");
        // Ten below the server, down to the lowest there is; what it has above others it does not hand on.
        let nice = |numbers: &[String]| numbers[NICE].parse::<i32>().unwrap();
        assert_eq!(nice(&numbers), (nice(&stat(arena.server.pid()).unwrap()).max(0) + 10).min(19));
        assert_eq!(worker.status("NoNewPrivs"), "1");
        for (name, limit) in [
            ("Max core file size", "0"),
            ("Max cpu time", "240"),
            ("Max open files", "256"),
            ("Max file size", &(4_u64 << 30).to_string()),
            ("Max data size", &(1_u64 << 30).to_string()),
        ] {
            assert_eq!(worker.limit(name), limit, "{name}");
        }
        if rustix::process::geteuid().is_root() {
            assert_eq!(worker.status("Uid"), "65534\t65534\t65534\t65534");
            assert_eq!(worker.status("Gid"), "65534\t65534\t65534\t65534");
            assert_eq!(worker.status("Groups"), "");
            assert_eq!(worker.status("CapEff"), "0000000000000000");
            let server = descriptors(arena.server.pid());
            assert!(server.iter().any(|descriptor| descriptor.target == leaked), "the server has it");
            let server: HashSet<_> = server.into_iter().map(|descriptor| descriptor.file).collect();
            let job = fs::read_link(worker.file("root")).unwrap();
            assert!(job.starts_with(arena.server.data.join("tmp")), "its file system is its job's folder: {job:?}");
            for Descriptor { number, target, file } in descriptors(worker.pid) {
                // Polls and event counters: the kernel gives all of them one inode, so nothing tells whose they are.
                let of_the_kernel = target.starts_with("anon_inode:");
                // Its runtime's sockets and its engine's memory images.
                let kinds = ["socket:", "pipe:", "/memfd:"];
                let own = kinds.iter().any(|kind| target.starts_with(kind)) && !server.contains(&file);
                assert!(number < 3 || of_the_kernel || own, "{number} leads to {target}");
            }
        } else {
            // Not even its own user may look into it.
            assert!(fs::read_dir(worker.file("fd")).is_err());
        }
        assert!(worker.kill());
    });
    assert!(seen);
    published.refused(422, "worker_killed", &[]);
    arena.unharmed();
}

#[test]
fn p3_a_server_names_once_what_it_cannot_enforce() {
    let folder = tempfile::TempDir::new().unwrap();
    let mut server = Command::new(env!("CARGO_BIN_EXE_vitrine"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder.path().join("data"))
        .env("VITRINE_ADMIN_TOKEN", TOKEN)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It serves once it has said where.
    let mut said = [0; 1];
    server.stdout.as_mut().unwrap().read_exact(&mut said).unwrap();
    server.kill().unwrap();
    let output = server.wait_with_output().unwrap();
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    let warnings: Vec<_> = log.lines().filter(|line| line.contains("some limits are weaker")).collect();
    assert_eq!(warnings.len(), 1, "{log}");
    let is_root = rustix::process::geteuid().is_root();
    assert_eq!(warnings[0].contains("publishes run as the server's own user"), !is_root, "{}", warnings[0]);
}
