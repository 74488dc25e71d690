//! Sizes and data of the tensors in a graph.

use std::collections::HashMap;

use tract_onnx::pb::tensor_proto::{DataLocation, DataType};
use tract_onnx::pb::{AttributeProto, GraphProto, NodeProto, TensorProto, ValueInfoProto, tensor_shape_proto};

use super::{GraphError, Port, declared_shape, node_name, tensor_type};

/// The most elements in one tensor: 1 GiB of `f32`, the most that a sandbox of that size could hold anyway.
pub const MAX_ELEMENTS: u64 = 1 << 28;

/// Checks that every tensor in the graph, subgraphs included, carries exactly its own data.
pub(super) fn tensors(graph: &GraphProto) -> Result<(), GraphError> {
    if let Some(sparse) = graph.sparse_initializer.first() {
        let name = sparse.values.as_ref().map(|values| values.name.clone()).unwrap_or_default();
        return Err(GraphError::BadTensor {
            place: format!("initializer `{name}`"),
            problem: "sparse initializers are not supported; save the weights as dense tensors".to_owned(),
        });
    }
    for initializer in &graph.initializer {
        tensor(initializer).map_err(|problem| GraphError::BadTensor {
            place: format!("initializer `{}`", initializer.name),
            problem,
        })?;
    }
    for node in &graph.node {
        for attribute in &node.attribute {
            node_attribute(node, attribute)?;
        }
    }
    Ok(())
}

/// Checks the shapes that nodes make tensors of, where the file states them.
pub(super) fn constants(graph: &GraphProto) -> Result<(), GraphError> {
    let stated: HashMap<&str, Vec<i64>> = stated_integers(graph);
    for node in &graph.node {
        let shape_input = match node.op_type.as_str() {
            "ConstantOfShape" => 0,
            "Expand" => 1,
            _ => continue,
        };
        let Some(dims) = node.input.get(shape_input).and_then(|name| stated.get(name.as_str())) else {
            continue;
        };
        elements(dims).map_err(|problem| GraphError::BadNode {
            node: node_name(node),
            op: node.op_type.clone(),
            problem: format!("it would make a tensor of shape {dims:?}: {problem}"),
        })?;
    }
    Ok(())
}

/// Reads a graph input.
pub(super) fn port(input: &ValueInfoProto) -> Result<Port, GraphError> {
    let refuse = |problem: String| GraphError::BadPort { kind: "input", name: input.name.clone(), problem };
    let tensor = tensor_type(input)
        .ok_or_else(|| refuse("only tensors can be fed; sequences, maps and optionals are not supported".to_owned()))?;
    let dtype = DataType::try_from(tensor.elem_type)
        .map_err(|_| refuse(format!("element type {} is not one of ONNX", tensor.elem_type)))?;
    if dtype == DataType::String {
        return Err(refuse(
            "it takes strings, which are not supported; encode categories as numbers before the model (for \
             scikit-learn: fit the encoder outside the exported pipeline)"
                .to_owned(),
        ));
    }
    element_bytes(dtype).map_err(&refuse)?;
    let shape = declared_shape(tensor)
        .ok_or_else(|| refuse("its shape is unknown; export the model with input shapes".to_owned()))?;
    let mut fixed = Vec::new();
    for dim in &tensor.shape.as_ref().expect("a declared shape exists, see above").dim {
        if let Some(tensor_shape_proto::dimension::Value::DimValue(size)) = dim.value {
            if size < -1 {
                return Err(refuse(format!("a dimension is negative: {size}")));
            }
            fixed.push(size.max(1));
        }
    }
    elements(&fixed).map_err(refuse)?;
    Ok(Port { name: input.name.clone(), dtype, shape })
}

/// The number of elements of a shape.
pub(super) fn elements(dims: &[i64]) -> Result<u64, String> {
    let mut product = 1_u64;
    for &dim in dims {
        let dim = u64::try_from(dim).map_err(|_| format!("a dimension is negative: {dim}"))?;
        product = product
            .checked_mul(dim)
            .filter(|&product| product <= MAX_ELEMENTS)
            .ok_or_else(|| format!("it has more than {MAX_ELEMENTS} elements: {dims:?}"))?;
    }
    Ok(product)
}

