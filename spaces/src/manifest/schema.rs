//! Which keys `space.toml` has where, and of what type: for messages that point at the very key.
//!
//! Serde alone cannot say where in `[[inputs]]` a mistake is, because the keys depend on `kind` and it buffers
//! them. A test holds these tables to the types in [`super`].

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Accent;
use crate::suggest::closest;
use crate::value::{listed, quoted};

/// A mistake at a byte offset of the text.
pub(super) struct Mistake {
    pub(super) offset: usize,
    /// The path to the key: `inputs[0].minimum`.
    pub(super) key: String,
    pub(super) message: String,
}

/// What a key takes.
#[derive(Debug, Clone, Copy)]
enum Type {
    String,
    Number,
    Integer,
    Boolean,
    Strings,
    Numbers,
    Size,
    StringOrStrings,
    OneOf(&'static [&'static str]),
    Bytes,
    Limits,
    Batching,
    Inputs,
    Outputs,
    Examples,
    ExampleInputs,
}

type Keys = &'static [(&'static str, Type)];

const TOP: Keys = &[
    ("space", Type::String),
    ("title", Type::String),
    ("description", Type::String),
    ("emoji", Type::String),
    ("thumbnail", Type::String),
    ("accent", Type::OneOf(&Accent::NAMES)),
    ("tags", Type::Strings),
    ("task", Type::String),
    ("visibility", Type::OneOf(&["public", "unlisted", "private"])),
    ("license", Type::String),
    ("app", Type::String),
    ("limits", Type::Limits),
    ("engine", Type::OneOf(&["sandbox", "native"])),
    ("batching", Type::Batching),
    ("inputs", Type::Inputs),
    ("outputs", Type::Outputs),
    ("examples", Type::Examples),
    ("cache_examples", Type::Boolean),
    ("flagging_mode", Type::OneOf(&["never", "manual"])),
    ("flagging_options", Type::Strings),
];

const LIMITS: Keys = &[
    ("memory", Type::Bytes),
    ("deadline", Type::Number),
    ("concurrency", Type::Integer),
    ("max_body", Type::Bytes),
    ("max_log", Type::Bytes),
];

const BATCHING: Keys = &[("max_size", Type::Integer), ("delay_ms", Type::Integer)];

const EXAMPLE: Keys = &[("title", Type::String), ("endpoint", Type::String), ("inputs", Type::ExampleInputs)];

const COMMON: Keys =
    &[("name", Type::String), ("label", Type::String), ("info", Type::String), ("tensor", Type::String)];

/// The keys of each kind of input besides the common ones and `kind`.
const INPUT_KINDS: &[(&str, Keys)] = &[
    (
        "number",
        &[("minimum", Type::Number), ("maximum", Type::Number), ("step", Type::Number), ("default", Type::Number)],
    ),
    (
        "slider",
        &[("minimum", Type::Number), ("maximum", Type::Number), ("step", Type::Number), ("default", Type::Number)],
    ),
    ("dropdown", &[("choices", Type::Strings), ("values", Type::Numbers), ("default", Type::String)]),
    ("checkbox", &[("default", Type::Boolean)]),
    (
        "image",
        &[
            ("size", Type::Size),
            ("layout", Type::OneOf(&["nchw", "nhwc"])),
            ("channels", Type::OneOf(&["rgb", "bgr", "grayscale"])),
            ("resize", Type::OneOf(&["crop", "stretch", "pad"])),
            ("filter", Type::OneOf(&["nearest", "bilinear", "bicubic", "lanczos"])),
            ("scale", Type::Number),
            ("mean", Type::Numbers),
            ("std", Type::Numbers),
            ("invert", Type::Boolean),
        ],
    ),
    (
        "text",
        &[
            ("tokenizer", Type::String),
            ("max_length", Type::Integer),
            ("padding", Type::OneOf(&["longest", "max-length"])),
            ("attention_mask", Type::String),
            ("token_types", Type::String),
            ("lines", Type::Integer),
            ("placeholder", Type::String),
            ("default", Type::String),
        ],
    ),
    ("tensor", &[]),
];

