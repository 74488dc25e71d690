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

/// A share in 0..1 as people read it; small ones keep a digit that tells them apart.
fn percent(share: f64) -> String {
    match share {
        0.01..0.999_5 => format!("{:.1} %", share * 100.0),
        0.000_1..0.01 => format!("{:.2} %", share * 100.0),
        0.999_5..1.0 => "> 99.9 %".to_owned(),
        0.0 => "0 %".to_owned(),
        0.0..0.000_1 => "< 0.01 %".to_owned(),
        _ => format!("{:.0} %", share * 100.0),
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn shares_are_shown_as_people_read_them() {
        let check = |share: f64, expected: &str| assert_eq!(percent(share), expected);
        check(1.0, "100 %");
        check(0.999_9, "> 99.9 %");
        check(0.883, "88.3 %");
        check(0.08, "8.0 %");
        check(0.004_1, "0.41 %");
        check(0.000_01, "< 0.01 %");
        check(0.0, "0 %");
    }
}
