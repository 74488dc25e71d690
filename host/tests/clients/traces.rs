//! OpenTelemetry: a real collector takes the server's spans beside those of a program that calls it.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use reqwest::StatusCode;
use serde_json::json;

use crate::harness::{WORKBENCH, installed, python, succeed, workbench};
use crate::server::{Server, client, root};

/// Rotel: takes OTLP over HTTP and prints each span.
struct Collector {
    process: Child,
    url: String,
}

/// A span, as the collector has understood it.
#[derive(Debug, Default)]
struct Span {
    service: String,
    trace: String,
    parent: String,
    id: String,
    name: String,
    kind: String,
    status: String,
    nanoseconds: u64,
    attributes: BTreeMap<String, String>,
}

impl Collector {
    fn start() -> Self {
        let program = installed("traces").join("lib").read_dir().unwrap().next().unwrap().unwrap().path();
        let program = program.join("site-packages/rotel/rotel-agent");
        // It does not take port 0, so it is given ports that are free now; if one is not any more, others.
        for _ in 0..10 {
            let free = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
            let (http, grpc) = (free(), free());
            let mut process = Command::new(&program)
                .arg("start")
                .args(["--exporter", "blackhole", "--debug-log", "traces", "--debug-log-verbosity", "detailed"])
                .args(["--otlp-http-endpoint", &http.to_string(), "--otlp-grpc-endpoint", &grpc.to_string()])
                .stdout(Stdio::piped())
                .stderr(Stdio::inherit())
                .spawn()
                .unwrap();
            while process.try_wait().unwrap().is_none() {
                if std::net::TcpStream::connect(http).is_ok() {
                    return Self { process, url: format!("http://{http}") };
                }
                std::thread::yield_now();
            }
        }
        panic!("the collector does not start");
    }

    /// Ends the collector; what it has taken.
    fn stop(mut self) -> Vec<Span> {
        let pid = rustix::process::Pid::from_raw(self.process.id().cast_signed()).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        let mut text = String::new();
        self.process.stdout.take().unwrap().read_to_string(&mut text).unwrap();
        self.process.wait().unwrap();
        read(&text)
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Reads what Rotel prints.
fn read(text: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut service = String::new();
    let mut of_span = false;
    let mut from = 0;
    for line in text.lines() {
        let (key, value) = line.split_once(':').map_or((line, ""), |(key, value)| (key.trim(), value.trim()));
        if key == "Resource attributes" {
            of_span = false;
        } else if key.starts_with("Span #") {
            spans.push(Span { service: service.clone(), ..Span::default() });
            of_span = true;
        } else if let Some(name) = key.strip_prefix("-> ") {
            let value = value.split_once('(').map_or(value, |(_, rest)| rest.trim_end_matches(')')).to_owned();
            match spans.last_mut().filter(|_| of_span) {
                Some(span) => drop(span.attributes.insert(name.to_owned(), value)),
                None if name == "service.name" => service = value,
                None => {}
            }
        } else if let Some(span) = spans.last_mut() {
            let value = value.to_owned();
            match key {
                "Trace ID" => span.trace = value,
                "Parent ID" => span.parent = value,
                "ID" => span.id = value,
                "Name" => span.name = value,
                "Kind" => span.kind = value,
                "Status code" => span.status = value,
                "Start time" => from = value.parse().unwrap(),
                "End time" => span.nanoseconds = value.parse::<u64>().unwrap() - from,
                _ => {}
            }
        }
    }
    spans
}

#[track_caller]
fn find<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let mut found = spans.iter().filter(|span| span.name == name);
    match (found.next(), found.next()) {
        (Some(span), None) => span,
        (one, _) => {
            panic!("there is {} span `{name}` in {spans:#?}", if one.is_some() { "more than one" } else { "no" })
        }
    }
}

/// The names of the spans right below one, in no order.
fn below<'a>(spans: &'a [Span], span: &Span) -> Vec<&'a str> {
    let mut names: Vec<_> = spans.iter().filter(|s| s.parent == span.id).map(|s| s.name.as_str()).collect();
    names.sort_unstable();
    names
}

fn stop(server: &mut Server) {
    server.terminate();
    assert!(server.wait().success());
}

const CALL_ROUTE: &str = "POST /spaces/{owner}/{name}/api/{endpoint}";

#[test]
fn a_call_is_in_the_trace_of_the_program_that_made_it() {
    let collector = Collector::start();
    let mut server = Server::start_with(&["--otlp-endpoint", &collector.url, "--trace-sample", "0"]);
    server.publish(&root().join("artifacts/guests/workbench.wasm"), WORKBENCH);
    let url = format!("{}/spaces/{WORKBENCH}/api/classify", server.url);
    let printed = succeed(python("traces", "traces/call.py").args([&collector.url, &url, "a cat"]));
    let (trace, status) = printed.trim().split_once(' ').unwrap();
    assert_eq!(status, "200");
    stop(&mut server);
    let spans = collector.stop();
    assert!(spans.iter().all(|span| span.trace == trace), "nobody else is traced: {spans:#?}");
    let work = find(&spans, "work");
    let asked = find(&spans, "POST");
    let served = find(&spans, CALL_ROUTE);
    assert_eq!((&work.service[..], &asked.service[..], &served.service[..]), ("caller", "caller", "vitrine"));
    assert_eq!((&asked.parent, &served.parent), (&work.id, &asked.id));
    assert_eq!(served.kind, "SPAN_KIND_SERVER");
    assert_eq!(served.attributes["http.request.method"], "POST");
    assert_eq!(served.attributes["http.route"], "/spaces/{owner}/{name}/api/{endpoint}");
    assert_eq!(served.attributes["http.response.status_code"], "200");
    assert!(served.attributes["user_agent.original"].starts_with("python-httpx/"));
    // The first call loads the space.
    assert_eq!(below(&spans, served), ["call classify", "load"]);
    let call = find(&spans, "call classify");
    assert_eq!(call.attributes["vitrine.space"], WORKBENCH);
    assert_eq!(call.attributes["vitrine.revision"], "1");
    assert_eq!(call.attributes["vitrine.outcome"], "completed");
    assert!(call.attributes["vitrine.memory_bytes"].parse::<u64>().unwrap() >= 65536);
    assert_eq!(below(&spans, call), ["guest", "instantiate", "queue"]);
    let parts: u64 = ["guest", "instantiate", "queue"].iter().map(|name| find(&spans, name).nanoseconds).sum();
    assert!(parts <= served.nanoseconds, "a request takes no less than its parts");
}

