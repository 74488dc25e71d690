//! Server-sent events, line by line.
//!
//! Source: WHATWG HTML, section 9.2.6 "Interpreting an event stream"; ids and retries are not used here.

/// One event.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct SseEvent {
    /// Empty where the server gave none.
    pub(super) name: String,
    pub(super) data: String,
}

/// Gathers lines into events.
#[derive(Debug, Default)]
pub(super) struct SseParser {
    name: String,
    data: Option<String>,
}

impl SseParser {
    /// Takes one line without its end; an empty line completes the event before it.
    pub(super) fn push(&mut self, line: &str) -> Option<SseEvent> {
        if line.is_empty() {
            let name = std::mem::take(&mut self.name);
            return self.data.take().map(|data| SseEvent { name, data });
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            // Comments (keep-alives) and fields that we do not use.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_make_events() {
        let check = |text: &str, expected: &[(&str, &str)]| {
            let mut parser = SseParser::default();
            let events: Vec<SseEvent> = text.split('\n').filter_map(|line| parser.push(line)).collect();
            let found: Vec<(&str, &str)> = events.iter().map(|e| (e.name.as_str(), e.data.as_str())).collect();
            assert_eq!(found, expected, "{text:?}");
        };
        check("event: progress\ndata: {}\n\n", &[("progress", "{}")]);
        check(": keep-alive\n\nevent:output\ndata:1\ndata: 2\n\n", &[("output", "1\n2")]);
        check("data: x\n\ndata: y\n\n", &[("", "x"), ("", "y")]);
        check("event: cut\ndata: x", &[]);
        check("event: empty\n\ndata: x\n\n", &[("", "x")]);
    }
}
