//! Types of values, as a caller thinks of them.

pub(crate) fn text_up_to(n_characters: u32) -> String {
    format!("text, at most {n_characters} characters")
}

/// A text in a language such as `python`.
pub(crate) fn text_in(language: &str) -> String {
    format!("text, {language}")
}

pub(crate) const MARKDOWN: &str = "text, Markdown";
pub(crate) const HTML: &str = "text, HTML";
pub(crate) const SOURCE_CODE: &str = "text, source code";
pub(crate) const COLOR: &str = "text, #rrggbb";
pub(crate) const DATE: &str = "text, YYYY-MM-DD";
pub(crate) const MOMENT: &str = "text, YYYY-MM-DD HH:MM:SS";

/// `form` is one of the two before; `zone` such as `Europe/Oslo`.
pub(crate) fn in_zone(form: &str, zone: &str) -> String {
    format!("{form} in {zone}")
}

pub(crate) const FILE: &str = "file";
pub(crate) const FILES: &str = "files";

/// `what` is one of the two before; `types` such as `.pdf, .txt`.
pub(crate) fn of_types(what: &str, types: &str) -> String {
    format!("{what}: {types}")
}

pub(crate) fn table_with(columns: &str) -> String {
    format!("table with {columns}")
}

/// `form` is `[1 × 3], f32`.
pub(crate) fn tensor(form: &str) -> String {
    format!("tensor {form}")
}

pub(crate) const CLASSES: &str = "classes with their confidences";
pub(crate) const TEXTS: &str = "texts";

pub(crate) fn some_of(choices: &str) -> String {
    format!("some of {choices}")
}

pub(crate) fn one_of(choices: &str) -> String {
    format!("one of {choices}")
}

pub(crate) fn choice(name: &str) -> String {
    format!("“{name}”")
}

/// A list whose end is left out.
pub(crate) fn and_more(listed: &str, n_more: usize) -> String {
    format!("{listed} and {n_more} more")
}

pub(crate) const NUMBER: &str = "number";

pub(crate) fn number_between(minimum: f64, maximum: f64) -> String {
    format!("number from {minimum} to {maximum}")
}

pub(crate) fn number_from(minimum: f64) -> String {
    format!("number from {minimum}")
}

pub(crate) fn number_up_to(maximum: f64) -> String {
    format!("number up to {maximum}")
}