/// The keys of each kind of output besides the common ones and `kind`.
const OUTPUT_KINDS: &[(&str, Keys)] = &[
    ("label", &[("labels", Type::StringOrStrings), ("softmax", Type::Boolean), ("top", Type::Integer)]),
    ("number", &[("scale", Type::Number), ("offset", Type::Number)]),
    ("tensor", &[]),
    ("table", &[("headers", Type::Strings)]),
    ("embedding", &[("pooling", Type::OneOf(&["mean", "cls", "none"])), ("normalize", Type::Boolean)]),
    ("similarity", &[("pooling", Type::OneOf(&["mean", "cls", "none"]))]),
    ("image", &[("layout", Type::OneOf(&["nchw", "nhwc"])), ("scale", Type::Number)]),
];

/// The keys that an entry of this kind cannot do without.
fn required(kind: &str) -> &'static [&'static str] {
    match kind {
        "slider" => &["name", "minimum", "maximum"],
        "dropdown" => &["name", "choices"],
        _ => &["name"],
    }
}

/// The mistake that stands first in the text.
pub(super) fn first_mistake(document: &DeTable<'_>) -> Option<Mistake> {
    let mut mistakes = Vec::new();
    check_table("", document, &[TOP], "space.toml", &mut mistakes);
    mistakes.into_iter().min_by_key(|mistake| mistake.offset)
}

fn check_table(path: &str, table: &DeTable<'_>, known: &[Keys], place: &str, mistakes: &mut Vec<Mistake>) {
    for (key, value) in table {
        let key_path = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
        let name: &str = key.get_ref();
        match known.iter().copied().flatten().find(|(known, _)| *known == name) {
            Some((_, expected)) => check_value(&key_path, value, *expected, mistakes),
            None => mistakes.push(Mistake {
                offset: key.span().start,
                key: quoted(&key_path),
                message: unknown_key(name, known, place),
            }),
        }
    }
}

fn unknown_key(name: &str, known: &[Keys], place: &str) -> String {
    let names = || known.iter().copied().flatten().map(|(name, _)| *name);
    let hint = match closest(name, names()) {
        Some(close) => format!("did you mean `{close}`?"),
        None => format!("the keys are {}", listed(names())),
    };
    format!("unknown key `{}` in {place}; {hint}", quoted(name))
}

