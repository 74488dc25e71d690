//! `vitrine:space/config`.

use crate::state::GuestState;
use crate::wit::config::Host;

impl Host for GuestState {
    fn get(&mut self, key: String) -> Option<String> {
        self.env.config.get(&key).cloned()
    }
}
