//! Between messages and the tensors of the JSON form.

use axum::http::StatusCode;
use bytes::{Bytes, BytesMut};
use spaces::interface::check::MAX_FIELDS;
use spaces::value::{Dtype, MAX_TENSOR_RANK};

use super::proto::infer_parameter::ParameterChoice;
use super::proto::model_infer_request::InferInputTensor;
use super::proto::model_infer_response::InferOutputTensor;
use super::proto::{
    DataType, InferParameter, InferTensorContents, ModelConfig, ModelDynamicBatching, ModelInferRequest,
    ModelInferResponse, ModelInput, ModelOutput, ModelTransactionPolicy, model_config,
};
use crate::http::error::ApiError;
use crate::http::open_inference::datatype::Datatype;
use crate::http::open_inference::describe::{Description, PLATFORM, TensorDescription};
use crate::http::open_inference::input::{Data, Input, bounded_elements, invalid, n_elements};
use crate::http::open_inference::model::Model;
use crate::http::open_inference::output::Output;
use crate::http::open_inference::request::{
    WantedOutput, WantedOutputs, classification, parse_datatype, shared_memory,
};

const SHARED_MEMORY: &str = "shared_memory_region";
const CLASSIFICATION: &str = "classification";

/// The inputs of a request, each out of its contents or of the raw ones.
///
/// # Errors
/// 400 naming the input.
pub(super) fn inputs(request: &mut ModelInferRequest) -> Result<Vec<Input>, ApiError> {
    let tensors = std::mem::take(&mut request.inputs);
    let raw = std::mem::take(&mut request.raw_input_contents);
    if tensors.len() > MAX_FIELDS {
        let message = format!("there are more than {MAX_FIELDS} inputs");
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "invalid_input", message));
    }
    if !raw.is_empty() && raw.len() != tensors.len() {
        let message = format!("there are {} raw contents for {} inputs", raw.len(), tensors.len());
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "invalid_input", message));
    }
    let mut raw = raw.into_iter();
    tensors.into_iter().map(|tensor| input(tensor, raw.next())).collect()
}

fn input(tensor: InferInputTensor, raw: Option<Bytes>) -> Result<Input, ApiError> {
    let InferInputTensor { name, datatype, shape, parameters, contents } = tensor;
    if parameters.contains_key(SHARED_MEMORY) {
        return Err(shared_memory(&name));
    }
    let datatype = parse_datatype(&name, &datatype)?;
    if shape.len() > MAX_TENSOR_RANK {
        return Err(invalid(&name, format_args!("the tensor has more than {MAX_TENSOR_RANK} dimensions")));
    }
    let shape = shape.iter().map(|dimension| u64::try_from(*dimension)).collect::<Result<Vec<u64>, _>>();
    let shape = shape.map_err(|_| invalid(&name, "a dimension is below 0"))?;
    match (raw, contents) {
        (Some(_), Some(contents)) if contents != InferTensorContents::default() => {
            Err(invalid(&name, "it has both `contents` and `raw_input_contents`"))
        }
        // A slice of the message, copied once into what the guest is handed.
        (Some(bytes), _) => Input::from_raw(name, datatype, shape, bytes.into()),
        (None, contents) => typed(name, datatype, shape, contents.unwrap_or_default()),
    }
}

fn typed(name: String, datatype: Datatype, shape: Vec<u64>, contents: InferTensorContents) -> Result<Input, ApiError> {
    let outside = || invalid(&name, format_args!("an element is not of type {datatype}"));
    let dtype = match datatype {
        Datatype::Fixed(dtype) => dtype,
        Datatype::Bf16 => return Err(invalid(&name, "BF16 has no typed contents; send FP32")),
        Datatype::Bytes => {
            let elements: Vec<Vec<u8>> = contents.bytes_contents.into_iter().map(Vec::from).collect();
            if elements.len() != bounded_elements(&name, &shape)? {
                let problem = format_args!("the shape {shape:?} does not fit {} elements", elements.len());
                return Err(invalid(&name, problem));
            }
            return Ok(Input { name, datatype, shape, data: Data::Bytes(elements) });
        }
    };
    let bytes: Option<Vec<u8>> = match dtype {
        Dtype::Boolean => Some(contents.bool_contents.into_iter().map(u8::from).collect()),
        Dtype::S8 => narrow(contents.int_contents, i8::to_le_bytes),
        Dtype::S16 => narrow(contents.int_contents, i16::to_le_bytes),
        Dtype::S32 => narrow(contents.int_contents, i32::to_le_bytes),
        Dtype::S64 => narrow(contents.int64_contents, i64::to_le_bytes),
        Dtype::U8 => narrow(contents.uint_contents, u8::to_le_bytes),
        Dtype::U16 => narrow(contents.uint_contents, u16::to_le_bytes),
        Dtype::U32 => narrow(contents.uint_contents, u32::to_le_bytes),
        Dtype::U64 => narrow(contents.uint64_contents, u64::to_le_bytes),
        Dtype::F32 => narrow(contents.fp32_contents, f32::to_le_bytes),
        Dtype::F64 => narrow(contents.fp64_contents, f64::to_le_bytes),
        Dtype::F16 => return Err(invalid(&name, "FP16 has no typed contents; send it in `raw_input_contents`")),
    };
    let bytes = bytes.ok_or_else(outside)?;
    let given = (bytes.len() / dtype.size_bytes()) as u64;
    if n_elements(&shape) != Some(given) {
        return Err(invalid(
            &name,
            format_args!("the shape {shape:?} does not fit the {given} elements of its contents"),
        ));
    }
    Input::from_raw(name, datatype, shape, bytes)
}

