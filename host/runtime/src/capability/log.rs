//! `vitrine:space/log`.

use crate::limits::MAX_LOG_LINE_BYTES;
use crate::state::{GuestState, LogLevel, escape};
use crate::wit::log::{Host, Level};

impl Host for GuestState {
    fn write(&mut self, level: Level, message: String) {
        let level = match level {
            Level::Trace => LogLevel::Trace,
            Level::Debug => LogLevel::Debug,
            Level::Info => LogLevel::Info,
            Level::Warn => LogLevel::Warn,
            Level::Error => LogLevel::Error,
        };
        self.log.write(level, &message);
    }

    fn panicked(&mut self, message: String) {
        self.log.write(LogLevel::Error, &message);
        self.panic_message = Some(escape(&message, MAX_LOG_LINE_BYTES));
    }
}
