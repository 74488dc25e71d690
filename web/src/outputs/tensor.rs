//! A tensor: its type, a summary and the first values.

use leptos::prelude::*;
use serde_json::Value as Json;

use super::text::rounded;
use crate::components::CopyButton;

/// How many values are written out.
const N_SHOWN: usize = 64;

pub(super) fn tensor(value: &Json) -> Option<AnyView> {
    let dtype = value.get("dtype")?.as_str()?.to_owned();
    let shape: Vec<_> = value.get("shape")?.as_array()?.iter().map(Json::to_string).collect();
    let data = value.get("data")?.as_array()?;
    let numbers: Vec<f64> = data.iter().filter_map(Json::as_f64).collect();
    let summary = (!numbers.is_empty()).then(|| {
        let minimum = numbers.iter().copied().fold(f64::INFINITY, f64::min);
        let maximum = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
        view! {
            <div><dt>"min"</dt><dd>{rounded(minimum)}</dd></div>
            <div><dt>"mean"</dt><dd>{rounded(mean)}</dd></div>
            <div><dt>"max"</dt><dd>{rounded(maximum)}</dd></div>
        }
    });
    let shown: Vec<_> = data
        .iter()
        .take(N_SHOWN)
        .map(|element| element.as_f64().map_or_else(|| element.to_string(), rounded))
        .collect();
    let rest = if data.len() > N_SHOWN { format!(" … {} more", data.len() - N_SHOWN) } else { String::new() };
    let source = value.to_string();
    Some(
        view! {
            <dl class="facts">
                <div><dt>"shape"</dt><dd>{format!("[{}]", shape.join(" × "))}</dd></div>
                <div><dt>"type"</dt><dd>{dtype}</dd></div>
                {summary}
            </dl>
            <div class="code">
                <div class="code-bar"><span class="muted">"values"</span><CopyButton text=source what="the values".to_owned() /></div>
                <pre class="wrap" tabindex="0">{shown.join("  ")}{rest}</pre>
            </div>
        }
        .into_any(),
    )
}
