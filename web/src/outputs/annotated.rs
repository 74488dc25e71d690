//! An image with labelled boxes and masks over it.

use serde_json::Value as Json;

use super::drawing::Drawing;
use super::media::file_url;
use super::palette::Palette;
use crate::texts::outputs as texts;

/// The share of the image's longer side that a box's line is thick.
const LINE_SHARE: f64 = 0.004;

/// A labelled part of the image.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    label: String,
    hue: String,
    shape: Shape,
}

#[derive(Debug, Clone, PartialEq)]
enum Shape {
    /// Left, top, width and height, in pixels.
    Box([f64; 4]),
    /// A `data:` URL of a picture that is opaque where the label applies.
    Mask(String),
}

/// The image; its legend shows one label alone while it is pointed at, and hides it when pressed.
pub(super) fn annotated(value: &Json, out: &mut Drawing) -> Option<()> {
    let url = file_url(value.get("image")?)?;
    let (width, height) = (value.get("width")?.as_f64()?, value.get("height")?.as_f64()?);
    let mut palette = Palette::default();
    let annotations = value.get("annotations")?.as_array()?;
    let parts = annotations.iter().map(|annotation| part(annotation, &mut palette)).collect::<Option<Vec<_>>>()?;
    let description = texts::n_annotations(parts.len());
    let size = Size { width: width.to_string(), height: height.to_string() };
    let thickness = (width.max(height) * LINE_SHARE).to_string();
    out.raw("<vitrine-annotated><figure class=\"annotated\"><div class=\"stack\"><img alt=\"").text(&description);
    out.raw("\"").slot("src", url).raw("><svg viewBox=\"0 0 ").text(&size.width).raw(" ").text(&size.height);
    out.raw("\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    for (index, part) in parts.iter().enumerate() {
        draw(part, index, &size, &thickness, out);
    }
    out.raw("</svg></div><figcaption><ul class=\"legend\" aria-label=\"").text(texts::LABELS).raw("\">");
    for (label, hue) in palette.legend() {
        out.raw("<li><button type=\"button\" aria-pressed=\"true\" class=\"tag ").text(&hue).raw("\">");
        out.text(&label).raw("</button></li>");
    }
    out.raw("</ul></figcaption></figure></vitrine-annotated>");
    Some(())
}

struct Size {
    width: String,
    height: String,
}

fn part(annotation: &Json, palette: &mut Palette) -> Option<Part> {
    let label = annotation.get("label")?.as_str()?.to_owned();
    let shape = match annotation.get("mask") {
        Some(mask) => Shape::Mask(file_url(mask)?),
        None => {
            let corners = annotation.get("box")?.as_array()?;
            let [left, top, right, bottom] = [0, 1, 2, 3].map(|index| corners.get(index).and_then(Json::as_f64));
            let (left, top) = (left?, top?);
            Shape::Box([left, top, (right? - left).max(0.0), (bottom? - top).max(0.0)])
        }
    };
    Some(Part { hue: palette.hue(&label), label, shape })
}

fn draw(part: &Part, index: usize, Size { width, height }: &Size, thickness: &str, out: &mut Drawing) {
    out.raw("<g class=\"part ").text(&part.hue).raw("\" data-label=\"").text(&part.label).raw("\">");
    match &part.shape {
        Shape::Box(sides) => {
            out.raw("<rect class=\"box\"");
            for (name, side) in [" x=\"", " y=\"", " width=\"", " height=\""].into_iter().zip(sides) {
                out.raw(name).text(&side.to_string()).raw("\"");
            }
            out.raw(" stroke-width=\"").text(thickness).raw("\">");
        }
        Shape::Mask(url) => {
            let id = format!("mask-{index}");
            let area = |out: &mut Drawing| {
                out.raw(" x=\"0\" y=\"0\" width=\"").text(width).raw("\" height=\"").text(height).raw("\"");
            };
            out.raw("<mask mask-type=\"alpha\" maskUnits=\"userSpaceOnUse\" id=\"").text(&id).raw("\"");
            area(out);
            out.raw("><image preserveAspectRatio=\"none\" href=\"").text(url).raw("\"");
            area(out);
            out.raw("></image></mask><rect class=\"mask\"");
            area(out);
            out.raw(" mask=\"url(#").text(&id).raw(")\">");
        }
    }
    out.raw("<title>").text(&part.label).raw("</title></rect></g>");
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn corners_become_a_place_and_a_size() {
        let mut palette = Palette::default();
        let found = part(&json!({ "label": "cat", "box": [1, 2, 4, 8] }), &mut palette).expect("a part");
        assert_eq!(found.shape, Shape::Box([1.0, 2.0, 3.0, 6.0]));
        let turned = part(&json!({ "label": "cat", "box": [4, 8, 1, 2] }), &mut palette).expect("a part");
        assert_eq!(turned.shape, Shape::Box([4.0, 8.0, 0.0, 0.0]));
        assert_eq!(part(&json!({ "label": "cat", "box": [1, 2] }), &mut palette), None);
        let elsewhere = json!({ "label": "cat", "mask": { "url": "https://example.org/mask.png" } });
        assert_eq!(part(&elsewhere, &mut palette), None, "nothing is fetched from elsewhere");
    }
}
