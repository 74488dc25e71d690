//! What a visitor has selected in an output: a cell of a table, a point of an image, a mark of a plot.

use js_sys::Reflect;
use serde_json::{Value as Json, json};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Element;

/// The point of an image that was clicked, in the image's pixels; none where it is no image.
pub fn of_click(event: &web_sys::MouseEvent) -> Option<Json> {
    let image: Element = event.target()?.dyn_into().ok()?;
    if !image.tag_name().eq_ignore_ascii_case("img") {
        return None;
    }
    let scaled = |position: i32, natural: &str, shown: &str| {
        let scale = number(&image, natural)? / number(&image, shown)?.max(1.0);
        Some((f64::from(position) * scale).max(0.0) as u32)
    };
    let x = scaled(event.offset_x(), "naturalWidth", "clientWidth")?;
    let y = scaled(event.offset_y(), "naturalHeight", "clientHeight")?;
    Some(json!({ "index": [x, y] }))
}

/// What an element of the page says by its event `select`, as Gradio says it: `{"index", "value", "row_value"}`. `shown` is
/// the output's value.
pub fn of_element(event: &web_sys::Event, shown: Option<&Json>) -> Option<Json> {
    // A text field sends an event of this name too, without a detail.
    let detail = Reflect::get(event, &JsValue::from_str("detail")).ok().filter(JsValue::is_object)?;
    let detail: Json = serde_json::from_str(&js_sys::JSON::stringify(&detail).ok()?.as_string()?).ok()?;
    let number = |key: &str| detail.get(key).and_then(Json::as_u64);
    Some(match (number("row"), number("column")) {
        (Some(row), Some(column)) => {
            let values = shown.and_then(|table| table.get("data")?.get(row as usize));
            json!({ "index": [row, column], "value": detail.get("value"), "row_value": values })
        }
        _ => json!({ "index": null, "value": detail }),
    })
}

fn number(element: &Element, property: &str) -> Option<f64> {
    Reflect::get(element, &JsValue::from_str(property)).ok()?.as_f64()
}
