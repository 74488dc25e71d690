//! Texts against the token ids and embeddings of the reference implementations.

use spaces::value::{Cell, Value};

use crate::support::{Bundle, numbers, read, read_json};

fn bundle(inputs: &[&str], output: &str) -> Bundle {
    let mut manifest = "app = \"model.onnx\"\n".to_owned();
    for input in inputs {
        manifest.push_str(&format!("[[inputs]]\nname = \"{input}\"\nkind = \"text\"\nmax_length = 12\n"));
    }
    manifest.push_str(&format!("[[outputs]]\nname = \"result\"\n{output}"));
    Bundle::of("embedder").with("tokenizer.json", read("models/tokenizer.json")).with_manifest(&manifest)
}

#[test]
fn embeddings_equal_onnx_runtime_for_each_length() {
    let runner = bundle(&["text"], "kind = \"embedding\"\n").load().expect("the model loads");
    for case in read_json("models/embedder.json")["single"].as_array().expect("a list of cases") {
        let text = Value::Text(case["text"].as_str().expect("a text").to_owned());
        let Value::Table(columns) = &runner.call("predict", &[text]).expect("the call succeeds")[0] else { panic!() };
        for (column, expected) in columns.iter().zip(numbers(&case["embedding"])) {
            let [Cell::Number(number)] = column.cells[..] else { panic!("one row") };
            assert!((number - expected).abs() < 1e-5, "{case}: {number}");
        }
    }
}

#[test]
fn similarity_is_the_cosine_of_a_padded_batch() {
    let runner = bundle(&["left", "right"], "kind = \"similarity\"\n").load().expect("the model loads");
    for case in read_json("models/embedder.json")["pairs"].as_array().expect("a list of cases") {
        let text = |key: &str| Value::Text(case[key].as_str().expect("a text").to_owned());
        let outputs = runner.call("predict", &[text("left"), text("right")]).expect("the call succeeds");
        let [Value::Number(cosine)] = outputs[..] else { panic!("not a number") };
        let expected = case["cosine"].as_f64().expect("a number");
        assert!((cosine - expected).abs() < 1e-5, "{case}: {cosine}");
    }
}

#[test]
fn a_graph_of_token_ids_alone_takes_a_text() {
    let bundle = Bundle::of("embedder").with("tokenizer.json", read("models/tokenizer.json"));
    let runner = bundle.load().expect("the model loads");
    assert_eq!(runner.interface().endpoints[0].inputs[0].name, "text");
}

#[test]
fn a_missing_tokenizer_is_named() {
    let manifest = "app = \"model.onnx\"\n[[inputs]]\nname = \"text\"\nkind = \"text\"\n";
    let error =
        Bundle::of("embedder").with_manifest(manifest).load().map(|_| ()).expect_err("it is refused").to_string();
    assert_eq!(error, "input `text`: the bundle has no file `tokenizer.json`");
}
