//! A body, piece by piece: what is asked for is copied once, from where the connection has put it to where it stays.

use std::io::Read;
use std::sync::Arc;

use axum::body::{Body, BodyDataStream};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use bytes::{Buf as _, Bytes};
use futures::TryStreamExt as _;

use crate::http::body::BodyError;
use crate::http::error::ApiError;
use crate::http::patience::Arrival;

/// How much is inflated before it is looked at whether there is room.
const INFLATED_PIECE_BYTES: usize = 64 << 10;
/// What is reserved at once for a tensor, however large it is said to be; the rest as it comes.
const MAX_RESERVED_BYTES: usize = 64 << 20;

/// What is left of a body.
pub(super) struct Source {
    body: BodyDataStream,
    /// What has come and was not asked for yet.
    rest: Bytes,
    arrival: Arc<Arrival>,
}

impl Source {
    /// Takes a bounded request's body, inflated where it is compressed.
    ///
    /// # Errors
    /// 415 for an unknown coding; 400 where the body is not what the coding says; 413 where it becomes larger than
    /// `max_bytes`.
    pub(super) async fn of(request: Request, arrival: Arc<Arrival>, max_bytes: u64) -> Result<Self, ApiError> {
        let coding = Coding::of(request.headers())?;
        let plain = Self { body: request.into_body().into_data_stream(), rest: Bytes::new(), arrival: arrival.clone() };
        let Some(coding) = coding else { return Ok(plain) };
        let compressed = plain.read_all().await?;
        let counted = arrival.clone();
        let inflated = crate::blocking::run(move || coding.inflate(&compressed, max_bytes, &counted)).await?;
        Ok(Self { body: Body::empty().into_data_stream(), rest: inflated.into(), arrival })
    }

    /// The next bytes; `what` they are is for the message.
    ///
    /// # Errors
    /// 400 where there are not as many.
    pub(super) async fn take(&mut self, n_bytes: usize, what: &str) -> Result<Vec<u8>, ApiError> {
        let mut taken = Vec::with_capacity(n_bytes.min(MAX_RESERVED_BYTES));
        loop {
            let piece = self.rest.split_to(self.rest.len().min(n_bytes - taken.len()));
            taken.extend_from_slice(&piece);
            if taken.len() == n_bytes {
                return Ok(taken);
            }
            if !self.fetch().await? {
                let message = format!("the body ends after {} of the {n_bytes} bytes of {what}", taken.len());
                return Err(ApiError::new(StatusCode::BAD_REQUEST, "truncated_body", message));
            }
        }
    }

    /// Everything that is left.
    pub(super) async fn take_rest(&mut self) -> Result<Bytes, ApiError> {
        let mut pieces = vec![std::mem::take(&mut self.rest)];
        while self.fetch().await? {
            pieces.push(std::mem::take(&mut self.rest));
        }
        pieces.retain(|piece| !piece.is_empty());
        if pieces.len() == 1 {
            return Ok(pieces.remove(0));
        }
        let mut whole = Vec::with_capacity(pieces.iter().map(Bytes::len).sum());
        pieces.iter().for_each(|piece| whole.extend_from_slice(piece));
        Ok(whole.into())
    }

    /// Nothing may be left.
    ///
    /// # Errors
    /// 400 where something is.
    pub(super) async fn end(mut self) -> Result<(), ApiError> {
        loop {
            if self.rest.has_remaining() {
                let message = "the body goes on behind the tensors that its JSON announces";
                return Err(ApiError::new(StatusCode::BAD_REQUEST, "invalid_body", message));
            }
            if !self.fetch().await? {
                return Ok(());
            }
        }
    }

    async fn read_all(mut self) -> Result<Bytes, ApiError> {
        self.take_rest().await
    }

    /// Waits for the next piece; false at the end.
    async fn fetch(&mut self) -> Result<bool, ApiError> {
        match self.body.try_next().await {
            Ok(Some(piece)) => {
                self.rest = piece;
                Ok(true)
            }
            Ok(None) => Ok(false),
            Err(error) => Err(self.arrival.explain(BodyError::Unreadable { problem: error.to_string() })),
        }
    }
}

/// How a body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Gzip,
    /// In the wrapper of zlib: RFC 9110, section 8.4.1.2.
    Deflate,
}

impl Coding {
    fn of(headers: &HeaderMap) -> Result<Option<Self>, ApiError> {
        let Some(value) = headers.get(header::CONTENT_ENCODING) else { return Ok(None) };
        let text = value.to_str().unwrap_or("").trim().to_ascii_lowercase();
        match text.as_str() {
            "" | "identity" => Ok(None),
            "gzip" => Ok(Some(Self::Gzip)),
            "deflate" => Ok(Some(Self::Deflate)),
            _ => {
                let message = "the Content-Encoding is not known; send gzip, deflate or none";
                Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_encoding", message))
            }
        }
    }

    /// The coding that an answer is to have: where exactly one is asked for. Libraries ask for a list of their own
    /// accord, and compressing tensors takes longer than sending them.
    pub(super) fn wanted(headers: &HeaderMap) -> Option<Self> {
        match headers.get(header::ACCEPT_ENCODING)?.to_str().ok()?.trim() {
            "gzip" => Some(Self::Gzip),
            "deflate" => Some(Self::Deflate),
            _ => None,
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
        }
    }

    /// Compresses the pieces of an answer.
    pub(super) fn deflate(self, pieces: &[Bytes]) -> std::io::Result<Vec<u8>> {
        use std::io::Write as _;

        use flate2::Compression;
        use flate2::write::{GzEncoder, ZlibEncoder};
        match self {
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
                pieces.iter().try_for_each(|piece| encoder.write_all(piece))?;
                encoder.finish()
            }
            Self::Deflate => {
                let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
                pieces.iter().try_for_each(|piece| encoder.write_all(piece))?;
                encoder.finish()
            }
        }
    }

    fn inflate(self, compressed: &[u8], max_bytes: u64, arrival: &Arrival) -> Result<Vec<u8>, ApiError> {
        match self {
            Self::Gzip => inflate(flate2::read::MultiGzDecoder::new(compressed), self, max_bytes, arrival),
            Self::Deflate => inflate(flate2::read::ZlibDecoder::new(compressed), self, max_bytes, arrival),
        }
    }
}

/// What comes out counts as if it had come in: a kilobyte may become a megabyte.
fn inflate(mut decoder: impl Read, coding: Coding, max_bytes: u64, arrival: &Arrival) -> Result<Vec<u8>, ApiError> {
    let mut inflated = Vec::new();
    loop {
        let piece = decoder.by_ref().take(INFLATED_PIECE_BYTES as u64).read_to_end(&mut inflated);
        let n_bytes = piece.map_err(|error| {
            let message = format!("the body is not {}: {error}", coding.as_str());
            ApiError::new(StatusCode::BAD_REQUEST, "invalid_body", message)
        })?;
        if n_bytes == 0 {
            return Ok(inflated);
        }
        if inflated.len() as u64 > max_bytes {
            return Err(arrival.too_large());
        }
        arrival.hold(n_bytes as u64)?;
    }
}
