//! Plots: a Vega-Lite specification as JSON, or a table with its axes named.

use serde_json::Value as Json;
use spaces::interface::Axes;

use super::drawing::Drawing;

/// A Vega-Lite specification.
pub(super) fn plot(value: &Json, out: &mut Drawing) -> Option<()> {
    value.as_object()?;
    out.raw("<vitrine-plot").slot("value", value.to_string()).raw("></vitrine-plot>");
    Some(())
}

/// A table of which two columns are drawn; `mark` is Vega-Lite's: `line`, `bar` or `point`.
pub(super) fn chart(value: &Json, axes: &Axes, mark: &'static str, out: &mut Drawing) -> Option<()> {
    value.get("headers")?.as_array()?;
    out.raw("<vitrine-plot mark=\"").raw(mark).raw("\" x=\"").text(&axes.x).raw("\" y=\"").text(&axes.y).raw("\"");
    if let Some(color) = &axes.color {
        out.raw(" color=\"").text(color).raw("\"");
    }
    out.slot("value", value.to_string()).raw("></vitrine-plot>");
    Some(())
}
