//! From the tensors of the graph to the values of an answer.

mod embedding;
mod guess;
mod label;
mod picture;
mod tensor;

use spaces::interface::{Component, Field};
use spaces::manifest::{OutputKind, OutputSpec, Pooling};
use spaces::value::{Cell, Column, Value};
use tract_onnx::prelude::Tensor;

use crate::assets::Assets;
use crate::input::{Rows, TokenMask};
use crate::model;
use crate::names::label_for;
use crate::runner::CallError;
use crate::sklearn::Scores;

pub(crate) use tensor::{dtype, tensor_from, value_from as tensor_to_value};

/// The most rows and columns of a table.
const MAX_TABLE_CELLS: usize = 100_000;

/// Why the outputs of a space do not fit its graph.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    #[error("output `{field}`: the graph has no output `{tensor}`; it has {}", listed(.known))]
    NoSuchTensor { field: String, tensor: String, known: Vec<String> },
    #[error("output `{field}`: set `tensor` to the graph output that it shows, one of {}", listed(.known))]
    AmbiguousTensor { field: String, known: Vec<String> },
    #[error("output `{field}`: {problem}")]
    BadField { field: String, problem: String },
}

/// The outputs of a space, tied to those of its graph.
#[derive(Debug)]
pub struct Outputs {
    fields: Vec<Field>,
    bindings: Vec<Binding>,
    /// As the manifest writes them, or could have.
    specs: Vec<OutputSpec>,
}

#[derive(Debug)]
struct Binding {
    /// The graph output.
    index: usize,
    name: String,
    form: Form,
}

/// What a tensor becomes.
#[derive(Debug)]
enum Form {
    Label(label::Label),
    Number { scale: f64, offset: f64 },
    Tensor,
    Table { headers: Vec<String> },
    Embedding { pooling: Pooling, normalize: bool },
    Similarity { pooling: Pooling, texts: Vec<String> },
    Picture(picture::Picture),
}

/// Which outputs of the graph are wanted: those of the manifest, else all that tell something of their own.
///
/// A classifier's label output is left out where its scores are there too: the scores tell the label.
///
/// # Errors
/// [`OutputError`] names the output of the manifest.
pub fn wanted(
    specs: &[OutputSpec],
    graph: &crate::graph::Graph,
    scores: &[Scores],
) -> Result<Vec<String>, OutputError> {
    let known = graph.outputs();
    if specs.is_empty() {
        return Ok(guess::wanted(graph, scores));
    }
    specs.iter().map(|spec| Ok(known[find_output(spec, &known, scores)?].clone())).collect()
}

impl Outputs {
    /// Ties the outputs of the manifest to those of the built model; without any, the graph decides.
    ///
    /// `texts` are the labels of the text inputs.
    ///
    /// # Errors
    /// [`OutputError`] names the output of the manifest.
    pub fn resolve(
        specs: &[OutputSpec],
        outputs: &[model::OutputSpec],
        scores: &[Scores],
        texts: &[String],
        rows: Rows,
        assets: &dyn Assets,
    ) -> Result<Self, OutputError> {
        let specs = match specs {
            [] => guess::outputs(outputs, scores, rows),
            given => given.to_vec(),
        };
        let known: Vec<String> = outputs.iter().map(|output| output.name.clone()).collect();
        let mut fields = Vec::with_capacity(specs.len());
        let mut bindings = Vec::with_capacity(specs.len());
        for spec in &specs {
            let index = find_output(spec, &known, scores)?;
            let output = &outputs[index];
            let refuse = |problem: String| OutputError::BadField { field: spec.name.clone(), problem };
            let classes =
                scores.iter().find(|scores| scores.output == output.name).and_then(|scores| scores.classes.as_ref());
            let (form, component) = form(spec, output, classes, texts, assets).map_err(refuse)?;
            fields.push(Field {
                name: spec.name.clone(),
                label: spec.label.clone().unwrap_or_else(|| label_for(&spec.name)),
                info: spec.info.clone(),
                component,
                default: None,
                optional: false,
            });
            bindings.push(Binding { index, name: spec.name.clone(), form });
        }
        Ok(Self { fields, bindings, specs })
    }

    /// The fields as a manifest writes them.
    pub fn specs(&self) -> &[OutputSpec] {
        &self.specs
    }

    /// The fields of an answer, in order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Turns the tensors of a run into one value per field.
    ///
    /// # Errors
    /// [`CallError::Failed`] names the output.
    pub fn read(&self, tensors: &[Tensor], mask: Option<&TokenMask>) -> Result<Vec<Value>, CallError> {
        let mut values = Vec::with_capacity(self.bindings.len());
        for binding in &self.bindings {
            let value = tensors
                .get(binding.index)
                .ok_or_else(|| "the model gave no such output".to_owned())
                .and_then(|tensor| binding.form.read(tensor, mask));
            values.push(value.map_err(|problem| CallError::Failed(format!("output `{}`: {problem}", binding.name)))?);
        }
        Ok(values)
    }
}

