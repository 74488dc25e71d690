//! What loaded models take against what they are counted for; alone in its process, since it reads the process's size.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a panic is how a test fails, and what it prints is its report"
)]

#[path = "inference/harness.rs"]
#[expect(dead_code, reason = "the other tests use the rest")]
mod harness;

use host_inference::NamedTensor;

use harness::{engines, floats, integers, model, run, staged_model, start};

/// Kibibytes of this process that only it has: what it has allocated and touched.
fn private_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse().unwrap()
}

#[test]
fn models_take_no_more_than_they_are_counted_for() {
    let ids = |name: &str, one: i64| integers(name, &[2, 64], (0..128).map(|index| one + index * one));
    let pictures = || vec![floats("input", &[1, 3, 224, 224], (0..3 * 224 * 224).map(|index| (index % 100) as f32))];
    let texts = || vec![ids("input_ids", 7), ids("attention_mask", 0), ids("token_type_ids", 0)];
    let models: [(&str, &dyn Fn() -> Vec<NamedTensor>); 2] =
        [("image-classifier/efficientnet-lite0.onnx", &pictures), ("sentence-similarity/minilm-int8.onnx", &texts)];
    for engine in engines() {
        for (path, inputs) in &models {
            let model = model(&staged_model(path));
            // The first load also pays for what the engine itself sets up.
            drop({
                let warm = start(engine.clone());
                run(&warm, &model, inputs()).unwrap();
                warm
            });
            let before = private_kib();
            let inference = start(engine.clone());
            for _ in 0..3 {
                run(&inference, &model, inputs()).unwrap();
            }
            let taken = private_kib().saturating_sub(before) << 10;
            let counted = inference.stats().model_bytes;
            let file = std::fs::metadata(staged_model(path)).unwrap().len();
            #[expect(clippy::cast_precision_loss, reason = "for people")]
            let factor = taken as f64 / file as f64;
            eprintln!("{} {path}: {factor:.2} times its file", inference.engine_name());
            assert!(taken <= counted, "{path} takes {taken} bytes and is counted for {counted}");
        }
    }
}
