//! A classification from a vector of scores.

use spaces::manifest::Labels;
use spaces::value::{Confidence, Value};

use crate::assets::Assets;
use crate::model;

/// The most classes of an answer.
const MAX_CLASSES: u32 = 1000;
/// How many classes a page draws where there are more and the manifest does not say.
const DEFAULT_DRAWN: u32 = 10;

/// How scores become classes.
#[derive(Debug)]
pub(super) struct Label {
    names: Option<Vec<String>>,
    softmax: bool,
    top: usize,
    drawn: Option<u32>,
}

impl Label {
    pub(super) fn resolve(
        labels: Option<&Labels>,
        softmax: bool,
        top: Option<u32>,
        output: &model::OutputSpec,
        classes: Option<&Vec<String>>,
        assets: &dyn Assets,
    ) -> Result<Self, String> {
        let (names, source) = match labels {
            Some(Labels::Names(names)) => (Some(names.clone()), "`labels`".to_owned()),
            Some(Labels::Asset(path)) => {
                let text = assets.read_text(path)?;
                let lines = text.trim_end().lines().map(|line| line.trim().to_owned());
                (Some(lines.collect()), format!("`{path}`"))
            }
            None => (classes.cloned(), "the graph".to_owned()),
        };
        let count = output.shape.iter().copied().reduce(|product, size| product?.checked_mul(size?)).flatten();
        // A single score is the probability of the second of two classes.
        let count = if count == Some(1) { Some(2) } else { count };
        if let (Some(names), Some(count)) = (&names, count)
            && names.len() != count
        {
            return Err(format!(
                "{source} has {} class names, but graph output `{}` has {count} scores",
                names.len(),
                output.name
            ));
        }
        let limit = top.unwrap_or(MAX_CLASSES).clamp(1, MAX_CLASSES);
        let many = count.is_none_or(|count| count > DEFAULT_DRAWN as usize);
        let drawn = top.or(many.then_some(DEFAULT_DRAWN));
        Ok(Self { names, softmax, top: limit as usize, drawn })
    }

    /// How many classes the page draws; none draws all.
    pub(super) fn drawn(&self) -> Option<u32> {
        self.drawn
    }

    pub(super) fn read(&self, scores: &[f64]) -> Result<Value, String> {
        let scores = match scores {
            [] => return Err("the model gave no scores".to_owned()),
            [single] => {
                let positive = if self.softmax { 1.0 / (1.0 + (-single).exp()) } else { *single };
                vec![1.0 - positive, positive]
            }
            many if self.softmax => softmax(many),
            many => many.to_vec(),
        };
        let mut ranked: Vec<usize> = (0..scores.len()).collect();
        // Stable, so that equal scores keep the order of the classes as in numpy's argmax.
        ranked.sort_by(|&left, &right| scores[right].total_cmp(&scores[left]));
        let confidence = |index: usize| Confidence {
            label: self.names.as_ref().and_then(|names| names.get(index).cloned()).unwrap_or_else(|| index.to_string()),
            score: Some(scores[index]).filter(|score| score.is_finite()),
        };
        Ok(Value::Label(ranked.into_iter().take(self.top).map(confidence).collect()))
    }
}

fn softmax(scores: &[f64]) -> Vec<f64> {
    let greatest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = scores.iter().map(|score| (score - greatest).exp()).collect();
    let total: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn softmax_of_large_scores_is_finite() {
        assert_eq!(softmax(&[1000.0, 1000.0]), [0.5, 0.5]);
    }
}