fn check_value(path: &str, value: &Spanned<DeValue<'_>>, expected: Type, mistakes: &mut Vec<Mistake>) {
    let offset = value.span().start;
    let mut refuse = |message: String| mistakes.push(Mistake { offset, key: quoted(path), message });
    let value = value.get_ref();
    let wanted = match (expected, value) {
        (Type::String | Type::StringOrStrings, DeValue::String(_))
        | (Type::Number, DeValue::Integer(_) | DeValue::Float(_))
        | (Type::Boolean, DeValue::Boolean(_)) => return,
        (Type::Strings | Type::StringOrStrings, DeValue::Array(items)) => {
            return items.iter().for_each(|item| check_value(path, item, Type::String, mistakes));
        }
        (Type::Numbers, DeValue::Array(items)) => {
            return items.iter().for_each(|item| check_value(path, item, Type::Number, mistakes));
        }
        (Type::Integer, DeValue::Integer(integer))
            if u32::from_str_radix(integer.as_str(), integer.radix()).is_ok() =>
        {
            return;
        }
        (Type::Size, DeValue::Array(items)) if items.len() == 2 => {
            return items.iter().for_each(|item| check_value(path, item, Type::Integer, mistakes));
        }
        (Type::OneOf(words), DeValue::String(text)) => match words.iter().find(|word| *word == text) {
            Some(_) => return,
            None => return refuse(wrong_word(path, text, words)),
        },
        (Type::Bytes, DeValue::Integer(_)) => return,
        (Type::Bytes, DeValue::String(text)) if text.parse::<bytesize::ByteSize>().is_ok() => return,
        (Type::Bytes, DeValue::String(text)) => {
            return refuse(format!("`{path}` cannot be `{}`; write a size such as \"512 MiB\"", quoted(text)));
        }
        (Type::Limits, DeValue::Table(table)) => return check_table(path, table, &[LIMITS], "[limits]", mistakes),
        (Type::Batching, DeValue::Table(table)) => {
            return check_table(path, table, &[BATCHING], "[batching]", mistakes);
        }
        (Type::Inputs, DeValue::Array(items)) => {
            return check_specs(path, items, INPUT_KINDS, mistakes);
        }
        (Type::Outputs, DeValue::Array(items)) => {
            return check_specs(path, items, OUTPUT_KINDS, mistakes);
        }
        (Type::Examples, DeValue::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                let path = format!("{path}[{index}]");
                match item.get_ref() {
                    DeValue::Table(table) => check_table(&path, table, &[EXAMPLE], "[[examples]]", mistakes),
                    _ => check_value(&path, item, Type::ExampleInputs, mistakes),
                }
            }
            return;
        }
        (Type::ExampleInputs, DeValue::Table(table)) => {
            for (key, value) in table {
                check_json(&format!("{path}.{key}"), value, mistakes);
            }
            return;
        }
        (Type::String, _) => "a string",
        (Type::Number, _) => "a number",
        (Type::Integer, _) => "a whole number that is not negative",
        (Type::Boolean, _) => "true or false",
        (Type::Strings, _) => "an array of strings",
        (Type::Numbers, _) => "an array of numbers",
        (Type::Size, _) => "two whole numbers: [height, width]",
        (Type::StringOrStrings, _) => "a string or an array of strings",
        (Type::OneOf(words), _) => {
            return refuse(format!("`{path}` must be one of {}", listed(words.iter().copied())));
        }
        (Type::Bytes, _) => "a size such as \"512 MiB\"",
        (Type::Limits, _) => "a table: write `[limits]`",
        (Type::Batching, _) => "a table: write `[batching]`",
        (Type::Inputs, _) => "tables: write `[[inputs]]`",
        (Type::Outputs, _) => "tables: write `[[outputs]]`",
        (Type::Examples, _) => "tables: write `[[examples]]`",
        (Type::ExampleInputs, _) => "a table",
    };
    let found = match value {
        DeValue::Integer(integer) => format!("`{integer}`"),
        DeValue::Array(items) => format!("an array of {}", items.len()),
        other => other.type_str().to_owned(),
    };
    refuse(format!("`{}` must be {wanted}, found {found}", quoted(path)));
}

