//! Embeddings of texts: pooled over tokens, compared by cosine.

use spaces::manifest::Pooling;
use spaces::value::{Cell, Column, Confidence, Value};
use tract_onnx::prelude::Tensor;

use super::tensor;
use crate::input::TokenMask;
use crate::model;

/// Checks that the output has the rank that the pooling needs.
pub(super) fn check(output: &model::OutputSpec, pooling: Pooling) -> Result<(), String> {
    let expected = if pooling == Pooling::None { 2 } else { 3 };
    if output.shape.len() == expected {
        return Ok(());
    }
    let hint = if expected == 3 {
        "for one vector a text set pooling = \"none\""
    } else {
        "set pooling = \"mean\" or \"cls\""
    };
    Err(format!("graph output `{}` has {} dimensions, not {expected}; {hint}", output.name, output.shape.len()))
}

/// One vector a text.
pub(super) fn pool(value: &Tensor, pooling: Pooling, mask: Option<&TokenMask>) -> Result<Vec<Vec<f64>>, String> {
    let numbers = tensor::numbers(value)?;
    match (pooling, value.shape()) {
        (Pooling::None, [_, width]) => Ok(numbers.chunks_exact((*width).max(1)).map(<[f64]>::to_vec).collect()),
        (Pooling::Cls, [_, tokens, width]) => {
            let text = (tokens * width).max(1);
            Ok(numbers.chunks_exact(text).map(|text| text[..*width].to_vec()).collect())
        }
        (Pooling::Mean, [_, tokens, width]) => {
            let texts = numbers.chunks_exact((tokens * width).max(1)).enumerate();
            Ok(texts.map(|(row, text)| mean(text, *width, mask.and_then(|mask| mask.rows.get(row)))).collect())
        }
        (_, shape) => Err(format!("the model gave the shape {shape:?}, which cannot be pooled")),
    }
}

/// Each vector divided by its length.
pub(super) fn normalized(mut rows: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    for row in &mut rows {
        let length = row.iter().map(|number| number * number).sum::<f64>().sqrt().max(1e-12);
        row.iter_mut().for_each(|number| *number /= length);
    }
    rows
}

/// One row a text, one column a dimension.
pub(super) fn table(rows: Vec<Vec<f64>>) -> Value {
    let width = rows.first().map_or(0, Vec::len);
    let column = |index: usize| Column {
        name: index.to_string(),
        cells: rows.iter().map(|row| row.get(index).map_or(Cell::Null, |number| Cell::Number(*number))).collect(),
    };
    Value::Table((0..width).map(column).collect())
}

/// Cosine of the first vector with each further one; all have length 1.
pub(super) fn similarity(rows: &[Vec<f64>], texts: &[String]) -> Result<Value, String> {
    let [first, others @ ..] = rows else {
        return Err("the model gave no embedding".to_owned());
    };
    let cosine = |other: &Vec<f64>| first.iter().zip(other).map(|(left, right)| left * right).sum::<f64>();
    if let [other] = others {
        return Ok(Value::Number(cosine(other)));
    }
    let scored = others.iter().zip(texts.iter().skip(1));
    // A score is a share of a bar; opposite texts have none.
    let mut confidences: Vec<Confidence> = scored
        .map(|(other, text)| Confidence { label: text.clone(), score: Some(cosine(other).clamp(0.0, 1.0)) })
        .collect();
    confidences.sort_by(|left, right| right.score.unwrap_or(0.0).total_cmp(&left.score.unwrap_or(0.0)));
    Ok(Value::Label(confidences))
}

/// The mean of the vectors of those tokens that count; without a mask all do.
fn mean(text: &[f64], width: usize, mask: Option<&Vec<bool>>) -> Vec<f64> {
    let mut sum = vec![0.0; width];
    let mut count = 0_u32;
    for (position, token) in text.chunks_exact(width.max(1)).enumerate() {
        if mask.is_none_or(|mask| mask.get(position).copied().unwrap_or(false)) {
            sum.iter_mut().zip(token).for_each(|(sum, number)| *sum += number);
            count += 1;
        }
    }
    sum.iter_mut().for_each(|sum| *sum /= f64::from(count.max(1)));
    sum
}
