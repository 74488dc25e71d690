//! How long a client may take for a body: a slow line is served, one that drips is not.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use http_body_util::Limited;
use tokio::time::{Instant, Sleep, sleep_until};

/// What a client may take before its first byte, and for pauses.
const GRACE: Duration = Duration::from_secs(10);
/// The slowest average from then on, in bytes a second: a tenth of a bad mobile line.
const SLOWEST: u64 = 4 << 10;

/// Tells, after a body has failed, whether the client was too slow.
#[derive(Clone, Default)]
pub(in crate::http) struct Late(Arc<AtomicBool>);

impl Late {
    pub(in crate::http) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Bounds a request's body by bytes and by time.
pub(in crate::http) fn bound(request: Request, max_bytes: usize) -> (Request, Late) {
    let late = Late::default();
    let patient = |body| Patient { body, started: Instant::now(), received: 0, timer: None, late: late.clone() };
    let request = request.map(|body| Body::new(Limited::new(patient(body), max_bytes)));
    (request, late)
}

/// Bounds a body by time only; whoever reads it counts its bytes.
pub(in crate::http) fn hurry(body: Body) -> (Body, Late) {
    let late = Late::default();
    let patient = Patient { body, started: Instant::now(), received: 0, timer: None, late: late.clone() };
    (Body::new(patient), late)
}

struct Patient {
    body: Body,
    started: Instant,
    received: u64,
    /// Made at the first pause: most bodies come with their head.
    timer: Option<Pin<Box<Sleep>>>,
    late: Late,
}

#[derive(Debug, thiserror::Error)]
#[error("the body came too slowly")]
struct TooSlow;

impl HttpBody for Patient {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            if let Some(Ok(frame)) = &frame {
                self.received += frame.data_ref().map_or(0, |data| data.len() as u64);
            }
            return Poll::Ready(frame);
        }
        let until = self.started + GRACE + Duration::from_secs(self.received / SLOWEST);
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(until)));
        if timer.deadline() != until {
            timer.as_mut().reset(until);
        }
        if timer.as_mut().poll(context).is_ready() {
            self.late.0.store(true, Ordering::Relaxed);
            return Poll::Ready(Some(Err(axum::Error::new(TooSlow))));
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
