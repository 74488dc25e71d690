//! Plots: a Vega-Lite specification as JSON, a table with its axes named.

use leptos::prelude::*;
use serde_json::Value as Json;
use spaces::interface::Axes;

use super::{Table, json, table};

/// A Vega-Lite specification.
pub(super) fn plot(value: &Json) -> Option<AnyView> {
    Some(json::json(value))
}

/// A table of which two columns are drawn; `mark` is `line`, `bar` or `point`.
pub(super) fn chart(value: &Json, axes: &Axes, mark: &'static str) -> Option<AnyView> {
    let caption = format!("{mark}: {} by {}", axes.y, axes.x);
    let table = table::table(Table::read(value)?);
    Some(view! { <p class="muted">{caption}</p>{table} }.into_any())
}
