//! What a space answered → tensors of the protocol.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::{Serialize, Serializer};
use spaces::interface::Field;
use spaces::value::encode::encode;
use spaces::value::{Dtype, Elements, Media, Tensor, Value};

use super::datatype::{Datatype, signature};

/// One tensor of an answer.
pub(super) struct Output {
    pub(super) name: String,
    pub(super) datatype: Datatype,
    pub(super) shape: Vec<u64>,
    data: Data,
}

enum Data {
    Fixed(Dtype, Vec<u8>),
    Bytes(Vec<Element>),
}

/// One element of type BYTES.
struct Element {
    bytes: Vec<u8>,
    /// Where it is a file.
    mime_type: Option<String>,
}

impl Output {
    pub(super) fn of(field: &Field, value: Value) -> Self {
        let (datatype, _) = signature(&field.component);
        let one = vec![1];
        let (shape, data) = match value {
            // An output that was never filled.
            Value::Null => match datatype {
                Datatype::Fixed(dtype) => (vec![0], Data::Fixed(dtype, Vec::new())),
                Datatype::Bytes | Datatype::Bf16 => (vec![0], Data::Bytes(Vec::new())),
            },
            Value::Tensor(Tensor { dtype, shape, bytes }) => (shape, Data::Fixed(dtype, bytes)),
            Value::Integer(integer) => (one, Data::Fixed(Dtype::F64, (integer as f64).to_le_bytes().to_vec())),
            Value::Number(number) => (one, Data::Fixed(Dtype::F64, number.to_le_bytes().to_vec())),
            Value::Boolean(boolean) => (one, Data::Fixed(Dtype::Boolean, vec![u8::from(boolean)])),
            Value::Text(text) => (one, Data::Bytes(vec![Element::text(text)])),
            Value::Texts(texts) => {
                (vec![texts.len() as u64], Data::Bytes(texts.into_iter().map(Element::text).collect()))
            }
            Value::Media(media) => (one, Data::Bytes(vec![Element::file(media)])),
            Value::Medias(medias) => {
                (vec![medias.len() as u64], Data::Bytes(medias.into_iter().map(Element::file).collect()))
            }
            document @ (Value::Json(_) | Value::Label(_) | Value::Table(_)) => {
                (one, Data::Bytes(vec![Element::text(encode(field, document).to_string())]))
            }
        };
        Self { name: field.name.clone(), datatype, shape, data }
    }

    /// The data as JSON has it: a file is a data URL.
    pub(super) fn into_json(self) -> JsonData {
        match self.data {
            Data::Fixed(dtype, bytes) => JsonData::Numbers(dtype, bytes),
            Data::Bytes(elements) => JsonData::Texts(elements.into_iter().map(Element::into_text).collect()),
        }
    }

    /// The data as bytes on the wire, and how many they are; the buffers are the space's own.
    pub(super) fn into_pieces(self) -> (Vec<Bytes>, usize) {
        let pieces: Vec<Bytes> = match self.data {
            Data::Fixed(_, bytes) => vec![bytes.into()],
            Data::Bytes(elements) => {
                let piece = |element: Element| {
                    let length = u32::try_from(element.bytes.len()).unwrap_or(u32::MAX);
                    [Bytes::copy_from_slice(&length.to_le_bytes()), element.bytes.into()]
                };
                elements.into_iter().flat_map(piece).collect()
            }
        };
        let n_bytes = pieces.iter().map(Bytes::len).sum();
        (pieces, n_bytes)
    }
}

impl Element {
    fn text(text: String) -> Self {
        Self { bytes: text.into_bytes(), mime_type: None }
    }

    fn file(media: Media) -> Self {
        Self { bytes: media.bytes, mime_type: Some(media.mime_type) }
    }

    fn into_text(self) -> String {
        match self.mime_type {
            Some(mime_type) => {
                let mut url = format!("data:{mime_type};base64,");
                STANDARD.encode_string(&self.bytes, &mut url);
                url
            }
            None => String::from_utf8(self.bytes).unwrap_or_default(),
        }
    }
}

/// The `data` of an output.
pub(super) enum JsonData {
    Numbers(Dtype, Vec<u8>),
    Texts(Vec<String>),
}

impl Serialize for JsonData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Numbers(dtype, bytes) => Elements { dtype: *dtype, bytes }.serialize(serializer),
            Self::Texts(texts) => texts.serialize(serializer),
        }
    }
}
