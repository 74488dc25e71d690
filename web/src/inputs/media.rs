//! Files: picked, dropped or pasted, with a preview.

use leptos::ev;
use leptos::prelude::*;
use spaces::interface::{Component, Source, ValueKind};
use wasm_bindgen::JsCast;

use super::Widget;
use crate::state::picked::size_text;
use crate::state::{Draft, PageState, Picked};
use crate::texts::{common, inputs as texts};

/// A drop zone that is also a file button.
pub(super) fn files(widget: Widget) -> AnyView {
    let Widget { id, field, draft, error, described_by, .. } = widget;
    let accept = field.component.accepted_files().join(",");
    let multiple = field.component.value_kind() == ValueKind::Medias;
    let page = expect_context::<PageState>();
    let limit = size_text(page.with(|page| page.limits.max_body_bytes));
    let over = RwSignal::new(false);
    let (uploads, pastes) = (allows(&field.component, Source::Upload), allows(&field.component, Source::Clipboard));
    let take = move |list: Option<web_sys::FileList>| take(draft, list, multiple);
    let on_drop = move |event: ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        if uploads {
            take(event.data_transfer().and_then(|transfer| transfer.files()));
        }
    };
    Effect::new(move || {
        if !pastes {
            return;
        }
        let listener = window_event_listener_untyped("paste", move |event| {
            let pasted = event.dyn_ref::<web_sys::ClipboardEvent>().and_then(web_sys::ClipboardEvent::clipboard_data);
            // The first input that takes a pasted file keeps it.
            if !event.default_prevented() && take(pasted.and_then(|data| data.files())) {
                event.prevent_default();
            }
        });
        on_cleanup(move || listener.remove());
    });
    let on_picked = move |event: ev::CustomEvent| {
        if let Ok(file) = event.detail().dyn_into::<web_sys::File>() {
            add(draft, [Picked::local(file)], multiple);
        }
    };
    let kind = field.component.clone();
    let previews = move || {
        let files = draft.with(|draft| draft.files().to_vec());
        files.into_iter().enumerate().map(|(index, file)| preview(page, &kind, &file, index, draft)).collect_view()
    };
    view! {
        <div
            class="drop"
            class:over=move || over.get()
            on:dragover=move |event| { event.prevent_default(); over.set(true) }
            on:dragleave=move |_| over.set(false)
            on:drop=on_drop
        >
            <div class="previews">{previews}</div>
            <input
                class="visually-hidden"
                type="file"
                hidden=!uploads
                id=id.clone()
                accept=accept
                multiple=multiple
                aria-describedby=described_by
                aria-invalid=move || error.get().map(|_| "true")
                on:change:target=move |event| {
                    let input = event.target();
                    take(input.files());
                    // So that picking the same file again counts as a change.
                    input.set_value("");
                }
            />
            <label class="drop-prompt" for=id>
                <strong>{prompt(&field.component)}</strong>
                <span>{ways(uploads, pastes, &limit)}</span>
            </label>
            {capture(&field.component).map(|(kind, sources)| view! { <vitrine-capture kind=kind sources=sources on:picked=on_picked></vitrine-capture> })}
        </div>
    }
    .into_any()
}

/// Puts the files of a picker, drop or paste into the draft; false when there are none.
fn take(draft: RwSignal<Draft>, list: Option<web_sys::FileList>, multiple: bool) -> bool {
    let Some(list) = list.filter(|list| list.length() > 0) else {
        return false;
    };
    let n_files = if multiple { list.length() } else { 1 };
    let picked = (0..n_files).filter_map(|index| list.get(index)).map(Picked::local);
    add(draft, picked, multiple);
    true
}

/// Puts files beside those that are there, or in their place.
fn add(draft: RwSignal<Draft>, picked: impl IntoIterator<Item = Picked>, multiple: bool) {
    draft.update(|draft| {
        let kept = if multiple { draft.files().to_vec() } else { Vec::new() };
        *draft = Draft::Files(kept.into_iter().chain(picked).collect());
    });
}

