//! Outputs as text for a terminal; files of the answer saved.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value as Json;
use spaces::id::check_name;
use spaces::interface::{Component, Field, ValueKind};

use crate::cli::error::CliError;
use crate::cli::output;

/// How many classes of a label are shown.
const MAX_CLASSES: usize = 10;
/// How many rows of a table are shown.
const MAX_ROWS: usize = 20;
/// How many characters of a table's cell are shown.
const MAX_CELL_CHARS: usize = 40;
/// How many characters of a tensor's elements are shown.
const MAX_ELEMENTS_CHARS: usize = 120;
/// The full bar of a class, in characters.
const BAR_CHARS: usize = 24;

/// A file in an answer.
#[derive(Debug, Deserialize)]
struct File {
    url: String,
    mime_type: String,
    #[serde(default)]
    size: u64,
}

#[derive(Debug, Deserialize)]
struct Label {
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    confidences: Vec<Class>,
}

#[derive(Debug, Deserialize)]
struct Class {
    label: String,
    confidence: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Table {
    headers: Vec<String>,
    data: Vec<Vec<Json>>,
}

/// The output as one or more lines; its files are written to `out`, where there is one.
///
/// # Errors
/// [`CliError`] where a file cannot be written. A value of an unexpected form is shown as JSON instead.
pub(super) fn render(field: &Field, value: &Json, out: Option<&Path>) -> Result<String, CliError> {
    let name = &field.name;
    let text = match &field.component {
        _ if value.is_null() => Some("nothing".to_owned()),
        Component::Label { .. } => Label::deserialize(value).ok().map(|label| label_lines(&label)),
        component if component.value_kind() == ValueKind::Table => {
            Table::deserialize(value).ok().map(|table| table_lines(&table))
        }
        Component::Tensor { .. } => tensor_line(value),
        Component::AnnotatedImage => files_lines(name, &value["image"], out)?,
        component if component.takes_media() => files_lines(name, value, out)?,
        _ => None,
    };
    let text = text.unwrap_or_else(|| match value {
        Json::String(text) if text.contains('\n') => format!("\n{text}"),
        Json::String(text) => text.clone(),
        Json::Object(_) | Json::Array(_) => format!("\n{value:#}"),
        other => other.to_string(),
    });
    let space = if text.starts_with('\n') { "" } else { " " };
    Ok(format!("{name}:{space}{text}"))
}

/// The output on one line of at most `max_chars` characters.
pub(super) fn short(field: &Field, value: &Json, max_chars: usize) -> String {
    let text = match value {
        Json::String(text) => text.clone(),
        Json::Object(object) => match (object.get("label"), object.get("url")) {
            (Some(Json::String(label)), _) => label.clone(),
            (None, Some(_)) => "a file".to_owned(),
            _ => value.to_string(),
        },
        other => other.to_string(),
    };
    output::one_line(&format!("{}: {text}", field.name), max_chars)
}

fn label_lines(label: &Label) -> String {
    let shown = &label.confidences[..label.confidences.len().min(MAX_CLASSES)];
    let mut text = output::one_line(label.label.as_deref().unwrap_or("nothing"), MAX_CELL_CHARS);
    let names: Vec<String> = shown.iter().map(|class| output::one_line(&class.label, MAX_CELL_CHARS)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    for (name, class) in names.iter().zip(shown) {
        if let Some(confidence) = class.confidence {
            let bar = bar(confidence);
            text.push_str(&format!("\n  {name:<width$}  {bar:<BAR_CHARS$}  {:5.1} %", confidence * 100.0));
        }
    }
    let n_hidden = label.confidences.len() - shown.len();
    if n_hidden > 0 {
        text.push_str(&format!("\n  … and {n_hidden} more"));
    }
    text
}

/// A bar of eighths of a character; empty for what is no share of one.
fn bar(share: f64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    // Casts from floats saturate, and turn NaN into 0.
    let n_eighths = (share.clamp(0.0, 1.0) * (BAR_CHARS * 8) as f64).round() as usize;
    "█".repeat(n_eighths / 8) + EIGHTHS[n_eighths % 8]
}

fn table_lines(table: &Table) -> String {
    let cell = |cell: &Json| match cell {
        Json::Null => String::new(),
        Json::String(text) => output::one_line(text, MAX_CELL_CHARS),
        other => output::one_line(&other.to_string(), MAX_CELL_CHARS),
    };
    let rows: Vec<Vec<String>> = table.data.iter().take(MAX_ROWS).map(|row| row.iter().map(cell).collect()).collect();
    let headers: Vec<String> = table.headers.iter().map(|header| output::one_line(header, MAX_CELL_CHARS)).collect();
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let mut text = format!("\n{}", output::table(&headers, &rows));
    if table.data.len() > MAX_ROWS {
        text.push_str(&format!("\n… and {} more rows", table.data.len() - MAX_ROWS));
    }
    text
}

fn tensor_line(value: &Json) -> Option<String> {
    let dtype = value.get("dtype")?.as_str()?;
    let shape = value.get("shape")?;
    let elements = value.get("data")?.to_string();
    Some(format!("{dtype} {shape} {}", output::one_line(&elements, MAX_ELEMENTS_CHARS)))
}

fn files_lines(name: &str, value: &Json, out: Option<&Path>) -> Result<Option<String>, CliError> {
    if let Json::Array(items) = value {
        let mut text = String::new();
        for (index, item) in items.iter().enumerate() {
            let Ok(file) = File::deserialize(item) else {
                return Ok(None);
            };
            text.push_str("\n  ");
            text.push_str(&file_line(&format!("{name}-{}", index + 1), &file, out)?);
        }
        return Ok(Some(text));
    }
    match File::deserialize(value) {
        Ok(file) => file_line(name, &file, out).map(Some),
        Err(_) => Ok(None),
    }
}

fn file_line(stem: &str, file: &File, out: Option<&Path>) -> Result<String, CliError> {
    let Some(payload) = file.url.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,")) else {
        return Ok(file.url.clone());
    };
    let what = format!("{}, {}", file.mime_type, output::size(file.size));
    let Some(dir) = out else {
        return Ok(format!("{what} (--out DIR saves it)"));
    };
    let bytes = STANDARD
        .decode(payload.1)
        .map_err(|error| CliError::Answer { problem: format!("the file `{stem}`: {error}") })?;
    fs::create_dir_all(dir).map_err(|source| CliError::file("create", dir, source))?;
    // The name in the answer is a stranger's, so the file is called after the output.
    let is_name = check_name(stem.split('-').next().unwrap_or("")).is_ok();
    let stem = if is_name { stem } else { "output" };
    let path = dir.join(format!("{stem}.{}", extension(&file.mime_type)));
    fs::write(&path, bytes).map_err(|source| CliError::file("write", &path, source))?;
    Ok(format!("{} ({what})", path.display()))
}

fn extension(mime_type: &str) -> &'static str {
    match mime_type {
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/webp" => "webp",
        "image/gif" => "gif",
        "image/svg+xml" => "svg",
        "audio/wav" | "audio/x-wav" => "wav",
        "audio/mpeg" => "mp3",
        "audio/ogg" => "ogg",
        "audio/flac" => "flac",
        "video/mp4" => "mp4",
        "video/webm" => "webm",
        "application/pdf" => "pdf",
        "application/json" => "json",
        "application/zip" => "zip",
        "text/csv" => "csv",
        "text/plain" => "txt",
        "text/html" => "html",
        "text/markdown" => "md",
        _ => "bin",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(component: Component) -> Field {
        Field { name: "answer".to_owned(), label: String::new(), info: None, component, default: None, optional: false }
    }

    fn check(component: Component, value: Json, expected: &str) {
        assert_eq!(render(&field(component), &value, None).expect("nothing is written"), expected, "{value}");
    }

    fn text() -> Component {
        Component::textbox()
    }

    #[test]
    fn plain_values_are_short() {
        check(text(), json!("yes"), "answer: yes");
        check(text(), json!("a\nb"), "answer:\na\nb");
        check(text(), Json::Null, "answer: nothing");
        check(Component::Checkbox, json!(true), "answer: true");
        check(Component::Json, json!({ "a": [1] }), "answer:\n{\n  \"a\": [\n    1\n  ]\n}");
        let tensor = Component::Tensor { dtype: spaces::value::Dtype::F32, shape: vec![None] };
        check(tensor, json!({ "dtype": "f32", "shape": [2], "data": [1.5, null] }), "answer: f32 [2] [1.5,null]");
    }

    #[test]
    fn labels_have_bars() {
        let value = json!({ "label": "cat", "confidences": [
            { "label": "cat", "confidence": 0.75 }, { "label": "zebra", "confidence": 0.01 },
        ]});
        let full = "█".repeat(18);
        check(
            Component::Label { top: None },
            value,
            &format!("answer: cat\n  cat    {full}         75.0 %\n  zebra  ▎                           1.0 %"),
        );
        check(
            Component::Label { top: None },
            json!({ "label": "cat", "confidences": [{ "label": "cat", "confidence": null }] }),
            "answer: cat",
        );
        check(Component::Label { top: None }, json!("odd"), "answer: odd");
        assert_eq!(bar(f64::NAN), "");
        assert_eq!(bar(7.0), "█".repeat(BAR_CHARS));
    }

    #[test]
    fn tables_are_cut() {
        let rows: Vec<Json> = (0..25).map(|row| json!([row, null])).collect();
        let table = Component::dataframe(Vec::new());
        let shown = render(&field(table), &json!({ "headers": ["n", "x"], "data": rows }), None).expect("text");
        assert!(shown.starts_with("answer:\nn   x\n0\n1\n"), "{shown}");
        assert!(shown.ends_with("19\n… and 5 more rows"), "{shown}");
    }

    #[test]
    fn files_are_described_or_saved_under_the_outputs_name() {
        let value = json!({
            "url": "data:image/png;base64,aGk=", "mime_type": "image/png", "name": "../../evil", "size": 2,
        });
        check(Component::image(), value.clone(), "answer: image/png, 2 B (--out DIR saves it)");
        let dir = tempfile::tempdir().expect("a temporary folder");
        let out = dir.path().join("new");
        let shown = render(&field(Component::image()), &value, Some(&out)).expect("saved");
        let path = out.join("answer.png");
        assert_eq!(shown, format!("answer: {} (image/png, 2 B)", path.display()));
        assert_eq!(fs::read(path).expect("it was saved"), b"hi");

        render(&field(Component::Gallery), &json!([value, value]), Some(&out)).expect("saved");
        assert!(out.join("answer-1.png").is_file() && out.join("answer-2.png").is_file());
    }

    #[test]
    fn partial_outputs_take_one_line() {
        assert_eq!(short(&field(text()), &json!("one\ntwo"), 50), "answer: one two");
        assert_eq!(short(&field(Component::image()), &json!({ "url": "data:" }), 50), "answer: a file");
    }
}
