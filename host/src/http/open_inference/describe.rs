//! What a model says of itself: one description for the JSON and the gRPC form.

use spaces::interface::Field;
use spaces::manifest::batching::can_join;

use super::datatype::{Datatype, signature};
use super::model::Model;

/// What runs models, for clients that ask.
pub(super) const PLATFORM: &str = "vitrine";

/// What of the protocol's extensions there is.
pub(super) const EXTENSIONS: [&str; 4] =
    ["binary_tensor_data", "model_repository", "model_configuration", "statistics"];

/// A model's inputs and outputs.
pub(super) struct Description {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) inputs: Vec<TensorDescription>,
    pub(super) outputs: Vec<TensorDescription>,
    /// The most rows that are joined, and how long a call waits for others, in microseconds.
    pub(super) batching: Option<(u32, u64)>,
    /// True where one request may have several answers, in a stream.
    pub(super) streams: bool,
}

/// One input or output.
pub(super) struct TensorDescription {
    pub(super) name: String,
    pub(super) datatype: Datatype,
    /// -1 for a free dimension.
    pub(super) shape: Vec<i64>,
    /// True where a request may leave it out.
    pub(super) optional: bool,
}

impl Description {
    pub(super) fn of(model: &Model) -> Self {
        let endpoint = model.endpoint();
        let batching = model.space.batcher.as_ref().filter(|_| can_join(endpoint)).map(|batcher| {
            let settings = batcher.settings();
            (settings.max_size, u64::from(settings.delay_ms) * 1000)
        });
        Self {
            name: model.to_string(),
            version: model.version(),
            inputs: endpoint.inputs.iter().map(TensorDescription::of).collect(),
            outputs: endpoint.outputs.iter().map(TensorDescription::of).collect(),
            batching,
            streams: endpoint.streams,
        }
    }
}

impl TensorDescription {
    fn of(field: &Field) -> Self {
        let (datatype, shape) = signature(&field.component);
        Self {
            name: field.name.clone(),
            datatype,
            shape: shape
                .iter()
                .map(|dimension| dimension.map_or(-1, |n| i64::try_from(n).unwrap_or(i64::MAX)))
                .collect(),
            optional: field.optional || field.default.is_some(),
        }
    }

    /// The shape in a configuration, which leaves out the dimension that calls are joined along.
    pub(super) fn dims(&self, batched: bool) -> &[i64] {
        &self.shape[usize::from(batched)..]
    }
}

/// How often a model was called.
pub(super) struct Statistics {
    pub(super) name: String,
    pub(super) version: String,
    /// Requests that were answered.
    pub(super) inferences: u64,
    /// Invocations that they took.
    pub(super) executions: u64,
}

impl Statistics {
    /// Counts are the space's, over all its endpoints, since the server's start.
    pub(super) fn of(model: &Model) -> Self {
        let executions = model.space.meters.n_completed();
        let joined = model.space.batcher.as_ref().map_or(0, |batcher| batcher.n_joined());
        Self { name: model.to_string(), version: model.version(), inferences: executions + joined, executions }
    }
}
