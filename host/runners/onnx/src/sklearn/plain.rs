//! Operators of scikit-learn that are two or three plain ones.

use tract_onnx::pb::NodeProto;
use tract_onnx::pb::tensor_proto::DataType;

use super::{Rewritten, attributes};

/// `(x - offset) * scale`
pub(super) fn scaler(node: &NodeProto, rewritten: &mut Rewritten) -> Result<(), String> {
    let (offset, scale) = (attributes::floats(node, "offset"), attributes::floats(node, "scale"));
    if scale.is_empty() || (offset.len() != scale.len() && offset.len() > 1) {
        return Err(format!("{} offsets and {} scales do not fit together", offset.len(), scale.len()));
    }
    let offset = if offset.is_empty() { vec![0.0] } else { offset.to_vec() };
    let input = rewritten.cast_input(node);
    let offset = rewritten.constant(node, "offset", &[1, offset.len()], offset);
    let scale = rewritten.constant(node, "scale", &[1, scale.len()], scale.to_vec());
    let centred = format!("{}/centred", node.name);
    rewritten.push("Sub", &[&input, &offset], &centred);
    rewritten.push("Mul", &[&centred, &scale], output(node)?);
    Ok(())
}

/// `x · coefficientsᵀ + intercepts`, one row of coefficients a target.
pub(super) fn linear_regressor(node: &NodeProto, rewritten: &mut Rewritten) -> Result<(), String> {
    if attributes::text(node, "post_transform").is_some_and(|transform| transform != "NONE") {
        return Err("a post_transform is not supported".to_owned());
    }
    let targets = usize::try_from(attributes::integer(node, "targets").unwrap_or(1)).unwrap_or_default();
    let coefficients = attributes::floats(node, "coefficients");
    let intercepts = attributes::floats(node, "intercepts");
    if targets == 0 || coefficients.is_empty() || !coefficients.len().is_multiple_of(targets) {
        return Err(format!("{} coefficients do not fit {targets} targets", coefficients.len()));
    }
    if !intercepts.is_empty() && intercepts.len() != targets {
        return Err(format!("{} intercepts do not fit {targets} targets", intercepts.len()));
    }
    let features = coefficients.len() / targets;
    let columns =
        (0..features).flat_map(|feature| (0..targets).map(move |target| coefficients[target * features + feature]));
    let columns = columns.collect();
    let input = rewritten.cast_input(node);
    let weights = rewritten.constant(node, "coefficients", &[features, targets], columns);
    if intercepts.is_empty() {
        rewritten.push("MatMul", &[&input, &weights], output(node)?);
        return Ok(());
    }
    let product = format!("{}/product", node.name);
    let intercepts = rewritten.constant(node, "intercepts", &[1, targets], intercepts.to_vec());
    rewritten.push("MatMul", &[&input, &weights], &product);
    rewritten.push("Add", &[&product, &intercepts], output(node)?);
    Ok(())
}

/// `x > threshold` as 1 or 0
pub(super) fn binarizer(node: &NodeProto, rewritten: &mut Rewritten) -> Result<(), String> {
    let threshold = attributes::float(node, "threshold").unwrap_or(0.0);
    let input = rewritten.cast_input(node);
    let threshold = rewritten.constant(node, "threshold", &[1, 1], vec![threshold]);
    let greater = format!("{}/greater", node.name);
    rewritten.push("Greater", &[&input, &threshold], &greater);
    attributes::set_integer(rewritten.push("Cast", &[&greater], output(node)?), "to", DataType::Float as i64);
    Ok(())
}

fn output(node: &NodeProto) -> Result<&str, String> {
    node.output.first().map(String::as_str).ok_or_else(|| "it has no output".to_owned())
}
