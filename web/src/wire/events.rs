//! Answers of calls, and the events before them.

use serde_json::Value as Json;
use spaces::limits::Limits;
use spaces::view::{CallAnswer, CallEvent, ErrorBody, Timings, Usage};

use super::{Wire, field, or};

/// The event called `name`; none where it is not one of ours.
pub(crate) fn call_event(name: &str, json: &Json) -> Option<CallEvent> {
    Some(match name {
        "queued" => CallEvent::Queued { position: field(json, "position")? },
        "progress" => CallEvent::Progress { fraction: field(json, "fraction")?, message: field(json, "message")? },
        "output" => CallEvent::Output { data: field(json, "data")? },
        "complete" => CallEvent::Complete(Wire::read(json)?),
        "error" => CallEvent::Error(Wire::read(json)?),
        _ => return None,
    })
}

impl Wire for CallAnswer {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            data: field(json, "data")?,
            timings: field(json, "timings")?,
            usage: or(json, "usage", Usage::default())?,
        })
    }
}

impl Wire for Timings {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            queue_ms: field(json, "queue_ms")?,
            instantiate_ms: field(json, "instantiate_ms")?,
            call_ms: field(json, "call_ms")?,
            total_ms: field(json, "total_ms")?,
        })
    }
}

impl Wire for Usage {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            cpu_ms: field(json, "cpu_ms")?,
            memory_bytes: field(json, "memory_bytes")?,
            in_bytes: field(json, "in_bytes")?,
        })
    }
}

impl Wire for ErrorBody {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            code: field(json, "code")?,
            message: field(json, "message")?,
            field: field(json, "field")?,
            request_id: field(json, "request_id")?,
        })
    }
}

impl Wire for Limits {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            memory_bytes: field(json, "memory_bytes")?,
            deadline_seconds: field(json, "deadline_seconds")?,
            concurrency: field(json, "concurrency")?,
            max_body_bytes: field(json, "max_body_bytes")?,
            max_log_bytes: field(json, "max_log_bytes")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn events_are_read_as_they_were_written() {
        let error = ErrorBody { code: "c".into(), message: "m".into(), field: Some("f".into()), request_id: None };
        let answer = CallAnswer {
            data: vec![json!(1), Json::Null],
            timings: Timings { queue_ms: 1.0, instantiate_ms: 2.0, call_ms: 3.0, total_ms: 6.0 },
            usage: Usage { cpu_ms: 1.5, memory_bytes: 2, in_bytes: 3 },
        };
        let events = [
            CallEvent::Queued { position: 3 },
            CallEvent::Progress { fraction: Some(0.5), message: "m".into() },
            CallEvent::Progress { fraction: None, message: String::new() },
            CallEvent::Output { data: vec![json!({ "a": 1 })] },
            CallEvent::Complete(answer),
            CallEvent::Error(error),
        ];
        for event in events {
            assert_eq!(call_event(event.name(), &event.data()), Some(event));
        }
        assert_eq!(call_event("other", &json!({})), None);
    }
}
