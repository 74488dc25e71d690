//! What visitors have flagged, for the author.

use leptos::prelude::*;
use serde_json::{Map, Value as Json};
use spaces::SpaceId;
use spaces::catalog::FlagPage;
use spaces::view::FlagView;

use crate::components::authors::FlagDelete;
use crate::components::marked;
use crate::texts::{age, flags as texts, space, space_head};

/// Newest first, with ways to take them away.
#[component]
pub fn FlagList(
    id: SpaceId,
    page: FlagPage,
    /// Whether visitors may flag now.
    is_on: bool,
) -> impl IntoView {
    let FlagPage { flags, total, next } = page;
    let url = format!("/api/v1/spaces/{id}/flags");
    let off = (!is_on).then(|| {
        view! {
            <p class="notice">
                {marked(texts::OFF)}
            </p>
        }
    });
    if total == 0 {
        return view! { {off} <p class="nothing">{texts::NONE}</p> }.into_any();
    }
    let count = texts::n_flags(total);
    let row = |flag: FlagView| {
        let moment = flag.at.get(..16).unwrap_or(&flag.at).replace('T', " ");
        let delete = format!("{url}/{}", flag.id);
        let what = texts::delete_after(&moment);
        view! {
            <tr>
                <td><time datetime=flag.at>{age::utc(&moment)}</time></td>
                <td>{flag.reason.map(|reason| view! { <span class="badge">{reason}</span> })}</td>
                <td class="wide"><code>{flag.endpoint}</code>" "<span class="muted">{space_head::revision(flag.revision)}</span></td>
                <td>{values(flag.inputs)}</td>
                <td>{values(flag.outputs)}</td>
                <td><FlagDelete url=delete label=texts::DELETE.to_owned() what=what /></td>
            </tr>
        }
    };
    let more = next.map(|next| {
        view! { <p class="found"><a href=format!("/spaces/{id}?tab=flags&before={next}")>{texts::OLDER}</a></p> }
    });
    view! {
        {off}
        <div class="flag-bar">
            <p class="muted">{count}</p>
            <a href=format!("{url}?format=csv") download="">{texts::DOWNLOAD_CSV}</a>
            <a href=format!("{url}?format=jsonl") download="">{texts::DOWNLOAD_JSONL}</a>
            <FlagDelete url=url.clone() label=texts::DELETE_ALL.to_owned() what=texts::DELETE_ALL_AFTER.to_owned() />
        </div>
        <div class="scroll tall" tabindex="0" role="region" aria-label=space::FLAGS>
            <table>
                <thead><tr><th scope="col">{texts::WHEN}</th><th scope="col">{texts::REASON}</th><th scope="col" class="wide">{texts::OF}</th><th scope="col">{texts::INPUTS}</th><th scope="col">{texts::OUTPUTS}</th><th scope="col"><span class="visually-hidden">{texts::DELETE}</span></th></tr></thead>
                <tbody>{flags.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        {more}
    }
    .into_any()
}

fn values(values: Map<String, Json>) -> impl IntoView {
    let pair = |(name, value): (String, Json)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        view! { <div><dt>{name}</dt><dd>{text}</dd></div> }
    };
    view! { <dl class="flag-values">{values.into_iter().map(pair).collect_view()}</dl> }
}
