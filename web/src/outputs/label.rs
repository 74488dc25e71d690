//! A classification: the best class large, then each candidate with its share.

use serde_json::Value as Json;

use super::drawing::Drawing;

/// Candidates shown where the interface names no number.
const DEFAULT_TOP: usize = 10;

pub(super) fn label(value: &Json, top: Option<u32>, out: &mut Drawing) -> Option<()> {
    let top = top.map_or(DEFAULT_TOP, |top| top as usize);
    out.raw("<p class=\"best\">").text(value.get("label")?.as_str()?).raw("</p><ol class=\"confidences\">");
    for candidate in value.get("confidences")?.as_array()?.iter().take(top) {
        let name = candidate.get("label").and_then(Json::as_str).unwrap_or_default();
        let Some(score) = candidate.get("confidence").and_then(Json::as_f64) else { continue };
        out.raw("<li><span class=\"candidate\">").text(name).raw("</span><span class=\"share\">").text(&percent(score));
        out.raw("</span><meter min=\"0\" max=\"1\" value=\"").text(&score.to_string());
        out.raw("\" aria-label=\"").text(name).raw("\"></meter></li>");
    }
    out.raw("</ol>");
    Some(())
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
