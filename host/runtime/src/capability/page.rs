//! `vitrine:space/page`.

use crate::limits::MAX_DRAWN_BYTES;
use crate::state::{GuestState, LogLevel};
use crate::wit::page::Host;

/// How a guest lays its page out: JSON, as the guest wrote it, not yet checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrangement {
    pub layout: String,
    pub events: String,
}

impl Host for GuestState {
    fn arrange(&mut self, layout: String, events: String) {
        // None but while `describe` runs.
        if self.drawn.is_none() {
            return;
        }
        if layout.len() + events.len() > MAX_DRAWN_BYTES {
            return self.log.write(LogLevel::Warn, "the page is not laid out: its layout takes too many bytes");
        }
        self.arrangement = Some(Arrangement { layout, events });
    }
}
