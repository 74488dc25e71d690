//! How a program calls a space.

pub(crate) const HEADING: &str = "Use it from a program";
/// Before `OPENAPI`.
pub(crate) const PROGRAMS_CARRY: &str = "The programs below carry the values that the app has now. ";
pub(crate) const OPENAPI: &str = "All of it as OpenAPI";
/// Python without the library that its usual program takes.
pub(crate) const PLAIN_PYTHON: &str = "Python, plain";

/// Behind “Copy”, for those who do not see where the button stands; so are the next.
pub(crate) fn copy_program_after(language: &str) -> String {
    format!("the program in {language}")
}

pub(crate) const COPY_HTML_AFTER: &str = "the HTML";
pub(crate) const COPY_ANSWER_AFTER: &str = "the answer";

pub(crate) const EMBED: &str = "Show it in a page of yours";
pub(crate) const EMBED_HELP: &str = "HTML; add ?theme=light or ?theme=dark to choose";

pub(crate) const INPUT: &str = "Input";
pub(crate) const NEEDED: &str = "Needed";
pub(crate) const MEANING: &str = "Meaning";
pub(crate) const OUTPUT: &str = "Output, in this order";
pub(crate) const REQUIRED: &str = "required";

pub(crate) fn default(json: &str) -> String {
    format!("default {json}")
}

/// Marked.
pub(crate) const STREAMS: &str = "It answers in parts to those who ask for `text/event-stream`.";

pub(crate) const TRY_IT: &str = "Try it";
pub(crate) const CALLING: &str = "Calling…";
/// Behind `TRY_IT`.
pub(crate) const TRY_IT_HELP: &str = "calls it with these values";
pub(crate) const ANSWER: &str = "Answer";

/// A long text, of which only the `beginning` is shown.
pub(crate) fn cut_short(beginning: &str, n_characters: usize) -> String {
    format!("{beginning}… ({n_characters} characters)")
}

pub(crate) const LIMITS: &str = "Limits";
pub(crate) const DEADLINE: &str = "Time of a call";
pub(crate) const CONCURRENCY: &str = "Calls at once";
pub(crate) const MAX_BODY: &str = "Size of a request";
pub(crate) const MEMORY: &str = "Memory of a call";
pub(crate) const MAX_LOG: &str = "Log of a call";

pub(crate) fn seconds(n: f64) -> String {
    match n {
        1.0 => "1 second".to_owned(),
        n => format!("{n} seconds"),
    }
}