/// The bytes of elements that come in a wider type; none where one does not fit.
fn narrow<W, N: TryFrom<W>, const SIZE: usize>(elements: Vec<W>, bytes: fn(N) -> [u8; SIZE]) -> Option<Vec<u8>> {
    let mut all = Vec::with_capacity(elements.len() * SIZE);
    for element in elements {
        all.extend(bytes(N::try_from(element).ok()?));
    }
    Some(all)
}

/// The outputs that a request asks for.
///
/// # Errors
/// 400 for a form of an output that there is not.
pub(super) fn wanted(request: &ModelInferRequest) -> Result<WantedOutputs, ApiError> {
    if request.outputs.is_empty() {
        return Ok(WantedOutputs::All { binary: true });
    }
    let wanted = request.outputs.iter().take(MAX_FIELDS).map(|output| {
        if output.parameters.contains_key(CLASSIFICATION) {
            return Err(classification(&output.name));
        }
        if output.parameters.contains_key(SHARED_MEMORY) {
            return Err(shared_memory(&output.name));
        }
        Ok(WantedOutput { name: output.name.clone(), binary: true })
    });
    wanted.collect::<Result<_, _>>().map(WantedOutputs::These)
}

/// An answer without outputs.
pub(super) fn response(model: &Model, id: &str) -> ModelInferResponse {
    ModelInferResponse {
        model_name: model.to_string(),
        model_version: model.version(),
        id: id.to_owned(),
        ..ModelInferResponse::default()
    }
}

/// Adds an output, raw; the number of its bytes.
pub(super) fn push(response: &mut ModelInferResponse, output: Output) -> usize {
    let shape = output.shape.iter().map(|dimension| i64::try_from(*dimension).unwrap_or(i64::MAX)).collect();
    let (name, datatype) = (output.name.clone(), output.datatype.to_string());
    response.outputs.push(InferOutputTensor { name, datatype, shape, ..InferOutputTensor::default() });
    let (mut pieces, n_bytes) = output.into_pieces();
    let raw = match pieces.pop() {
        Some(only) if pieces.is_empty() => only,
        last => {
            let mut whole = BytesMut::with_capacity(n_bytes);
            pieces.iter().chain(&last).for_each(|piece| whole.extend_from_slice(piece));
            whole.freeze()
        }
    };
    response.raw_output_contents.push(raw);
    n_bytes
}

/// Says whether more answers to the same request come: Triton's name for it.
pub(super) fn set_final(response: &mut ModelInferResponse, is_final: bool) {
    let parameter = InferParameter { parameter_choice: Some(ParameterChoice::BoolParam(is_final)) };
    response.parameters.insert("triton_final_response".to_owned(), parameter);
}

/// The configuration of a model, as Triton's tools read it.
pub(super) fn config(model: &Model) -> ModelConfig {
    let Description { name, inputs, outputs, batching, streams, .. } = Description::of(model);
    let batched = batching.is_some();
    let data_type = |tensor: &TensorDescription| {
        let name = format!("TYPE_{}", tensor.datatype.config_name());
        DataType::from_str_name(&name).unwrap_or(DataType::TypeInvalid) as i32
    };
    let input = |tensor: &TensorDescription| ModelInput {
        name: tensor.name.clone(),
        data_type: data_type(tensor),
        dims: tensor.dims(batched).to_vec(),
        optional: tensor.optional,
    };
    let output = |tensor: &TensorDescription| ModelOutput {
        name: tensor.name.clone(),
        data_type: data_type(tensor),
        dims: tensor.dims(batched).to_vec(),
    };
    ModelConfig {
        name,
        platform: PLATFORM.to_owned(),
        backend: PLATFORM.to_owned(),
        max_batch_size: batching.map_or(0, |(max_size, _)| i32::try_from(max_size).unwrap_or(i32::MAX)),
        input: inputs.iter().map(input).collect(),
        output: outputs.iter().map(output).collect(),
        scheduling_choice: batching.map(|(_, max_queue_delay_microseconds)| {
            let preferred_batch_size = Vec::new();
            let dynamic = ModelDynamicBatching { preferred_batch_size, max_queue_delay_microseconds };
            model_config::SchedulingChoice::DynamicBatching(dynamic)
        }),
        model_transaction_policy: Some(ModelTransactionPolicy { decoupled: streams }),
    }
}
