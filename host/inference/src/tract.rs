//! tract, natively: the code that also runs in the sandbox.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use onnx_runner::graph::{Graph, Port};
use onnx_runner::model::{self, FeedDim, FeedSpec};
use onnx_runner::native::Wanted;

use crate::engine::{Checked, Engine, Model, order_inputs};
use crate::inference::InferError;
use crate::interrupt::Interrupt;
use crate::tensor::{self, NamedTensor};

/// What a model comes to in memory, as a multiple of its file: the plan holds the weights as they are and packed for
/// the processor, 8-bit ones as 32-bit numbers. `tests/memory.rs` measures up to 3.1.
const MEMORY_FACTOR: u64 = 4;

/// The engine.
pub(crate) struct Tract;

impl Engine for Tract {
    fn name(&self) -> &'static str {
        "tract"
    }

    fn estimate_bytes(&self, file_bytes: u64) -> u64 {
        file_bytes.saturating_mul(MEMORY_FACTOR)
    }

    fn is_exclusive(&self) -> bool {
        false
    }

    fn load(&self, checked: Checked) -> Result<Box<dyn Model>, InferError> {
        let ports = checked.ports()?;
        let Checked { wanted, bytes, file } = checked;
        drop(bytes);
        let graph = file.into_tract().map_err(InferError::BadModel)?;
        let building = Mutex::new(Building { graph: Some(graph), seen: Vec::new(), is_exact: false });
        Ok(Box::new(TractModel { wanted, ports, plan: RwLock::new(None), building }))
    }
}

/// A model, planned for the shapes that have been asked for so far.
///
/// A plan for fixed sizes is faster than one for free ones, and some models can be planned for fixed sizes only. So the
/// first call fixes every size; a size that later differs becomes free. Sizes that always were the same number are taken
/// for one size, as the length of a text is in its ids and in their mask; where that turns out wrong they part.
struct TractModel {
    wanted: Wanted,
    ports: Vec<Port>,
    plan: RwLock<Option<Arc<Plan>>>,
    /// Held while a plan is made, so that calls that need the same one wait for it.
    building: Mutex<Building>,
}

struct Building {
    /// The checked file, until the first plan takes it.
    graph: Option<Graph>,
    /// Per axis of all inputs, one after the other: the sizes for which plans were made.
    seen: Vec<Vec<u64>>,
    /// True where only fixed sizes work.
    is_exact: bool,
}

struct Plan {
    model: model::Model,
    /// Per axis: its size, or the group of axes that share one.
    axes: Vec<PlanAxis>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PlanAxis {
    Fixed(u64),
    Group(usize),
}

impl Plan {
    fn fits(&self, sizes: &[u64]) -> bool {
        let mut groups: Vec<Option<u64>> = vec![None; sizes.len()];
        self.axes.iter().zip(sizes).all(|(axis, size)| match axis {
            PlanAxis::Fixed(fixed) => fixed == size,
            PlanAxis::Group(group) => *groups[*group].get_or_insert(*size) == *size,
        })
    }
}

impl TractModel {
    fn plan(&self, path: &Path, sizes: &[u64]) -> Result<Arc<Plan>, InferError> {
        let current = || {
            let plan = self.plan.read().unwrap_or_else(PoisonError::into_inner);
            plan.as_ref().filter(|plan| plan.fits(sizes)).map(Arc::clone)
        };
        if let Some(plan) = current() {
            return Ok(plan);
        }
        let mut building = self.building.lock().unwrap_or_else(PoisonError::into_inner);
        // Another call may have made it meanwhile.
        if let Some(plan) = current() {
            return Ok(plan);
        }
        let plan = Arc::new(self.build(path, &mut building, sizes)?);
        *self.plan.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&plan));
        Ok(plan)
    }

    fn build(&self, path: &Path, building: &mut Building, sizes: &[u64]) -> Result<Plan, InferError> {
        let mut seen = building.seen.clone();
        seen.resize_with(sizes.len(), Vec::new);
        seen.iter_mut().zip(sizes).for_each(|(seen, size)| seen.push(*size));
        let general = general_axes(&seen);
        let exact: Vec<_> = sizes.iter().map(|size| PlanAxis::Fixed(*size)).collect();
        if general != exact && !building.is_exact {
            match self.build_for(path, building.graph.take(), general) {
                Ok(plan) => {
                    building.seen = seen;
                    return Ok(plan);
                }
                Err(error) => tracing::debug!(%error, "a model cannot be planned for free sizes"),
            }
        }
        let is_first = building.seen.is_empty();
        let plan = self.build_for(path, building.graph.take(), exact.clone()).map_err(|error| match error {
            // It was planned for other sizes before.
            InferError::BadModel(message) if !is_first => InferError::BadInput(message),
            other => other,
        })?;
        building.is_exact |= general_axes(&seen) != exact;
        building.seen = sizes.iter().map(|size| vec![*size]).collect();
        Ok(plan)
    }

    fn build_for(&self, path: &Path, graph: Option<Graph>, axes: Vec<PlanAxis>) -> Result<Plan, InferError> {
        let graph = match graph {
            Some(graph) => graph,
            None => Checked::read(path, &self.wanted)?.file.into_tract().map_err(InferError::BadModel)?,
        };
        let mut next = axes.iter();
        let feeds = self.ports.iter().map(|port| {
            let dtype = model::datum_type(port.dtype).ok_or_else(|| {
                InferError::BadModel(format!("input `{}`: {} is not supported", port.name, port.dtype.as_str_name()))
            })?;
            let shape = next.by_ref().take(port.shape.len()).map(|axis| match axis {
                PlanAxis::Fixed(size) => FeedDim::Fixed(usize::try_from(*size).unwrap_or(usize::MAX)),
                PlanAxis::Group(group) => FeedDim::Symbol(format!("size_{group}")),
            });
            Ok(FeedSpec { name: port.name.clone(), dtype, shape: shape.collect() })
        });
        let feeds: Vec<_> = feeds.collect::<Result<_, InferError>>()?;
        let model = model::Model::build(graph, &feeds).map_err(|error| InferError::BadModel(error.to_string()))?;
        Ok(Plan { model, axes })
    }
}

