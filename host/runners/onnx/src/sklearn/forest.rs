//! A faster walk over tree ensembles.
//!
//! tract steps through all leaves in front of the one that it needs, for each tree: milliseconds for a forest of a
//! hundred trees, where the walk itself takes microseconds.

use tract_onnx::tract_core::internal::*;
use tract_onnx_opl::ml::tree_ensemble_classifier::{Aggregate, Cmp, TreeEnsemble, TreeEnsembleClassifier};

/// Puts [`Forest`] in the place of tract's own operator wherever it can.
pub(crate) fn replace(model: &mut TypedModel) -> TractResult<()> {
    for node in model.nodes_mut() {
        let forest = match node.op_as::<TreeEnsembleClassifier>() {
            Some(op) => Forest::of(&op.ensemble)?,
            None => None,
        };
        if let Some(forest) = forest {
            node.op = Box::new(forest);
        }
    }
    Ok(())
}

/// A tree ensemble in tract's own encoding, in plain vectors.
#[derive(Debug, Clone, Hash, PartialEq, Eq)]
struct Forest {
    /// The first node of each tree.
    roots: Vec<u32>,
    /// A branch is feature, node if true, node if false, threshold's bits, comparison (and [`NAN_IS_TRUE`]); a leaf
    /// is its first vote, the end of its votes and three zeros.
    nodes: Vec<[u32; 5]>,
    /// Class and the weight's bits.
    votes: Vec<[u32; 2]>,
    n_classes: usize,
    n_features: usize,
}

/// The flag beside a comparison.
const NAN_IS_TRUE: u32 = 0x100;

impl Forest {
    fn of(ensemble: &TreeEnsemble) -> TractResult<Option<Self>> {
        if ensemble.aggregate_fn != Aggregate::Sum {
            return Ok(None);
        }
        let integers = |tensor: &Tensor| -> TractResult<Vec<u32>> {
            Ok(tensor.to_plain_array_view::<u32>()?.iter().copied().collect())
        };
        Ok(Some(Self {
            roots: integers(&ensemble.data.trees)?,
            nodes: integers(&ensemble.data.nodes)?.as_chunks::<5>().0.to_vec(),
            votes: integers(&ensemble.data.leaves)?.as_chunks::<2>().0.to_vec(),
            n_classes: ensemble.n_classes,
            n_features: ensemble.max_used_feature + 1,
        }))
    }

    /// Adds the votes of all trees for one row of features.
    fn vote(&self, features: &[f32], scores: &mut [f32]) -> Option<()> {
        for root in &self.roots {
            let mut node = self.nodes.get(*root as usize)?;
            while node[4] != 0 {
                let is_true = compare(*features.get(node[0] as usize)?, f32::from_bits(node[3]), node[4])?;
                node = self.nodes.get(node[if is_true { 1 } else { 2 }] as usize)?;
            }
            for [class, weight] in self.votes.get(node[0] as usize..node[1] as usize)? {
                *scores.get_mut(*class as usize)? += f32::from_bits(*weight);
            }
        }
        Some(())
    }
}

impl Op for Forest {
    fn name(&self) -> StaticName {
        "Forest".into()
    }

    op_as_typed_op!();
}

impl EvalOp for Forest {
    op_out_of_plan!();

    fn eval(&self, _ctx: &EvalContext<'_>, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let input = args_1!(inputs).cast_to::<f32>()?.into_owned();
        let rows = input.to_plain_array_view::<f32>()?.into_dimensionality::<tract_ndarray::Ix2>()?;
        ensure!(rows.ncols() >= self.n_features, "the trees use {} features, not {}", self.n_features, rows.ncols());
        let mut scores = vec![0.0; rows.nrows() * self.n_classes];
        for (row, scores) in rows.rows().into_iter().zip(scores.chunks_exact_mut(self.n_classes.max(1))) {
            self.vote(&row.to_vec(), scores).context("a tree leads out of its arrays")?;
        }
        Ok(tvec!(Tensor::from_shape(&[rows.nrows(), self.n_classes], &scores)?.into_tvalue()))
    }
}

impl TypedOp for Forest {
    fn output_facts(&self, inputs: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        Ok(tvec!(f32::fact(&[inputs[0].shape[0].clone(), self.n_classes.to_dim()])))
    }

    as_op!();
}

/// Compares as the branch says; none for a comparison that does not exist.
fn compare(feature: f32, threshold: f32, flags: u32) -> Option<bool> {
    if feature.is_nan() {
        return Some(flags & NAN_IS_TRUE != 0);
    }
    let comparison = [Cmp::Equal, Cmp::NotEqual, Cmp::Less, Cmp::Greater, Cmp::LessEqual, Cmp::GreaterEqual]
        .into_iter()
        .find(|comparison| *comparison as u32 == flags & 0xff)?;
    Some(comparison.compare(feature, threshold))
}
