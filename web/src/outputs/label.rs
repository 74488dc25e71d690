//! A classification: the best class large, then each candidate with its share.

use leptos::prelude::*;
use serde_json::Value as Json;

/// Candidates shown where the interface names no number.
const DEFAULT_TOP: usize = 10;

pub(super) fn label(value: &Json, top: Option<u32>) -> Option<AnyView> {
    let best = value.get("label")?.as_str()?.to_owned();
    let top = top.map_or(DEFAULT_TOP, |top| top as usize);
    let confidences = value.get("confidences")?.as_array()?;
    let rows = confidences.iter().take(top).map(|candidate| {
        let name = candidate.get("label").and_then(Json::as_str).unwrap_or_default().to_owned();
        candidate.get("confidence").and_then(Json::as_f64).map(|score| {
            view! {
                <li>
                    <span class="candidate">{name.clone()}</span>
                    <span class="share">{percent(score)}</span>
                    <meter min="0" max="1" value=score aria-label=name></meter>
                </li>
            }
        })
    });
    let rows = rows.collect_view();
    Some(view! { <p class="best">{best}</p><ol class="confidences">{rows}</ol> }.into_any())
}

fn percent(score: f64) -> String {
    match score {
        0.1..0.999 => format!("{:.1} %", score * 100.0),
        0.000_05..0.1 => format!("{:.2} %", score * 100.0),
        0.999..1.0 => "> 99.9 %".to_owned(),
        _ => format!("{:.0} %", score * 100.0),
    }
}
