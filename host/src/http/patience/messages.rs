//! Bodies of gRPC: messages, each with its length before it, perhaps without an end.
//!
//! A stream of them may pause between two for as long as its connection lives, and only the message that is being read
//! or answered counts: whoever reads takes the next one when it is done with the one before.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};
use tonic::Status;

use super::{Arrival, Bodies, PIECE_BYTES, PIECE_TIME, Progress, Refusal};

/// What stands before each message: a flag and its length, big endian.
const HEAD_BYTES: usize = 5;

/// Whether a client may pause between two messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Pauses {
    Allowed,
    Refused,
}

/// Bounds each message by bytes and by time.
pub(in crate::http) fn bound_messages(
    request: Request,
    max_bytes: u64,
    pauses: Pauses,
    bodies: &Arc<Bodies>,
) -> (Request, Arrival) {
    let arrival = Arrival { progress: Arc::new(Progress::counted(bodies)), max_bytes };
    let progress = Arc::clone(&arrival.progress);
    let request = request.map(|body| {
        let piece = (Instant::now(), 0);
        let (head, left) = (Head::default(), 0);
        Body::new(Messages { body, progress, max_bytes, pauses, head, left, held: 0, received: 0, piece, timer: None })
    });
    (request, arrival)
}

struct Messages {
    body: Body,
    progress: Arc<Progress>,
    max_bytes: u64,
    pauses: Pauses,
    head: Head,
    /// Of the current message, what has not come yet.
    left: u64,
    /// Of the current message, what has come.
    held: u64,
    received: u64,
    /// When the current piece began, and what had come by then.
    piece: (Instant, u64),
    timer: Option<Pin<Box<Sleep>>>,
}

/// The part that has come of what stands before a message.
#[derive(Default)]
struct Head {
    bytes: [u8; HEAD_BYTES],
    n_bytes: usize,
}

impl Messages {
    /// Counts what has come.
    fn take(&mut self, mut data: &[u8]) -> Result<(), Refusal> {
        self.received += data.len() as u64;
        while !data.is_empty() {
            if self.left > 0 {
                let n_bytes = self.left.min(data.len() as u64);
                data = &data[n_bytes as usize..];
                self.left -= n_bytes;
                self.held += n_bytes;
                if !self.progress.add(n_bytes) {
                    return Err(Refusal::NoRoom);
                }
                continue;
            }
            let n_bytes = data.len().min(HEAD_BYTES - self.head.n_bytes);
            self.head.bytes[self.head.n_bytes..][..n_bytes].copy_from_slice(&data[..n_bytes]);
            self.head.n_bytes += n_bytes;
            data = &data[n_bytes..];
            if self.head.n_bytes == HEAD_BYTES {
                let [_, length @ ..] = self.head.bytes;
                self.head = Head::default();
                self.left = u64::from(u32::from_be_bytes(length));
                if self.left > self.max_bytes {
                    return Err(Refusal::TooLarge);
                }
                self.progress.release(std::mem::take(&mut self.held));
            }
        }
        Ok(())
    }

    /// True where the client owes nothing.
    fn may_pause(&self) -> bool {
        self.pauses == Pauses::Allowed && self.left == 0 && self.head.n_bytes == 0
    }
}

/// An error that tonic finds in what the body says, and passes on.
fn refused<T>(refusal: Refusal) -> Poll<Option<Result<T, axum::Error>>> {
    let status = match refusal {
        Refusal::TooSlow => Status::deadline_exceeded("the message came too slowly; send it again"),
        Refusal::TooLarge => Status::resource_exhausted("the message is larger than any space takes; send less"),
        Refusal::NoRoom => {
            Status::unavailable("the server holds as many request bodies as it can: try again in a moment")
        }
    };
    Poll::Ready(Some(Err(axum::Error::new(status))))
}

impl HttpBody for Messages {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            if let Some(Ok(frame)) = &frame
                && let Some(data) = frame.data_ref()
                && let Err(refusal) = self.take(data)
            {
                return refused(refusal);
            }
            return Poll::Ready(frame);
        }
        if self.may_pause() {
            self.piece = (Instant::now(), self.received);
            self.timer = None;
            return Poll::Pending;
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
            return refused(Refusal::TooSlow);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(max_bytes: u64, total: u64) -> (Messages, Arc<Bodies>) {
        let bodies = Arc::new(Bodies::new(total));
        let progress = Arc::new(Progress::counted(&bodies));
        let (head, piece) = (Head::default(), (Instant::now(), 0));
        let pauses = Pauses::Allowed;
        let body = Body::empty();
        let messages =
            Messages { body, progress, max_bytes, pauses, head, left: 0, held: 0, received: 0, piece, timer: None };
        (messages, bodies)
    }

    #[tokio::test]
    async fn only_the_message_that_is_being_read_counts() {
        let (mut messages, bodies) = messages(8, 10);
        let held = |bodies: &Bodies| bodies.bytes.load(std::sync::atomic::Ordering::Relaxed);
        for _ in 0..10 {
            assert!(messages.may_pause());
            messages.take(&[0, 0, 0]).unwrap();
            assert!(!messages.may_pause(), "a head that has begun");
            messages.take(&[0, 8, 1, 2, 3]).unwrap();
            assert!(!messages.may_pause(), "a message that has begun");
            messages.take(&[4, 5, 6, 7, 8]).unwrap();
            assert_eq!(held(&bodies), 8);
        }
        drop(messages);
        assert_eq!(held(&bodies), 0);
    }

    #[tokio::test]
    async fn a_message_is_refused_by_its_announced_length_and_where_there_is_no_room() {
        let (mut large, _bodies) = messages(8, 10);
        assert_eq!(large.take(&[0, 0, 0, 0, 9]), Err(Refusal::TooLarge));
        let (mut crowded, _bodies) = messages(8, 3);
        assert_eq!(crowded.take(&[0, 0, 0, 0, 8, 1, 2, 3, 4]), Err(Refusal::NoRoom));
    }
}
