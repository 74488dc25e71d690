//! A server with two honest spaces, which each test may hurt and has to leave as it was.

use std::io::{BufRead as _, BufReader};
use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::blocking::{Body, Response};
use serde_json::{Value, json};

use crate::guest::Guest;
use crate::server::{Server, TOKEN, client};

/// The space that a test may publish to; its honest revision must go on serving.
pub(crate) const SAME: &str = "ada/honest";
/// A space of somebody else.
pub(crate) const OTHER: &str = "bob/honest";

/// How long the server may take to settle after a test.
const SETTLE: Duration = Duration::from_secs(30);
/// Resident memory may differ by this part …
const MEMORY_PART: f64 = 0.05;
/// … and by this much, in bytes: the allocator keeps arenas of threads that have done something once, and the pool
/// keeps a few slots' pages on purpose.
const MEMORY_SLACK: u64 = 24 << 20;
/// The longest log line, in bytes, with what escaping and the marker may add.
const MAX_LOG_LINE: usize = spaces::store::MAX_LOG_MESSAGE_BYTES;

/// A server, and how it was before the test.
pub(crate) struct Arena {
    pub(crate) server: Server,
    pid: u32,
    answers: [(&'static str, Value); 2],
    memory_bytes: u64,
}

impl Arena {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts a server with further options, and publishes the honest spaces.
    pub(crate) fn start_with(options: &[&str]) -> Self {
        let server = Server::start_with(options);
        let mut arena =
            Self { pid: server.pid(), server, answers: [(SAME, Value::Null), (OTHER, Value::Null)], memory_bytes: 0 };
        let honest = honest();
        for index in 0..arena.answers.len() {
            let space = arena.answers[index].0;
            arena.publish(space, "app.wasm", honest.clone()).succeeded();
            arena.answers[index].1 = arena.ask(space);
        }
        // Once more, so that what the first publish and call leave behind is there already.
        arena.publish(SAME, "app.wasm", honest).succeeded();
        arena.ask(SAME);
        arena.memory_bytes = arena.resident_bytes();
        arena
    }

    /// Ends the server as a power cut would, and starts it anew on the same folder.
    pub(crate) fn kill_and_restart(&mut self) {
        self.server.kill_and_restart();
        self.pid = self.server.pid();
    }

    /// Fails if the test has harmed anybody: the checks after each row.
    #[track_caller]
    pub(crate) fn unharmed(&self) {
        assert_eq!(self.server.pid(), self.pid, "the server is the one that the test began with");
        for (space, answer) in &self.answers {
            assert_eq!(&self.ask(space), answer, "{space} answers as before");
        }
        self.settles("no guest holds a slot", || {
            let meters = self.server.get("/metrics").text().unwrap();
            let running = meters.lines().find_map(|line| line.strip_prefix("vitrine_guests_running "));
            running == Some("0")
        });
        let allowed = (self.memory_bytes as f64 * (1.0 + MEMORY_PART)) as u64 + MEMORY_SLACK;
        self.settles(&format!("resident memory is back below {} MiB", allowed >> 20), || {
            self.resident_bytes() <= allowed
        });
        let listed: Value = self.server.admin(Method::GET, "/api/v1/spaces?limit=1000").send().unwrap().json().unwrap();
        for space in listed["spaces"].as_array().unwrap() {
            let path = format!("/api/v1/spaces/{}/logs?limit=1000", space["id"].as_str().unwrap());
            for line in self.server.admin(Method::GET, &path).send().unwrap().text().unwrap().lines() {
                let message = serde_json::from_str::<Value>(line).unwrap()["message"].as_str().unwrap().to_owned();
                assert!(message.len() <= MAX_LOG_LINE, "a log line of {} bytes", message.len());
                assert!(!message.contains(|c: char| c.is_control() && c != '\t'), "not escaped: {message:?}");
            }
        }
    }

    /// Waits for a condition, for a bounded time; each look is a request, so the server gets to work.
    #[track_caller]
    pub(crate) fn settles(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let end = Instant::now() + SETTLE;
        while !holds() {
            assert!(Instant::now() < end, "not after {SETTLE:?}: {what} (now {} MiB)", self.resident_bytes() >> 20);
            assert_eq!(self.server.get("/healthz").status(), 200);
        }
    }

    /// The honest answer of a space, without its timings.
    #[track_caller]
    pub(crate) fn ask(&self, space: &str) -> Value {
        let (status, mut answer) = self.server.call(space, "predict", &json!({ "x": 0.5 }));
        assert_eq!(status, 200, "{space}: {answer}");
        answer["data"].take()
    }

    /// Memory of the server that is its own: mapped files can be dropped by the kernel at any time.
    pub(crate) fn resident_bytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.server.pid())).unwrap();
        let kibibytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.trim().strip_suffix(" kB").unwrap().parse::<u64>().unwrap()
        };
        (kibibytes("RssAnon:") + kibibytes("RssShmem:")) << 10
    }

    /// Uploads to a space and waits for the outcome.
    pub(crate) fn publish(&self, space: &str, filename: &str, upload: impl Into<Body>) -> Published {
        Published::read(self.begin(space, filename, upload), |_| {})
    }

    /// Uploads to a space; the answer's body tells the steps as they come.
    pub(crate) fn begin(&self, space: &str, filename: &str, upload: impl Into<Body>) -> Response {
        let path = format!("/api/v1/spaces/{space}/revisions?filename={filename}");
        self.server.admin(Method::POST, &path).body(upload).send().unwrap()
    }
}