fn node_attribute(node: &NodeProto, attribute: &AttributeProto) -> Result<(), GraphError> {
    for value in attribute.t.iter().chain(&attribute.tensors) {
        tensor(value).map_err(|problem| GraphError::BadTensor {
            place: format!("node `{}` ({}), attribute `{}`", node_name(node), node.op_type, attribute.name),
            problem,
        })?;
    }
    for graph in attribute.g.iter().chain(&attribute.graphs) {
        tensors(graph)?;
    }
    Ok(())
}

fn tensor(tensor: &TensorProto) -> Result<(), String> {
    let dtype = DataType::try_from(tensor.data_type)
        .map_err(|_| format!("element type {} is not one of ONNX", tensor.data_type))?;
    let elements = elements(&tensor.dims)?;
    if tensor.data_location == Some(DataLocation::External as i32) || !tensor.external_data.is_empty() {
        let location = tensor.external_data.iter().find(|entry| entry.key == "location");
        let location = location.map(|entry| entry.value.as_str()).unwrap_or_default();
        return Err(format!(
            "its data is in another file (`{}`); save the model as one file: \
             onnx.save(onnx.load(path), path, save_as_external_data=False)",
            location.escape_default()
        ));
    }
    if tensor.raw_data.is_empty() {
        let typed = [
            tensor.float_data.len(),
            tensor.int32_data.len(),
            tensor.int64_data.len(),
            tensor.double_data.len(),
            tensor.uint64_data.len(),
            tensor.string_data.len(),
        ];
        let stored = typed.into_iter().max().unwrap_or_default() as u64;
        if stored != elements {
            return Err(format!("its shape {:?} needs {elements} elements but it holds {stored}", tensor.dims));
        }
        if dtype != DataType::String {
            element_bytes(dtype)?;
        }
        return Ok(());
    }
    let expected = elements * element_bytes(dtype)?;
    if tensor.raw_data.len() as u64 != expected {
        return Err(format!(
            "its shape {:?} needs {expected} bytes but it holds {}",
            tensor.dims,
            tensor.raw_data.len()
        ));
    }
    Ok(())
}

/// The size of one element, for the types that tract has.
fn element_bytes(dtype: DataType) -> Result<u64, String> {
    match dtype {
        DataType::Bool | DataType::Uint8 | DataType::Int8 => Ok(1),
        DataType::Uint16 | DataType::Int16 | DataType::Float16 => Ok(2),
        DataType::Uint32 | DataType::Int32 | DataType::Float => Ok(4),
        DataType::Uint64 | DataType::Int64 | DataType::Double => Ok(8),
        other => Err(format!("element type {} is not supported; export with float32", other.as_str_name())),
    }
}

/// Integer vectors that the file states, by tensor name.
fn stated_integers(graph: &GraphProto) -> HashMap<&str, Vec<i64>> {
    let initializers = graph.initializer.iter().map(|tensor| (tensor.name.as_str(), tensor));
    let constants = graph.node.iter().filter(|node| node.op_type == "Constant").filter_map(|node| {
        let tensor = node.attribute.iter().find_map(|attribute| attribute.t.as_ref())?;
        Some((node.output.first()?.as_str(), tensor))
    });
    initializers
        .chain(constants)
        .filter(|(_, tensor)| tensor.data_type == DataType::Int64 as i32)
        .map(|(name, tensor)| (name, integers(tensor)))
        .collect()
}

/// The elements of an `int64` tensor.
pub(crate) fn integers(tensor: &TensorProto) -> Vec<i64> {
    if tensor.raw_data.is_empty() {
        return tensor.int64_data.clone();
    }
    tensor.raw_data.as_chunks::<8>().0.iter().map(|bytes| i64::from_le_bytes(*bytes)).collect()
}