/// Whether a visitor may take files for a component from `source`.
fn allows(component: &Component, source: Source) -> bool {
    match component {
        Component::Image { sources } | Component::Audio { sources } => sources.is_empty() || sources.contains(&source),
        _ => true,
    }
}

fn ways(uploads: bool, pastes: bool, limit: &str) -> String {
    match (uploads, pastes) {
        (true, true) => texts::drop_paste_or_choose(limit),
        (true, false) => texts::drop_or_choose(limit),
        (false, true) => texts::paste(limit),
        (false, false) => texts::record(limit),
    }
}

/// What the browser can make for a component (a picture by camera or brush, a sound, a film), and by which sources: all
/// that there are, or those of the component.
fn capture(component: &Component) -> Option<(&'static str, Option<String>)> {
    let named = |sources: &[Source]| {
        let name = |source: &Source| match source {
            Source::Webcam => Some("webcam"),
            Source::Microphone => Some("microphone"),
            Source::Upload | Source::Clipboard => None,
        };
        (!sources.is_empty()).then(|| sources.iter().filter_map(name).collect::<Vec<_>>().join(" "))
    };
    match component {
        Component::Image { sources } => Some(("image", named(sources))),
        Component::Gallery => Some(("image", None)),
        Component::Audio { sources } => Some(("audio", named(sources))),
        Component::Video => Some(("video", None)),
        _ => None,
    }
}

fn preview(
    page: PageState,
    kind: &Component,
    file: &Picked,
    index: usize,
    draft: RwSignal<Draft>,
) -> impl IntoView + use<> {
    let url = file.url(&page.base());
    let name = file.name.clone();
    let shown = match kind.media_pattern() {
        "image/*" => {
            let edited = move |event: ev::CustomEvent| {
                if let Ok(file) = event.detail().dyn_into::<web_sys::File>() {
                    replace(draft, index, Picked::local(file));
                }
            };
            view! {
                <img src=url.clone() alt=name.clone() />
                <vitrine-edit-image src=url name=name.clone() on:picked=edited></vitrine-edit-image>
            }
            .into_any()
        }
        "audio/*" => view! { <vitrine-audio src=url></vitrine-audio> }.into_any(),
        "video/*" => view! { <video controls src=url></video> }.into_any(),
        _ if file.mime_type.starts_with("image/") => view! { <img src=url alt=name.clone() /> }.into_any(),
        _ => ().into_any(),
    };
    let size = file.size_bytes.map(size_text);
    let remove = move |_| {
        draft.update(|draft| {
            let mut files = draft.files().to_vec();
            files.remove(index);
            *draft = Draft::Files(files);
        })
    };
    view! {
        <figure class="preview">
            {shown}
            <figcaption>
                <span class="file-name">{name.clone()}</span>
                <span class="muted">{size}</span>
                <button type="button" class="quiet icon" aria-label=common::remove(&name) on:click=remove>"×"</button>
            </figcaption>
        </figure>
    }
}

fn replace(draft: RwSignal<Draft>, index: usize, file: Picked) {
    draft.update(|draft| {
        let mut files = draft.files().to_vec();
        if let Some(place) = files.get_mut(index) {
            *place = file;
        }
        *draft = Draft::Files(files);
    });
}

fn prompt(component: &Component) -> &'static str {
    match component {
        Component::Image { .. } => texts::CHOOSE_IMAGE,
        Component::ImageSlider => texts::CHOOSE_TWO_IMAGES,
        Component::Model3D => texts::CHOOSE_MODEL3D,
        Component::Gallery => texts::CHOOSE_IMAGES,
        Component::Audio { .. } => texts::CHOOSE_SOUND,
        Component::Video => texts::CHOOSE_VIDEO,
        Component::File { multiple: true, .. } => texts::CHOOSE_FILES,
        _ => common::CHOOSE_FILE,
    }
}
