//! Guests that ask the host to run a model: iris, with the real engine.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use host_inference::{EngineKind, InferError, Inference, InferenceConfig, ModelRef, NamedTensor, Wanted};
use host_runtime::wit::{self, Value};
use host_runtime::{App, InferenceError, Inferring, InvokeError, NativeInference};
use spaces::Digest;
use spaces::value::{Dtype, Tensor};

use crate::guest::Guest;
use crate::harness::{Server, invocation};

/// A guest that asks for one run and answers the last output's first number, or below zero which error it met.
///
/// `path` is the asset, `rows` the number of rows sent, all zero but the first.
fn guest(path: &str, rows: u32) -> Vec<u8> {
    let memory = 65536 + rows * 16;
    let pages = memory.div_ceil(65536);
    let call = format!(
        r#"(if (i32.lt_u (memory.size) (i32.const {pages}))
               (then (drop (memory.grow (i32.sub (i32.const {pages}) (memory.size))))))
           ;; The asset's name is at 4096, the input's at 4160; its shape at 4176, its elements from the second page on.
           (i32.store (i32.const 4224) (i32.const 4160)) (i32.store (i32.const 4228) (i32.const 8))
           (i32.store8 (i32.const 4232) (i32.const 10))
           (i32.store (i32.const 4236) (i32.const 4176)) (i32.store (i32.const 4240) (i32.const 2))
           (i32.store (i32.const 4244) (i32.const 65536)) (i32.store (i32.const 4248) (i32.const {n_bytes}))
           (i64.store (i32.const 4176) (i64.const {rows})) (i64.store (i32.const 4184) (i64.const 4))
           (f32.store (i32.const 65536) (f32.const 5.1)) (f32.store (i32.const 65540) (f32.const 3.5))
           (f32.store (i32.const 65544) (f32.const 1.4)) (f32.store (i32.const 65548) (f32.const 0.2))
           (call $infer (i32.const 4096) (i32.const {path_length}) (i32.const 4224) (i32.const 1) (i32.const 4256))
           (if (i32.load8_u (i32.const 4256))
               (then (local.set $answer
                   (f64.neg (f64.convert_i32_u (i32.add (i32.const 1) (i32.load8_u (i32.const 4260)))))))
               (else (local.set $answer (f64.promote_f32 (f32.load (i32.load offset=20
                   (i32.add (i32.load (i32.const 4260))
                       (i32.mul (i32.const 28) (i32.sub (i32.load (i32.const 4264)) (i32.const 1))))))))))"#,
        n_bytes = rows * 16,
        path_length = path.len(),
    );
    let extra = format!(r#"(data (i32.const 4096) "{path}") (data (i32.const 4160) "features")"#);
    Guest {
        imports: r#"(import "vitrine:space/inference@0.1.0" "infer" (func $infer (param i32 i32 i32 i32 i32)))"#,
        // A few leaked texts, so that the other tests need not own theirs.
        extra: extra.leak(),
        call: call.leak(),
        ..Guest::default()
    }
    .component()
}

/// As the server's: assets to files, errors to those of the contract.
struct Native(Inference);

impl Native {
    fn start() -> Arc<Self> {
        Arc::new(Self(
            Inference::start(&InferenceConfig {
                engine: EngineKind::Tract,
                threads: 1,
                max_queued: 4,
                max_abandoned: 2,
                max_run: Duration::from_secs(60),
                max_model_bytes: 1 << 26,
            })
            .unwrap(),
        ))
    }
}

impl NativeInference for Native {
    fn infer(&self, model: String, inputs: Vec<wit::NamedTensor>, deadline: Instant) -> Inferring<'_> {
        Box::pin(async move {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/iris");
            let path: PathBuf = folder.join(&model);
            let model = ModelRef {
                space: "test/iris".to_owned(),
                digest: *Digest::of(model.as_bytes()).as_bytes(),
                path,
                wanted: Wanted::Numeric,
            };
            let inputs = inputs.into_iter().map(|input| {
                assert_eq!(input.tensor.dtype, wit::Dtype::F32);
                let tensor = Tensor { dtype: Dtype::F32, shape: input.tensor.shape, bytes: input.tensor.bytes };
                NamedTensor { name: input.name, tensor }
            });
            let outputs = self.0.infer(&model, inputs.collect(), deadline).await.map_err(|error| match error {
                InferError::BadModel(message) => InferenceError::BadModel(message),
                InferError::BadInput(message) => InferenceError::BadInput(message),
                other => InferenceError::Failed(other.to_string()),
            })?;
            let outputs = outputs.into_iter().map(|output| wit::NamedTensor {
                name: output.name,
                tensor: wit::Tensor {
                    dtype: if output.tensor.dtype == Dtype::F32 { wit::Dtype::F32 } else { wit::Dtype::S64 },
                    shape: output.tensor.shape,
                    bytes: output.tensor.bytes,
                },
            });
            Ok(outputs.collect())
        })
    }
}