impl Form {
    fn read(&self, value: &Tensor, mask: Option<&TokenMask>) -> Result<Value, String> {
        match self {
            Self::Label(label) => label.read(&tensor::numbers(value)?),
            Self::Number { scale, offset } => {
                let first = tensor::numbers(value)?.first().copied().ok_or("the model gave an empty tensor")?;
                Ok(Value::Number(first * scale + offset))
            }
            Self::Tensor => Ok(Value::Tensor(tensor::value_from(value)?)),
            Self::Table { headers } => table(value, headers),
            Self::Embedding { pooling, normalize } => {
                let rows = embedding::pool(value, *pooling, mask)?;
                Ok(embedding::table(if *normalize { embedding::normalized(rows) } else { rows }))
            }
            Self::Similarity { pooling, texts } => {
                embedding::similarity(&embedding::normalized(embedding::pool(value, *pooling, mask)?), texts)
            }
            Self::Picture(picture) => picture.read(value),
        }
    }
}

fn form(
    spec: &OutputSpec,
    output: &model::OutputSpec,
    classes: Option<&Vec<String>>,
    texts: &[String],
    assets: &dyn Assets,
) -> Result<(Form, Component), String> {
    Ok(match &spec.kind {
        OutputKind::Label { labels, softmax, top } => {
            let label = label::Label::resolve(labels.as_ref(), *softmax, *top, output, classes, assets)?;
            let component = Component::Label { top: label.drawn() };
            (Form::Label(label), component)
        }
        OutputKind::Number { scale, offset } => (
            Form::Number { scale: scale.unwrap_or(1.0), offset: offset.unwrap_or(0.0) },
            Component::Number(spaces::interface::NumberRange::default()),
        ),
        OutputKind::Tensor {} => {
            let dtype =
                dtype(output.dtype).ok_or_else(|| format!("element type {:?} is not supported", output.dtype))?;
            let shape = output.shape.iter().map(|size| size.map(|size| size as u64)).collect();
            (Form::Tensor, Component::Tensor { dtype, shape })
        }
        OutputKind::Table { headers } => {
            let headers = match output.shape.last() {
                Some(Some(columns)) if headers.is_empty() => (0..*columns).map(|column| column.to_string()).collect(),
                Some(Some(columns)) if headers.len() != *columns => {
                    return Err(format!(
                        "{} `headers` do not fit the {columns} columns of `{}`",
                        headers.len(),
                        output.name
                    ));
                }
                _ => headers.clone(),
            };
            (Form::Table { headers: headers.clone() }, Component::dataframe(headers))
        }
        OutputKind::Embedding { pooling, normalize } => {
            embedding::check(output, *pooling)?;
            let form = Form::Embedding { pooling: *pooling, normalize: *normalize };
            (form, Component::dataframe(Vec::new()))
        }
        OutputKind::Similarity { pooling } => {
            embedding::check(output, *pooling)?;
            let component = match texts.len() {
                0 | 1 => return Err("a similarity needs at least two text inputs".to_owned()),
                2 => Component::Number(spaces::interface::NumberRange::default()),
                _ => Component::Label { top: None },
            };
            (Form::Similarity { pooling: *pooling, texts: texts.to_vec() }, component)
        }
        OutputKind::Image { layout, scale } => {
            (Form::Picture(picture::Picture::resolve(*layout, *scale, output)?), Component::image())
        }
    })
}

/// A vector as one row, a matrix as it is.
fn table(value: &Tensor, headers: &[String]) -> Result<Value, String> {
    let numbers = tensor::numbers(value)?;
    let columns = value.shape().last().copied().unwrap_or(1).max(1);
    if numbers.len() > MAX_TABLE_CELLS {
        return Err(format!("{} cells are more than {MAX_TABLE_CELLS}", numbers.len()));
    }
    let integer = value.datum_type().is_integer();
    let cell = |number: f64| {
        if integer { Cell::Integer(number as i64) } else { Cell::Number(number) }
    };
    let column = |index: usize| Column {
        name: headers.get(index).cloned().unwrap_or_else(|| index.to_string()),
        cells: numbers.iter().skip(index).step_by(columns).copied().map(cell).collect(),
    };
    Ok(Value::Table((0..columns).map(column).collect()))
}

fn find_output(spec: &OutputSpec, known: &[String], scores: &[Scores]) -> Result<usize, OutputError> {
    let by_name = |name: &str| known.iter().position(|other| other == name);
    if let Some(tensor) = &spec.tensor {
        return by_name(tensor).ok_or_else(|| OutputError::NoSuchTensor {
            field: spec.name.clone(),
            tensor: tensor.clone(),
            known: known.to_vec(),
        });
    }
    // A classifier exports its label beside its scores; a label component means the scores.
    let only_scores = match scores {
        [only] if matches!(spec.kind, OutputKind::Label { .. }) => by_name(&only.output),
        _ => None,
    };
    let only = (known.len() == 1).then_some(0);
    only_scores
        .or_else(|| by_name(&spec.name))
        .or(only)
        .ok_or_else(|| OutputError::AmbiguousTensor { field: spec.name.clone(), known: known.to_vec() })
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
