//! How much of a body is taken, and how long it may take: a slow line is served, one that drips is not.

mod messages;
mod refused;

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use spaces::limits;
use tokio::time::{Instant, Sleep, sleep_until};

use super::body::BodyError;
use super::error::ApiError;
pub(in crate::http) use messages::{Pauses, bound_messages};
pub(in crate::http) use refused::let_come;

/// How long a client may take for each piece of [`PIECE_BYTES`], its first byte and pauses included. Being quick at first
/// saves nothing up: what has come takes room until the rest comes.
const PIECE_TIME: Duration = Duration::from_secs(10);
/// Four kilobytes a second: a tenth of a bad mobile line.
const PIECE_BYTES: u64 = 40 << 10;

/// All bodies that are being read or called with: each alone is bounded, but not their number.
pub(crate) struct Bodies {
    bytes: AtomicU64,
    max_bytes: u64,
}

impl Bodies {
    /// Takes at most `max_bytes` of all together.
    pub(crate) fn new(max_bytes: u64) -> Self {
        Self { bytes: AtomicU64::new(0), max_bytes }
    }
}

/// Why no more of a body is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Refusal {
    #[error("the body came too slowly")]
    TooSlow,
    #[error("the body is too large")]
    TooLarge,
    #[error("there are too many bodies at once")]
    NoRoom,
}

/// What has come of a body.
#[derive(Default)]
struct Progress {
    bytes: AtomicU64,
    refused: OnceLock<Refusal>,
    /// None where the body is not kept in memory.
    total: Option<Arc<Bodies>>,
}

impl Progress {
    fn counted(bodies: &Arc<Bodies>) -> Self {
        Self { bytes: AtomicU64::new(0), refused: OnceLock::new(), total: Some(Arc::clone(bodies)) }
    }

    /// Counts bytes; false where all bodies together become too much.
    fn add(&self, n_bytes: u64) -> bool {
        self.bytes.fetch_add(n_bytes, Ordering::Relaxed);
        let Some(total) = &self.total else { return true };
        total.bytes.fetch_add(n_bytes, Ordering::Relaxed) + n_bytes <= total.max_bytes
    }

    /// Counts bytes no longer.
    fn release(&self, n_bytes: u64) {
        self.bytes.fetch_sub(n_bytes, Ordering::Relaxed);
        if let Some(total) = &self.total {
            total.bytes.fetch_sub(n_bytes, Ordering::Relaxed);
        }
    }

    fn refuse<T>(&self, refusal: Refusal) -> Poll<Option<Result<T, axum::Error>>> {
        let _ = self.refused.set(refusal);
        Poll::Ready(Some(Err(axum::Error::new(refusal))))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(total) = &self.total {
            total.bytes.fetch_sub(*self.bytes.get_mut(), Ordering::Relaxed);
        }
    }
}

/// Tells, once a body has been read or has failed, what came of it; its bytes count for as long as this lives.
pub(in crate::http) struct Arrival {
    progress: Arc<Progress>,
    max_bytes: u64,
}

impl Arrival {
    /// How much has come.
    pub(in crate::http) fn bytes(&self) -> u64 {
        self.progress.bytes.load(Ordering::Relaxed)
    }

    /// Counts what a body becomes when it is inflated, as if it had come.
    ///
    /// # Errors
    /// 503 where all bodies together become too much.
    pub(in crate::http) fn hold(&self, n_bytes: u64) -> Result<(), ApiError> {
        if self.progress.add(n_bytes) { Ok(()) } else { Err(no_room()) }
    }

    /// The error of a body that is too large for its space.
    pub(in crate::http) fn too_large(&self) -> ApiError {
        too_large(self.max_bytes)
    }

    /// True where the client was too slow.
    pub(in crate::http) fn too_slow(&self) -> bool {
        self.progress.refused.get() == Some(&Refusal::TooSlow)
    }

    /// The error of whoever read the body, with what only this knows.
    pub(in crate::http) fn explain(&self, error: BodyError) -> ApiError {
        match self.progress.refused.get() {
            Some(Refusal::TooSlow) => {
                let message = "the body came too slowly; send it again";
                ApiError::new(StatusCode::REQUEST_TIMEOUT, "body_too_slow", message)
            }
            Some(Refusal::NoRoom) => no_room(),
            Some(Refusal::TooLarge) => too_large(self.max_bytes),
            None => error.into(),
        }
    }
}

/// Bounds a request's body by bytes and by time.
///
/// # Errors
/// Where the request announces more than `max_bytes`: then nothing of it is kept.
pub(in crate::http) fn bound(
    request: Request,
    max_bytes: u64,
    bodies: &Arc<Bodies>,
) -> Result<(Request, Arrival), ApiError> {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: u64| length > max_bytes) {
        let_come(request.into_body());
        return Err(too_large(max_bytes));
    }
    let arrival = Arrival { progress: Arc::new(Progress::counted(bodies)), max_bytes };
    let request = request.map(|body| Body::new(Patient::new(body, &arrival)));
    Ok((request, arrival))
}

/// Bounds a body by time only; whoever reads it counts its bytes.
pub(in crate::http) fn hurry(body: Body) -> (Body, Arrival) {
    let arrival = Arrival { progress: Arc::default(), max_bytes: u64::MAX };
    (Body::new(Patient::new(body, &arrival)), arrival)
}

fn no_room() -> ApiError {
    let message = "the server holds as many request bodies as it can: try again in a moment";
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", message)
}

/// A body is larger than the space takes.
pub(in crate::http) fn too_large(max_bytes: u64) -> ApiError {
    let message = format!("the body is larger than the {} that this space takes; send less", limits::Bytes(max_bytes));
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", message)
}

struct Patient {
    body: Body,
    /// When the current piece began, and what had come by then.
    piece: (Instant, u64),
    received: u64,
    max_bytes: u64,
    /// Made at the first pause: most bodies come with their head.
    timer: Option<Pin<Box<Sleep>>>,
    progress: Arc<Progress>,
}

impl Patient {
    fn new(body: Body, arrival: &Arrival) -> Self {
        let progress = Arc::clone(&arrival.progress);
        Self { body, piece: (Instant::now(), 0), received: 0, max_bytes: arrival.max_bytes, timer: None, progress }
    }
}

impl HttpBody for Patient {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            if let Some(Ok(frame)) = &frame {
                let n_bytes = frame.data_ref().map_or(0, |data| data.len() as u64);
                self.received += n_bytes;
                if self.received > self.max_bytes {
                    return self.progress.refuse(Refusal::TooLarge);
                }
                if !self.progress.add(n_bytes) {
                    return self.progress.refuse(Refusal::NoRoom);
                }
            }
            return Poll::Ready(frame);
        }
        if self.received - self.piece.1 >= PIECE_BYTES {
            self.piece = (Instant::now(), self.received);
        }
        let until = self.piece.0 + PIECE_TIME;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(until)));
        if timer.deadline() != until {
            timer.as_mut().reset(until);
        }
        if timer.as_mut().poll(context).is_ready() {
            return self.progress.refuse(Refusal::TooSlow);
        }
        Poll::Pending
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
