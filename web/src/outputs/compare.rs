//! Two images of one thing, with a line to draw between them.

use serde_json::Value as Json;

use super::drawing::Drawing;
use super::media::file_url;

pub(super) fn compare(value: &Json, out: &mut Drawing) -> Option<()> {
    let [before, after] = value.as_array()?.as_slice() else { return None };
    let (before, after) = (file_url(before)?, file_url(after)?);
    // From left to right in every language: so the slider goes as the line does.
    out.raw("<vitrine-compare><figure class=\"compare\" dir=\"ltr\"><div class=\"stack\"><img alt=\"Before\"");
    out.slot("src", before).raw("><div class=\"over\"><img alt=\"After\"").slot("src", after);
    out.raw("></div><div class=\"divider\"></div></div><label class=\"compare-control\"><span>Before</span>");
    out.raw(
        "<input type=\"range\" min=\"0\" max=\"100\" value=\"50\" aria-label=\"How much of the first image is shown\">",
    );
    out.raw("<span>After</span></label></figure></vitrine-compare>");
    Some(())
}
