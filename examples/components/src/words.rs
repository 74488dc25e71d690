//! What can be said of a text.

use guest_sdk::{Code, HighlightedText, Html, Json, Label, Markdown, Metric, Outputs, Said, session};

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

/// A program and what it was made of.
#[derive(Debug, PartialEq, Outputs)]
pub struct Program {
    #[output(language = "python")]
    pub program: Code,
    /// The sizes, as JSON.
    #[output(language = "json")]
    pub sizes: Code,
}

pub(crate) fn program(sizes: &[String], script: Code) -> Program {
    let calls: String = sizes.iter().map(|size| format!("print(pack({size:?}))\n")).collect();
    Program { program: Code(format!("{}\n\n\n{calls}", script.0)), sizes: Code(format!("{sizes:?}")) }
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

/// The marks of a text, in words.
pub(crate) fn said(marks: Option<&HighlightedText>) -> String {
    let spans = marks.iter().flat_map(|marks| marks.spans());
    let said: Vec<String> = spans
        .filter_map(|(token, said)| match said {
            Said::Nothing => None,
            Said::Class(class) => Some(format!("{token} is a {class}")),
            Said::Score(score) => Some(format!("{token} has {score}")),
        })
        .collect();
    if said.is_empty() { "Nothing is marked.".to_owned() } else { said.join(", ") }
}

/// How often this visitor's page has called: 1 at first.
pub(crate) fn tick() -> i64 {
    let before = session::get("ticks").and_then(|ticks| String::from_utf8(ticks).ok()?.parse::<i64>().ok());
    let ticks = before.unwrap_or_default() + 1;
    // A program without a session counts to one.
    let _ = session::set("ticks", ticks.to_string().as_bytes());
    ticks
}

/// The number of primes below `below`; `tell` hears how far it is a hundred times.
pub(crate) fn primes(below: i64, mut tell: impl FnMut(f64, i64)) -> i64 {
    const N_TOLD: i64 = 100;
    let is_prime = |number: i64| (2..).take_while(|divisor| divisor * divisor <= number).all(|d| number % d != 0);
    let mut n_primes = 0;
    for part in 0..N_TOLD {
        let edge = |part: i64| (below * part / N_TOLD).max(2);
        n_primes += (edge(part)..edge(part + 1)).filter(|number| is_prime(*number)).count() as i64;
        tell((part + 1) as f64 / N_TOLD as f64, n_primes);
    }
    n_primes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primes_are_counted() {
        let mut fractions = Vec::new();
        assert_eq!(primes(1000, |fraction, _| fractions.push(fraction)), 168);
        assert_eq!((fractions.len(), fractions.last()), (100, Some(&1.0)));
        assert_eq!(primes(10, |_, _| {}), 4);
    }
}
