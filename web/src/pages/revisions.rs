//! The revisions of a space.

use leptos::prelude::*;
use spaces::SpaceId;
use spaces::view::RevisionView;

use crate::components::authors::RollBack;
use crate::state::picked::size_text;

/// Newest first; the one that serves is marked, and who has signed in can make another one serve.
#[component]
pub fn RevisionList(id: SpaceId, revisions: Vec<RevisionView>, admin: bool) -> impl IntoView {
    let count = match revisions.len() {
        1 => "1 revision".to_owned(),
        n_revisions => format!("{n_revisions} revisions"),
    };
    let row = |revision: RevisionView| {
        let moment = revision.created_at.get(..16).unwrap_or(&revision.created_at).replace('T', " ");
        view! {
            <tr>
                <td class="numeral">{revision.number}</td>
                <td>
                    {revision.live.then(|| view! { <span class="badge">"live"</span> })}
                    {(admin && !revision.live).then(|| view! { <RollBack id=id.clone() number=revision.number /> })}
                </td>
                <td><time datetime=revision.created_at.clone()>{moment}" UTC"</time></td>
                <td class="numeral">{size_text(revision.size_bytes)}</td>
                <td class="wide"><code title=revision.digest.to_string()>{revision.digest.short()}</code></td>
            </tr>
        }
    };
    view! {
        <p class="muted found">{count}</p>
        <div class="scroll tall">
            <table>
                <thead><tr><th scope="col" class="numeral">"Revision"</th><th scope="col"><span class="visually-hidden">"State"</span></th><th scope="col">"Published"</th><th scope="col" class="numeral">"Size"</th><th scope="col" class="wide">"SHA-256"</th></tr></thead>
                <tbody>{revisions.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
