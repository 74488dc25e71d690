//! An image with labelled boxes and masks over it.

use leptos::prelude::*;
use serde_json::Value as Json;

use super::media::file_url;
use super::palette::Palette;

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
pub(super) fn annotated(value: &Json) -> Option<AnyView> {
    let url = file_url(value.get("image")?)?;
    let (width, height) = (value.get("width")?.as_f64()?, value.get("height")?.as_f64()?);
    let mut palette = Palette::default();
    let annotations = value.get("annotations")?.as_array()?;
    let parts = annotations.iter().map(|annotation| part(annotation, &mut palette)).collect::<Option<Vec<_>>>()?;
    let pointed = RwSignal::new(None::<String>);
    let hidden = RwSignal::new(Vec::<String>::new());
    let description = match parts.len() {
        1 => "Image with 1 annotation".to_owned(),
        n => format!("Image with {n} annotations"),
    };
    let thickness = width.max(height) * LINE_SHARE;
    let shapes: Vec<AnyView> = parts
        .into_iter()
        .enumerate()
        .map(|(index, part)| shape(part, index, [width, height, thickness], pointed, hidden))
        .collect();
    let entry = |(label, hue): (String, String)| {
        let (here, pressed, toggled) = (label.clone(), label.clone(), label.clone());
        let point = move |on: bool| pointed.set(on.then(|| here.clone()));
        let (enter, focus) = (point.clone(), point.clone());
        let (leave, blur) = (point.clone(), point);
        view! {
            <li>
                <button
                    type="button"
                    class=format!("tag {hue}")
                    aria-pressed=move || (!hidden.with(|hidden| hidden.contains(&pressed))).to_string()
                    on:pointerenter=move |_| enter(true)
                    on:pointerleave=move |_| leave(false)
                    on:focus=move |_| focus(true)
                    on:blur=move |_| blur(false)
                    on:click=move |_| hidden.update(|hidden| match hidden.iter().position(|label| *label == toggled) {
                        Some(position) => drop(hidden.remove(position)),
                        None => hidden.push(toggled.clone()),
                    })
                >{label}</button>
            </li>
        }
    };
    let legend = palette.legend().map(entry).collect_view();
    Some(
        view! {
            <figure class="annotated">
                <div class="stack">
                    <img src=url alt=description />
                    <svg viewBox=format!("0 0 {width} {height}") preserveAspectRatio="none" aria-hidden="true">{shapes}</svg>
                </div>
                <figcaption><ul class="legend" aria-label="Labels, press to hide">{legend}</ul></figcaption>
            </figure>
        }
        .into_any(),
    )
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

fn shape(
    part: Part,
    index: usize,
    [width, height, thickness]: [f64; 3],
    pointed: RwSignal<Option<String>>,
    hidden: RwSignal<Vec<String>>,
) -> AnyView {
    let Part { label, hue, shape } = part;
    let name = label.clone();
    let state = move || {
        let others = pointed.with(|pointed| pointed.as_ref().is_some_and(|pointed| *pointed != name));
        let off = hidden.with(|hidden| hidden.contains(&name));
        match (off, others) {
            (true, _) => format!("part {hue} off"),
            (false, true) => format!("part {hue} faint"),
            (false, false) => format!("part {hue}"),
        }
    };
    match shape {
        Shape::Box([x, y, w, h]) => view! {
            <g class=state><rect class="box" x=x y=y width=w height=h stroke-width=thickness><title>{label}</title></rect></g>
        }
        .into_any(),
        Shape::Mask(url) => {
            let id = format!("mask-{index}");
            let reference = format!("url(#{id})");
            view! {
                <g class=state>
                    <mask id=id mask-type="alpha" maskUnits="userSpaceOnUse" x="0" y="0" width=width height=height>
                        <image href=url x="0" y="0" width=width height=height preserveAspectRatio="none"></image>
                    </mask>
                    <rect class="mask" x="0" y="0" width=width height=height mask=reference><title>{label}</title></rect>
                </g>
            }
            .into_any()
        }
    }
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
