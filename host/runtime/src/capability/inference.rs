//! `vitrine:space/inference`.

use std::sync::Arc;

use crate::state::{GuestState, InferenceError};
use crate::wit::NamedTensor;
use crate::wit::inference::{Error, Host};

/// What a guest hears in `init`, and wherever else the host has no native inference at all.
const NOT_HERE: &str = "native inference is not there while a space is published: call it from an endpoint, and write \
                        `engine = \"native\"` in space.toml, so that its examples run where it is there";

impl Host for GuestState {
    async fn infer(&mut self, model: String, inputs: Vec<NamedTensor>) -> Result<Vec<NamedTensor>, Error> {
        let Some(inference) = &self.env.inference else { return Err(Error::Denied(NOT_HERE.to_owned())) };
        let inference = Arc::clone(inference);
        inference.infer(model, inputs, self.deadline).await.map_err(|error| match error {
            InferenceError::Denied(message) => Error::Denied(message),
            InferenceError::BadModel(message) => Error::BadModel(message),
            InferenceError::BadInput(message) => Error::BadInput(message),
            InferenceError::Failed(message) => Error::Failed(message),
        })
    }
}
