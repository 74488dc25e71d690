//! HTML of a guest, without what acts or fetches.

use serde_json::Value as Json;

use super::drawing::Drawing;

pub(super) fn html(value: &Json, out: &mut Drawing) -> Option<()> {
    out.raw("<vitrine-html").slot("value", value.as_str()?.to_owned()).raw("></vitrine-html>");
    Some(())
}
