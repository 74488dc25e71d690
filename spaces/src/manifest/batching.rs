//! `[batching]`: concurrent calls joined along the first dimension of their tensors.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::interface::{Component, Endpoint, Field, Interface};

/// The largest batch, in rows.
pub const MAX_BATCH_SIZE: u32 = 4096;

/// The longest that a call may wait for others, in milliseconds: a person notices more.
pub const MAX_BATCH_DELAY_MS: u32 = 1000;

/// `[batching]` in `space.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batching {
    /// The most rows of one invocation. A call that alone has as many is not joined. Example: `max_size = 16`
    pub max_size: u32,
    /// How long a call waits for others, in milliseconds; default: 5.
    #[serde(default = "default_delay_ms")]
    pub delay_ms: u32,
}

/// A space asks for batching that cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`[batching]` needs an endpoint whose inputs and outputs are tensors with a free first dimension; {problem}")]
pub struct BatchingError {
    problem: String,
}

impl Batching {
    /// How long a call waits for others.
    pub fn delay(&self) -> Duration {
        Duration::from_millis(u64::from(self.delay_ms))
    }

    /// Checks that there is an endpoint whose calls can be joined.
    ///
    /// # Errors
    /// [`BatchingError`] naming what keeps the first endpoint from it.
    pub fn check(&self, interface: &Interface) -> Result<(), BatchingError> {
        if interface.endpoints.iter().any(can_join) {
            return Ok(());
        }
        let obstacle = interface.endpoints.first().and_then(|endpoint| {
            let field = endpoint.inputs.iter().chain(&endpoint.outputs).find(|field| !is_free(field))?;
            Some(format!("`{}` of `{}` is none", field.name, endpoint.name))
        });
        Err(BatchingError { problem: obstacle.unwrap_or_else(|| "the first endpoint has no tensors".to_owned()) })
    }
}

/// True where calls of the endpoint can be joined along the first dimension of all its tensors.
pub fn can_join(endpoint: &Endpoint) -> bool {
    let Endpoint { inputs, outputs, streams, .. } = endpoint;
    !streams && !inputs.is_empty() && !outputs.is_empty() && inputs.iter().chain(outputs).all(is_free)
}

fn is_free(field: &Field) -> bool {
    !field.optional && matches!(&field.component, Component::Tensor { shape, .. } if shape.first() == Some(&None))
}

fn default_delay_ms() -> u32 {
    5
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Dtype;

    fn endpoint(shape: &[Option<u64>], output: Component) -> Interface {
        let field = |name: &str, component| Field {
            name: name.to_owned(),
            label: name.to_owned(),
            info: None,
            component,
            default: None,
            optional: false,
        };
        let endpoint = Endpoint {
            name: "predict".to_owned(),
            title: String::new(),
            documentation: String::new(),
            inputs: vec![field("x", Component::Tensor { dtype: Dtype::F32, shape: shape.to_vec() })],
            outputs: vec![field("y", output)],
            examples: Vec::new(),
            streams: false,
        };
        Interface { endpoints: vec![endpoint], ..Interface::default() }
    }

    #[test]
    fn only_tensors_with_a_free_first_dimension_are_joined() {
        let batching = Batching { max_size: 8, delay_ms: 5 };
        let tensor = |shape: &[Option<u64>]| Component::Tensor { dtype: Dtype::F32, shape: shape.to_vec() };
        assert_eq!(batching.check(&endpoint(&[None, Some(4)], tensor(&[None]))), Ok(()));
        let problem = |interface| batching.check(&interface).expect_err("it cannot be joined").to_string();
        assert!(problem(endpoint(&[Some(1), Some(4)], tensor(&[None]))).contains("`x` of `predict`"));
        assert!(problem(endpoint(&[None], tensor(&[]))).contains("`y` of `predict`"));
        assert!(problem(endpoint(&[None], Component::Json)).contains("`y` of `predict`"));
    }
}
