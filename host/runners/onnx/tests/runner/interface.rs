//! What a space says of itself, and what a manifest makes of it.

use spaces::interface::Component;
use spaces::value::Value;

use crate::support::Bundle;

const FLOWER: &str = r#"
    app = "model.onnx"
    [[inputs]]
    name = "sepal_length"
    kind = "slider"
    minimum = 4
    maximum = 8
    default = 5.1
    [[inputs]]
    name = "sepal_width"
    kind = "number"
    [[inputs]]
    name = "petal_length"
    kind = "dropdown"
    choices = ["short", "long"]
    values = [1.4, 5.0]
    [[inputs]]
    name = "petal_width"
    kind = "checkbox"
"#;

fn refusal(model: &str, manifest: &str) -> String {
    Bundle::of(model).with_manifest(manifest).load().map(|_| ()).expect_err("it is refused").to_string()
}

#[test]
fn a_model_alone_has_a_field_per_feature() {
    let runner = Bundle::of("iris_forest").load().expect("the model loads");
    let interface = runner.interface();
    let names: Vec<&str> = interface.endpoints[0].inputs.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["feature_1", "feature_2", "feature_3", "feature_4"]);
    assert_eq!(interface.title, "Model");
    assert_eq!(interface.endpoints[0].outputs[0].name, "label");
}

#[test]
fn features_of_all_kinds_fill_the_columns() {
    let runner = Bundle::of("iris_forest").with_manifest(FLOWER).load().expect("the model loads");
    let fields = &runner.interface().endpoints[0].inputs;
    assert_eq!(fields[0].label, "Sepal length");
    assert_eq!(fields[0].default, Some(Value::Number(5.1)));
    assert!(matches!(fields[2].component, Component::Dropdown { .. }));
    let inputs = [Value::Number(5.1), Value::Number(3.5), Value::Text("short".to_owned()), Value::Boolean(false)];
    let outputs = runner.call("predict", &inputs).expect("the call succeeds");
    let Value::Label(confidences) = &outputs[0] else { panic!("not a label") };
    assert_eq!(confidences[0].label, "0");
}

#[test]
fn a_value_that_does_not_fit_names_its_field() {
    let runner = Bundle::of("iris_forest").with_manifest(FLOWER).load().expect("the model loads");
    let with = |index: usize, value: Value| {
        let mut inputs =
            vec![Value::Number(5.1), Value::Number(3.5), Value::Text("short".to_owned()), Value::Boolean(false)];
        inputs[index] = value;
        runner.call("predict", &inputs).expect_err("it is refused").to_string()
    };
    assert_eq!(with(1, Value::Null), "input `sepal_width`: a value is required");
    assert_eq!(with(1, Value::Number(f64::NAN)), "input `sepal_width`: a finite number is required");
    assert_eq!(with(2, Value::Text("wide".to_owned())), "input `petal_length`: `wide` is not one of the choices");
    assert_eq!(with(3, Value::Text("yes".to_owned())), "input `petal_width`: true or false is required");
}

#[test]
fn a_manifest_that_does_not_fit_the_graph_is_refused() {
    let three = "app = \"model.onnx\"\n[[inputs]]\nname = \"a\"\nkind = \"number\"\n";
    let error = refusal("iris_forest", three);
    assert!(error.contains("graph input `X` takes 4 numbers") && error.contains("feeds it 1: a"), "{error}");

    let unknown = "app = \"model.onnx\"\n[[inputs]]\nname = \"a\"\nkind = \"tensor\"\ntensor = \"Y\"\n";
    assert_eq!(refusal("iris_forest", unknown), "input `a`: the graph has no input `Y`; it has `X`");

    let names = "app = \"model.onnx\"\n[[outputs]]\nname = \"class\"\nkind = \"label\"\nlabels = [\"a\", \"b\"]\n";
    let error = refusal("iris_forest", names);
    assert_eq!(error, "output `class`: `labels` has 2 class names, but graph output `probabilities` has 3 scores");

    let missing = "app = \"model.onnx\"\n[[outputs]]\nname = \"class\"\nkind = \"label\"\nlabels = \"no.txt\"\n";
    assert_eq!(refusal("iris_forest", missing), "output `class`: the bundle has no file `no.txt`");

    let size = "app = \"model.onnx\"\n[[inputs]]\nname = \"photo\"\nkind = \"image\"\nsize = [9, 9]\n";
    let error = refusal("conv", size);
    assert!(error.contains("`pixels` takes a tensor of shape [batch, 3, 24, 32]"), "{error}");
}

#[test]
fn pixels_in_a_row_take_a_picture() {
    let manifest = r#"
        app = "model.onnx"
        [[inputs]]
        name = "digit"
        kind = "image"
        size = [8, 8]
        channels = "grayscale"
        scale = 0.0627451
        invert = true
    "#;
    let runner = Bundle::of("digits_mlp").with_manifest(manifest).load().expect("the model loads");
    assert_eq!(runner.interface().endpoints[0].inputs[0].component, Component::image());
}

#[test]
fn raw_tensors_are_checked_against_the_graph() {
    let manifest = "app = \"model.onnx\"\n[[inputs]]\nname = \"x\"\nkind = \"tensor\"\n\
                    [[outputs]]\nname = \"scores\"\nkind = \"table\"\ntensor = \"probabilities\"\nheaders = [\"a\", \"b\", \"c\"]\n";
    let runner = Bundle::of("iris_forest").with_manifest(manifest).load().expect("the model loads");
    let tensor = |count: usize| {
        let bytes = std::iter::repeat_n(1_f32.to_le_bytes(), count).flatten().collect();
        Value::Tensor(spaces::value::Tensor { dtype: spaces::value::Dtype::F32, shape: vec![1, count as u64], bytes })
    };
    let Value::Table(columns) = &runner.call("predict", &[tensor(4)]).expect("it fits")[0] else {
        panic!("not a table")
    };
    assert_eq!(columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    let error = runner.call("predict", &[tensor(3)]).expect_err("it does not fit").to_string();
    assert_eq!(error, "input `x`: its shape is [1, 3], not [1, 4]");
}
