//! What differs between two revisions: parts of the interface by their names, and files by their digests.
//!
//! Parts are compared as the JSON that describes them, key by key, so that a component of a new kind is compared as
//! well as an old one.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;

use crate::interface::{Endpoint, Field, Interface};
use crate::manifest::Manifest;
use crate::view::{Change, FileChange, FileView, InterfaceChange, ValueChange};

/// The longest value that is shown, in characters.
const MAX_VALUE_CHARS: usize = 300;

/// What a revision says, as far as it is compared.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    pub manifest: &'a Manifest,
    pub interface: &'a Interface,
}

/// One part, by its keys; parts are compared by their places.
type Part = BTreeMap<String, Json>;

/// What is new, gone or different, in the order of `after`; what is gone comes last.
pub fn interfaces(before: Option<Side<'_>>, after: Side<'_>) -> Vec<InterfaceChange> {
    let (before, after) = (before.map(parts).unwrap_or_default(), parts(after));
    let mut changes = Vec::new();
    for (place, part) in &after {
        let old = before.iter().find(|(old, _)| old == place).map(|(_, part)| part);
        let values = values(old, Some(part));
        let change = if old.is_some() { Change::Changed } else { Change::Added };
        if !values.is_empty() {
            changes.push(InterfaceChange { place: place.clone(), change, values });
        }
    }
    for (place, part) in before.iter().filter(|(place, _)| !after.iter().any(|(new, _)| new == place)) {
        let values = values(Some(part), None);
        changes.push(InterfaceChange { place: place.clone(), change: Change::Removed, values });
    }
    changes
}

/// What is new, gone or different, by path; and how many files are as they were.
pub fn files(before: &[FileView], after: &[FileView]) -> (Vec<FileChange>, u64) {
    let mut sides: BTreeMap<&str, (Option<&FileView>, Option<&FileView>)> = BTreeMap::new();
    before.iter().for_each(|file| sides.entry(&file.path).or_default().0 = Some(file));
    after.iter().for_each(|file| sides.entry(&file.path).or_default().1 = Some(file));
    let mut n_same = 0;
    let mut changes = Vec::new();
    for (path, (before, after)) in sides {
        let change = match (before, after) {
            (Some(before), Some(after)) if before.digest == after.digest => {
                n_same += 1;
                continue;
            }
            (Some(_), Some(_)) => Change::Changed,
            (None, _) => Change::Added,
            (Some(_), None) => Change::Removed,
        };
        changes.push(FileChange {
            path: path.to_owned(),
            change,
            before_bytes: before.map(|file| file.size_bytes),
            after_bytes: after.map(|file| file.size_bytes),
        });
    }
    (changes, n_same)
}

fn parts(side: Side<'_>) -> Vec<(String, Part)> {
    let Side { manifest, interface } = side;
    let Interface { title, documentation, endpoints, layout, events } = interface;
    let mut space = Part::new();
    let mut say = |key: &str, value: Json| space.insert(key.to_owned(), value);
    say("title", json(title));
    say("description", json(documentation));
    say("tags", json(&manifest.tags));
    say("emoji", json(&manifest.emoji));
    say("accent", json(&manifest.accent));
    say("license", json(&manifest.license));
    say("app", json(&manifest.app));
    say("engine", json(&manifest.engine));
    let mut all = vec![
        ("space".to_owned(), space),
        ("limits".to_owned(), part(&manifest.limits)),
        ("layout".to_owned(), Part::from([("nodes".to_owned(), json(layout)), ("events".to_owned(), json(events))])),
    ];
    for endpoint in endpoints {
        let Endpoint { name, title, documentation, inputs, outputs, examples, streams } = endpoint;
        let mut own = Part::new();
        let mut say = |key: &str, value: Json| own.insert(key.to_owned(), value);
        say("title", json(title));
        say("documentation", json(documentation));
        say("streams", json(streams));
        say("examples", json(examples));
        all.push((format!("endpoint {name}"), own));
        for (direction, fields) in [("input", inputs), ("output", outputs)] {
            let field = |field: &Field| (format!("{name}, {direction} {}", field.name), part(field));
            all.extend(fields.iter().map(field));
        }
    }
    all
}

/// The keys of what is written as an object. A field's component is on a level with its label; its name is its place.
fn part(value: &impl Serialize) -> Part {
    let mut part = Part::new();
    if let Json::Object(object) = json(value) {
        for (key, value) in object {
            match (key.as_str(), value) {
                ("name", _) => {}
                ("component", Json::Object(inner)) => part.extend(inner),
                (_, value) => _ = part.insert(key, plain(value)),
            }
        }
    }
    part
}