impl Model for TractModel {
    fn run(
        &self,
        path: &Path,
        inputs: Vec<NamedTensor>,
        interrupt: &Interrupt,
    ) -> Result<Vec<NamedTensor>, InferError> {
        let inputs = order_inputs(&self.ports, inputs)?;
        let sizes: Vec<u64> = inputs.iter().flat_map(|input| input.tensor.shape.iter().copied()).collect();
        let plan = self.plan(path, &sizes)?;
        if interrupt.is_stopped() {
            return Err(InferError::Failed("nobody waits for this run any more".to_owned()));
        }
        let mut fed = Vec::with_capacity(inputs.len());
        for NamedTensor { name, tensor } in inputs {
            let problem = |problem| InferError::BadInput(format!("input `{name}`: {problem}"));
            fed.push(tensor::to_tract(&tensor).map_err(problem)?);
        }
        let tensors = plan.model.run(fed).map_err(|error| InferError::Failed(error.to_string()))?;
        let named = plan.model.outputs().iter().zip(tensors).map(|(output, tensor)| {
            let problem = |problem| InferError::Failed(format!("output `{}`: {problem}", output.name));
            Ok(NamedTensor { name: output.name.clone(), tensor: tensor::from_tract(&tensor).map_err(problem)? })
        });
        named.collect()
    }
}

/// Axes that never differed are fixed; of the others, those that were always equal form a group.
fn general_axes(seen: &[Vec<u64>]) -> Vec<PlanAxis> {
    let axes = seen.iter().map(|sizes| match sizes.first() {
        Some(first) if sizes.iter().all(|size| size == first) => PlanAxis::Fixed(*first),
        _ => PlanAxis::Group(seen.iter().position(|other| other == sizes).unwrap_or_default()),
    });
    axes.collect()
}

#[cfg(test)]
mod tests {
    use super::{PlanAxis, general_axes};

    #[test]
    fn sizes_that_differ_become_free_and_those_that_go_together_stay_together() {
        assert_eq!(general_axes(&[vec![2], vec![12]]), [PlanAxis::Fixed(2), PlanAxis::Fixed(12)]);
        assert_eq!(
            general_axes(&[vec![2, 2], vec![12, 17], vec![2, 2], vec![12, 17]]),
            [PlanAxis::Fixed(2), PlanAxis::Group(1), PlanAxis::Fixed(2), PlanAxis::Group(1)]
        );
        assert_eq!(
            general_axes(&[vec![12, 17, 9], vec![12, 17, 8]]),
            [PlanAxis::Group(0), PlanAxis::Group(1)],
            "once they differ they part"
        );
    }
}
