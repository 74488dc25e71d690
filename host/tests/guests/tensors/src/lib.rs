//! Raw tensors in and out: each answer is known from the request.

use guest_sdk::bindings::vitrine::space::description::{Component, Endpoint, Field, TensorSpec};
use guest_sdk::bindings::vitrine::space::types::{Dtype, Tensor};
use guest_sdk::bindings::{CallError, Context, SpaceDescription, Value};
use guest_sdk::{App, export_app};

struct Tensors;

export_app!(Tensors);

/// Each type with its name in the fields of `kinds`.
const KINDS: [(&str, Dtype); 9] = [
    ("bool", Dtype::Boolean),
    ("u8", Dtype::U8),
    ("s8", Dtype::S8),
    ("s16", Dtype::S16),
    ("s32", Dtype::S32),
    ("s64", Dtype::S64),
    ("u64", Dtype::U64),
    ("f16", Dtype::F16),
    ("f64", Dtype::F64),
];

impl App for Tensors {
    fn init() -> Result<(), String> {
        Ok(())
    }

    fn describe() -> SpaceDescription {
        let kinds = |prefix: &str| {
            KINDS.iter().map(|(name, dtype)| field(&format!("{prefix}_{name}"), *dtype, &[Some(3)])).collect()
        };
        let rows = |name: &str| field(name, Dtype::F32, &[None, Some(3)]);
        let any = |name: &str| field(name, Dtype::F32, &[None, None]);
        SpaceDescription {
            title: "Tensors".to_owned(),
            documentation: String::new(),
            endpoints: vec![
                endpoint("echo", vec![any("x")], vec![any("y")]),
                endpoint("kinds", kinds("in"), kinds("out")),
                endpoint("add", vec![rows("a"), rows("b")], vec![rows("sum"), field("total", Dtype::F32, &[None])]),
            ],
            layout: Vec::new(),
            events: Vec::new(),
        }
    }

    fn call(endpoint: &str, inputs: Vec<Value>, _context: Context) -> Result<Vec<Value>, CallError> {
        match (endpoint, inputs.as_slice()) {
            ("add", [Value::Tensor(a), Value::Tensor(b)]) => Ok(add(a, b)),
            // `echo` and `kinds` give back what they get.
            _ => Ok(inputs),
        }
    }
}

/// `a + b`, of shape `[n, 3]`, and the sum of each row, of shape `[n]`.
fn add(a: &Tensor, b: &Tensor) -> Vec<Value> {
    let sums: Vec<f32> = floats(a).zip(floats(b)).map(|(a, b)| a + b).collect();
    let totals: Vec<f32> = sums.chunks(3).map(|row| row.iter().sum()).collect();
    let tensor = |shape: &[u64], numbers: &[f32]| {
        let bytes = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        Value::Tensor(Tensor { dtype: Dtype::F32, shape: shape.to_vec(), bytes })
    };
    vec![tensor(&a.shape, &sums), tensor(&a.shape[..1], &totals)]
}

fn floats(tensor: &Tensor) -> impl Iterator<Item = f32> {
    tensor.bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes))
}

fn endpoint(name: &str, inputs: Vec<Field>, outputs: Vec<Field>) -> Endpoint {
    let (title, documentation) = (name.to_owned(), String::new());
    Endpoint { name: name.to_owned(), title, documentation, inputs, outputs, examples: Vec::new(), streams: false }
}

fn field(name: &str, dtype: Dtype, shape: &[Option<u64>]) -> Field {
    let component = Component::Tensor(TensorSpec { dtype, shape: shape.to_vec() });
    let (name, label) = (name.to_owned(), name.to_owned());
    Field { name, label, info: None, component, default: None, optional: false }
}
