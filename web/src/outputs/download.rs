//! A file to keep, as a button.

use serde_json::Value as Json;

use super::drawing::Drawing;
use super::media::{file_name, file_url};
use crate::state::picked::size_text;
use crate::texts::outputs as texts;

pub(super) fn download(value: &Json, out: &mut Drawing) -> Option<()> {
    out.raw("<p>");
    link("download", file_url(value)?, value, out);
    out.raw("</p>");
    Some(())
}

/// The link to a file, and its size.
pub(super) fn link(class: &'static str, url: String, file: &Json, out: &mut Drawing) {
    let name = file_name(file);
    out.raw("<a class=\"").raw(class).raw("\" download=\"").text(&name).raw("\"").slot("href", url);
    out.raw(">").text(&texts::download(&name)).raw("</a> ");
    if let Some(size) = file.get("size").and_then(Json::as_u64) {
        out.raw("<span class=\"muted\">").text(&size_text(size)).raw("</span>");
    }
}