/// A guest that works: its answer depends on its input and on what `init` has left.
pub(crate) fn honest() -> Vec<u8> {
    Guest {
        init: "(f64.store (i32.const 4096) (f64.const 41))",
        call: "(local.set $answer (f64.add (f64.load (i32.const 4096)) (local.get $x)))",
        ..Guest::default()
    }
    .component()
}

/// How a publish went.
#[derive(Debug)]
pub(crate) struct Published {
    pub(crate) status: u16,
    /// Each event, the last of which tells the outcome; or the one body of a refusal.
    pub(crate) events: Vec<Value>,
}

impl Published {
    /// Reads the answer to its end; `see` gets each event as it comes.
    pub(crate) fn read(response: Response, mut see: impl FnMut(&Value)) -> Self {
        let status = response.status().as_u16();
        let mut events = Vec::new();
        for line in BufReader::new(response).lines().map_while(Result::ok) {
            let event: Value = serde_json::from_str(&line).unwrap();
            see(&event);
            events.push(event);
        }
        let told = events.last().and_then(|event| event["status"].as_u64());
        Self { status: told.map_or(status, |told| u16::try_from(told).unwrap()), events }
    }

    #[track_caller]
    pub(crate) fn succeeded(&self) {
        let last = self.events.last().unwrap();
        assert_eq!((self.status, &last["event"]), (200, &json!("live")), "{last}");
    }

    /// Checks how a publish was refused; each of `words` is in the message.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str, words: &[&str]) {
        let error = self.error();
        assert_eq!((self.status, error["code"].as_str()), (status, Some(code)), "{error}");
        let message = error["message"].as_str().unwrap();
        assert!(words.iter().all(|word| message.contains(word)), "{words:?} are not all in: {message}");
        assert!(message.len() < 4096, "a message of {} bytes", message.len());
    }

    #[track_caller]
    pub(crate) fn code(&self) -> &str {
        self.error()["code"].as_str().unwrap()
    }

    #[track_caller]
    pub(crate) fn error(&self) -> &Value {
        let error = &self.events.last().expect("the answer has a body")["error"];
        assert!(error.is_object(), "it was not refused: {:?}", self.events);
        error
    }

    /// What the guest has logged.
    pub(crate) fn log(&self) -> Vec<&str> {
        self.events
            .iter()
            .filter(|event| event["event"] == "log")
            .map(|event| event["message"].as_str().unwrap())
            .collect()
    }
}

/// Uploads and asks for nothing but the outcome, as a script would.
pub(crate) fn publish_for_status(server: &Server, space: &str, filename: &str, upload: Vec<u8>) -> (u16, Value) {
    let url = format!("{}/api/v1/spaces/{space}/revisions?filename={filename}", server.url);
    let request = client().post(url).bearer_auth(TOKEN).header("accept", "application/json").body(upload);
    let response = request.send().unwrap();
    (response.status().as_u16(), response.json().unwrap())
}
