//! JSON as a tree that folds.

use leptos::prelude::*;
use serde_json::Value as Json;

use crate::components::CopyButton;

/// Branches deeper than this begin folded.
const OPEN_DEPTH: usize = 2;
/// The most members drawn of one branch.
const MAX_MEMBERS: usize = 200;
/// Branches deeper than this are written on one line, so that no answer can exhaust the page.
const MAX_DEPTH: usize = 32;

pub(super) fn json(value: &Json) -> AnyView {
    let source = serde_json::to_string_pretty(value).unwrap_or_default();
    view! {
        <div class="code">
            <div class="code-bar"><span class="muted">"JSON"</span><CopyButton text=source what="the JSON".to_owned() /></div>
            <div class="tree">{node(None, value, 0)}</div>
        </div>
    }
    .into_any()
}

fn node(key: Option<String>, value: &Json, depth: usize) -> AnyView {
    let key = key.map(|key| view! { <span class="key">{key}": "</span> });
    let (count, members): (String, Vec<(String, &Json)>) = match value {
        _ if depth >= MAX_DEPTH => return leaf(key.into_any(), "text", value.to_string()),
        Json::Object(map) if !map.is_empty() => (
            format!("{{{}}}", map.len()),
            map.iter().take(MAX_MEMBERS).map(|(key, value)| (key.clone(), value)).collect(),
        ),
        Json::Array(list) if !list.is_empty() => (
            format!("[{}]", list.len()),
            list.iter().take(MAX_MEMBERS).enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
        ),
        Json::String(_) => return leaf(key.into_any(), "string", value.to_string()),
        Json::Number(_) => return leaf(key.into_any(), "numeral", value.to_string()),
        other => return leaf(key.into_any(), "keyword", other.to_string()),
    };
    let n_members = match value {
        Json::Object(map) => map.len(),
        Json::Array(list) => list.len(),
        _ => 0,
    };
    let rest = (n_members > MAX_MEMBERS)
        .then(|| view! { <p class="muted">{format!("… and {} more", n_members - MAX_MEMBERS)}</p> });
    let children = members.into_iter().map(|(key, value)| node(Some(key), value, depth + 1)).collect_view();
    let is_open = depth < OPEN_DEPTH;
    view! {
        <details open=is_open>
            <summary>{key}<span class="muted">{count}</span></summary>
            <div class="branch">{children}{rest}</div>
        </details>
    }
    .into_any()
}

fn leaf(key: AnyView, class: &'static str, text: String) -> AnyView {
    view! { <div class="leaf">{key}<span class=class>{text}</span></div> }.into_any()
}
