//! "Did you mean …?"

/// How many edits a wrong word may be away from the one that was meant.
const MAX_EDITS: usize = 3;

/// Longer words are not compared: the cost grows with the product of the lengths.
const MAX_WORD_CHARS: usize = 64;

/// The candidate that `word` is most likely a slip of, if any is close.
pub fn closest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().take(MAX_WORD_CHARS + 1).collect();
    if word.len() > MAX_WORD_CHARS {
        return None;
    }
    // A third of a short word is already another word.
    let limit = MAX_EDITS.min(word.len().div_ceil(3));
    candidates
        .map(|candidate| (edits(&word, candidate), candidate))
        .filter(|(edits, _)| *edits <= limit)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// The Levenshtein distance, with a swap of neighbours counted as one edit; case does not count.
fn edits(word: &[char], candidate: &str) -> usize {
    let candidate: Vec<char> = candidate.chars().take(MAX_WORD_CHARS + 1).collect();
    let same = |a: char, b: char| a.eq_ignore_ascii_case(&b);
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=candidate.len()).collect();
    for (i, a) in word.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in candidate.iter().enumerate() {
            let mut cost = (last[j] + usize::from(!same(*a, *b))).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && same(*a, candidate[j - 1]) && same(word[i - 1], *b) {
                cost = cost.min(before_last[j - 1] + 1);
            }
            row.push(cost);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[candidate.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_find_their_word() {
        let check = |word: &str, expected: Option<&str>| {
            let candidates = ["minimum", "maximum", "step", "default", "choices"];
            assert_eq!(closest(word, candidates.into_iter()), expected, "{word}");
        };
        check("minimun", Some("minimum"));
        check("minimum", Some("minimum"));
        check("min", None);
        check("setp", Some("step"));
        check("Default", Some("default"));
        check("choice", Some("choices"));
        check("x", None);
        check("", None);
        check(&"m".repeat(1000), None);
    }
}
