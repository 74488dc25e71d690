//! Values: defaults and examples of an interface.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;
use spaces::value::{Cell, Column, Confidence, Dtype, Media, Tensor, Value};

use super::{Wire, field, member};

impl Wire for Value {
    fn read(json: &Json) -> Option<Self> {
        let value = member(json, "value");
        Some(match json.get("type")?.as_str()? {
            "null" => Self::Null,
            "boolean" => Self::Boolean(Wire::read(value)?),
            "integer" => Self::Integer(Wire::read(value)?),
            "number" => Self::Number(Wire::read(value)?),
            "text" => Self::Text(Wire::read(value)?),
            "texts" => Self::Texts(Wire::read(value)?),
            "json" => Self::Json(value.clone()),
            "media" => Self::Media(Wire::read(value)?),
            "medias" => Self::Medias(Wire::read(value)?),
            "tensor" => Self::Tensor(Wire::read(value)?),
            "table" => Self::Table(Wire::read(value)?),
            "label" => Self::Label(Wire::read(value)?),
            _ => return None,
        })
    }
}

fn bytes(json: &Json, name: &str) -> Option<Vec<u8>> {
    STANDARD.decode(json.get(name)?.as_str()?).ok()
}

impl Wire for Media {
    fn read(json: &Json) -> Option<Self> {
        Some(Self { bytes: bytes(json, "bytes")?, mime_type: field(json, "mime_type")?, name: field(json, "name")? })
    }
}

impl Wire for Tensor {
    fn read(json: &Json) -> Option<Self> {
        Some(Self { dtype: field(json, "dtype")?, shape: field(json, "shape")?, bytes: bytes(json, "bytes")? })
    }
}

impl Wire for Dtype {
    fn read(json: &Json) -> Option<Self> {
        Some(match json.as_str()? {
            "boolean" => Self::Boolean,
            "u8" => Self::U8,
            "s8" => Self::S8,
            "u16" => Self::U16,
            "s16" => Self::S16,
            "u32" => Self::U32,
            "s32" => Self::S32,
            "u64" => Self::U64,
            "s64" => Self::S64,
            "f16" => Self::F16,
            "f32" => Self::F32,
            "f64" => Self::F64,
            _ => return None,
        })
    }
}

impl Wire for Cell {
    fn read(json: &Json) -> Option<Self> {
        Some(match json {
            Json::Null => Self::Null,
            Json::Bool(set) => Self::Boolean(*set),
            Json::Number(number) => match number.as_i64() {
                Some(integer) => Self::Integer(integer),
                None => Self::Number(number.as_f64()?),
            },
            Json::String(text) => Self::Text(text.clone()),
            Json::Array(_) | Json::Object(_) => return None,
        })
    }
}

impl Wire for Column {
    fn read(json: &Json) -> Option<Self> {
        Some(Self { name: field(json, "name")?, cells: field(json, "cells")? })
    }
}

impl Wire for Confidence {
    fn read(json: &Json) -> Option<Self> {
        Some(Self { label: field(json, "label")?, score: field(json, "score")? })
    }
}
