//! A tensor: its type, a summary and the first values.

use serde_json::Value as Json;

use super::drawing::Drawing;
use super::text::rounded;
use crate::texts::outputs as texts;

/// How many values are written out.
const N_SHOWN: usize = 64;

pub(super) fn tensor(value: &Json, out: &mut Drawing) -> Option<()> {
    let dtype = value.get("dtype")?.as_str()?;
    let shape: Vec<_> = value.get("shape")?.as_array()?.iter().map(Json::to_string).collect();
    let data = value.get("data")?.as_array()?;
    let numbers: Vec<f64> = data.iter().filter_map(Json::as_f64).collect();
    out.raw("<dl class=\"facts\">");
    fact(texts::SHAPE, &format!("[{}]", shape.join(" × ")), out);
    fact(texts::TYPE, dtype, out);
    if !numbers.is_empty() {
        fact(texts::MINIMUM, &rounded(numbers.iter().copied().fold(f64::INFINITY, f64::min)), out);
        fact(texts::MEAN, &rounded(numbers.iter().sum::<f64>() / numbers.len() as f64), out);
        fact(texts::MAXIMUM, &rounded(numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max)), out);
    }
    out.raw("</dl><div class=\"code\"><div class=\"code-bar\"><span class=\"muted\">").text(texts::VALUES);
    out.raw("</span>")
        .copy_button(value.to_string(), texts::COPY_VALUES_AFTER)
        .raw("</div><pre class=\"wrap\" tabindex=\"0\">");
    let shown = data.iter().take(N_SHOWN).map(|element| element.as_f64().map_or_else(|| element.to_string(), rounded));
    out.text(&shown.collect::<Vec<_>>().join("  "));
    if data.len() > N_SHOWN {
        out.text(&texts::n_more_values(data.len() - N_SHOWN));
    }
    out.raw("</pre></div>");
    Some(())
}

fn fact(name: &'static str, value: &str, out: &mut Drawing) {
    out.raw("<div><dt>").text(name).raw("</dt><dd>").text(value).raw("</dd></div>");
}
