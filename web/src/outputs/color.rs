//! A colour: a patch of it and its text.

use serde_json::Value as Json;

use super::drawing::Drawing;
use crate::texts::outputs as texts;

pub(super) fn color(value: &Json, out: &mut Drawing) -> Option<()> {
    let color = value.as_str()?;
    // An attribute of the picture and not a style, which the content policy forbids.
    out.raw("<p class=\"color\"><svg class=\"patch\" viewBox=\"0 0 1 1\" aria-hidden=\"true\">");
    out.raw("<rect width=\"1\" height=\"1\" fill=\"").text(color).raw("\"></rect></svg><code>").text(color);
    out.raw("</code>").copy_button(color.to_owned(), texts::COPY_COLOR_AFTER).raw("</p>");
    Some(())
}
