//! Starts engines and finds models.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use host_inference::{EngineKind, InferError, Inference, InferenceConfig, ModelRef, NamedTensor, Wanted};
use spaces::Digest;
use spaces::value::{Dtype, Tensor};

pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn cache() -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "says where the staged examples are, as for the Makefile")]
    std::env::var_os("VITRINE_CACHE").map_or_else(|| repository().join(".cache"), PathBuf::from)
}

/// A model that the runner's tests have.
pub(crate) fn runner_model(name: &str) -> PathBuf {
    repository().join("host/runners/onnx/tests/models").join(name)
}

/// A model of a staged example.
pub(crate) fn staged_model(name: &str) -> PathBuf {
    let path = cache().join("bundles").join(name);
    assert!(path.is_file(), "{} is missing: run `make stage`", path.display());
    path
}

/// The library inside the wheel.
pub(crate) fn onnxruntime() -> EngineKind {
    let folders = std::fs::read_dir(cache().join("python/lib")).into_iter().flatten().flatten();
    let libraries = folders
        .flat_map(|python| {
            std::fs::read_dir(python.path().join("site-packages/onnxruntime/capi")).into_iter().flatten()
        })
        .flatten()
        .map(|file| file.path());
    let is_library = |path: &PathBuf| {
        path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("libonnxruntime.so"))
    };
    let library = libraries.filter(is_library).min().expect("ONNX Runtime is missing: run `make stage`");
    EngineKind::OnnxRuntime { library, intra_threads: 1 }
}

pub(crate) fn engines() -> [EngineKind; 2] {
    [EngineKind::Tract, onnxruntime()]
}

pub(crate) fn config(engine: EngineKind) -> InferenceConfig {
    InferenceConfig {
        engine,
        threads: 1,
        max_queued: 16,
        max_abandoned: 1,
        max_run: Duration::from_secs(120),
        max_model_bytes: 1 << 30,
    }
}

pub(crate) fn start(engine: EngineKind) -> Inference {
    Inference::start(&config(engine)).unwrap()
}

/// A model with all its outputs.
pub(crate) fn model(path: &Path) -> ModelRef {
    let digest = Digest::of(&std::fs::read(path).unwrap());
    ModelRef {
        space: "test/space".to_owned(),
        digest: *digest.as_bytes(),
        path: path.to_owned(),
        wanted: Wanted::Numeric,
    }
}

/// Long enough for any honest run.
pub(crate) fn soon() -> Instant {
    Instant::now() + Duration::from_secs(100)
}

pub(crate) fn floats(name: &str, shape: &[u64], elements: impl IntoIterator<Item = f32>) -> NamedTensor {
    let bytes = elements.into_iter().flat_map(f32::to_le_bytes).collect();
    NamedTensor { name: name.to_owned(), tensor: Tensor { dtype: Dtype::F32, shape: shape.to_vec(), bytes } }
}

pub(crate) fn integers(name: &str, shape: &[u64], elements: impl IntoIterator<Item = i64>) -> NamedTensor {
    let bytes = elements.into_iter().flat_map(i64::to_le_bytes).collect();
    NamedTensor { name: name.to_owned(), tensor: Tensor { dtype: Dtype::S64, shape: shape.to_vec(), bytes } }
}

pub(crate) fn values(tensor: &Tensor) -> Vec<f32> {
    assert_eq!(tensor.dtype, Dtype::F32);
    tensor.bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

pub(crate) fn run(
    inference: &Inference,
    model: &ModelRef,
    inputs: Vec<NamedTensor>,
) -> Result<Vec<NamedTensor>, InferError> {
    runtime().block_on(inference.infer(model, inputs, soon()))
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
}

/// The largest difference.
#[track_caller]
pub(crate) fn difference(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).map(|(found, expected)| (found - expected).abs()).fold(0.0, f32::max)
}

/// A model of one node, `y = op(x)`, of three elements. The file goes away with the folder.
pub(crate) fn one_node_model(op: &str, dtype: Dtype) -> (tempfile::TempDir, ModelRef) {
    use tract_onnx::pb;
    let port = |name: &str| {
        let dim = pb::tensor_shape_proto::dimension::Value::DimValue(3);
        let dim = pb::tensor_shape_proto::Dimension { value: Some(dim), ..Default::default() };
        let tensor = pb::type_proto::Tensor {
            elem_type: onnx_type(dtype) as i32,
            shape: Some(pb::TensorShapeProto { dim: vec![dim] }),
        };
        let tensor = pb::type_proto::Value::TensorType(tensor);
        let r#type = Some(pb::TypeProto { value: Some(tensor), ..Default::default() });
        pb::ValueInfoProto { name: name.to_owned(), r#type, ..Default::default() }
    };
    let node = pb::NodeProto {
        op_type: op.to_owned(),
        input: vec!["x".to_owned()],
        output: vec!["y".to_owned()],
        ..Default::default()
    };
    let graph = pb::GraphProto {
        name: "one".to_owned(),
        node: vec![node],
        input: vec![port("x")],
        output: vec![port("y")],
        ..Default::default()
    };
    let opset = pb::OperatorSetIdProto { version: 17, ..Default::default() };
    let file = pb::ModelProto { ir_version: 8, opset_import: vec![opset], graph: Some(graph), ..Default::default() };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.onnx");
    std::fs::write(&path, prost::Message::encode_to_vec(&file)).unwrap();
    let model = model(&path);
    (folder, model)
}

fn onnx_type(dtype: Dtype) -> tract_onnx::pb::tensor_proto::DataType {
    use tract_onnx::pb::tensor_proto::DataType;
    match dtype {
        Dtype::Boolean => DataType::Bool,
        Dtype::U8 => DataType::Uint8,
        Dtype::S8 => DataType::Int8,
        Dtype::U16 => DataType::Uint16,
        Dtype::S16 => DataType::Int16,
        Dtype::U32 => DataType::Uint32,
        Dtype::S32 => DataType::Int32,
        Dtype::U64 => DataType::Uint64,
        Dtype::S64 => DataType::Int64,
        Dtype::F16 => DataType::Float16,
        Dtype::F32 => DataType::Float,
        Dtype::F64 => DataType::Double,
    }
}
