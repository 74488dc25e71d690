//! JSON as a tree that folds.

use serde_json::Value as Json;

use super::drawing::Drawing;
use crate::texts::outputs as texts;

/// Branches deeper than this begin folded.
const OPEN_DEPTH: usize = 2;
/// The most members drawn of one branch.
const MAX_MEMBERS: usize = 200;
/// Branches deeper than this are written on one line, so that no answer can exhaust the page.
const MAX_DEPTH: usize = 32;

pub(super) fn json(value: &Json, out: &mut Drawing) {
    let source = serde_json::to_string_pretty(value).unwrap_or_default();
    out.raw("<div class=\"code\"><div class=\"code-bar\"><span class=\"muted\">JSON</span>");
    out.copy_button(source, texts::COPY_JSON_AFTER).raw("</div><div class=\"tree\">");
    node(None, value, 0, out);
    out.raw("</div></div>");
}

fn node(key: Option<&str>, value: &Json, depth: usize, out: &mut Drawing) {
    match value {
        _ if depth >= MAX_DEPTH => leaf(key, "text", value, out),
        Json::Object(map) if !map.is_empty() => {
            let members = map.iter().map(|(key, value)| (key.clone(), value));
            branch(key, ["{", "}"], map.len(), members, depth, out);
        }
        Json::Array(list) if !list.is_empty() => {
            let members = list.iter().enumerate().map(|(index, value)| (index.to_string(), value));
            branch(key, ["[", "]"], list.len(), members, depth, out);
        }
        Json::String(_) => leaf(key, "string", value, out),
        Json::Number(_) => leaf(key, "numeral", value, out),
        _ => leaf(key, "keyword", value, out),
    }
}

fn branch<'a>(
    key: Option<&str>,
    [open, close]: [&'static str; 2],
    n_members: usize,
    members: impl Iterator<Item = (String, &'a Json)>,
    depth: usize,
    out: &mut Drawing,
) {
    out.raw(if depth < OPEN_DEPTH { "<details open><summary>" } else { "<details><summary>" });
    named(key, out);
    out.raw("<span class=\"muted\">").raw(open).text(&n_members.to_string()).raw(close);
    out.raw("</span></summary><div class=\"branch\">");
    for (key, value) in members.take(MAX_MEMBERS) {
        node(Some(&key), value, depth + 1, out);
    }
    if n_members > MAX_MEMBERS {
        out.raw("<p class=\"muted\">").text(&texts::n_more_members(n_members - MAX_MEMBERS)).raw("</p>");
    }
    out.raw("</div></details>");
}

fn leaf(key: Option<&str>, class: &'static str, value: &Json, out: &mut Drawing) {
    out.raw("<div class=\"leaf\">");
    named(key, out);
    out.raw("<span class=\"").raw(class).raw("\">").text(&value.to_string()).raw("</span></div>");
}

fn named(key: Option<&str>, out: &mut Drawing) {
    if let Some(key) = key {
        out.raw("<span class=\"key\">").text(key).raw(": </span>");
    }
}
