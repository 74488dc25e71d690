//! Defaults and the values of examples as a call sends them.

use serde_json::{Value as Json, json};
use spaces::interface::Component;
use spaces::value::decode::ASSET_PREFIX;
use spaces::value::{Value, encode::encode_tensor};

use super::grid::Grid;

/// `value` as a call would send it to an input of the kind `component`: what the host's
/// [`encode`](spaces::value::encode::encode) gives, for the kinds of values that an interface has. Bytes are not among
/// them: an interface names its files.
pub fn plain(component: &Component, value: &Value) -> Json {
    let text = |text: &String| match text.strip_prefix(ASSET_PREFIX) {
        Some(asset) if component.takes_media() => json!({ "asset": asset }),
        _ => Json::String(text.clone()),
    };
    match value {
        Value::Null | Value::Media(_) | Value::Medias(_) | Value::Label(_) => Json::Null,
        Value::Boolean(boolean) => Json::Bool(*boolean),
        Value::Integer(integer) => Json::from(*integer),
        Value::Number(number) => Json::from(*number),
        Value::Text(only) => text(only),
        Value::Texts(texts) => texts.iter().map(text).collect(),
        Value::Json(json) => json.clone(),
        Value::Tensor(tensor) => encode_tensor(tensor),
        Value::Table(_) => Grid::from_value(component.headers(), value).to_json(),
    }
}

#[cfg(test)]
mod tests {
    use spaces::interface::Field;
    use spaces::value::encode::encode;
    use spaces::value::{Cell, Column, Dtype, Tensor};

    use super::*;

    #[test]
    fn values_are_as_the_host_encodes_them() {
        let check = |component: Component, value: Value| {
            let field = Field {
                name: "x".to_owned(),
                label: "X".to_owned(),
                info: None,
                component: component.clone(),
                optional: false,
                default: None,
            };
            assert_eq!(plain(&component, &value), encode(&field, value.clone()), "{value:?}");
        };
        let cells = vec![Cell::Integer(1), Cell::Text("a".to_owned()), Cell::Null, Cell::Boolean(true)];
        let table = Value::Table(vec![Column { name: "c".to_owned(), cells }]);
        let bytes = [1.5_f32, -2.0].iter().flat_map(|element| element.to_le_bytes()).collect();
        for value in [
            Value::Null,
            Value::Boolean(true),
            Value::Integer(-3),
            Value::Number(0.5),
            Value::Text("asset:a.png".to_owned()),
            Value::Texts(vec!["a".to_owned(), "b".to_owned()]),
            Value::Json(json!({ "a": [1] })),
            Value::Tensor(Tensor { dtype: Dtype::F32, shape: vec![2], bytes }),
            table,
        ] {
            check(Component::Json, value);
        }
        check(Component::image(), Value::Text("asset:a.png".to_owned()));
    }
}
