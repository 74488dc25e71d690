//! The JSON that the API, the command line and the pages share.

mod diff;
mod flag;
mod metrics;
mod settings;

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::interface::Interface;
use crate::limits::Limits;
use crate::manifest::{Accent, Visibility};
use crate::{Digest, SpaceId};

pub use diff::{Change, FileChange, InterfaceChange, RevisionDiff, ValueChange};
pub use flag::{FlagView, Flagging, file_name};
pub use metrics::{MetricsPoint, MetricsRange, MetricsView, ParseRangeError, Percentiles};
pub use settings::{ConfigView, PublishedView, SettingsView};

/// A space in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SpaceSummary {
    pub id: SpaceId,
    pub title: String,
    /// The first paragraph of the description, plain text.
    pub summary: String,
    pub emoji: Option<String>,
    /// A picture among the space's files.
    #[serde(default)]
    pub thumbnail: Option<String>,
    /// The colour of its page and card; none stands for the site's own.
    #[serde(default)]
    pub accent: Option<Accent>,
    pub tags: Vec<String>,
    /// What the model does, in Hugging Face's words: `image-classification`.
    #[serde(default)]
    pub task: Option<String>,
    /// What runs it.
    #[serde(default)]
    pub app: AppKind,
    /// Whether the operator recommends it.
    #[serde(default)]
    pub featured: bool,
    pub visibility: Visibility,
    /// The live revision's number.
    pub revision: u64,
    /// RFC 3339.
    pub updated_at: String,
}

/// What runs a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum AppKind {
    /// The built-in ONNX runner.
    #[default]
    Onnx,
    /// A component of the author.
    Component,
}

impl AppKind {
    /// `onnx` or `component`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Onnx => "onnx",
            Self::Component => "component",
        }
    }
}

impl FromStr for AppKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "onnx" => Ok(Self::Onnx),
            "component" => Ok(Self::Component),
            _ => Err(format!("`{text}` is no kind of app")),
        }
    }
}

/// A space with its interface.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SpaceDetail {
    #[serde(flatten)]
    pub summary: SpaceSummary,
    pub license: Option<String>,
    /// What the space may use on this server.
    pub limits: Limits,
    /// How visitors may flag answers; none where they may not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flagging: Option<Flagging>,
    pub interface: Interface,
    /// Whose pages may show the space in a frame; empty allows everybody's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frame_origins: Vec<String>,
}

/// A file of a space's live revision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileView {
    /// The name in the bundle, with `/` between its parts.
    pub path: String,
    pub size_bytes: u64,
    /// The IANA media type.
    pub mime_type: String,
    pub digest: Digest,
}

/// One immutable upload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevisionView {
    /// Counts from 1 within the space.
    pub number: u64,
    pub live: bool,
    /// The digest of the uploaded bundle.
    pub digest: Digest,
    pub size_bytes: u64,
    /// RFC 3339.
    pub created_at: String,
    /// Who published it; none of those from before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_by: Option<String>,
}

/// One step of a publish, in the order they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Step {
    Receive,
    Unpack,
    Resolve,
    Validate,
    Snapshot,
    Compile,
    Smoke,
    Activate,
}

/// What a publish tells as it goes on: one JSON object a line in the response of `POST …/revisions`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum PublishEvent {
    /// The step has begun.
    Started { step: Step },
    /// The step is done.
    Finished { step: Step, duration_ms: f64, detail: Option<String> },
    /// A line of the guest's log.
    Log { level: LogLevel, message: String },
    /// The publish failed; the old revision, if any, still serves. Always the last event.
    /// `status` is what the answer's status would be, had it not been sent before.
    Failed { step: Step, status: u16, error: ErrorBody },
    /// The revision is live. Always the last event.
    Live { space: SpaceId, revision: u64, url: String },
}

/// How serious a line of a guest's log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

/// A line of a guest's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogLine {
    /// RFC 3339.
    pub at: String,
    pub level: LogLevel,
    /// The invocation that wrote it; none for a publish.
    pub invocation: Option<String>,
    pub message: String,
}

/// An error as clients see it: `{"error": {…}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// Stable, for programs: `deadline_exceeded`.
    pub code: String,
    /// For people: what failed, with which value, and what to do.
    pub message: String,
    /// The input, node, import or file at fault, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// The answer of a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallAnswer<D = serde_json::Value> {
    /// One value per output, in order.
    pub data: Vec<D>,
    pub timings: Timings,
    #[serde(default)]
    pub usage: Usage,
}

