//! Images in a grid, each of which can be seen large.

use leptos::html;
use leptos::prelude::*;
use serde_json::Value as Json;

use super::media::file_url;

/// The most images drawn; the answer has them all.
const MAX_PICTURES: usize = 500;

/// One image: where its bytes are and what it is called.
type Picture = (String, String);

pub(super) fn gallery(value: &Json) -> Option<AnyView> {
    let pictures = value.as_array()?.iter().take(MAX_PICTURES).enumerate().map(|(index, file)| {
        let name =
            file.get("name").and_then(Json::as_str).map_or_else(|| format!("Image {}", index + 1), str::to_owned);
        Some((file_url(file)?, name))
    });
    let pictures: Vec<Picture> = pictures.collect::<Option<_>>()?;
    let n_pictures = pictures.len();
    let shown = RwSignal::new(0_usize);
    let dialog = NodeRef::<html::Dialog>::new();
    let open = move |index: usize| {
        shown.set(index);
        if let Some(dialog) = dialog.get_untracked() {
            // Refused only where it is open already.
            let _ = dialog.show_modal();
        }
    };
    let step = move |by: usize| {
        if n_pictures > 0 {
            shown.update(|shown| *shown = (*shown + by) % n_pictures);
        }
    };
    let thumbnail = |(index, (url, name)): (usize, Picture)| {
        view! {
            <li>
                <button type="button" class="thumbnail" on:click=move |_| open(index)>
                    <span class="visually-hidden">"Show large: "</span>
                    <img src=url alt=name loading="lazy" />
                </button>
            </li>
        }
    };
    let thumbnails = pictures.clone().into_iter().enumerate().map(thumbnail).collect_view();
    let pictures = StoredValue::new(pictures);
    let current = move || pictures.with_value(|pictures| pictures.get(shown.get()).cloned()).unwrap_or_default();
    let url = move || current().0;
    let name = move || current().1;
    Some(
        view! {
            <ul class="gallery-grid">{thumbnails}</ul>
            <dialog
                class="large"
                node_ref=dialog
                aria-label="Image, large"
                on:keydown=move |event| match event.key().as_str() {
                    "ArrowRight" => step(1),
                    "ArrowLeft" => step(n_pictures - 1),
                    _ => {}
                }
            >
                <img src=url alt=name />
                <form method="dialog" class="large-bar">
                    <button type="button" class="quiet" aria-label="Previous image" on:click=move |_| step(n_pictures - 1)>"‹"</button>
                    <span aria-live="polite">{move || format!("{} of {n_pictures}", shown.get() + 1)}</span>
                    <button type="button" class="quiet" aria-label="Next image" on:click=move |_| step(1)>"›"</button>
                    <a class="quiet" href=url download=name>"Download"</a>
                    <button class="quiet">"Close"</button>
                </form>
            </dialog>
        }
        .into_any(),
    )
}
