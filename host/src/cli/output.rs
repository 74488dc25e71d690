//! Everything that is printed.
//!
//! Results go to stdout, the rest to stderr, so that `vitrine … > file` holds the result alone. Texts from a server
//! may come from a stranger's space: control characters are shown escaped, so that none reaches the terminal.

use std::borrow::Cow;
use std::error::Error;
use std::io::{self, Write as _};

use spaces::manifest::Visibility;
use spaces::view::{LogLevel, Step};

use super::error::CliError;

/// Prints a result.
///
/// # Errors
/// [`CliError::StdoutClosed`] where nobody reads any more.
pub(crate) fn result(text: &str) -> Result<(), CliError> {
    let mut stdout = io::stdout().lock();
    let written = writeln!(stdout, "{}", plain(text)).and_then(|()| stdout.flush());
    written.map_err(|source| match source.kind() {
        io::ErrorKind::BrokenPipe => CliError::StdoutClosed,
        _ => CliError::Io { action: "cannot write to stdout".to_owned(), source },
    })
}

/// Prints something about the work itself.
pub(crate) fn note(text: &str) {
    // A closed stderr is no reason to stop the work.
    let _ = writeln!(io::stderr().lock(), "{}", plain(text));
}

/// Prints an error with its causes on one line.
pub(crate) fn error(error: &dyn Error) {
    let mut text = format!("error: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        // Some libraries repeat their cause in their own message.
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    note(&text);
}

/// `text` with control characters escaped, except line feed and tab.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    let is_harmful = |c: char| c.is_control() && c != '\n' && c != '\t';
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_harmful(c) { escaped.extend(c.escape_default()) } else { escaped.push(c) }
    }
    Cow::Owned(escaped)
}

/// The step's name as the API spells it.
pub(crate) fn step_name(step: Step) -> &'static str {
    match step {
        Step::Receive => "receive",
        Step::Unpack => "unpack",
        Step::Resolve => "resolve",
        Step::Validate => "validate",
        Step::Snapshot => "snapshot",
        Step::Compile => "compile",
        Step::Smoke => "smoke",
        Step::Activate => "activate",
    }
}

/// The level in five columns.
pub(crate) fn level_name(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Trace => "TRACE",
        LogLevel::Debug => "DEBUG",
        LogLevel::Info => "INFO ",
        LogLevel::Warn => "WARN ",
        LogLevel::Error => "ERROR",
    }
}

/// The visibility as `space.toml` spells it.
pub(crate) fn visibility_name(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Unlisted => "unlisted",
        Visibility::Private => "private",
    }
}

/// An RFC 3339 time in UTC without its fraction: `2026-01-31 12:00:00`; any other text as it is.
pub(crate) fn moment(at: &str) -> String {
    match at.split_at_checked(19) {
        Some((head, rest)) if rest.ends_with('Z') || rest.ends_with("+00:00") => head.replace('T', " "),
        _ => at.to_owned(),
    }
}

/// The text on one line, cut after `max_chars` characters.
pub(crate) fn one_line(text: &str, max_chars: usize) -> String {
    let mut line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = line.char_indices().nth(max_chars) {
        line.truncate(end);
        line.push('…');
    }
    line
}

/// The text with `indent` before each line but the first, so that a stranger's text cannot pass for a line of ours.
pub(crate) fn indented(text: &str, indent: &str) -> String {
    text.trim_end().replace('\n', &format!("\n{indent}"))
}

/// `1234` bytes as `1.2 kB`.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut amount = bytes as f64 / 1000.0;
    let mut unit = 0;
    while amount >= 999.95 && unit + 1 < UNITS.len() {
        amount /= 1000.0;
        unit += 1;
    }
    format!("{amount:.1} {}", UNITS[unit])
}

/// A duration in the unit that reads best.
pub(crate) fn duration(milliseconds: f64) -> String {
    match milliseconds {
        ms if ms < 10.0 => format!("{ms:.1} ms"),
        ms if ms < 1000.0 => format!("{ms:.0} ms"),
        ms => format!("{:.1} s", ms / 1000.0),
    }
}

/// Rows as columns under headers, two spaces apart; the last column is not padded.
pub(crate) fn table(headers: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = headers.iter().map(|header| header.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let header_row = headers.iter().map(|header| (*header).to_owned()).collect();
    let mut lines = Vec::with_capacity(rows.len() + 1);
    for row in std::iter::once(&header_row).chain(rows) {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(&format!("{cell:<width$}  "));
        }
        lines.push(line.trim_end().to_owned());
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_escapes_do_not_pass() {
        let check = |text: &str, expected: &str| assert_eq!(plain(text), expected);
        check("a\tb\nc é", "a\tb\nc é");
        check("\x1b[2Jx", "\\u{1b}[2Jx");
        check("a\rb\u{9b}", "a\\rb\\u{9b}");
    }

    #[test]
    fn sizes_and_durations_read_well() {
        let sizes = [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (999_960, "1.0 MB"), (18_800_000, "18.8 MB")];
        for (bytes, expected) in sizes {
            assert_eq!(size(bytes), expected);
        }
        for (ms, expected) in [(0.04, "0.0 ms"), (9.94, "9.9 ms"), (312.4, "312 ms"), (1532.0, "1.5 s")] {
            assert_eq!(duration(ms), expected);
        }
    }

    #[test]
    fn times_lose_their_fraction() {
        assert_eq!(moment("2026-01-31T12:00:00.123456Z"), "2026-01-31 12:00:00");
        assert_eq!(moment("2026-01-31T12:00:00+02:00"), "2026-01-31T12:00:00+02:00");
        assert_eq!(moment("now"), "now");
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(one_line("a\n b  c", 9), "a b c");
        assert_eq!(one_line("ééé", 2), "éé…");
        assert_eq!(indented("a\nb\n", "  "), "a\n  b");
    }

    #[test]
    fn tables_align() {
        let rows = vec![vec!["1".to_owned(), "x".to_owned()], vec!["10".to_owned(), String::new()]];
        assert_eq!(table(&["N", "NAME"], &rows), "N   NAME\n1   x\n10");
    }
}
