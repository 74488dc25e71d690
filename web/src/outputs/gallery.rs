//! Images in a grid, each of which can be seen large.

use serde_json::Value as Json;

use super::drawing::Drawing;
use super::media::file_url;
use crate::texts::{common, outputs as texts};

/// The most images drawn; the answer has them all.
const MAX_PICTURES: usize = 500;

pub(super) fn gallery(value: &Json, out: &mut Drawing) -> Option<()> {
    out.raw("<vitrine-gallery data-position=\"").text(texts::IMAGE_OF).raw("\"><ul class=\"gallery-grid\">");
    for (index, file) in value.as_array()?.iter().take(MAX_PICTURES).enumerate() {
        let name = file.get("name").and_then(Json::as_str).map_or_else(|| texts::image(index + 1), str::to_owned);
        out.raw("<li><button type=\"button\" class=\"thumbnail\"><span class=\"visually-hidden\">");
        out.text(texts::SHOW_LARGE_BEFORE)
            .raw("</span><img loading=\"lazy\" alt=\"")
            .text(&name)
            .raw("\"")
            .slot("src", file_url(file)?);
        out.raw("></button></li>");
    }
    out.raw("</ul>");
    large(out);
    out.raw("</vitrine-gallery>");
    Some(())
}

/// Draws what shows one image large: empty until the element around it fills it.
fn large(out: &mut Drawing) {
    out.raw("<dialog class=\"large\" aria-label=\"").text(texts::LARGE_IMAGE).raw("\"><img alt=\"\">");
    out.raw("<form method=\"dialog\" class=\"large-bar\"><button type=\"button\" class=\"quiet\" data-step=\"-1\"");
    out.raw(" aria-label=\"").text(texts::PREVIOUS_IMAGE).raw("\">‹</button><span aria-live=\"polite\"></span>");
    out.raw("<button type=\"button\" class=\"quiet\" data-step=\"1\" aria-label=\"").text(texts::NEXT_IMAGE);
    out.raw("\">›</button><a class=\"quiet\">").text(common::DOWNLOAD);
    out.raw("</a><button class=\"quiet\">").text(common::CLOSE).raw("</button></form></dialog>");
}
