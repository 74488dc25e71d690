//! The revisions of a space, and a preview of one.

use leptos::prelude::*;
use spaces::SpaceId;
use spaces::view::RevisionView;

use super::settings::action;
use crate::state::SpaceTab;
use crate::state::picked::size_text;
use crate::texts::{age, publisher, revisions as texts};

/// Newest first; the one that serves is marked, and who has signed in can make another one serve.
#[component]
pub fn RevisionList(id: SpaceId, revisions: Vec<RevisionView>, admin: bool) -> impl IntoView {
    let count = texts::n_revisions(revisions.len());
    let row = |revision: RevisionView| {
        let moment = revision.created_at.get(..16).unwrap_or(&revision.created_at).replace('T', " ");
        view! {
            <tr>
                <td class="numeral">{revision.number}</td>
                <td>
                    <div class="revision-links">
                        {revision.live.then(|| view! { <span class="badge">{texts::LIVE}</span> })}
                        {admin.then(|| links(&id, revision.number, revision.live))}
                    </div>
                </td>
                <td>
                    <time datetime=revision.created_at.clone()>{age::utc(&moment)}</time>
                    {revision.published_by.clone().map(|who| view! { <span class="muted">{texts::published_by(&who)}</span> })}
                </td>
                <td class="numeral">{size_text(revision.size_bytes)}</td>
                <td class="wide"><code title=revision.digest.to_string()>{revision.digest.short()}</code></td>
            </tr>
        }
    };
    view! {
        <p class="muted found">{count}</p>
        <div class="scroll tall">
            <table>
                <thead><tr><th scope="col" class="numeral">{texts::REVISION}</th><th scope="col"><span class="visually-hidden">{texts::STATE}</span></th><th scope="col">{texts::PUBLISHED}</th><th scope="col" class="numeral">{publisher::SIZE}</th><th scope="col" class="wide">"SHA-256"</th></tr></thead>
                <tbody>{revisions.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// What the owner may do with a revision.
fn links(id: &SpaceId, number: u64, live: bool) -> impl IntoView + use<> {
    let preview = (!live).then(|| {
        view! {
            <a href=preview_url(id, number) aria-label=texts::preview_label(number)>{texts::PREVIEW}</a>
            <MakeLive id=id.clone() number=number />
        }
    });
    let diff = format!("{}&diff={number}", SpaceTab::Revisions.url(id));
    view! { <a href=diff aria-label=texts::changes_label(number)>{texts::CHANGES}</a>{preview} }
}

/// A button that makes a revision serve; a plain form, so it works without a script.
#[component]
fn MakeLive(id: SpaceId, number: u64) -> impl IntoView {
    view! {
        <form method="post" action=action(&id)>
            <input type="hidden" name="form" value="activate" />
            <input type="hidden" name="number" value=number.to_string() />
            <button type="submit" class="quiet small" aria-label=texts::make_live_label(number)>{texts::MAKE_LIVE}</button>
        </form>
    }
    .into_any()
}

/// Above the app of a revision that is looked at before it serves.
#[component]
pub fn PreviewBar(id: SpaceId, number: u64, live: bool) -> impl IntoView {
    let make_live = (!live).then(|| view! { <MakeLive id=id.clone() number=number /> });
    let state = if live { texts::IS_LIVE } else { texts::IS_NOT_LIVE };
    view! {
        <div class="preview-bar" role="note">
            <p><strong>{texts::preview_of(number)}</strong>" "{state}</p>
            <div class="revision-links">
                <a href=SpaceTab::Revisions.url(&id)>{texts::ALL_REVISIONS}</a>
                {make_live}
            </div>
        </div>
    }
    .into_any()
}

/// Where a revision is looked at without making it live.
fn preview_url(id: &SpaceId, number: u64) -> String {
    format!("/spaces/{id}?revision={number}")
}
