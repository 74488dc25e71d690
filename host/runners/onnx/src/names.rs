//! Names of fields made from names in a graph.

use std::collections::HashSet;

/// The most characters in a field's name.
const MAX_NAME_LENGTH: usize = 64;

/// Makes names of the form `[a-z][a-z0-9_]*`, each different from those made before.
#[derive(Debug, Default)]
pub(crate) struct FieldNames {
    taken: HashSet<String>,
}

impl FieldNames {
    /// A field name close to `wanted`.
    pub(crate) fn make(&mut self, wanted: &str) -> String {
        let mut name: String = wanted
            .chars()
            .map(|character| match character {
                'A'..='Z' => character.to_ascii_lowercase(),
                'a'..='z' | '0'..='9' => character,
                _ => '_',
            })
            .collect();
        name = name.trim_matches('_').to_owned();
        if !name.starts_with(|first: char| first.is_ascii_lowercase()) {
            name.insert(0, 'x');
        }
        // Room for a number that tells equal names apart.
        name.truncate(MAX_NAME_LENGTH - 8);
        let mut candidate = name.clone();
        let mut number = 2_u32;
        while !self.taken.insert(candidate.clone()) {
            candidate = format!("{name}_{number}");
            number += 1;
        }
        candidate
    }
}

/// The text drawn above a field: the name with spaces for underscores and a capital at the start.
pub(crate) fn label_for(name: &str) -> String {
    let spaced = name.replace('_', " ");
    let mut characters = spaced.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => spaced,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_the_contract_and_differ() {
        let mut names = FieldNames::default();
        for (wanted, expected) in [
            ("X", "x"),
            ("input.1", "input_1"),
            ("input_1", "input_1_2"),
            ("1", "x1"),
            ("::", "x_2"),
            ("Größe", "gr__e"),
        ] {
            assert_eq!(names.make(wanted), expected, "for `{wanted}`");
        }
        assert!(names.make(&"a".repeat(500)).len() <= MAX_NAME_LENGTH);
    }
}