/// Where the time of a call went, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Timings {
    /// Waiting for a free instance.
    pub queue_ms: f64,
    /// Making the fresh instance.
    pub instantiate_ms: f64,
    /// Running the guest.
    pub call_ms: f64,
    pub total_ms: f64,
}

/// What a call used.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Usage {
    /// Processor time, in milliseconds.
    pub cpu_ms: f64,
    /// The instance's memory at its largest, the loaded model included.
    pub memory_bytes: u64,
    /// The request's body.
    pub in_bytes: u64,
}

/// One server-sent event of a streaming call; its name is the tag, its data the rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum CallEvent<D = serde_json::Value> {
    /// The call waits for its turn: it is the so-manieth in line, from 1. Comes again whenever that changes, with 0 when its
    /// turn has come, and not at all where there is no line.
    Queued { position: usize },
    /// `fraction` in 0..1, or none where the end is not known.
    Progress { fraction: Option<f64>, message: String },
    /// Partial outputs; null leaves an output as it was.
    Output { data: Vec<D> },
    /// The last event of a call that worked.
    Complete(CallAnswer<D>),
    /// The last event of a call that failed.
    Error(ErrorBody),
}

impl<D> CallEvent<D> {
    /// The name of the server-sent event.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Queued { .. } => "queued",
            Self::Progress { .. } => "progress",
            Self::Output { .. } => "output",
            Self::Complete(_) => "complete",
            Self::Error(_) => "error",
        }
    }
}

impl CallEvent {
    /// The data of the server-sent event: its JSON without the tag, which is the event's name.
    pub fn data(&self) -> serde_json::Value {
        let mut json = serde_json::to_value(self).unwrap_or_default();
        if let Some(object) = json.as_object_mut() {
            object.shift_remove("event");
        }
        json
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    #[test]
    fn call_events_are_named_beside_their_data() {
        let check = |event: CallEvent, name: &str, data: Json| {
            assert_eq!((event.name(), event.data()), (name, data.clone()));
            let mut tagged = data;
            tagged["event"] = json!(name);
            let read: CallEvent = serde_json::from_value(tagged).expect("an event has its tag and data");
            assert_eq!(read, event);
        };
        let progress = CallEvent::Progress { fraction: None, message: "loading".to_owned() };
        check(progress, "progress", json!({ "fraction": null, "message": "loading" }));
        check(CallEvent::Queued { position: 2 }, "queued", json!({ "position": 2 }));
        check(CallEvent::Output { data: vec![json!(1), Json::Null] }, "output", json!({ "data": [1, null] }));
        let timings = Timings { total_ms: 1.5, ..Timings::default() };
        let answer = CallAnswer { data: vec![json!("x")], timings, usage: Usage { in_bytes: 2, ..Usage::default() } };
        let timings = json!({ "queue_ms": 0.0, "instantiate_ms": 0.0, "call_ms": 0.0, "total_ms": 1.5 });
        let usage = json!({ "cpu_ms": 0.0, "memory_bytes": 0, "in_bytes": 2 });
        check(CallEvent::Complete(answer), "complete", json!({ "data": ["x"], "timings": timings, "usage": usage }));
        let error = ErrorBody { code: "invalid_input".into(), message: "x".into(), field: None, request_id: None };
        check(CallEvent::Error(error), "error", json!({ "code": "invalid_input", "message": "x" }));
    }

    #[test]
    fn publish_events_are_tagged_lines() {
        let check = |event: PublishEvent, expected: Json| {
            assert_eq!(serde_json::to_value(&event).expect("an event is JSON"), expected);
            let read: PublishEvent = serde_json::from_value(expected).expect("and back");
            assert_eq!(read, event);
        };
        check(PublishEvent::Started { step: Step::Compile }, json!({ "event": "started", "step": "compile" }));
        check(
            PublishEvent::Finished { step: Step::Smoke, duration_ms: 2.5, detail: None },
            json!({ "event": "finished", "step": "smoke", "duration_ms": 2.5, "detail": null }),
        );
        let space = SpaceId::new("alice", "iris").expect("an id");
        check(PublishEvent::Live { space, revision: 3, url: "/spaces/alice/iris".to_owned() }, {
            json!({ "event": "live", "space": "alice/iris", "revision": 3, "url": "/spaces/alice/iris" })
        });
    }
}
