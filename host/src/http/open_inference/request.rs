//! A request in JSON, with or without the tensors behind it.

use axum::http::StatusCode;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use spaces::interface::check::MAX_FIELDS;
use spaces::value::MAX_TENSOR_RANK;

use super::body::Source;
use super::datatype::Datatype;
use super::elements::{self, Bounded, quote_not_finite};
use super::input::{Input, invalid, raw_size};
use crate::http::error::ApiError;

/// The longest `id` that is echoed, in bytes.
const MAX_ID_BYTES: usize = 1024;

/// What a request asks for.
pub(super) struct InferRequest {
    pub(super) id: Option<String>,
    pub(super) inputs: Vec<Input>,
    pub(super) outputs: WantedOutputs,
}

/// Which outputs are answered, and how.
pub(super) enum WantedOutputs {
    All { binary: bool },
    These(Vec<WantedOutput>),
}

/// One output that is asked for.
pub(super) struct WantedOutput {
    pub(super) name: String,
    pub(super) binary: bool,
}

#[derive(Deserialize)]
struct Document<'a> {
    id: Option<String>,
    #[serde(borrow, default)]
    inputs: Bounded<InputEntry<'a>, MAX_FIELDS>,
    outputs: Option<Bounded<OutputEntry, MAX_FIELDS>>,
    parameters: Option<Parameters>,
}

#[derive(Deserialize)]
struct InputEntry<'a> {
    name: String,
    datatype: String,
    shape: Bounded<u64, MAX_TENSOR_RANK>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    parameters: Option<Parameters>,
}

#[derive(Deserialize)]
struct OutputEntry {
    name: String,
    parameters: Option<Parameters>,
}

/// Those that mean something here; others are passed over.
#[derive(Default, Deserialize)]
struct Parameters {
    binary_data_size: Option<u64>,
    binary_data: Option<bool>,
    binary_data_output: Option<bool>,
    classification: Option<IgnoredAny>,
    shared_memory_region: Option<IgnoredAny>,
}

/// A tensor that the JSON announces: with it, or behind it.
enum Announced<'a> {
    Here(&'a RawValue),
    Behind { n_bytes: usize },
}

impl InferRequest {
    /// Reads a request whose JSON takes `head_bytes`, or all of the body where none is said.
    ///
    /// # Errors
    /// 400 where it is none; what the source says where the body does not come.
    pub(super) async fn read(mut source: Source, head_bytes: Option<usize>) -> Result<Self, ApiError> {
        let head = match head_bytes {
            Some(n_bytes) => source.take(n_bytes, "the JSON").await?,
            None => source.take_rest().await?.into(),
        };
        let head = quote_not_finite(&head);
        let document: Document<'_> = serde_json::from_slice(&head).map_err(|error| not_json(&error))?;
        let mut inputs = Vec::with_capacity(document.inputs.0.len());
        for entry in document.inputs.0 {
            let InputEntry { name, datatype, shape: Bounded(shape), data, parameters } = entry;
            let datatype = parse_datatype(&name, &datatype)?;
            match announced(&name, data, &parameters.unwrap_or_default())? {
                Announced::Here(data) => inputs.push(elements::read(name, datatype, shape, data)?),
                Announced::Behind { n_bytes } => {
                    // Before anything is read for it.
                    if let Some(wanted) = raw_size(&name, datatype, &shape)?
                        && wanted != n_bytes as u64
                    {
                        let problem = format_args!(
                            "{datatype} of shape {shape:?} takes {wanted} bytes, but `binary_data_size` is {n_bytes}"
                        );
                        return Err(invalid(&name, problem));
                    }
                    let bytes = source.take(n_bytes, &format!("input `{name}`")).await?;
                    inputs.push(Input::from_raw(name, datatype, shape, bytes)?);
                }
            }
        }
        source.end().await?;
        let id = document.id.filter(|id| id.len() <= MAX_ID_BYTES);
        Ok(Self { id, inputs, outputs: wanted_outputs(document.outputs, document.parameters)? })
    }
}

/// The datatype of an input.
///
/// # Errors
/// 400 where there is none of that name.
pub(super) fn parse_datatype(name: &str, text: &str) -> Result<Datatype, ApiError> {
    text.parse().map_err(|_| {
        let given: String = text.chars().filter(|c| !c.is_control()).take(20).collect();
        let known = "BOOL, UINT8 to UINT64, INT8 to INT64, FP16, FP32, FP64 or BYTES";
        invalid(name, format_args!("`{given}` is not a datatype; use {known}"))
    })
}

/// 400 for tensors that are said to lie in memory of this machine.
pub(super) fn shared_memory(name: &str) -> ApiError {
    invalid(name, "shared memory is not supported; send the tensor with the request")
}

/// 400 for a ranking in place of an output.
pub(super) fn classification(name: &str) -> ApiError {
    let message = format!("output `{name}`: `classification` is not supported; ask for the output and rank it");
    ApiError::new(StatusCode::BAD_REQUEST, "invalid_output", message)
}

fn announced<'a>(name: &str, data: Option<&'a RawValue>, parameters: &Parameters) -> Result<Announced<'a>, ApiError> {
    if parameters.shared_memory_region.is_some() {
        return Err(shared_memory(name));
    }
    match (data, parameters.binary_data_size) {
        (Some(data), None) => Ok(Announced::Here(data)),
        (None, Some(n_bytes)) => Ok(Announced::Behind { n_bytes: usize::try_from(n_bytes).unwrap_or(usize::MAX) }),
        (None, None) => Err(invalid(name, "it has neither `data` nor `parameters.binary_data_size`")),
        (Some(_), Some(_)) => Err(invalid(name, "it has both `data` and `parameters.binary_data_size`")),
    }
}

fn wanted_outputs(
    outputs: Option<Bounded<OutputEntry, MAX_FIELDS>>,
    parameters: Option<Parameters>,
) -> Result<WantedOutputs, ApiError> {
    let binary = parameters.and_then(|parameters| parameters.binary_data_output).unwrap_or(false);
    let entries = match outputs {
        Some(Bounded(entries)) if !entries.is_empty() => entries,
        _ => return Ok(WantedOutputs::All { binary }),
    };
    let wanted = entries.into_iter().map(|OutputEntry { name, parameters }| {
        let parameters = parameters.unwrap_or_default();
        if parameters.classification.is_some() {
            return Err(classification(&name));
        }
        if parameters.shared_memory_region.is_some() {
            let message = format!("output `{name}`: shared memory is not supported; take the output with the answer");
            return Err(ApiError::new(StatusCode::BAD_REQUEST, "invalid_output", message));
        }
        Ok(WantedOutput { name, binary: parameters.binary_data.unwrap_or(binary) })
    });
    wanted.collect::<Result<_, _>>().map(WantedOutputs::These)
}

fn not_json(error: &serde_json::Error) -> ApiError {
    let message = format!("the request is not JSON of the protocol's form: {error}");
    ApiError::new(StatusCode::BAD_REQUEST, "invalid_json", message)
}
