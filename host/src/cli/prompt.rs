//! Questions to the person at the terminal.

use std::io::{self, BufRead as _, IsTerminal as _};

use console::Term;

use super::error::CliError;
use super::output;

/// Asks for a secret without showing what is typed; where stdin is no terminal, reads its first line.
///
/// # Errors
/// [`CliError::Io`] where nothing can be read.
pub(crate) fn secret(question: &str) -> Result<String, CliError> {
    if !io::stdin().is_terminal() {
        return first_line();
    }
    // Written by `note`, since `Term` shows nothing of its own where stderr is no terminal.
    output::note(question);
    let typed = Term::stderr().read_secure_line().map_err(unreadable)?;
    Ok(typed.trim().to_owned())
}

/// Asks for a line; none where nobody is there to answer.
///
/// # Errors
/// [`CliError::Io`] where nothing can be read.
pub(crate) fn line(question: &str) -> Result<Option<String>, CliError> {
    if !io::stdin().is_terminal() {
        return Ok(None);
    }
    output::note(question);
    first_line().map(Some)
}

fn first_line() -> Result<String, CliError> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(unreadable)?;
    Ok(line.trim().to_owned())
}

fn unreadable(source: io::Error) -> CliError {
    CliError::Io { action: "cannot read stdin".to_owned(), source }
}
