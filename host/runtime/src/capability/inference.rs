//! `vitrine:space/inference`: the operator's policy is `off`, the only one so far, so every request is denied.

use crate::state::GuestState;
use crate::wit::inference::{Error, Host, NamedTensor};

impl Host for GuestState {
    fn infer(&mut self, _model: String, _inputs: Vec<NamedTensor>) -> Result<Vec<NamedTensor>, Error> {
        Err(Error::Denied("native inference is off on this server: run the model inside the sandbox".to_owned()))
    }
}
