//! Numbers, menus and ticks: one column each of a `[1, n]` tensor.

use spaces::interface::{Component, Field, NumberRange};
use spaces::manifest::{InputKind, InputSpec};
use spaces::value::Value;
use tract_onnx::prelude::{DatumType, Tensor};

use super::{Binding, FieldParts, InputError, Resolved, invalid, required};
use crate::graph::{Axis, Port};
use crate::model::datum_type;
use crate::runner::CallError;

/// Columns of one tensor, each from a field.
#[derive(Debug)]
pub(super) struct Features {
    port: usize,
    dtype: DatumType,
    shape: Vec<usize>,
    columns: Vec<Column>,
}

#[derive(Debug)]
struct Column {
    field: usize,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Number,
    /// The number fed for each choice.
    Choice(Vec<(String, f64)>),
    Tick,
}

pub(super) fn resolve(
    specs: &[(usize, &InputSpec)],
    ports: &[Port],
    index: usize,
    resolved: &mut Resolved,
) -> Result<(Binding, Vec<FieldParts>), InputError> {
    let port = &ports[index];
    let mut columns = Vec::with_capacity(specs.len());
    let mut parts = Vec::with_capacity(specs.len());
    for &(field, spec) in specs {
        let (source, part) = column(spec)?;
        columns.push(Column { field, source });
        parts.push(part);
    }
    let shape = shape_for(port, columns.len());
    if shape.iter().product::<usize>() != columns.len() {
        return Err(InputError::Mismatch {
            tensor: port.name.clone(),
            expected: format!("{} numbers (shape {shape:?})", shape.iter().product::<usize>()),
            given: format!(
                "{}: {}",
                columns.len(),
                specs.iter().map(|(_, spec)| &*spec.name).collect::<Vec<_>>().join(", ")
            ),
        });
    }
    let sizes: Vec<Option<usize>> = shape.iter().copied().map(Some).collect();
    resolved.set(port, index, &sizes)?;
    let dtype = datum_type(port.dtype).unwrap_or(DatumType::F32);
    Ok((Binding::Features(Features { port: index, dtype, shape, columns }), parts))
}

impl Features {
    pub(super) fn feed(
        &self,
        values: &[Value],
        fields: &[Field],
        tensors: &mut [Option<Tensor>],
    ) -> Result<(), CallError> {
        let mut row = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            let field = &fields[column.field];
            let number = match (&column.source, &values[column.field]) {
                (_, Value::Null) => return Err(required(field)),
                (Source::Number, Value::Number(number)) => *number,
                (Source::Number, Value::Integer(number)) => *number as f64,
                (Source::Number, Value::Boolean(on)) | (Source::Tick, Value::Boolean(on)) => f64::from(u8::from(*on)),
                (Source::Choice(choices), Value::Text(text)) => {
                    match choices.iter().find(|(choice, _)| choice == text) {
                        Some((_, number)) => *number,
                        None => {
                            return Err(invalid(field, format!("`{text}` is not one of the choices")));
                        }
                    }
                }
                (Source::Number, _) => return Err(invalid(field, "a number is required")),
                (Source::Choice(_), _) => {
                    return Err(invalid(field, "one of the choices is required"));
                }
                (Source::Tick, _) => return Err(invalid(field, "true or false is required")),
            };
            if !number.is_finite() {
                return Err(invalid(field, "a finite number is required"));
            }
            row.push(number);
        }
        let tensor =
            Tensor::from_shape(&self.shape, &row).and_then(|tensor| Ok(tensor.cast_to_dt(self.dtype)?.into_owned()));
        tensors[self.port] = Some(tensor.map_err(|error| CallError::Failed(format!("{error:#}")))?);
        Ok(())
    }
}

/// The port's shape for one row of `count` features: a free last dimension takes them all, other free ones are 1.
fn shape_for(port: &Port, count: usize) -> Vec<usize> {
    let last = port.shape.len().saturating_sub(1);
    let size = |(number, axis): (usize, &Axis)| match axis {
        Axis::Fixed(size) => usize::try_from(*size).unwrap_or(usize::MAX),
        Axis::Named(_) | Axis::Free if number == last && number > 0 => count,
        Axis::Named(_) | Axis::Free => 1,
    };
    port.shape.iter().enumerate().map(size).collect()
}

fn column(spec: &InputSpec) -> Result<(Source, FieldParts), InputError> {
    let refuse = |problem: &str| InputError::BadField { field: spec.name.clone(), problem: problem.to_owned() };
    Ok(match &spec.kind {
        InputKind::Number { minimum, maximum, step, default } => {
            let range = NumberRange { minimum: *minimum, maximum: *maximum, step: *step };
            (Source::Number, (Component::Number(range), default.map(Value::Number)))
        }
        InputKind::Slider { minimum, maximum, step, default } => {
            let range = NumberRange { minimum: Some(*minimum), maximum: Some(*maximum), step: *step };
            (Source::Number, (Component::Slider(range), Some(Value::Number(default.unwrap_or(*minimum)))))
        }
        InputKind::Dropdown { choices, values, default } => {
            let numbers: Vec<f64> = match values {
                Some(values) if values.len() == choices.len() => values.clone(),
                Some(_) => return Err(refuse("`values` must have one number per choice")),
                None => (0..choices.len()).map(|index| index as f64).collect(),
            };
            if default.as_ref().is_some_and(|default| !choices.contains(default)) {
                return Err(refuse("`default` is not one of the choices"));
            }
            let component = Component::dropdown(choices.clone(), false);
            let source = Source::Choice(choices.iter().cloned().zip(numbers).collect());
            (source, (component, default.clone().map(Value::Text)))
        }
        InputKind::Checkbox { default } => (Source::Tick, (Component::Checkbox, Some(Value::Boolean(*default)))),
        InputKind::Image(_) | InputKind::Text(_) | InputKind::Tensor {} => {
            return Err(refuse("only numbers, sliders, menus and ticks are features"));
        }
    })
}
