//! What a revision changes against the one before it.

use leptos::prelude::*;
use spaces::SpaceId;
use spaces::view::{Change, FileChange, InterfaceChange, RevisionDiff, ValueChange};

use crate::state::SpaceTab;
use crate::state::picked::size_text;
use crate::texts::{files, revisions as texts, space};

/// The interface part by part, then the files.
#[component]
pub fn DiffView(id: SpaceId, diff: RevisionDiff) -> impl IntoView {
    let RevisionDiff { number, before, interface, files, n_same_files } = diff;
    let against = match before {
        Some(before) => texts::against(number, before),
        None => texts::the_first(number),
    };
    let same = match n_same_files {
        0 => None,
        n_files => Some(texts::n_same_files(n_files)),
    };
    let interface = match interface.is_empty() {
        true => view! { <p class="nothing">{texts::SAME_INTERFACE}</p> }.into_any(),
        false => interface.into_iter().map(interface_change).collect_view().into_any(),
    };
    let files = match files.is_empty() {
        true => None,
        false => Some(view! {
            <div class="scroll tall">
                <table>
                    <thead><tr><th scope="col">{files::FILE}</th><th scope="col"><span class="visually-hidden">{texts::CHANGE}</span></th><th scope="col" class="numeral">{texts::BEFORE}</th><th scope="col" class="numeral">{texts::AFTER}</th></tr></thead>
                    <tbody>{files.into_iter().map(file_change).collect_view()}</tbody>
                </table>
            </div>
        }),
    };
    view! {
        <div class="diff">
            <p><a href=SpaceTab::Revisions.url(&id)>{texts::ALL_REVISIONS}</a></p>
            <h2>{against}</h2>
            {interface}
            <h2>{space::FILES}</h2>
            {files}
            <p class="muted">{same}</p>
        </div>
    }
    .into_any()
}

fn interface_change(change: InterfaceChange) -> impl IntoView {
    let InterfaceChange { place, change, values } = change;
    view! {
        <section class="change panel">
            <h3>{badge(change)}{place}</h3>
            <dl>{values.into_iter().map(value_change).collect_view()}</dl>
        </section>
    }
    .into_any()
}

fn value_change(value: ValueChange) -> impl IntoView {
    let ValueChange { key, before, after } = value;
    view! {
        <dt>{key}</dt>
        <dd>
            {before.map(|before| view! { <del>{before}</del> })}
            {after.map(|after| view! { <ins>{after}</ins> })}
        </dd>
    }
    .into_any()
}

fn file_change(file: FileChange) -> impl IntoView {
    let FileChange { path, change, before_bytes, after_bytes } = file;
    let size = |bytes: Option<u64>| bytes.map_or("–".to_owned(), size_text);
    view! {
        <tr>
            <td>{path}</td>
            <td>{badge(change)}</td>
            <td class="numeral">{size(before_bytes)}</td>
            <td class="numeral">{size(after_bytes)}</td>
        </tr>
    }
    .into_any()
}

fn badge(change: Change) -> impl IntoView {
    let (word, class) = match change {
        Change::Added => (texts::ADDED, "badge"),
        Change::Removed => (texts::REMOVED, "badge gone"),
        Change::Changed => (texts::CHANGED, "badge other"),
    };
    view! { <span class=class>{word}</span> }
}
