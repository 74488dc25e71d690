//! Two images of one thing, with a line to draw between them.

use serde_json::Value as Json;

use super::drawing::Drawing;
use super::media::file_url;
use crate::texts::outputs as texts;

pub(super) fn compare(value: &Json, out: &mut Drawing) -> Option<()> {
    let [before, after] = value.as_array()?.as_slice() else { return None };
    let (before, after) = (file_url(before)?, file_url(after)?);
    // From left to right in every language: so the slider goes as the line does.
    out.raw("<vitrine-compare><figure class=\"compare\" dir=\"ltr\"><div class=\"stack\"><img alt=\"");
    out.text(texts::BEFORE).raw("\"");
    out.slot("src", before).raw("><div class=\"over\"><img alt=\"").text(texts::AFTER).raw("\"").slot("src", after);
    out.raw("></div><div class=\"divider\"></div></div><label class=\"compare-control\"><span>").text(texts::BEFORE);
    out.raw("</span><input type=\"range\" min=\"0\" max=\"100\" value=\"50\" aria-label=\"")
        .text(texts::SHARE_OF_FIRST);
    out.raw("\"><span>").text(texts::AFTER).raw("</span></label></figure></vitrine-compare>");
    Some(())
}
