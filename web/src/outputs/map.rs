//! GeoJSON over an outline of the world.

use serde_json::Value as Json;

use super::drawing::Drawing;

pub(super) fn map(value: &Json, out: &mut Drawing) -> Option<()> {
    value.as_object()?;
    out.raw("<vitrine-map").slot("value", value.to_string()).raw("></vitrine-map>");
    Some(())
}
