//! What a visitor has selected in an output: a row of a table, a point of an image, a mark of a plot.
//!
//! Whatever draws an output need not know of this, except to say of rows that they can be focused. A plot sends the event
//! `vitrine-select` with what was selected as its `detail`.

use js_sys::Reflect;
use serde_json::{Value as Json, json};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Element;

/// In the context of what is drawn where something can be selected.
#[derive(Debug, Clone, Copy)]
pub struct Selectable;

/// The event that a plot sends.
pub const PLOT_EVENT: &str = "vitrine-select";

/// What was clicked, as Gradio says it: `{"index", "value", "row_value"}`; none where it is nothing to select. `shown` is the
/// output's value.
pub fn of_click(event: &web_sys::MouseEvent, shown: Option<&Json>) -> Option<Json> {
    let target: Element = event.target()?.dyn_into().ok()?;
    if target.tag_name().eq_ignore_ascii_case("img") {
        let scaled = |position: i32, natural: &str, shown: &str| {
            let scale = number(&target, natural)? / number(&target, shown)?.max(1.0);
            Some((f64::from(position) * scale).floor())
        };
        let x = scaled(event.offset_x(), "naturalWidth", "clientWidth")?;
        let y = scaled(event.offset_y(), "naturalHeight", "clientHeight")?;
        return Some(json!({ "index": [x.max(0.0) as u32, y.max(0.0) as u32] }));
    }
    let cell = target.closest("tbody td").ok()??;
    of_row(&cell.closest("tr").ok()??, number(&cell, "cellIndex")? as usize, shown)
}

/// What the keys chose: a row that has the focus.
pub fn of_key(event: &web_sys::KeyboardEvent, shown: Option<&Json>) -> Option<Json> {
    let target: Element = event.target()?.dyn_into().ok()?;
    if !matches!(event.key().as_str(), "Enter" | " ") || !target.matches("tbody tr").ok()? {
        return None;
    }
    event.prevent_default();
    of_row(&target, 0, shown)
}

/// What a plot says.
pub fn of_plot(event: &web_sys::Event) -> Option<Json> {
    let detail = Reflect::get(event, &JsValue::from_str("detail")).ok()?;
    let text = js_sys::JSON::stringify(&detail).ok()?.as_string()?;
    serde_json::from_str(&text).ok()
}

fn of_row(row: &Element, column: usize, shown: Option<&Json>) -> Option<Json> {
    // Where not all rows are drawn, each says which one it is.
    let said = row.get_attribute("data-row").and_then(|row| row.parse().ok());
    let index = said.or_else(|| Some(number(row, "sectionRowIndex")? as usize))?;
    let values = shown?.get("data")?.get(index)?;
    if let Ok(Some(table)) = row.closest("table") {
        if let Ok(Some(before)) = table.query_selector("tr[data-chosen]") {
            let _ = before.remove_attribute("data-chosen");
        }
        let _ = row.set_attribute("data-chosen", "");
    }
    Some(json!({ "index": [index, column], "value": values.get(column), "row_value": values }))
}

fn number(element: &Element, property: &str) -> Option<f64> {
    Reflect::get(element, &JsValue::from_str(property)).ok()?.as_f64()
}