fn check_specs(path: &str, items: &[Spanned<DeValue<'_>>], kinds: &[(&str, Keys)], mistakes: &mut Vec<Mistake>) {
    for (index, item) in items.iter().enumerate() {
        let path = format!("{path}[{index}]");
        let offset = item.span().start;
        let DeValue::Table(table) = item.get_ref() else {
            check_value(&path, item, Type::ExampleInputs, mistakes);
            continue;
        };
        let Some(kind) = table.get("kind") else {
            let message =
                format!("`{path}` has no `kind`; it is one of {}", listed(kinds.iter().map(|(kind, _)| *kind)));
            mistakes.push(Mistake { offset, key: format!("{path}.kind"), message });
            continue;
        };
        let kind_path = format!("{path}.kind");
        let Some(word) = kind.get_ref().as_str() else {
            check_value(&kind_path, kind, Type::String, mistakes);
            continue;
        };
        let Some((word, keys)) = kinds.iter().find(|(known, _)| *known == word) else {
            let words: Vec<&str> = kinds.iter().map(|(kind, _)| *kind).collect();
            let message = wrong_word(&kind_path, word, &words);
            mistakes.push(Mistake { offset: kind.span().start, key: kind_path, message });
            continue;
        };
        let place = format!("`{path}` of kind \"{word}\"");
        for key in required(word) {
            if !table.contains_key(*key) {
                let message = format!("{place} has no `{key}`");
                mistakes.push(Mistake { offset, key: format!("{path}.{key}"), message });
            }
        }
        check_table(&path, table, &[COMMON, &[("kind", Type::String)], keys], &place, mistakes);
    }
}

/// Example values become JSON, which has no dates and no infinite numbers.
fn check_json(path: &str, value: &Spanned<DeValue<'_>>, mistakes: &mut Vec<Mistake>) {
    let mut refuse =
        |message: String| mistakes.push(Mistake { offset: value.span().start, key: quoted(path), message });
    match value.get_ref() {
        DeValue::Datetime(_) => refuse(format!("`{}` is a date; write it as a string", quoted(path))),
        DeValue::Float(float) if float.as_str().contains(['n', 'i']) => {
            refuse(format!("`{}` is not a finite number", quoted(path)));
        }
        DeValue::Array(items) => items.iter().for_each(|item| check_json(path, item, mistakes)),
        DeValue::Table(table) => table.values().for_each(|item| check_json(path, item, mistakes)),
        DeValue::String(_) | DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) => {}
    }
}

fn wrong_word(path: &str, word: &str, words: &[&str]) -> String {
    let hint = match closest(word, words.iter().copied()) {
        Some(close) => format!("did you mean `{close}`?"),
        None => format!("use one of {}", listed(words.iter().copied())),
    };
    format!("`{}` cannot be `{}`; {hint}", quoted(path), quoted(word))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Map, Value as Json};

    use super::*;

    /// Together these have every kind; as serde writes every field, they show which keys the types have.
    const MANIFESTS: &[&str] = &[
        include_str!("../../tests/ui/iris.json"),
        include_str!("../../tests/ui/image.json"),
        include_str!("../../tests/ui/text.json"),
    ];

    #[test]
    fn the_tables_list_the_keys_that_the_types_have() {
        let mut kinds_seen = BTreeSet::new();
        let mut n_batching = 0;
        for text in MANIFESTS {
            let mut manifest: Map<String, Json> = serde_json::from_str(text).expect("JSON");
            // Left out where there is none, since runners of before do not know it.
            if let Some(batching) = manifest.insert("batching".to_owned(), Json::Null) {
                check_keys(batching.as_object().expect("a table"), &[BATCHING]);
                n_batching += 1;
            }
            for key in ["accent", "cache_examples", "flagging_mode", "flagging_options", "task", "thumbnail"] {
                manifest.entry(key).or_insert(Json::Null);
            }
            check_keys(&manifest, &[TOP]);
            check_keys(manifest["limits"].as_object().expect("a table"), &[LIMITS]);
            for (table, kinds) in [("inputs", INPUT_KINDS), ("outputs", OUTPUT_KINDS)] {
                for spec in manifest[table].as_array().expect("a list") {
                    let kind = spec["kind"].as_str().expect("a kind");
                    let (kind, keys) = kinds.iter().find(|(known, _)| *known == kind).expect("known");
                    kinds_seen.insert((table, *kind));
                    check_keys(spec.as_object().expect("a table"), &[COMMON, &[("kind", Type::String)], keys]);
                }
            }
            for example in manifest["examples"].as_array().expect("a list") {
                check_keys(example.as_object().expect("a table"), &[EXAMPLE]);
            }
        }
        assert!(n_batching > 0);
        assert_eq!(kinds_seen.len(), INPUT_KINDS.len() + OUTPUT_KINDS.len());
    }

    fn check_keys(found: &Map<String, Json>, known: &[Keys]) {
        let found: BTreeSet<&str> = found.keys().map(String::as_str).collect();
        let known: BTreeSet<&str> = known.iter().copied().flatten().map(|(key, _)| *key).collect();
        assert_eq!(found, known);
    }
}
