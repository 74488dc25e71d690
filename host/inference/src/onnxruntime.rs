//! ONNX Runtime, from a library that the operator names.
//!
//! A session runs one call at a time. Microsoft says that its `Run` may be called from many threads at once; the authors
//! of `ort` say that they have seen it go wrong, and offer it for one caller only. What goes wrong here does so in the
//! server's memory, so they are believed. Calls of different models run side by side, and one call may use several
//! threads, see [`crate::EngineKind`].

use std::borrow::Cow;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use onnx_runner::graph::Port;
use ort::environment::Environment;
use ort::session::builder::GraphOptimizationLevel;
use ort::session::{RunOptions, Session, SessionInputValue};
use ort::value::{DynValue, IntoTensorElementType as _, Tensor as OrtTensor, ValueType};
use spaces::value::{Dtype, Tensor};

use crate::direct::DirectCall;
use crate::engine::{Checked, Engine, Model, StartError, order_inputs};
use crate::inference::InferError;
use crate::interrupt::Interrupt;
use crate::tensor::{NamedTensor, element_types};

/// What a session comes to in memory, as a multiple of the model's file: the weights, packed for the processor, and the
/// arena of its runs. `tests/memory.rs` measures 1.2 for a model of 32-bit numbers and 5.0 for one of 8-bit numbers.
const MEMORY_FACTOR: u64 = 6;

/// The engine.
pub(crate) struct OnnxRuntime {
    environment: Environment,
    intra_threads: usize,
}

impl OnnxRuntime {
    /// Loads the library. One per process: a second call must name the same file.
    ///
    /// # Errors
    /// [`StartError::Library`] when it is not there, not ONNX Runtime, or too old.
    pub(crate) fn start(library: &Path, intra_threads: usize) -> Result<Self, StartError> {
        let refuse = |reason: String| StartError::Library { library: library.to_owned(), reason };
        // A relative path would be looked for beside the program first.
        let path = library.canonicalize().map_err(|error| refuse(error.to_string()))?;
        Ok(Self { environment: environment(&path).map_err(refuse)?, intra_threads })
    }
}

/// The process's one environment; the library allows no second.
fn environment(path: &Path) -> Result<Environment, String> {
    static STARTED: Mutex<Option<(std::path::PathBuf, Environment)>> = Mutex::new(None);
    let mut started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    match &*started {
        Some((other, environment)) if other == path => Ok(environment.clone()),
        Some((other, _)) => Err(format!("this process has loaded `{}` already", other.display())),
        None => {
            let builder = ort::init_from(path).map_err(|error| error.to_string())?;
            let environment = builder.with_telemetry(false).build().map_err(|error| error.to_string())?;
            *started = Some((path.to_owned(), environment.clone()));
            Ok(environment)
        }
    }
}

impl Engine for OnnxRuntime {
    fn name(&self) -> &'static str {
        "ONNX Runtime"
    }

    fn estimate_bytes(&self, file_bytes: u64) -> u64 {
        file_bytes.saturating_mul(MEMORY_FACTOR)
    }

    fn is_exclusive(&self) -> bool {
        true
    }

    fn load(&self, checked: Checked) -> Result<Box<dyn Model>, InferError> {
        let bad = |error: ort::Error| InferError::BadModel(format!("ONNX Runtime refuses it: {error}"));
        let ports = checked.ports()?;
        let outputs = checked.file.outputs();
        let plain = checked.file.plain(&checked.bytes).map_err(|error| InferError::BadModel(error.to_string()))?;
        let rewritten = match plain {
            Cow::Borrowed(_) => None,
            Cow::Owned(bytes) => Some(bytes),
        };
        let Checked { file, bytes, .. } = checked;
        // The library makes copies of its own; ours would add to the peak.
        drop(file);
        let bytes = rewritten.unwrap_or(bytes);
        let session = self.session(&bytes).map_err(bad)?;
        Ok(Box::new(OnnxRuntimeModel { ports, outputs, session: Mutex::new(session) }))
    }
}

impl OnnxRuntime {
    fn session(&self, bytes: &[u8]) -> ort::Result<Session> {
        let mut builder = Session::builder(&self.environment)?;
        builder = builder.with_intra_threads(self.intra_threads)?;
        // Threads that wait for work by spinning would take the processor from everybody else.
        builder = builder.with_intra_op_spinning(false)?;
        builder = builder.with_optimization_level(GraphOptimizationLevel::All)?;
        builder.commit_from_memory(bytes)
    }

    /// See [`crate::direct()`].
    pub(crate) fn direct(&self, path: &Path, inputs: &[NamedTensor]) -> Result<DirectCall, InferError> {
        let failed = |error: ort::Error| InferError::Failed(error.to_string());
        let bytes = std::fs::read(path).map_err(|error| InferError::Failed(error.to_string()))?;
        let mut session = self.session(&bytes).map_err(failed)?;
        let inputs = inputs.iter().map(|input| Ok((input.name.clone(), to_ort(&input.tensor)?)));
        let inputs = inputs.collect::<ort::Result<Vec<_>>>().map_err(failed)?;
        Ok(Box::new(move || {
            let views = inputs.iter().map(|(name, value)| (name.as_str(), SessionInputValue::from(value)));
            session.run(views.collect::<Vec<_>>()).map(drop).map_err(failed)
        }))
    }
}

struct OnnxRuntimeModel {
    ports: Vec<Port>,
    outputs: Vec<String>,
    /// A thread waits here only where its model was given up by its caller and still runs.
    session: Mutex<Session>,
}

