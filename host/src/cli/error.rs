//! Why a command failed.

use std::error::Error;
use std::io;
use std::path::Path;

use spaces::view::{ErrorBody, Step};

use super::output::step_name;

/// Why a command failed, in the words that the user reads.
///
/// One enum for all commands, since all end the same way: printed once, exit code 1.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// What was typed, or a file that was named, cannot be right. The message says what to do.
    #[error("{message}")]
    Input { message: String },
    #[error("{action}")]
    Io { action: String, source: io::Error },
    #[error("cannot reach {server} ({reason}): is the server running? start it with `vitrine serve`")]
    Unreachable { server: String, reason: String },
    #[error("lost the connection to the server ({reason})")]
    Connection { reason: String },
    #[error("the server hung up while the file was sent ({reason}): it may take no file so large")]
    UploadCut { reason: String },
    /// The server said no.
    #[error("{}", refusal(.body))]
    Refused { body: ErrorBody },
    #[error("{server} answered {status} and not as a Vitrine server does: is `--server` right?")]
    NotVitrine { server: String, status: u16 },
    #[error("cannot read the server's answer: {problem}")]
    Answer { problem: String },
    #[error("publish failed at step `{}`: {}", step_name(*.step), refusal(.error))]
    Publish { step: Step, error: ErrorBody },
    #[error("{}", interrupted(.step.as_ref()))]
    PublishCut { step: Option<Step> },
    #[error("the call failed: {}", refusal(.error))]
    Call { error: ErrorBody },
    #[error("cannot build the component")]
    Build { source: Box<dyn Error + Send + Sync> },
    /// Whoever read stdout has stopped. Not printed.
    #[error("stdout is closed")]
    StdoutClosed,
}

impl CliError {
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::Input { message: message.into() }
    }

    /// A connection that could not be made or did not last.
    pub(crate) fn connection(error: &reqwest::Error) -> Self {
        Self::Connection { reason: root_cause(error) }
    }

    /// An error of the file system, naming the file.
    pub(crate) fn file(verb: &str, path: &Path, source: io::Error) -> Self {
        Self::Io { action: format!("cannot {verb} `{}`", path.display()), source }
    }
}

/// The innermost cause: of reqwest's chain the rest says only that it was a request.
pub(crate) fn root_cause(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

/// `message (code)`, with the field where the message does not already name it.
pub(crate) fn refusal(body: &ErrorBody) -> String {
    match &body.field {
        Some(field) if !body.message.contains(field.as_str()) => {
            format!("{field}: {} ({})", body.message, body.code)
        }
        _ => format!("{} ({})", body.message, body.code),
    }
}

fn interrupted(step: Option<&Step>) -> String {
    let at = step.map_or(String::new(), |step| format!(" at step `{}`", step_name(*step)));
    format!("the server stopped answering{at}: `vitrine revisions` shows whether the revision went live")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_name_the_field_once() {
        let check = |field: Option<&str>, message: &str, expected: &str| {
            let body = ErrorBody {
                code: "bad_input".to_owned(),
                message: message.to_owned(),
                field: field.map(str::to_owned),
                request_id: None,
            };
            assert_eq!(refusal(&body), expected);
        };
        check(None, "no", "no (bad_input)");
        check(Some("x"), "input `x` is missing", "input `x` is missing (bad_input)");
        check(Some("width"), "too large", "width: too large (bad_input)");
    }
}
