//! The server's events, shown as they come.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use reqwest::Response;
use spaces::SpaceId;
use spaces::view::{ErrorBody, PublishEvent, Step};

use crate::base_url::BaseUrl;
use crate::cli::error::CliError;
use crate::cli::lines::Lines;
use crate::cli::output;

const TICK: Duration = Duration::from_millis(100);

/// How a publish ended.
#[derive(Debug)]
pub(super) enum Outcome {
    Live(Live),
    Failed {
        step: Step,
        error: ErrorBody,
    },
    /// The events ended before the publish did.
    Cut {
        step: Option<Step>,
    },
}

/// A revision that went live.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) space: SpaceId,
    pub(super) revision: u64,
    url: String,
}

impl Live {
    /// The page, under the server's name for it or ours where it gives only a path.
    pub(super) fn page_url(&self, server: &BaseUrl) -> String {
        if self.url.starts_with('/') { format!("{server}{}", self.url) } else { self.url.clone() }
    }
}

/// Shows the events until the last one; as they are with `json`, else one line a step.
///
/// # Errors
/// [`CliError`] where the connection breaks or an event is not understood.
pub(super) async fn follow(response: Response, json: bool) -> Result<Outcome, CliError> {
    let mut lines = Lines::new(response);
    let mut screen = Screen::default();
    let mut current = None;
    loop {
        let line = match lines.next().await {
            Ok(Some(line)) => line,
            // A connection that breaks and a server that stops come to the same.
            Ok(None) | Err(CliError::Connection { .. }) => {
                return Ok(Outcome::Cut { step: current });
            }
            Err(error) => return Err(error),
        };
        if line.is_empty() {
            continue;
        }
        if json {
            output::result(&line)?;
        }
        let event = serde_json::from_str(&line)
            .map_err(|error| CliError::Answer { problem: format!("an event of the publish: {error}") })?;
        if let PublishEvent::Started { step } = &event {
            current = Some(*step);
        }
        if !json {
            screen.show(&event);
        }
        match event {
            PublishEvent::Started { .. } | PublishEvent::Finished { .. } | PublishEvent::Log { .. } => {}
            PublishEvent::Failed { step, error, .. } => return Ok(Outcome::Failed { step, error }),
            PublishEvent::Live { space, revision, url } => {
                return Ok(Outcome::Live(Live { space, revision, url }));
            }
        }
    }
}

/// Finished steps as lines, the running one as a spinner below them on a terminal.
#[derive(Debug, Default)]
struct Screen {
    spinner: Option<ProgressBar>,
}

impl Screen {
    fn show(&mut self, event: &PublishEvent) {
        match event {
            PublishEvent::Started { step } => {
                self.clear();
                let spinner = ProgressBar::new_spinner();
                spinner.set_style(
                    ProgressStyle::with_template("  {spinner} {msg} {elapsed}").expect("the template is well-formed"),
                );
                spinner.set_message(output::step_name(*step));
                spinner.enable_steady_tick(TICK);
                self.spinner = Some(spinner);
            }
            PublishEvent::Finished { .. } => {
                self.clear();
                self.print(event);
            }
            PublishEvent::Log { .. } => self.print(event),
            PublishEvent::Failed { .. } | PublishEvent::Live { .. } => self.clear(),
        }
    }

    fn print(&self, event: &PublishEvent) {
        let Some(line) = line(event) else { return };
        match &self.spinner {
            Some(spinner) => spinner.suspend(|| output::note(&line)),
            None => output::note(&line),
        }
    }

    fn clear(&mut self) {
        if let Some(spinner) = self.spinner.take() {
            spinner.finish_and_clear();
        }
    }
}

fn line(event: &PublishEvent) -> Option<String> {
    match event {
        PublishEvent::Finished { step, duration_ms, detail } => {
            let line = format!(
                "  {:<9} {:>8}  {}",
                output::step_name(*step),
                output::duration(*duration_ms),
                output::indented(detail.as_deref().unwrap_or(""), "                      ")
            );
            Some(line.trim_end().to_owned())
        }
        PublishEvent::Log { level, message } => {
            Some(format!("    log {}  {}", output::level_name(*level), output::indented(message, "               ")))
        }
        PublishEvent::Started { .. } | PublishEvent::Failed { .. } | PublishEvent::Live { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use spaces::view::LogLevel;

    use super::*;

    #[test]
    fn events_are_lines_that_align() {
        let check = |event: PublishEvent, expected: &str| assert_eq!(line(&event).as_deref(), Some(expected));
        let finished = |step, duration_ms, detail: Option<&str>| PublishEvent::Finished {
            step,
            duration_ms,
            detail: detail.map(str::to_owned),
        };
        check(finished(Step::Receive, 0.42, Some("12.3 kB")), "  receive     0.4 ms  12.3 kB");
        check(finished(Step::Activate, 1532.0, None), "  activate     1.5 s");
        let log = PublishEvent::Log { level: LogLevel::Warn, message: "one\ntwo\n".to_owned() };
        check(log, "    log WARN   one\n               two");
    }

    #[test]
    fn the_page_has_an_absolute_url() {
        let server: BaseUrl = "http://127.0.0.1:7860".parse().expect("a URL");
        let check = |url: &str, expected: &str| {
            let live = Live { space: "a/b".parse().expect("an id"), revision: 1, url: url.to_owned() };
            assert_eq!(live.page_url(&server), expected);
        };
        check("/spaces/a/b", "http://127.0.0.1:7860/spaces/a/b");
        check("https://demo.example.org/spaces/a/b", "https://demo.example.org/spaces/a/b");
    }
}
