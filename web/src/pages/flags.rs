//! What visitors have flagged, for the author.

use leptos::prelude::*;
use serde_json::{Map, Value as Json};
use spaces::SpaceId;
use spaces::catalog::FlagPage;
use spaces::view::FlagView;

use crate::components::authors::FlagDelete;

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
                "Visitors cannot flag answers now. To let them, publish with " <code>"flagging_mode = \"manual\""</code>
                " in " <code>"space.toml"</code>", and with " <code>"flagging_options = [\"wrong\", …]"</code>
                " to let them say why."
            </p>
        }
    });
    if total == 0 {
        return view! { {off} <p class="nothing">"Nobody has flagged anything."</p> }.into_any();
    }
    let count = match total {
        1 => "1 flag".to_owned(),
        total => format!("{total} flags"),
    };
    let row = |flag: FlagView| {
        let moment = flag.at.get(..16).unwrap_or(&flag.at).replace('T', " ");
        let delete = format!("{url}/{}", flag.id);
        let what = format!("the flag of {moment}");
        view! {
            <tr>
                <td><time datetime=flag.at>{moment.clone()}" UTC"</time></td>
                <td>{flag.reason.map(|reason| view! { <span class="badge">{reason}</span> })}</td>
                <td class="wide"><code>{flag.endpoint}</code>" "<span class="muted">"revision " {flag.revision}</span></td>
                <td>{values(flag.inputs)}</td>
                <td>{values(flag.outputs)}</td>
                <td><FlagDelete url=delete label="Delete".to_owned() what=what /></td>
            </tr>
        }
    };
    let more = next.map(|next| {
        view! { <p class="found"><a href=format!("/spaces/{id}?tab=flags&before={next}")>"Older flags"</a></p> }
    });
    view! {
        {off}
        <div class="flag-bar">
            <p class="muted">{count}</p>
            <a href=format!("{url}?format=csv") download="">"Download CSV"</a>
            <a href=format!("{url}?format=jsonl") download="">"Download JSONL"</a>
            <FlagDelete url=url.clone() label="Delete all".to_owned() what="of the flags".to_owned() />
        </div>
        <div class="scroll tall" tabindex="0" role="region" aria-label="Flags">
            <table>
                <thead><tr><th scope="col">"When"</th><th scope="col">"Reason"</th><th scope="col" class="wide">"Of"</th><th scope="col">"Inputs"</th><th scope="col">"Outputs"</th><th scope="col"><span class="visually-hidden">"Delete"</span></th></tr></thead>
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
