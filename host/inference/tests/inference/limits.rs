//! Deadlines, abandoned runs, and the budget for loaded models.

use std::time::{Duration, Instant};

use host_inference::{EngineKind, InferError, Inference, InferenceConfig, ModelRef, NamedTensor};

use crate::harness::{config, engines, floats, model, repository, run, runner_model, runtime, soon, start};

fn iris() -> ModelRef {
    model(&repository().join("examples/iris/iris.onnx"))
}

fn honest() -> Vec<NamedTensor> {
    vec![floats("features", &[1, 4], [5.1, 3.5, 1.4, 0.2])]
}

/// A model of its own and so many rows for it that its run takes much longer than [`overrun`] waits.
fn slow() -> (ModelRef, Vec<NamedTensor>) {
    let n_rows = 400_000;
    let rows = floats("X", &[n_rows, 4], (0..n_rows * 4).map(|index| (index % 80) as f32 / 10.0));
    (model(&runner_model("iris_forest.onnx")), vec![rows])
}

/// Lets one run overrun its deadline.
fn overrun(inference: &Inference) {
    let (model, inputs) = slow();
    runtime().block_on(async {
        inference.load(&model, soon()).await.unwrap();
        let error = inference.infer(&model, inputs, Instant::now() + Duration::from_millis(5)).await.unwrap_err();
        assert_eq!(error, InferError::DeadlineExceeded);
    });
}

#[test]
fn an_overrun_ends_for_its_caller_and_its_slot_is_not_lost() {
    for engine in engines() {
        let inference = Inference::start(&InferenceConfig { max_abandoned: 2, ..config(engine) }).unwrap();
        overrun(&inference);
        let stats = inference.stats();
        assert_eq!((stats.running, stats.abandoned), (0, 1), "the only thread was replaced");
        // With one slot, this answers only if there is a new thread for it.
        run(&inference, &iris(), honest()).unwrap();
    }
}

#[test]
fn after_too_many_overruns_nothing_is_accepted_until_they_end() {
    for engine in engines() {
        let inference = start(engine);
        run(&inference, &iris(), honest()).unwrap();
        overrun(&inference);
        let error = run(&inference, &iris(), honest()).unwrap_err();
        assert!(matches!(&error, InferError::Busy(message) if message.contains("overrun")), "{error:?}");
        while inference.stats().abandoned > 0 {
            std::thread::yield_now();
        }
        run(&inference, &iris(), honest()).unwrap();
    }
}

#[test]
fn a_caller_that_goes_away_frees_the_slot() {
    for engine in engines() {
        let inference = Inference::start(&InferenceConfig { max_abandoned: 2, ..config(engine) }).unwrap();
        let (model, inputs) = slow();
        runtime().block_on(async {
            inference.load(&model, soon()).await.unwrap();
            let call = inference.infer(&model, inputs, soon());
            let started = async {
                while inference.stats().running == 0 {
                    tokio::task::yield_now().await;
                }
            };
            tokio::select! {
                biased;
                result = call => panic!("the slow run ended: {:?}", result.map(|outputs| outputs.len())),
                () = started => {}
            }
        });
        // It may have been told to stop and have ended already.
        assert!(inference.stats().abandoned <= 1);
        assert_eq!(inference.stats().running, 0, "nobody waits for it");
        run(&inference, &iris(), honest()).unwrap();
    }
}

#[test]
fn the_hosts_own_limit_holds_whatever_the_caller_allows() {
    let limited = InferenceConfig { max_run: Duration::from_millis(5), ..config(EngineKind::Tract) };
    let inference = Inference::start(&limited).unwrap();
    let (model, inputs) = slow();
    let error = runtime().block_on(inference.infer(&model, inputs, soon())).unwrap_err();
    assert_eq!(error, InferError::DeadlineExceeded);
}

#[test]
fn a_load_that_overruns_is_there_for_the_next_call() {
    let inference = Inference::start(&InferenceConfig { max_abandoned: 2, ..config(EngineKind::Tract) }).unwrap();
    let past = Instant::now();
    let error = runtime().block_on(inference.infer(&iris(), honest(), past)).unwrap_err();
    assert_eq!(error, InferError::DeadlineExceeded);
    run(&inference, &iris(), honest()).unwrap();
    assert_eq!(inference.stats().models, 1);
}

#[test]
fn many_callers_load_a_model_once() {
    for engine in engines() {
        let once = start(engine.clone());
        run(&once, &iris(), honest()).unwrap();
        let fresh = Inference::start(&InferenceConfig { threads: 4, ..config(engine) }).unwrap();
        let model = iris();
        runtime().block_on(async {
            let (a, b, c, d) = tokio::join!(
                fresh.infer(&model, honest(), soon()),
                fresh.infer(&model, honest(), soon()),
                fresh.infer(&model, honest(), soon()),
                fresh.infer(&model, honest(), soon()),
            );
            let answers = [a, b, c, d].map(Result::unwrap);
            assert!(answers.iter().all(|answer| *answer == answers[0]));
        });
        assert_eq!(fresh.stats(), once.stats());
    }
}

#[test]
fn a_load_that_never_began_is_done_for_the_next_who_waits() {
    let inference = Inference::start(&InferenceConfig { max_abandoned: 2, ..config(EngineKind::Tract) }).unwrap();
    let (slow_model, inputs) = slow();
    let model = iris();
    runtime().block_on(async {
        inference.load(&slow_model, soon()).await.unwrap();
        // It takes the only slot, so that the load has to wait in the queue.
        let busy = inference.infer(&slow_model, inputs, soon());
        let first = inference.infer(&model, honest(), soon());
        let second = inference.infer(&model, honest(), soon());
        tokio::pin!(busy, second);
        tokio::select! {
            biased;
            _ = &mut busy => panic!("the slow run ended at once"),
            _ = first => panic!("there was no slot for it"),
            _ = &mut second => panic!("there was no slot for it"),
            () = std::future::ready(()) => {}
        }
        // The first has gone, and with it the load that it had queued.
        let (_, second) = tokio::join!(busy, second);
        second.unwrap();
    });
}

#[test]
fn the_model_unused_for_longest_makes_room() {
    for engine in engines() {
        let inference = Inference::start(&InferenceConfig { max_model_bytes: 1 << 21, ..config(engine) }).unwrap();
        let space = |name: &str| ModelRef { space: name.to_owned(), ..iris() };
        run(&inference, &space("a/a"), honest()).unwrap();
        let each = inference.stats().model_bytes;
        let n_fitting = usize::try_from((1 << 21) / each).unwrap();
        assert!(n_fitting >= 2, "the budget holds some models: {each} bytes each");
        for number in 0..3 * n_fitting {
            run(&inference, &space(&format!("a/s{number}")), honest()).unwrap();
            assert!(inference.stats().model_bytes <= 1 << 21);
        }
        assert_eq!(inference.stats().models, n_fitting);
        // What was dropped is loaded again when it is called.
        run(&inference, &space("a/a"), honest()).unwrap();
    }
}

#[test]
fn a_model_above_the_budget_is_refused_with_both_numbers() {
    for engine in engines() {
        let inference = Inference::start(&InferenceConfig { max_model_bytes: 100_000, ..config(engine) }).unwrap();
        let error = run(&inference, &iris(), honest()).unwrap_err();
        assert!(matches!(&error, InferError::BadModel(message) if message.contains("MiB in all")), "{error:?}");
        assert_eq!(inference.stats().model_bytes, 0);
    }
}
