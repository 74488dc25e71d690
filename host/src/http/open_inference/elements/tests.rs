use super::*;

fn read_text(datatype: Datatype, shape: &[u64], data: &str) -> Result<Data, String> {
    let quoted = quote_not_finite(data.as_bytes());
    let raw: &RawValue = serde_json::from_slice(&quoted).map_err(|error| error.to_string())?;
    let input = read("x".to_owned(), datatype, shape.to_vec(), raw);
    input.map(|input| input.data).map_err(|error| error.body.message)
}

fn floats(numbers: &[f32]) -> Data {
    Data::Raw(numbers.iter().flat_map(|number| number.to_le_bytes()).collect())
}

const FP32: Datatype = Datatype::Fixed(Dtype::F32);

#[test]
fn bare_words_become_strings_and_strings_stay() {
    let check = |text: &str, expected: &str| {
        assert_eq!(std::str::from_utf8(&quote_not_finite(text.as_bytes())), Ok(expected));
    };
    check("[1, -2]", "[1, -2]");
    check("[NaN,Infinity,-Infinity]", r#"["NaN","Infinity","-Infinity"]"#);
    check(r#"{"Infinity": "NaN \" NaN", "x": NaN}"#, r#"{"Infinity": "NaN \" NaN", "x": "NaN"}"#);
    check(r#"["\\", NaN, "open NaN"#, r#"["\\", "NaN", "open NaN"#);
    check("\"\\", "\"\\");
}

#[test]
fn numbers_are_read_flat_or_nested() {
    assert_eq!(read_text(FP32, &[2, 2], "[1, 2.5, -3, 4]"), Ok(floats(&[1.0, 2.5, -3.0, 4.0])));
    assert_eq!(read_text(FP32, &[2, 2], "[[1, 2.5], [-3, 4]]"), Ok(floats(&[1.0, 2.5, -3.0, 4.0])));
    assert_eq!(read_text(FP32, &[0], "[]"), Ok(floats(&[])));
    assert_eq!(read_text(FP32, &[2], "[Infinity, -Infinity]"), Ok(floats(&[f32::INFINITY, f32::NEG_INFINITY])));
    let Ok(Data::Raw(nan)) = read_text(FP32, &[2], "[NaN, null]") else { panic!("numbers") };
    assert!(nan.as_chunks().0.iter().all(|bytes| f32::from_le_bytes(*bytes).is_nan()));
    let half = read_text(Datatype::Fixed(Dtype::F16), &[2], "[1, -Infinity]");
    assert_eq!(half, Ok(Data::Raw(vec![0x00, 0x3c, 0x00, 0xfc])));
    let large = read_text(Datatype::Fixed(Dtype::U64), &[1], "[18446744073709551615]");
    assert_eq!(large, Ok(Data::Raw(u64::MAX.to_le_bytes().to_vec())), "exact beyond 2^53");
}

#[test]
fn what_does_not_fit_is_told() {
    let check = |datatype, shape: &[u64], data: &str, words: &str| {
        let message = read_text(datatype, shape, data).unwrap_err();
        assert!(message.contains("`x`") && message.contains(words), "{message}");
    };
    check(FP32, &[3], "[1, 2]", "takes 3 elements, but `data` has 2");
    check(FP32, &[1], "[1, 2]", "more elements");
    check(FP32, &[1], r#"["1"]"#, "element 0");
    check(FP32, &[1], r#"{"a": 1}"#, "array of numbers");
    check(Datatype::Fixed(Dtype::S8), &[1], "[128]", "element 0: `128` is not of type s8");
    check(Datatype::Fixed(Dtype::S32), &[1], "[NaN]", "element 0");
    check(Datatype::Bytes, &[1], "[1]", "array of strings");
    check(Datatype::Bytes, &[u64::MAX], "[]", "more than");
    check(Datatype::Bf16, &[1], "[1]", "BF16");
}

#[test]
fn nesting_has_an_end() {
    let deep = format!("{}1{}", "[".repeat(17), "]".repeat(17));
    assert!(read_text(FP32, &[1], &deep).unwrap_err().contains("deeper than 16"));
    assert!(read_text(FP32, &[1], &format!("{}1{}", "[".repeat(16), "]".repeat(16))).is_ok());
}
