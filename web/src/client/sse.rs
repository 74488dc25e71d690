//! Reads server-sent events out of a stream of bytes.

use spaces::view::CallEvent;

use crate::wire::events;

/// Collects bytes and gives back the call events that they complete.
#[derive(Debug, Default)]
pub(super) struct EventReader {
    buffer: Vec<u8>,
    name: String,
    data: String,
}

impl EventReader {
    /// Takes the next bytes of the stream; events may begin and end anywhere in them.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<CallEvent> {
        self.buffer.extend_from_slice(bytes);
        let mut events = Vec::new();
        let mut consumed = 0;
        while let Some(length) = self.buffer[consumed..].iter().position(|byte| *byte == b'\n') {
            let line = String::from_utf8_lossy(&self.buffer[consumed..consumed + length]).into_owned();
            consumed += length + 1;
            events.extend(self.line(line.trim_end_matches('\r')));
        }
        self.buffer.drain(..consumed);
        events
    }

    fn line(&mut self, line: &str) -> Option<CallEvent> {
        if line.is_empty() {
            let name = std::mem::take(&mut self.name);
            let data = std::mem::take(&mut self.data);
            return events::call_event(&name, &serde_json::from_str(&data).ok()?);
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" => {
                if !self.data.is_empty() {
                    self.data.push('\n');
                }
                self.data.push_str(value);
            }
            _ => {} // comments keep the connection open; ids and retry times are not used
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spaces::view::{CallAnswer, ErrorBody, Timings, Usage};

    #[test]
    fn events_arrive_whole_however_the_bytes_are_cut() {
        let stream = ": hello\n\nevent: queued\ndata: {\"position\":3}\n\nevent: progress\r\ndata: {\"fraction\":0.5,\"message\":\"é\"}\r\n\r\n\
                      event: output\ndata: {\"data\":\ndata: [1]}\n\nevent: other\ndata: {}\n\n\
                      event: error\ndata: {\"code\":\"c\",\"message\":\"m\"}\n\n\
                      event: complete\ndata: {\"data\":[2],\"timings\":{\"queue_ms\":0,\"instantiate_ms\":0,\"call_ms\":0,\"total_ms\":0}}\n\n";
        let expected = vec![
            CallEvent::Queued { position: 3 },
            CallEvent::Progress { fraction: Some(0.5), message: "é".into() },
            CallEvent::Output { data: vec![1.into()] },
            CallEvent::Error(ErrorBody { code: "c".into(), message: "m".into(), field: None, request_id: None }),
            CallEvent::Complete(CallAnswer {
                data: vec![2.into()],
                timings: Timings::default(),
                usage: Usage::default(),
            }),
        ];
        for size in [1, 2, 7, stream.len()] {
            let mut reader = EventReader::default();
            let events: Vec<_> = stream.as_bytes().chunks(size).flat_map(|bytes| reader.push(bytes)).collect();
            assert_eq!(events, expected, "cut into pieces of {size}");
        }
    }
}
