//! A text of which parts belong to classes, or have scores.

use serde_json::Value as Json;

use super::drawing::Drawing;
use super::palette::Palette;
use super::text::rounded;
use crate::texts::outputs as texts;

/// Steps by which scores are shaded, on either side of 0.
const SCORE_STEPS: f64 = 4.0;

/// The most spans that are marked; what follows is drawn as plain text, so that no answer can exhaust the page.
const MAX_SPANS: usize = 5_000;

/// What a span of text is said to be.
#[derive(Debug, Clone, PartialEq)]
enum Said {
    Nothing,
    Class(String),
    /// Mostly in -1..1.
    Score(f64),
}

pub(super) fn highlighted(value: &Json, show_legend: bool, combine_adjacent: bool, out: &mut Drawing) -> Option<()> {
    let spans = spans(value, combine_adjacent)?;
    let mut palette = Palette::default();
    let has_scores = spans.iter().any(|(_, said)| matches!(said, Said::Score(_)));
    let mut text = Drawing::default();
    for (token, said) in &spans {
        draw(token, said, &mut palette, &mut text);
    }
    match (show_legend, has_scores) {
        (false, _) => {}
        (true, true) => {
            out.raw("<p class=\"legend muted\"><span class=\"score-n4\">−1</span>");
            out.raw("<span class=\"score-p0\">0</span><span class=\"score-p4\">+1</span></p>");
        }
        (true, false) => {
            out.raw("<ul class=\"legend\" aria-label=\"").text(texts::CLASSES).raw("\">");
            for (class, hue) in palette.legend() {
                out.raw("<li><span class=\"tag ").text(&hue).raw("\">").text(&class).raw("</span></li>");
            }
            out.raw("</ul>");
        }
    }
    out.raw("<p class=\"highlighted\">").append(text).raw("</p>");
    Some(())
}

fn spans(value: &Json, combine_adjacent: bool) -> Option<Vec<(String, Said)>> {
    let mut spans: Vec<(String, Said)> = Vec::new();
    for span in value.as_array()? {
        let token = span.get("token")?.as_str()?;
        let said = match span.get("class_or_confidence") {
            None | Some(Json::Null) => Said::Nothing,
            Some(Json::String(class)) => Said::Class(class.clone()),
            Some(score) => Said::Score(score.as_f64()?),
        };
        let n_spans = spans.len();
        match spans.last_mut() {
            Some((text, same)) if combine_adjacent && *same == said => text.push_str(token),
            Some((text, Said::Nothing)) if n_spans > MAX_SPANS => text.push_str(token),
            _ if n_spans == MAX_SPANS => spans.push((token.to_owned(), Said::Nothing)),
            _ => spans.push((token.to_owned(), said)),
        }
    }
    Some(spans)
}

fn draw(token: &str, said: &Said, palette: &mut Palette, out: &mut Drawing) {
    match said {
        Said::Nothing => out.text(token),
        // The name stands in the text too: colour alone tells nothing to those who do not see it.
        Said::Class(class) => {
            out.raw("<mark class=\"").text(&palette.hue(class)).raw("\">").text(token);
            out.raw("<span class=\"class-name\">").text(class).raw("</span></mark>")
        }
        Said::Score(score) => {
            let number = rounded(*score);
            out.raw("<mark class=\"").text(&shade(*score)).raw("\" title=\"").text(&number).raw("\">").text(token);
            out.raw("<span class=\"visually-hidden\"> (").text(&number).raw(")</span></mark>")
        }
    };
}

fn shade(score: f64) -> String {
    let step = (score.abs().min(1.0) * SCORE_STEPS).round() as u32;
    format!("score-{}{step}", if score < 0.0 { 'n' } else { 'p' })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn neighbours_of_one_class_are_joined_where_the_author_says_so() {
        let value = json!([
            { "token": "Ada ", "class_or_confidence": "person" },
            { "token": "Lovelace", "class_or_confidence": "person" },
            { "token": " writes" },
        ]);
        let class = || Said::Class("person".to_owned());
        let joined = vec![("Ada Lovelace".to_owned(), class()), (" writes".to_owned(), Said::Nothing)];
        assert_eq!(spans(&value, true), Some(joined));
        assert_eq!(spans(&value, false).map(|spans| spans.len()), Some(3));
        assert_eq!(spans(&json!("Ada"), true), None);
    }

    #[test]
    fn scores_are_shaded_by_size_and_sign() {
        let check = |score: f64, expected: &str| assert_eq!(shade(score), expected);
        check(0.0, "score-p0");
        check(0.5, "score-p2");
        check(-1.0, "score-n4");
        check(7.0, "score-p4");
    }
}
