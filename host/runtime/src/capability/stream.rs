//! `vitrine:space/stream`.

use crate::invoke::GuestEvent;
use crate::limits::MAX_LOG_LINE_BYTES;
use crate::state::{GuestState, escape};
use crate::wit::Value;
use crate::wit::stream::Host;

impl Host for GuestState {
    async fn progress(&mut self, fraction: Option<f64>, message: String) {
        let fraction = fraction.filter(|fraction| fraction.is_finite()).map(|fraction| fraction.clamp(0.0, 1.0));
        self.send(GuestEvent::Progress { fraction, message: escape(&message, MAX_LOG_LINE_BYTES) }).await;
    }

    async fn emit(&mut self, outputs: Vec<Value>) {
        self.send(GuestEvent::Output(outputs)).await;
    }
}

impl GuestState {
    /// Waits while the listener is slower than the guest; the channel's bound is the back pressure.
    async fn send(&mut self, event: GuestEvent) {
        if let Some(events) = &self.env.events
            && events.send(event).await.is_err()
        {
            // Nobody listens any more: the invocation is being dropped, or wants its final outputs only.
            self.env.events = None;
        }
    }
}
