//! Outputs and errors as the result of a tool: JSON for programs, and the same as text, with each file in a block of its
//! own that models can look at or listen to.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rmcp::model::{CallToolResult, ContentBlock, ResourceContents};
use serde_json::{Map, Value as Json, json};
use spaces::interface::{Component, Endpoint, Field};
use spaces::value::annotated;
use spaces::value::encode::encode;
use spaces::value::{Media, Tensor, Value};

use crate::http::error::ApiError;

/// Larger tensors are files of raw elements: as a tree of JSON values one takes sixteen times its room, and no model
/// reads that much.
const MAX_INLINE_TENSOR_BYTES: usize = 64 << 10;

/// The result of a call that worked, from one checked value per output.
pub(super) fn outputs(endpoint: &Endpoint, values: Vec<Value>) -> CallToolResult {
    let mut blocks = Vec::new();
    let structured = described(endpoint, values, &mut blocks);
    let mut result = CallToolResult::structured(structured);
    result.content.append(&mut blocks);
    result
}

/// Partial outputs as a text for people.
pub(super) fn partial(endpoint: &Endpoint, values: Vec<Value>) -> String {
    match <[Value; 1]>::try_from(values) {
        Ok([Value::Text(text)]) => text,
        Ok([value]) => described(endpoint, vec![value], &mut Vec::new()).to_string(),
        Err(values) => described(endpoint, values, &mut Vec::new()).to_string(),
    }
}

/// The result of a call that failed: the author's or the server's words first, what programs may want to know after.
pub(super) fn error(error: &ApiError, request_id: &str) -> CallToolResult {
    let body = &error.body;
    let mut details = json!({ "code": body.code, "request_id": request_id });
    if let Some(field) = &body.field {
        details["field"] = json!(field);
    }
    CallToolResult::error(vec![ContentBlock::text(body.message.clone()), ContentBlock::text(details.to_string())])
}

/// About how much is sent, for the meters: what frames it is small.
pub(super) fn size_bytes(result: &CallToolResult) -> usize {
    let of_block = |block: &ContentBlock| match block {
        ContentBlock::Text(text) => text.text.len(),
        ContentBlock::Image(image) => image.data.len(),
        ContentBlock::Audio(audio) => audio.data.len(),
        ContentBlock::Resource(resource) => match &resource.resource {
            ResourceContents::BlobResourceContents { blob, .. } => blob.len(),
            ResourceContents::TextResourceContents { text, .. } => text.len(),
            _ => 0,
        },
        _ => 0,
    };
    result.content.iter().map(of_block).sum()
}

/// One key per output; the bytes of files go to `blocks`.
fn described(endpoint: &Endpoint, values: Vec<Value>, blocks: &mut Vec<ContentBlock>) -> Json {
    let one = |(field, value): (&Field, Value)| {
        let json = match value {
            Value::Media(media) => file(field, media, blocks),
            Value::Medias(medias) if field.component == Component::AnnotatedImage => match annotated::parts(&medias) {
                Ok(parts) => annotated::encode(&parts, |media| file(field, media, blocks)),
                // What a guest answers has been checked.
                Err(_) => Json::Null,
            },
            Value::Medias(medias) => medias.into_iter().map(|media| file(field, media, blocks)).collect(),
            Value::Tensor(tensor) if tensor.bytes.len() > MAX_INLINE_TENSOR_BYTES => elements(field, tensor, blocks),
            value => encode(field, value),
        };
        (field.name.clone(), json)
    };
    Json::Object(endpoint.outputs.iter().zip(values).map(one).collect::<Map<_, _>>())
}

fn file(field: &Field, media: Media, blocks: &mut Vec<ContentBlock>) -> Json {
    let Media { bytes, mime_type, name } = media;
    let json = json!({ "mime_type": mime_type, "name": name, "size": bytes.len() });
    let data = STANDARD.encode(&bytes);
    blocks.push(match mime_type.split('/').next() {
        Some("image") => ContentBlock::image(data, mime_type),
        Some("audio") => ContentBlock::audio(data, mime_type),
        _ => {
            let uri = uri(field, name.as_deref(), blocks.len());
            ContentBlock::resource(ResourceContents::blob(data, uri).with_mime_type(mime_type))
        }
    });
    json
}

fn elements(field: &Field, tensor: Tensor, blocks: &mut Vec<ContentBlock>) -> Json {
    let Tensor { dtype, shape, bytes } = tensor;
    let resource = ResourceContents::blob(STANDARD.encode(&bytes), uri(field, None, blocks.len()));
    blocks.push(ContentBlock::resource(resource.with_mime_type("application/octet-stream")));
    json!({ "dtype": dtype, "shape": shape, "data": null })
}

/// A name for a file of a result; it leads nowhere, since the file is in the result itself.
fn uri(field: &Field, name: Option<&str>, index: usize) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-._~".contains(c) { c } else { '_' };
    let name: String = name.unwrap_or("data").chars().map(plain).collect();
    format!("vitrine://output/{}/{index}/{name}", field.name)
}