impl Model for OnnxRuntimeModel {
    fn run(
        &self,
        _path: &Path,
        inputs: Vec<NamedTensor>,
        interrupt: &Interrupt,
    ) -> Result<Vec<NamedTensor>, InferError> {
        let failed = |error: ort::Error| InferError::Failed(format!("the model failed: {error}"));
        let inputs = order_inputs(&self.ports, inputs)?;
        let mut fed: Vec<(String, SessionInputValue<'_>)> = Vec::with_capacity(inputs.len());
        for NamedTensor { name, tensor } in inputs {
            fed.push((name, to_ort(&tensor).map_err(failed)?.into()));
        }
        let options = Arc::new(RunOptions::new().map_err(failed)?);
        let terminate = Arc::clone(&options);
        interrupt.on_stop(move || {
            // A run that cannot be asked to end goes on, as it would with the other engine.
            let _ = terminate.terminate();
        });
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let outputs = session.run_with_options(fed, &options).map_err(failed)?;
        let named = self.outputs.iter().map(|name| {
            let value = outputs.get(name).ok_or_else(|| InferError::Failed(format!("output `{name}` is missing")))?;
            let problem = |problem| InferError::Failed(format!("output `{name}`: {problem}"));
            Ok(NamedTensor { name: name.clone(), tensor: from_ort(value).map_err(problem)? })
        });
        named.collect()
    }
}

macro_rules! conversions {
    ($(($ours:ident, $onnx:ident, $rust:ty)),*) => {
        /// One copy of the bytes, into memory of the type's own alignment.
        fn to_ort(tensor: &Tensor) -> ort::Result<DynValue> {
            let shape: Vec<i64> = tensor.shape.iter().map(|&size| i64::try_from(size).unwrap_or(i64::MAX)).collect();
            Ok(match tensor.dtype {
                $(Dtype::$ours => OrtTensor::from_array((shape, <$rust>::read(&tensor.bytes)))?.into_dyn()),*
            })
        }

        /// One copy of the bytes.
        fn from_ort(value: &DynValue) -> Result<Tensor, String> {
            let ValueType::Tensor { ty, .. } = value.dtype() else { return Err("it is no tensor".to_owned()) };
            $(if *ty == <$rust>::into_tensor_element_type() {
                let (shape, elements) = value.try_extract_tensor::<$rust>().map_err(|error| error.to_string())?;
                let shape = shape.iter().map(|&size| u64::try_from(size).unwrap_or_default()).collect();
                return Ok(Tensor { dtype: Dtype::$ours, shape, bytes: <$rust>::write(elements) });
            })*
            Err(format!("its element type {ty} is not supported"))
        }
    };
}
element_types!(conversions);

/// Elements as little-endian bytes.
trait Element: Sized {
    fn read(bytes: &[u8]) -> Vec<Self>;
    fn write(elements: &[Self]) -> Vec<u8>;
}

impl Element for bool {
    fn read(bytes: &[u8]) -> Vec<Self> {
        bytes.iter().map(|&byte| byte != 0).collect()
    }

    fn write(elements: &[Self]) -> Vec<u8> {
        elements.iter().map(|&on| u8::from(on)).collect()
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {
        $(impl Element for $number {
            fn read(bytes: &[u8]) -> Vec<Self> {
                bytes.as_chunks().0.iter().map(|bytes| Self::from_le_bytes(*bytes)).collect()
            }

            fn write(elements: &[Self]) -> Vec<u8> {
                let mut bytes = vec![0; size_of_val(elements)];
                let places = bytes.chunks_exact_mut(size_of::<Self>());
                places.zip(elements).for_each(|(place, element)| place.copy_from_slice(&element.to_le_bytes()));
                bytes
            }
        })*
    };
}
numbers!(u8, i8, u16, i16, u32, i32, u64, i64, half::f16, f32, f64);

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;
    use onnx_runner::native::Wanted;

    /// The library inside the wheel that `make stage` installs.
    fn library() -> PathBuf {
        #[expect(clippy::disallowed_methods, reason = "says where the Python environment is, as for the Makefile")]
        let cache = std::env::var_os("VITRINE_CACHE").map_or_else(|| "../../.cache".into(), PathBuf::from);
        let folders = std::fs::read_dir(cache.join("python/lib")).into_iter().flatten().flatten();
        let files = folders
            .flat_map(|python| {
                std::fs::read_dir(python.path().join("site-packages/onnxruntime/capi")).into_iter().flatten()
            })
            .flatten();
        let libraries = files.map(|file| file.path());
        let mut libraries = libraries.filter(|path| path.to_string_lossy().contains("/libonnxruntime.so"));
        libraries.next().expect("ONNX Runtime is missing: run `make stage`")
    }

    #[test]
    fn a_run_that_was_given_up_is_terminated() {
        let engine = OnnxRuntime::start(&library(), 1).unwrap();
        let path = Path::new("../../examples/iris/iris.onnx");
        let checked = Checked::read(path, &Wanted::Numeric).unwrap();
        let model = engine.load(checked).unwrap();
        let input = || {
            let bytes = [5.1_f32, 3.5, 1.4, 0.2].into_iter().flat_map(f32::to_le_bytes).collect();
            let tensor = Tensor { dtype: Dtype::F32, shape: vec![1, 4], bytes };
            vec![NamedTensor { name: "features".to_owned(), tensor }]
        };
        let given_up = Interrupt::default();
        given_up.stop();
        let error = model.run(path, input(), &given_up).unwrap_err();
        assert!(matches!(&error, InferError::Failed(message) if message.contains("terminate")), "{error:?}");
        model.run(path, input(), &Interrupt::default()).unwrap();
    }
}
