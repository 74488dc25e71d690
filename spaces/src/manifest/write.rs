//! [`Manifest`] → the text of a `space.toml`, as an author would have written it.

use serde_json::{Map, Value as Json};

use super::Manifest;

/// Keys with the value that they have anyway, which are left out.
const DEFAULTS: [(&str, &str); 6] = [
    ("engine", "sandbox"),
    ("resize", "crop"),
    ("filter", "bilinear"),
    ("padding", "longest"),
    ("pooling", "mean"),
    ("endpoint", ""),
];

/// The tables that follow the other keys.
const TABLES: [&str; 3] = ["inputs", "outputs", "examples"];

/// Whole numbers up to this are written without a point.
const MAX_PLAIN: f64 = 1e15;

impl Manifest {
    /// The text that [`Manifest::parse`] reads as this manifest; keys that are at their default are left out.
    pub fn to_toml(&self) -> String {
        let Ok(Json::Object(manifest)) = serde_json::to_value(self) else { return String::new() };
        let mut text = String::new();
        for (key, value) in manifest.iter().filter(|(key, _)| !TABLES.contains(&key.as_str())) {
            push_pair(&mut text, key, value);
        }
        for table in TABLES {
            for entry in manifest.get(table).and_then(Json::as_array).into_iter().flatten() {
                text.push_str(&format!("\n[[{table}]]\n"));
                for (key, value) in entry.as_object().into_iter().flatten() {
                    push_pair(&mut text, key, value);
                }
            }
        }
        text.trim_start().to_owned()
    }
}

fn push_pair(text: &mut String, key: &str, value: &Json) {
    if let Some(value) = written(value).filter(|_| !is_default(key, value)) {
        text.push_str(&format!("{} = {value}\n", bare(key)));
    }
}

fn is_default(key: &str, value: &Json) -> bool {
    match value {
        Json::Bool(set) => *set == (key == "normalize"),
        Json::String(word) => DEFAULTS.contains(&(key, word)),
        // An example without inputs still has the table.
        Json::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// The value; none for what TOML has no word for, or where nothing is left.
fn written(value: &Json) -> Option<String> {
    Some(match value {
        Json::Null => return None,
        Json::Bool(set) => set.to_string(),
        Json::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(number) => float(number),
            None => number.to_string(),
        },
        Json::String(line) if !line.contains('\n') => format!("\"{}\"", escaped(line)),
        Json::String(lines) => {
            let lines: Vec<String> = lines.split('\n').map(escaped).collect();
            format!("\"\"\"\n{}\"\"\"", lines.join("\n"))
        }
        Json::Array(items) => format!("[{}]", items.iter().filter_map(written).collect::<Vec<_>>().join(", ")),
        Json::Object(object) => return inline_table(object),
    })
}

fn inline_table(object: &Map<String, Json>) -> Option<String> {
    let pairs: Vec<String> =
        object.iter().filter_map(|(key, value)| Some(format!("{} = {}", bare(key), written(value)?))).collect();
    match (pairs.is_empty(), object.is_empty()) {
        (false, _) => Some(format!("{{ {} }}", pairs.join(", "))),
        (true, true) => Some("{}".to_owned()),
        (true, false) => None,
    }
}

/// A number as short as it can be said.
fn float(number: f64) -> String {
    // Where it came from single precision, its double has digits that nobody wrote.
    let single = number as f32;
    match number {
        whole if whole.fract() == 0.0 && whole.abs() < MAX_PLAIN => format!("{whole:.0}"),
        number if f64::from(single) == number => format!("{single:?}"),
        number => format!("{number:?}"),
    }
}

fn bare(key: &str) -> String {
    let is_bare = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if is_bare { key.to_owned() } else { format!("\"{}\"", escaped(key)) }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\t' => out.push('\t'),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn there_and_back(text: &str) {
        let manifest = Manifest::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let written = manifest.to_toml();
        let read = Manifest::parse(&written).unwrap_or_else(|error| panic!("{error}\n{written}"));
        assert_eq!(read, manifest, "{written}");
    }

    #[test]
    fn what_is_written_reads_the_same() {
        for text in [
            "",
            include_str!("../../tests/ui/iris.toml"),
            include_str!("../../tests/ui/image.toml"),
            include_str!("../../tests/ui/text.toml"),
            include_str!("../../tests/ui/empty.toml"),
            include_str!("../../../examples/digits/space.toml"),
            include_str!("../../../examples/image-classifier/space.toml"),
            include_str!("../../../examples/sentence-similarity/space.toml"),
            include_str!("../../../examples/word-count/space.toml"),
        ] {
            there_and_back(text);
        }
    }

    #[test]
    fn no_text_ends_its_string() {
        for text in
            ["\"", "\\", "'''", "\"\"\"", "a\n\"\"\"\nb = 1", "\u{1}\u{7f}\u{85}", "x\r\ny", "\t", "ü🌸", "\n", "\\\n"]
        {
            let manifest = Manifest {
                title: Some(text.to_owned()),
                description: Some(format!("{text}\n{text}")),
                tags: vec![text.to_owned()],
                ..Manifest::default()
            };
            let read = Manifest::parse(&manifest.to_toml());
            assert_eq!(read.as_ref(), Ok(&manifest), "{}", manifest.to_toml());
        }
    }

    #[test]
    fn numbers_are_short() {
        let check = |number: f64, expected: &str| assert_eq!(float(number), expected);
        check(4.0, "4");
        check(0.1, "0.1");
        check(f64::from(0.485_f32), "0.485");
        check(-2.5, "-2.5");
        check(1e300, "1e300");
    }
}
