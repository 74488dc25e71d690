//! Plots: a Vega-Lite specification as JSON, or a table with its axes named.

use leptos::prelude::*;
use serde_json::Value as Json;
use spaces::interface::Axes;

/// A Vega-Lite specification.
pub(super) fn plot(value: &Json) -> Option<AnyView> {
    value.as_object()?;
    Some(view! { <vitrine-plot prop:value=value.to_string()></vitrine-plot> }.into_any())
}

/// A table of which two columns are drawn; `mark` is Vega-Lite's: `line`, `bar` or `point`.
pub(super) fn chart(value: &Json, axes: &Axes, mark: &'static str) -> Option<AnyView> {
    value.get("headers")?.as_array()?;
    let Axes { x, y, color } = axes.clone();
    Some(view! { <vitrine-plot mark=mark x=x y=y color=color prop:value=value.to_string()></vitrine-plot> }.into_any())
}
