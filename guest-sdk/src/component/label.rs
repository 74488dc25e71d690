//! Classifications.

use super::output::Output;
use crate::Value;
use crate::bindings::vitrine::space::description::{Component, LabelSpec};
use crate::bindings::vitrine::space::types::Confidence;

/// A classification, best class first, drawn as bars.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Label {
    classes: Vec<(String, Option<f64>)>,
}

impl Label {
    /// The class alone, without scores.
    pub fn only(class: impl Into<String>) -> Self {
        Self { classes: vec![(class.into(), None)] }
    }

    /// Classes with their probabilities in 0..1, in any order; a score without a name is called by its index.
    ///
    /// ```
    /// let label = guest_sdk::Label::from_scores(&["cat", "dog"], &[0.1, 0.9]);
    /// assert_eq!(label.best(), Some("dog"));
    /// ```
    pub fn from_scores(names: &[impl AsRef<str>], scores: &[f32]) -> Self {
        let mut classes = scores
            .iter()
            .enumerate()
            .map(|(index, score)| {
                let name = names.get(index).map_or_else(|| index.to_string(), |name| name.as_ref().to_owned());
                (name, Some(f64::from(*score)))
            })
            .collect::<Vec<_>>();
        classes.sort_by(|(_, a), (_, b)| b.partial_cmp(a).unwrap_or(std::cmp::Ordering::Equal));
        Self { classes }
    }

    /// As [`Label::from_scores`], for logits: applies the softmax first.
    pub fn from_logits(names: &[impl AsRef<str>], logits: &[f32]) -> Self {
        // Subtracting the largest keeps the exponentials finite.
        let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let powers = logits.iter().map(|logit| (logit - largest).exp()).collect::<Vec<_>>();
        let sum = powers.iter().sum::<f32>();
        Self::from_scores(names, &powers.iter().map(|power| power / sum).collect::<Vec<_>>())
    }

    /// Keeps the `count` best classes.
    #[must_use]
    pub fn top(mut self, count: usize) -> Self {
        self.classes.truncate(count);
        self
    }

    /// The best class.
    pub fn best(&self) -> Option<&str> {
        self.classes.first().map(|(name, _)| name.as_str())
    }
}

impl Output for Label {
    fn component() -> Component {
        Component::Label(LabelSpec { top: None })
    }

    fn into_value(self) -> Value {
        Value::Label(self.classes.into_iter().map(|(label, score)| Confidence { label, score }).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logits_become_sorted_probabilities() {
        let label = Label::from_logits(&["a", "b"], &[1000.0, 1001.0, 900.0]).top(2);
        let Value::Label(classes) = label.into_value() else { panic!() };
        assert_eq!(classes[0].label, "b");
        assert!((classes[0].score.unwrap() - 0.731_058).abs() < 1e-5);
        assert_eq!(classes.len(), 2);
    }
}