/// A value without the word that tells its type.
fn plain(value: Json) -> Json {
    match value {
        Json::Object(mut object) if object.len() == 2 && object.contains_key("type") => {
            object.shift_remove("value").unwrap_or(Json::Object(object))
        }
        value => value,
    }
}

fn json(value: &impl Serialize) -> Json {
    serde_json::to_value(value).unwrap_or_default()
}

fn values(before: Option<&Part>, after: Option<&Part>) -> Vec<ValueChange> {
    let shown = |part: Option<&Part>, key: &str| part.and_then(|part| part.get(key)).and_then(text);
    let (old, new) = (before.into_iter().flat_map(Part::keys), after.into_iter().flat_map(Part::keys));
    let mut keys: Vec<&String> = new.chain(old).collect();
    keys.sort();
    keys.dedup();
    let value = |key: &String| {
        let (before, after) = (shown(before, key), shown(after, key));
        (before != after).then(|| ValueChange { key: key.clone(), before: before.map(cut), after: after.map(cut) })
    };
    keys.into_iter().filter_map(value).collect()
}

/// A value as people read it; none of what says nothing.
fn text(value: &Json) -> Option<String> {
    match value {
        Json::Null | Json::Bool(false) => None,
        Json::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Json::Array(items) if items.is_empty() => None,
        value => Some(value.to_string()),
    }
}

fn cut(text: String) -> String {
    match text.char_indices().nth(MAX_VALUE_CHARS) {
        None => text,
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Digest;
    use crate::interface::{Component, NumberRange};

    fn interface(title: &str, fields: &[(&str, f64)]) -> Interface {
        let field = |(name, maximum): &(&str, f64)| Field {
            name: (*name).to_owned(),
            label: name.to_uppercase(),
            info: None,
            component: Component::Number(NumberRange { maximum: Some(*maximum), ..NumberRange::default() }),
            default: None,
            optional: false,
        };
        let endpoint = Endpoint {
            name: "predict".into(),
            title: String::new(),
            documentation: String::new(),
            inputs: fields.iter().map(field).collect(),
            outputs: Vec::new(),
            examples: Vec::new(),
            streams: false,
        };
        Interface { title: title.to_owned(), endpoints: vec![endpoint], ..Interface::default() }
    }

    #[test]
    fn changes_are_named_by_place_and_key() {
        let manifest = Manifest::default();
        let (old, new) = (interface("Old", &[("a", 1.0), ("b", 1.0)]), interface("New", &[("a", 2.0), ("c", 1.0)]));
        let side = |interface| Side { manifest: &manifest, interface };
        assert_eq!(interfaces(Some(side(&old)), side(&old)), []);
        let changes = interfaces(Some(side(&old)), side(&new));
        let names: Vec<_> = changes.iter().map(|change| (change.place.as_str(), change.change)).collect();
        assert_eq!(
            names,
            [
                ("space", Change::Changed),
                ("predict, input a", Change::Changed),
                ("predict, input c", Change::Added),
                ("predict, input b", Change::Removed),
            ]
        );
        let value = |key: &str, before: &str, after: &str| ValueChange {
            key: key.into(),
            before: Some(before.into()),
            after: Some(after.into()),
        };
        assert_eq!(changes[0].values, [value("title", "Old", "New")]);
        assert_eq!(changes[1].values, [value("maximum", "1.0", "2.0")]);
        assert!(interfaces(None, side(&new)).iter().all(|change| change.change == Change::Added));
    }

    #[test]
    fn files_are_compared_by_their_bytes() {
        let file = |path: &str, bytes: &[u8]| FileView {
            path: path.into(),
            size_bytes: bytes.len() as u64,
            mime_type: "text/plain".into(),
            digest: Digest::of(bytes),
        };
        let before = [file("a", b"1"), file("b", b"1"), file("c", b"1")];
        let after = [file("b", b"2222"), file("c", b"1"), file("d", b"22")];
        let (changes, n_same) = files(&before, &after);
        let change = |path: &str, change, before_bytes, after_bytes| FileChange {
            path: path.into(),
            change,
            before_bytes,
            after_bytes,
        };
        assert_eq!(n_same, 1);
        assert_eq!(
            changes,
            [
                change("a", Change::Removed, Some(1), None),
                change("b", Change::Changed, Some(1), Some(4)),
                change("d", Change::Added, None, Some(2)),
            ]
        );
    }
}
