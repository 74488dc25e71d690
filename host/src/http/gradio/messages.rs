//! What the stream of a session carries, as Gradio's clients read it.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Value as Json, json};
use spaces::value::encode::Encoded;

use crate::http::error::ApiError;

/// One message of one event.
pub(super) struct Message {
    pub(super) event: String,
    pub(super) content: Content,
}

pub(super) enum Content {
    /// So many events are before this one, of so many in all.
    Estimation {
        rank: usize,
        queue_size: usize,
    },
    Starts,
    Progress {
        fraction: Option<f64>,
        message: String,
    },
    /// One value per output, whole.
    Generating(Vec<Encoded>),
    /// Always the last one.
    Completed(Result<Completed, Failure>),
}

pub(super) struct Completed {
    /// One value per output.
    pub(super) data: Vec<Encoded>,
    /// In seconds.
    pub(super) duration: f64,
}

/// Why an event gave nothing.
pub(super) struct Failure {
    /// For the visitor.
    pub(super) message: String,
    pub(super) title: &'static str,
}

impl Failure {
    pub(super) fn cancelled() -> Self {
        Self { message: "Cancelled".to_owned(), title: "Cancelled" }
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self { message: error.body.message, title: "Error" }
    }
}

/// Keeps a silent stream open.
pub(super) const HEARTBEAT: &str = "data: {\"msg\":\"heartbeat\"}\n\n";
/// The session has nothing more to tell.
pub(super) const CLOSE: &str = "data: {\"msg\":\"close_stream\",\"event_id\":null}\n\n";

/// Writes messages, partial outputs as differences to those before.
#[derive(Default)]
pub(super) struct Writer {
    /// The last partial outputs of each running event.
    sent: HashMap<String, Vec<Encoded>>,
}

impl Writer {
    /// Appends a message as one server-sent event. Only `data:` lines: the Python client takes no others.
    pub(super) fn write(&mut self, message: Message, text: &mut Vec<u8>) {
        let Message { event, content } = message;
        match content {
            Content::Estimation { rank, queue_size } => append(
                text,
                &json!({
                    "msg": "estimation", "event_id": event, "rank": rank, "queue_size": queue_size, "rank_eta": null,
                }),
            ),
            Content::Starts => append(text, &json!({ "msg": "process_starts", "event_id": event, "eta": null })),
            Content::Progress { fraction, message } => append(text, &progress(&event, fraction, &message)),
            Content::Generating(data) => self.write_generating(event, data, text),
            Content::Completed(result) => {
                self.sent.remove(&event);
                match result {
                    Ok(completed) => append(
                        text,
                        &Envelope {
                            msg: "process_completed",
                            event_id: &event,
                            success: true,
                            title: None,
                            output: Output {
                                data: &completed.data,
                                is_generating: false,
                                duration: Some(completed.duration),
                                average_duration: Some(completed.duration),
                            },
                        },
                    ),
                    Err(failure) => append(
                        text,
                        &json!({
                            "msg": "process_completed", "event_id": event, "success": false, "title": failure.title,
                            "output": error(&failure),
                        }),
                    ),
                }
            }
        }
    }

    fn write_generating(&mut self, event: String, mut data: Vec<Encoded>, text: &mut Vec<u8>) {
        let output = |data| Output { data, is_generating: true, duration: None, average_duration: None };
        let Some(before) = self.sent.get_mut(&event) else {
            let first = Envelope {
                msg: "process_generating",
                event_id: &event,
                success: true,
                title: None,
                output: output(&data),
            };
            append(text, &first);
            self.sent.insert(event, data);
            return;
        };
        for (before, now) in before.iter().zip(&mut data) {
            // What a guest leaves out stays as it was.
            if *now == Encoded::Json(Json::Null) {
                now.clone_from(before);
            }
        }
        let changes: Vec<Change<'_>> =
            before.iter().zip(&data).map(|(before, now)| Change::between(before, now)).collect();
        append(
            text,
            &Envelope {
                msg: "process_generating",
                event_id: &event,
                success: true,
                title: None,
                output: Output { data: &changes, is_generating: true, duration: None, average_duration: None },
            },
        );
        *before = data;
    }
}

