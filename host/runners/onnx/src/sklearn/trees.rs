//! Tree ensembles: checked, because tract walks them without checks, and regressors turned into classifiers.

use std::collections::HashMap;

use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{NodeProto, TensorProto};

use super::{Rewritten, attributes};

/// What to do about trees that cannot run.
pub(super) const ADVICE: &str = "export with skl2onnx and float32 inputs, or use a model without trees";

/// tract takes fewer than three classes for the binary layout, where one score stands for two.
const MIN_CLASSES: usize = 3;

/// The most targets of a regressor: the file only declares their number, and each takes memory.
const MAX_TARGETS: usize = 1 << 16;

/// Checks a tree ensemble whose leaves have the given prefix (`class` or `target`).
///
/// Afterwards every index stays inside its tree, its features and its classes. A binary classifier's single base value is
/// moved into the leaves, since tract wants one a class.
pub(super) fn check(node: &mut NodeProto, leaf: &str) -> Result<(), String> {
    let classes = match leaf {
        "class" => attributes::integers(node, "classlabels_int64s").len(),
        _ => usize::try_from(attributes::integer(node, "n_targets").unwrap_or_default()).unwrap_or_default(),
    };
    if attributes::floats(node, "nodes_values").is_empty() {
        return Err("its thresholds are missing or double precision".to_owned());
    }
    let tree_ids = attributes::integers(node, "nodes_treeids");
    let node_ids = attributes::integers(node, "nodes_nodeids");
    let true_ids = attributes::integers(node, "nodes_truenodeids");
    let false_ids = attributes::integers(node, "nodes_falsenodeids");
    let modes = attributes::strings(node, "nodes_modes");
    let features = attributes::integers(node, "nodes_featureids");
    let lengths = [node_ids.len(), true_ids.len(), false_ids.len(), modes.len(), features.len()];
    if lengths.iter().any(|&length| length != tree_ids.len()) {
        return Err("its node attributes differ in length".to_owned());
    }
    let mut sizes: HashMap<i64, i64> = HashMap::new();
    for (&tree, &id) in tree_ids.iter().zip(node_ids) {
        let size = sizes.entry(tree).or_default();
        if id != *size {
            return Err(format!("tree {tree}: node numbers must count up from 0, but {id} follows {}", *size - 1));
        }
        *size += 1;
    }
    for index in 0..tree_ids.len() {
        let tree = tree_ids[index];
        let size = sizes[&tree];
        match modes[index].as_slice() {
            b"LEAF" => continue,
            b"BRANCH_LEQ" | b"BRANCH_LT" | b"BRANCH_GT" | b"BRANCH_EQ" | b"BRANCH_NEQ" => {}
            mode => {
                return Err(format!("branch mode {} is not supported", String::from_utf8_lossy(mode)));
            }
        }
        // Children after their parent, so that no walk goes round in a circle.
        for child in [true_ids[index], false_ids[index]] {
            if child <= node_ids[index] || child >= size {
                return Err(format!("tree {tree}: node {} has the impossible child {child}", node_ids[index]));
            }
        }
        if features[index] < 0 || features[index] > i64::from(u32::MAX) {
            return Err(format!("tree {tree}: feature {} is impossible", features[index]));
        }
    }
    let classes_of_leaves = attributes::integers(node, &format!("{leaf}_ids"));
    if let Some(class) =
        classes_of_leaves.iter().find(|&&class| !usize::try_from(class).is_ok_and(|class| class < classes))
    {
        return Err(format!("a leaf votes for {leaf} {class}, but there are {classes}"));
    }
    if leaf == "class" {
        move_base_value(node, classes);
    }
    Ok(())
}

/// Writes a `TreeEnsembleRegressor` as a `TreeEnsembleClassifier` whose scores are the targets.
pub(super) fn regressor(node: &NodeProto, rewritten: &mut Rewritten) -> Result<(), String> {
    let mut node = node.clone();
    check(&mut node, "target")?;
    let n_targets = usize::try_from(attributes::integer(&node, "n_targets").unwrap_or(1)).unwrap_or_default();
    if n_targets > MAX_TARGETS {
        return Err(format!("it has {n_targets} targets, but at most {MAX_TARGETS} are supported"));
    }
    let classes = n_targets.max(MIN_CLASSES);
    let transform = attributes::text(&node, "post_transform").unwrap_or_else(|| "NONE".to_owned());
    if transform != "NONE" && transform != "LOGISTIC" {
        return Err(format!("post_transform {transform} is not supported"));
    }
    let mut weights = attributes::floats(&node, "target_weights").to_vec();
    match attributes::text(&node, "aggregate_function").as_deref() {
        None | Some("SUM") => {}
        Some("AVERAGE") => {
            let trees =
                attributes::integers(&node, "nodes_treeids").iter().max().map_or(1, |last| last.saturating_add(1))
                    as f32;
            weights.iter_mut().for_each(|weight| *weight /= trees);
        }
        Some(other) => return Err(format!("aggregate_function {other} is not supported")),
    }
    attributes::set_floats(&mut node, "class_weights", weights);
    for name in ["ids", "nodeids", "treeids"] {
        let moved = attributes::integers(&node, &format!("target_{name}")).to_vec();
        attributes::set_integers(&mut node, &format!("class_{name}"), moved);
    }
    let mut base = attributes::floats(&node, "base_values").to_vec();
    if !base.is_empty() {
        if base.len() != n_targets {
            return Err(format!("{} base values do not fit {n_targets} targets", base.len()));
        }
        base.resize(classes, 0.0);
        attributes::set_floats(&mut node, "base_values", base);
    }
    for name in ["target_ids", "target_nodeids", "target_treeids", "target_weights", "n_targets", "aggregate_function"]
    {
        attributes::remove(&mut node, name);
    }
    attributes::set_integers(&mut node, "classlabels_int64s", (0..classes as i64).collect());

    let output = node.output.first().cloned().unwrap_or_default();
    let scores = format!("{}/scores", node.name);
    let indices = format!("{}/targets", node.name);
    rewritten.initializers.push(TensorProto {
        name: indices.clone(),
        data_type: DataType::Int64 as i32,
        dims: vec![n_targets as i64],
        int64_data: (0..n_targets as i64).collect(),
        ..TensorProto::default()
    });
    node.op_type = "TreeEnsembleClassifier".to_owned();
    node.output = vec![format!("{}/label", node.name), scores.clone()];
    rewritten.nodes.push(node);
    attributes::set_integer(rewritten.push("Gather", &[&scores, &indices], &output), "axis", 1);
    Ok(())
}

/// Moves the base value of a binary classifier that has only one into the leaves of its first tree.
fn move_base_value(node: &mut NodeProto, classes: usize) {
    let base = attributes::floats(node, "base_values");
    if classes != 2 || base.len() != 1 {
        return;
    }
    let base = base[0];
    let trees = attributes::integers(node, "class_treeids");
    let weights = attributes::floats(node, "class_weights").iter().zip(trees);
    let weights = weights.map(|(&weight, &tree)| if tree == 0 { weight + base } else { weight }).collect();
    attributes::set_floats(node, "class_weights", weights);
    attributes::remove(node, "base_values");
}
