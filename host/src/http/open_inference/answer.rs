//! An answer: JSON, and behind it the tensors that were asked for as bytes, each from its own buffer.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use serde::Serialize;

use super::body::Coding;
use super::output::{JsonData, Output};

/// The header that says how long the JSON in front of the tensors is.
pub(super) const JSON_LENGTH: HeaderName = HeaderName::from_static("inference-header-content-length");

/// Beneath this an answer is not compressed: it would hardly become shorter.
const MIN_COMPRESSED_BYTES: usize = 256;

/// What an answer says besides its tensors.
#[derive(Serialize)]
pub(super) struct Answer {
    pub(super) model_name: String,
    pub(super) model_version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    outputs: Vec<Entry>,
    #[serde(skip)]
    tensors: Vec<Bytes>,
    #[serde(skip)]
    has_binary: bool,
}

#[derive(Serialize)]
struct Entry {
    name: String,
    datatype: String,
    shape: Vec<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<JsonData>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters: Option<BinarySize>,
}

#[derive(Serialize)]
struct BinarySize {
    binary_data_size: usize,
}

impl Answer {
    pub(super) fn new(model_name: String, model_version: String, id: Option<String>) -> Self {
        Self { model_name, model_version, id, outputs: Vec::new(), tensors: Vec::new(), has_binary: false }
    }

    /// Adds an output, as bytes or in the JSON.
    pub(super) fn push(&mut self, output: Output, binary: bool) {
        let (name, datatype, shape) = (output.name.clone(), output.datatype.to_string(), output.shape.clone());
        let (data, parameters) = if binary {
            self.has_binary = true;
            let (pieces, binary_data_size) = output.into_pieces();
            self.tensors.extend(pieces);
            (None, Some(BinarySize { binary_data_size }))
        } else {
            (Some(output.into_json()), None)
        };
        self.outputs.push(Entry { name, datatype, shape, data, parameters });
    }

    /// The response, and how many bytes it has before compression.
    pub(super) async fn into_response(mut self, coding: Option<Coding>) -> (Response, usize) {
        let tensors = std::mem::take(&mut self.tensors);
        let json = serde_json::to_vec(&self).expect("answers are plain data");
        let json_length = json.len();
        let mut pieces = Pieces::new(json, tensors);
        let n_bytes = pieces.n_bytes;
        let coding = coding.filter(|_| n_bytes >= MIN_COMPRESSED_BYTES);
        if let Some(coding) = coding {
            let plain: Vec<Bytes> = pieces.pieces.into();
            let compressed = crate::blocking::run(move || coding.deflate(&plain)).await;
            pieces = Pieces::new(compressed.expect("a buffer takes all that is written to it"), Vec::new());
        }
        let mut response = Response::new(Body::new(pieces));
        let headers = response.headers_mut();
        if let Some(coding) = coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.as_str()));
        }
        let content_type = if self.has_binary {
            headers.insert(JSON_LENGTH, HeaderValue::from(json_length));
            "application/octet-stream"
        } else {
            "application/json"
        };
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        (response, n_bytes)
    }
}

/// A body of known length that is sent piece by piece, without joining them.
struct Pieces {
    pieces: VecDeque<Bytes>,
    n_bytes: usize,
}

impl Pieces {
    fn new(first: Vec<u8>, others: Vec<Bytes>) -> Self {
        let mut pieces = VecDeque::with_capacity(1 + others.len());
        pieces.push_back(Bytes::from(first));
        // An empty frame means nothing, and some writers take it for the end.
        pieces.extend(others.into_iter().filter(|piece| !piece.is_empty()));
        let n_bytes = pieces.iter().map(Bytes::len).sum();
        Self { pieces, n_bytes }
    }
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = self.pieces.pop_front();
        self.n_bytes -= piece.as_ref().map_or(0, Bytes::len);
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.n_bytes as u64)
    }
}
