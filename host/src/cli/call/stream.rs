//! A streaming call: progress and partial outputs as they come, then the answer.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use reqwest::Response;
use serde_json::{Value as Json, json};
use spaces::interface::Endpoint;
use spaces::view::{CallAnswer, CallEvent};

use super::answer;
use super::sse::{SseEvent, SseParser};
use crate::cli::error::CliError;
use crate::cli::lines::Lines;
use crate::cli::output;

const TICK: Duration = Duration::from_millis(100);

/// The longest partial output shown; the final one is shown whole.
const MAX_PARTIAL_CHARS: usize = 100;

/// Shows the events and returns the last one's answer.
///
/// # Errors
/// [`CliError::Call`] where the space fails, others where the stream breaks.
pub(super) async fn follow(response: Response, endpoint: &Endpoint) -> Result<CallAnswer, CliError> {
    let mut lines = Lines::new(response);
    let mut parser = SseParser::default();
    // Draws nothing where stderr is no terminal.
    let spinner = ProgressBar::new_spinner();
    spinner.set_style(
        ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}").expect("the template is well-formed"),
    );
    spinner.enable_steady_tick(TICK);
    let result = loop {
        let Some(line) = lines.next().await? else {
            break Err(CliError::Answer { problem: "the stream ended before the call did".to_owned() });
        };
        let Some(event) = parser.push(&line) else {
            continue;
        };
        match parse(&event) {
            Ok(CallEvent::Queued { position: 0 }) => spinner.set_message(""),
            Ok(CallEvent::Queued { position }) => spinner.set_message(format!("waiting, {position} in line")),
            Ok(CallEvent::Progress { fraction, message }) => {
                let text = progress_line(fraction, &message);
                if spinner.is_hidden() {
                    output::note(&text)
                } else {
                    spinner.set_message(output::plain(&text).into_owned())
                }
            }
            Ok(CallEvent::Output { data }) => {
                for text in partial_lines(endpoint, &data) {
                    spinner.suspend(|| output::note(&text));
                }
            }
            Ok(CallEvent::Complete(answer)) => break Ok(answer),
            Ok(CallEvent::Error(error)) => break Err(CliError::Call { error }),
            Err(error) => break Err(error),
        }
    };
    spinner.finish_and_clear();
    result
}

fn parse(event: &SseEvent) -> Result<CallEvent, CliError> {
    let unreadable = |problem: String| CliError::Answer { problem: format!("an event of the call: {problem}") };
    let mut data: Json = serde_json::from_str(&event.data).map_err(|error| unreadable(error.to_string()))?;
    match &mut data {
        // The tag of the enum travels as the event's name.
        Json::Object(object) => object.insert("event".to_owned(), json!(event.name)),
        _ => return Err(unreadable("it is not an object".to_owned())),
    };
    serde_json::from_value(data).map_err(|error| unreadable(error.to_string()))
}

fn progress_line(fraction: Option<f64>, message: &str) -> String {
    let message = output::one_line(message, MAX_PARTIAL_CHARS);
    match fraction {
        Some(fraction) => format!("{:>3.0} % {message}", fraction * 100.0),
        None => message,
    }
}

/// One line for each output that this event changes.
fn partial_lines(endpoint: &Endpoint, data: &[Json]) -> Vec<String> {
    let changed = endpoint.outputs.iter().zip(data).filter(|(_, value)| !value.is_null());
    changed.map(|(field, value)| answer::short(field, value, MAX_PARTIAL_CHARS)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_named_by_the_stream() {
        let check = |name: &str, data: &str, expected: Result<CallEvent, ()>| {
            let event = SseEvent { name: name.to_owned(), data: data.to_owned() };
            assert_eq!(parse(&event).map_err(|_| ()), expected, "{name} {data}");
        };
        let progress = CallEvent::Progress { fraction: Some(0.5), message: "half".to_owned() };
        check("progress", r#"{"fraction":0.5,"message":"half"}"#, Ok(progress));
        check("output", r#"{"data":[null,1]}"#, Ok(CallEvent::Output { data: vec![Json::Null, json!(1)] }));
        check("strange", "{}", Err(()));
        check("output", "[]", Err(()));
        check("output", "{", Err(()));
    }

    #[test]
    fn progress_is_one_line() {
        assert_eq!(progress_line(Some(0.42), "a\nb"), " 42 % a b");
        assert_eq!(progress_line(None, "reading"), "reading");
    }
}