#[test]
fn a_publish_shows_its_steps_and_a_failure_its_code() {
    let collector = Collector::start();
    let mut server = workbench(&["--otlp-endpoint", &collector.url]);
    let broken = tempfile::NamedTempFile::with_suffix(".wasm").unwrap();
    std::fs::write(broken.path(), b"\0asm\x0d\0\x01\0").unwrap();
    let refused = server.vitrine(&["publish", broken.path().to_str().unwrap(), "--to", "ada/broken"]);
    assert!(!refused.status.success());
    let (status, _) = server.call(WORKBENCH, "fail", &json!({}));
    assert_eq!(status, 502);
    let stream = client().post(format!("{}/spaces/{WORKBENCH}/api/count", server.url)).json(&json!({ "to": 2 }));
    assert!(stream.send().unwrap().text().unwrap().contains("event: complete"));
    stop(&mut server);
    let spans = collector.stop();
    let of_space = |space: &str| {
        let mut found = spans.iter().filter(|span| span.name == "publish" && span.attributes["vitrine.space"] == space);
        found.next().expect("the publish is traced")
    };
    let published = of_space(WORKBENCH);
    let steps = ["activate", "compile", "queue", "receive", "resolve", "smoke", "snapshot", "unpack", "validate"];
    assert_eq!(below(&spans, published), steps);
    assert_eq!(published.attributes["vitrine.revision"], "1");
    let request = spans.iter().find(|span| span.id == published.parent).unwrap();
    assert_eq!(request.name, "POST /api/v1/spaces/{owner}/{name}/revisions");
    let failed = of_space("ada/broken");
    assert_eq!((&failed.status[..], failed.parent.is_empty()), ("STATUS_CODE_ERROR", false));
    let step = spans.iter().find(|span| span.parent == failed.id && span.name == "validate").unwrap();
    assert_eq!(step.attributes["error.type"], failed.attributes["error.type"]);
    let call = find(&spans, "call fail");
    assert_eq!((&call.status[..], &call.attributes["error.type"][..]), ("STATUS_CODE_ERROR", "app_failed"));
    let request = spans.iter().find(|span| span.id == call.parent).unwrap();
    assert_eq!((&request.status[..], &request.attributes["error.type"][..]), ("STATUS_CODE_ERROR", "app_failed"));
    // A stream's request is not over before its last event.
    let streamed = find(&spans, "call count");
    let request = spans.iter().find(|span| span.id == streamed.parent).unwrap();
    assert!(request.nanoseconds >= streamed.nanoseconds);
}

#[test]
fn a_caller_decides_for_its_own_request_and_the_log_names_the_trace() {
    let collector = Collector::start();
    let (mut server, log) =
        Server::start_logged(&["--otlp-endpoint", &collector.url, "--trace-sample", "0", "--log-json"]);
    let get = |trace: u8, sampled: &str| {
        let parent = format!("00-{trace:032x}-{trace:016x}-{sampled}");
        let response = client().get(format!("{}/healthz", server.url)).header("traceparent", parent).send().unwrap();
        assert_eq!(response.status(), StatusCode::OK);
    };
    get(1, "00");
    get(2, "01");
    let forged = client().get(format!("{}/readyz", server.url)).header("traceparent", "00-zz-\"evil\"-01");
    assert_eq!(forged.send().unwrap().status(), StatusCode::OK);
    stop(&mut server);
    let spans = collector.stop();
    let traces: Vec<_> = spans.iter().map(|span| (span.trace.clone(), span.name.as_str())).collect();
    assert_eq!(traces, [(format!("{:032x}", 2), "GET /healthz")]);
    let log = std::fs::read_to_string(log).unwrap();
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let requests: Vec<_> = lines.iter().filter(|line| line["fields"]["message"] == "request").collect();
    let named: Vec<_> = requests.iter().map(|line| line["fields"]["trace.id"].as_str().unwrap_or("")).collect();
    assert_eq!(named, ["", &format!("{:032x}", 2), ""], "{log}");
    for line in requests {
        assert_eq!((&line["level"], &line["fields"]["status"]), (&json!("INFO"), &json!(200)));
        assert!(line["timestamp"].is_string() && line["fields"]["request.id"].is_string(), "{line}");
    }
}

#[test]
fn a_collector_that_is_not_there_keeps_nobody_waiting() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut server = workbench(&["--otlp-endpoint", &format!("http://{closed}")]);
    let (status, answer) = server.call(WORKBENCH, "add", &json!({ "x": 1, "y": 1 }));
    assert_eq!((status, &answer["data"]), (200, &json!([2.0])));
    stop(&mut server);
}
