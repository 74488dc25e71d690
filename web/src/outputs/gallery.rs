//! Images in a grid, each of which can be seen large.

use serde_json::Value as Json;

use super::drawing::Drawing;
use super::media::file_url;

/// The most images drawn; the answer has them all.
const MAX_PICTURES: usize = 500;

/// What shows one image large: empty until the element around it fills it.
const LARGE: &str = "<dialog class=\"large\" aria-label=\"Image, large\"><img alt=\"\">\
    <form method=\"dialog\" class=\"large-bar\">\
    <button type=\"button\" class=\"quiet\" data-step=\"-1\" aria-label=\"Previous image\">‹</button>\
    <span aria-live=\"polite\"></span>\
    <button type=\"button\" class=\"quiet\" data-step=\"1\" aria-label=\"Next image\">›</button>\
    <a class=\"quiet\">Download</a><button class=\"quiet\">Close</button></form></dialog>";

pub(super) fn gallery(value: &Json, out: &mut Drawing) -> Option<()> {
    out.raw("<vitrine-gallery data-position=\"{} of {}\"><ul class=\"gallery-grid\">");
    for (index, file) in value.as_array()?.iter().take(MAX_PICTURES).enumerate() {
        let name =
            file.get("name").and_then(Json::as_str).map_or_else(|| format!("Image {}", index + 1), str::to_owned);
        out.raw("<li><button type=\"button\" class=\"thumbnail\"><span class=\"visually-hidden\">Show large: </span>");
        out.raw("<img loading=\"lazy\" alt=\"").text(&name).raw("\"").slot("src", file_url(file)?);
        out.raw("></button></li>");
    }
    out.raw("</ul>").raw(LARGE).raw("</vitrine-gallery>");
    Some(())
}
