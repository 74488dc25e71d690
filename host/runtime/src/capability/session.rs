//! `vitrine:space/session`.

use crate::state::GuestState;
use crate::wit::session::{Error, Host};

impl Host for GuestState {
    fn get(&mut self, key: String) -> Option<Vec<u8>> {
        self.env.session.as_ref()?.get(&key)
    }

    fn set(&mut self, key: String, value: Vec<u8>) -> Result<(), Error> {
        match &self.env.session {
            Some(session) => session.set(key, value).map_err(Error::TooLarge),
            None => Err(Error::NoSession),
        }
    }
}
