//! What can be said of a text.

use guest_sdk::{HighlightedText, Html, Json, Label, Markdown, Metric, Outputs};

/// What is said of a text.
#[derive(Debug, PartialEq, Outputs)]
pub struct Words {
    /// Names and numbers.
    #[output(combine_adjacent)]
    pub classes: HighlightedText,
    /// Long words count for more.
    pub scores: HighlightedText,
    pub kind: Label,
    #[output(unit = "words")]
    pub length: Metric,
    pub summary: Markdown,
    pub page: Html,
    pub document: Json,
}

pub(crate) fn look_at(text: &str, document: Json) -> Words {
    let mut classes = HighlightedText::new();
    let mut scores = HighlightedText::new();
    let mut n_names = 0;
    for word in text.split_inclusive(' ') {
        let bare = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        classes = if !bare.is_empty() && bare.chars().all(|letter| letter.is_ascii_digit()) {
            classes.class(word, "number")
        } else if bare.starts_with(char::is_uppercase) {
            n_names += 1;
            classes.class(word, "name")
        } else {
            classes.plain(word)
        };
        scores = scores.score(word, bare.chars().count() as f64 / 5.0 - 1.0);
    }
    let n_words = text.split_whitespace().count();
    let share = n_names as f32 / n_words.max(1) as f32;
    Words {
        classes,
        scores,
        kind: Label::from_scores(&["about people", "about things"], &[share, 1.0 - share]),
        length: Metric::new(n_words as f64).delta(n_words as f64 - 5.0),
        summary: Markdown(format!("It has **{n_words}** words.")),
        page: Html(format!("<p>It has <b>{n_words}</b> words.</p>")),
        document,
    }
}
