//! A raw tensor, passed to the graph as it is.

use spaces::interface::{Component, Field};
use spaces::value::{Dtype, Value};
use tract_onnx::prelude::Tensor;

use super::{Binding, FieldParts, InputError, Resolved, Rows, invalid, required};
use crate::graph::{Axis, Port};
use crate::model::datum_type;
use crate::output::dtype;
use crate::runner::CallError;

/// One field that is one tensor.
#[derive(Debug)]
pub(super) struct Raw {
    port: usize,
    field: usize,
    dtype: Dtype,
    shape: Vec<Option<u64>>,
}

pub(super) fn resolve(
    field: usize,
    ports: &[Port],
    index: usize,
    resolved: &mut Resolved,
) -> Result<(Binding, Vec<FieldParts>), InputError> {
    let port = &ports[index];
    let sizes: Vec<Option<usize>> =
        (0..).zip(&port.shape).map(|(number, axis)| size(number, axis, resolved.rows)).collect();
    resolved.set(port, index, &sizes)?;
    let shape: Vec<Option<u64>> = sizes.iter().map(|size| size.map(|size| size as u64)).collect();
    let element = datum_type(port.dtype).and_then(dtype);
    let dtype = element
        .ok_or_else(|| InputError::BadType { tensor: port.name.clone(), dtype: port.dtype.as_str_name().to_owned() })?;
    let component = Component::Tensor { dtype, shape: shape.clone() };
    Ok((Binding::Raw(Raw { port: index, field, dtype, shape }), vec![(component, None)]))
}

fn size(number: usize, axis: &Axis, rows: Rows) -> Option<usize> {
    match axis {
        Axis::Fixed(size) => Some(usize::try_from(*size).unwrap_or(usize::MAX)),
        Axis::Named(_) | Axis::Free if number == 0 && rows == Rows::One => Some(1),
        Axis::Named(_) | Axis::Free => None,
    }
}

impl Raw {
    pub(super) fn feed(
        &self,
        values: &[Value],
        fields: &[Field],
        tensors: &mut [Option<Tensor>],
    ) -> Result<(), CallError> {
        let field = &fields[self.field];
        let value = match &values[self.field] {
            Value::Tensor(value) => value,
            Value::Null => return Err(required(field)),
            _ => return Err(invalid(field, "a tensor is required")),
        };
        let fits = value.shape.len() == self.shape.len()
            && value
                .shape
                .iter()
                .zip(&self.shape)
                .all(|(size, expected)| expected.is_none_or(|expected| expected == *size));
        if !fits {
            let expected: Vec<String> =
                self.shape.iter().map(|size| size.map_or_else(|| "any".to_owned(), |size| size.to_string())).collect();
            return Err(invalid(field, format!("its shape is {:?}, not [{}]", value.shape, expected.join(", "))));
        }
        if value.dtype != self.dtype {
            return Err(invalid(
                field,
                format!("its elements are {:?}, not {:?}", value.dtype, self.dtype).to_lowercase(),
            ));
        }
        let tensor = crate::output::tensor_from(value).map_err(|message| invalid(field, message))?;
        tensors[self.port] = Some(tensor);
        Ok(())
    }
}
