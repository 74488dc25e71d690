use spaces::interface::NumberRange;

use super::*;

fn field(component: Component) -> Field {
    Field { name: "x".to_owned(), label: "x".to_owned(), info: None, component, default: None, optional: false }
}

fn raw(datatype: &str, shape: &[u64], bytes: &[u8]) -> Result<Input, String> {
    let datatype = datatype.parse().unwrap();
    Input::from_raw("x".to_owned(), datatype, shape.to_vec(), bytes.to_vec()).map_err(|error| error.body.message)
}

fn take_raw(component: Component, datatype: &str, shape: &[u64], bytes: &[u8]) -> Result<Given, String> {
    take(&field(component), raw(datatype, shape, bytes)?).map_err(|error| error.body.message)
}

const NUMBER: Component = Component::Number(NumberRange { minimum: None, maximum: None, step: None });

#[test]
fn raw_tensors_are_as_long_as_their_shape_says() {
    assert!(raw("FP32", &[1], &[0; 4]).is_ok());
    assert!(raw("FP32", &[], &[0; 4]).is_ok(), "a scalar");
    assert!(raw("FP32", &[0, 7], &[]).is_ok());
    assert!(raw("FP32", &[2], &[0; 4]).unwrap_err().contains("FP32 of shape [2] takes 8 bytes, found 4"));
    assert!(raw("FP32", &[u64::MAX, 2], &[0; 4]).unwrap_err().contains("too many elements"));
    assert!(raw("FP64", &[u64::MAX / 4], &[0; 4]).unwrap_err().contains("too many elements"));
}

#[test]
fn bytes_are_taken_apart_by_their_lengths() {
    let data = |shape: &[u64], bytes: &[u8]| raw("BYTES", shape, bytes).map(|input| input.data);
    assert_eq!(data(&[2], &[1, 0, 0, 0, b'a', 0, 0, 0, 0]), Ok(Data::Bytes(vec![b"a".to_vec(), Vec::new()])));
    for wrong in [&[1, 0, 0, 0][..], &[0, 0, 0], &[0, 0, 0, 0, 1], &[0xff, 0xff, 0xff, 0xff, 1]] {
        assert!(data(&[1], wrong).unwrap_err().contains("not the 1 elements"), "{wrong:?}");
    }
    assert!(data(&[1 << 40], &[]).unwrap_err().contains("more than 10000 elements"));
}

#[test]
fn a_number_is_taken_from_any_numeric_type() {
    let number = |datatype, bytes: &[u8]| take_raw(NUMBER, datatype, &[1], bytes);
    assert_eq!(number("FP32", &0.5_f32.to_le_bytes()), Ok(Given::Json(json!(0.5))));
    assert_eq!(number("INT8", &[0xff]), Ok(Given::Json(json!(-1))));
    assert_eq!(number("UINT64", &7_u64.to_le_bytes()), Ok(Given::Json(json!(7))));
    assert!(number("BOOL", &[1]).unwrap_err().contains("the datatype is BOOL, but this input takes FP64"));
    assert!(number("BF16", &[1, 2]).unwrap_err().contains("BF16"));
    assert!(number("FP32", &f32::NAN.to_le_bytes()).unwrap_err().contains("not a finite number"));
    assert!(take_raw(NUMBER, "INT8", &[2], &[1, 2]).unwrap_err().contains("one element"));
}

#[test]
fn tensors_are_taken_with_their_very_type_and_shape() {
    let component = || Component::Tensor { dtype: Dtype::U8, shape: vec![None, Some(2)] };
    let Ok(Given::Value(Value::Tensor(tensor))) = take_raw(component(), "UINT8", &[1, 2], &[7, 8]) else {
        panic!("a tensor")
    };
    assert_eq!((tensor.shape, tensor.bytes), (vec![1, 2], vec![7, 8]));
    assert!(
        take_raw(component(), "UINT8", &[2, 1], &[7, 8]).unwrap_err().contains("[2, 1], but this input takes [-1, 2]")
    );
    assert!(take_raw(component(), "INT8", &[1, 2], &[7, 8]).unwrap_err().contains("INT8, but this input takes UINT8"));
}

#[test]
fn files_are_bytes_or_base64() {
    let bytes = take_raw(Component::image(), "BYTES", &[1], &[2, 0, 0, 0, 7, 8]).unwrap();
    let Given::Parts(parts) = bytes else { panic!("a part") };
    assert_eq!((parts.len(), parts[0].bytes.as_slice()), (1, &[7, 8][..]));
    let text = |text: &str| {
        let data = Data::Texts(vec![text.to_owned()]);
        let input = Input { name: "x".to_owned(), datatype: Datatype::Bytes, shape: vec![1], data };
        take(&field(Component::image()), input).map_err(|error| error.body.message)
    };
    assert_eq!(text("Bwg="), Ok(Given::Json(json!({ "data": "Bwg=" }))));
    assert_eq!(text("data:image/png;base64,Bwg="), Ok(Given::Json(json!("data:image/png;base64,Bwg="))));
}