async fn invoke(server: &Server, app: &App, native: Option<&Arc<Native>>) -> Result<Vec<Value>, InvokeError> {
    let mut invocation = invocation();
    invocation.limits.max_memory_bytes = 64 << 20;
    invocation.limits.max_transfer_bytes = 64 << 20;
    invocation.limits.deadline = Duration::from_secs(60);
    invocation.inference = native.map(|native| Arc::clone(native) as _);
    server.sandbox.invoke(app, invocation).await.result
}

#[track_caller]
fn number(outcome: Result<Vec<Value>, InvokeError>) -> f64 {
    match outcome.unwrap().as_slice() {
        [Value::Number(number)] => *number,
        other => panic!("not one number: {other:?}"),
    }
}

#[test]
fn a_run_answers_as_the_model_does() {
    let server = Server::new(2, 2);
    let native = Native::start();
    let app = server.load(&guest("iris.onnx", 1));
    // The first class's probability in the example's golden.json belongs to the last output's first number.
    let answer = number(server.runtime.block_on(invoke(&server, &app, Some(&native))));
    assert!((answer - 0.999_999_3).abs() < 1e-4, "{answer}");
    assert_eq!(server.sandbox.running(), 0);
}

#[test]
fn each_refusal_reaches_the_guest_as_its_own_case() {
    let server = Server::new(2, 2);
    let native = Native::start();
    let check = |component: &[u8], native: Option<&Arc<Native>>, expected: f64| {
        let app = server.load(component);
        assert_eq!(number(server.runtime.block_on(invoke(&server, &app, native))), expected);
    };
    check(&guest("iris.onnx", 1), None, -1.0);
    check(&guest("space.toml", 1), Some(&native), -2.0);
    check(&guest("labels.txt", 1), Some(&native), -2.0);
    check(&guest("missing.onnx", 1), Some(&native), -4.0);
    assert_eq!(server.sandbox.running(), 0);
}

#[test]
fn a_run_that_overruns_ends_the_call_and_its_slot_is_not_lost() {
    let server = Server::new(2, 2);
    let native = Native::start();
    let honest = server.load(&guest("iris.onnx", 1));
    server.runtime.block_on(invoke(&server, &honest, Some(&native))).unwrap();
    // So many rows take far longer than this deadline.
    let slow = server.load(&guest("iris.onnx", 1_000_000));
    let mut overrun = invocation();
    overrun.limits.max_memory_bytes = 64 << 20;
    overrun.limits.max_transfer_bytes = 64 << 20;
    overrun.inference = Some(Arc::clone(&native) as _);
    let error = server.runtime.block_on(server.sandbox.invoke(&slow, overrun)).result.unwrap_err();
    assert!(matches!(error, InvokeError::DeadlineExceeded { .. }), "{error:?}");
    assert_eq!(server.sandbox.running(), 0, "the guest is gone");
    let answer = number(server.runtime.block_on(invoke(&server, &honest, Some(&native))));
    assert!(answer > 0.9, "the only slot has a new thread: {answer}");
}

#[test]
fn a_guest_that_waits_for_a_run_holds_no_thread() {
    // One thread for guests.
    let server = Server::new(4, 4);
    let native = Native::start();
    let slow = server.load(&guest("iris.onnx", 1_000_000));
    let honest = server.load(&Guest { call: "(local.set $answer (f64.const 1))", ..Guest::default() }.component());
    let answered = server.runtime.block_on(async {
        let waiting = invoke(&server, &slow, Some(&native));
        let begun = async {
            while native.0.stats().running == 0 {
                tokio::task::yield_now().await;
            }
            server.sandbox.invoke(&honest, invocation()).await.result.unwrap();
        };
        tokio::select! {
            biased;
            _ = waiting => false,
            () = begun => true,
        }
    });
    assert!(answered, "the honest guest must answer while the other one waits");
}
