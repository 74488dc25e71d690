//! A table.

use serde_json::Value as Json;

use super::drawing::Drawing;

/// Draws an answer of the form `{"headers": […], "data": [[row], …]}`; none where it has another.
pub(super) fn table(value: &Json, out: &mut Drawing) -> Option<()> {
    value.get("headers")?.as_array()?;
    value.get("data")?.as_array()?.iter().all(Json::is_array).then_some(())?;
    out.raw("<vitrine-dataframe").slot("value", value.to_string()).raw("></vitrine-dataframe>");
    Some(())
}