#[derive(Serialize)]
struct Envelope<'a, D> {
    msg: &'static str,
    event_id: &'a str,
    success: bool,
    title: Option<&'static str>,
    output: Output<'a, D>,
}

#[derive(Serialize)]
struct Output<'a, D> {
    data: &'a [D],
    is_generating: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    average_duration: Option<f64>,
}

/// What changed of one output: a list of `[action, path, value]`.
enum Change<'a> {
    None,
    /// A text that grew by this.
    Append(&'a str),
    Replace(&'a Encoded),
}

impl<'a> Change<'a> {
    fn between(before: &Encoded, now: &'a Encoded) -> Self {
        match (before, now) {
            (before, now) if before == now => Self::None,
            (Encoded::Json(Json::String(before)), Encoded::Json(Json::String(now))) if now.starts_with(before) => {
                Self::Append(&now[before.len()..])
            }
            _ => Self::Replace(now),
        }
    }
}

impl Serialize for Change<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let whole: [&str; 0] = [];
        match self {
            Self::None => whole.serialize(serializer),
            Self::Append(text) => [("append", whole, text)].serialize(serializer),
            Self::Replace(value) => [("replace", whole, value)].serialize(serializer),
        }
    }
}

/// The object of an error, for messages and answers.
pub(super) fn error(failure: &Failure) -> Json {
    json!({ "error": failure.message, "title": failure.title, "duration": 10, "visible": true })
}

fn progress(event: &str, fraction: Option<f64>, message: &str) -> Json {
    let unit = json!({
        "index": null, "length": null, "unit": "steps", "progress": fraction, "desc": message,
    });
    json!({ "msg": "progress", "event_id": event, "progress_data": [unit] })
}

fn append(text: &mut Vec<u8>, message: &impl Serialize) {
    text.extend_from_slice(b"data: ");
    serde_json::to_writer(&mut *text, message).expect("messages are plain data");
    text.extend_from_slice(b"\n\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(writer: &mut Writer, content: Content) -> Json {
        let mut text = Vec::new();
        writer.write(Message { event: "e".to_owned(), content }, &mut text);
        let text = String::from_utf8(text).expect("JSON is text");
        let data = text.strip_prefix("data: ").and_then(|rest| rest.strip_suffix("\n\n")).expect("one event");
        serde_json::from_str(data).expect("JSON")
    }

    #[test]
    fn partial_outputs_come_whole_and_then_as_changes() {
        let writer = &mut Writer::default();
        let values = |values: Json| {
            let values = values.as_array().expect("a list").clone();
            Content::Generating(values.into_iter().map(Encoded::Json).collect())
        };
        let data = |message: Json| message["output"]["data"].clone();
        assert_eq!(data(written(writer, values(json!(["ä", 1, [1]])))), json!(["ä", 1, [1]]));
        let changed = data(written(writer, values(json!(["äb", 1, [2]]))));
        assert_eq!(changed, json!([[["append", [], "b"]], [], [["replace", [], [2]]]]));
        let changed = data(written(writer, values(json!(["x", null, [2]]))));
        assert_eq!(changed, json!([[["replace", [], "x"]], [], []]), "null leaves an output as it was");
        let completed = Completed { data: vec![Encoded::Json(json!("x"))], duration: 0.5 };
        let last = written(writer, Content::Completed(Ok(completed)));
        assert_eq!((&last["success"], &last["output"]["data"]), (&json!(true), &json!(["x"])));
        assert_eq!(data(written(writer, values(json!(["y"])))), json!(["y"]), "nothing is kept of an event that ended");
    }

    #[test]
    fn failures_carry_their_message() {
        let failure = Failure { message: "it broke".to_owned(), title: "Error" };
        let message = written(&mut Writer::default(), Content::Completed(Err(failure)));
        assert_eq!(message["success"], false);
        assert_eq!(message["output"]["error"], "it broke");
    }
}
