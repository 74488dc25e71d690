//! The order of nodes: every name resolves, nothing is circular, nothing is superfluous.

use std::collections::{HashMap, HashSet};

use tract_onnx::pb::{GraphProto, NodeProto};

use super::{GraphError, node_name};

/// Sorts the nodes so that each comes after those it reads from; checks subgraphs too.
pub(super) fn sort(graph: &mut GraphProto) -> Result<(), GraphError> {
    sort_within(graph, &HashSet::new())
}

/// Drops nodes and initializers that no output needs.
pub(super) fn prune(graph: &mut GraphProto) {
    let mut needed: HashSet<String> = graph.output.iter().map(|output| output.name.clone()).collect();
    let mut kept: Vec<NodeProto> = Vec::with_capacity(graph.node.len());
    for node in std::mem::take(&mut graph.node).into_iter().rev() {
        if node.output.iter().any(|output| needed.contains(output)) {
            needed.extend(reads(&node));
            kept.push(node);
        }
    }
    kept.reverse();
    graph.node = kept;
    graph.initializer.retain(|initializer| needed.contains(&initializer.name));
}

fn sort_within(graph: &mut GraphProto, outer: &HashSet<String>) -> Result<(), GraphError> {
    let given = graph.input.iter().map(|input| &input.name);
    let constants = graph.initializer.iter().map(|initializer| &initializer.name);
    let given: HashSet<String> = given.chain(constants).chain(outer).cloned().collect();
    let mut producers = HashMap::new();
    for (index, node) in graph.node.iter().enumerate() {
        for output in node.output.iter().filter(|output| !output.is_empty()) {
            let shadows = given.contains(output) && !outer.contains(output);
            if producers.insert(output.clone(), index).is_some() || shadows {
                return Err(GraphError::Duplicate(output.clone()));
            }
        }
    }
    for output in &graph.output {
        if !producers.contains_key(&output.name) && !given.contains(&output.name) {
            return Err(GraphError::MissingOutput(output.name.clone()));
        }
    }

    let mut waits_for: Vec<usize> = vec![0; graph.node.len()];
    let mut feeds: Vec<Vec<usize>> = vec![Vec::new(); graph.node.len()];
    for (index, node) in graph.node.iter().enumerate() {
        for tensor in reads(node) {
            match producers.get(&tensor) {
                Some(&producer) => {
                    feeds[producer].push(index);
                    waits_for[index] += 1;
                }
                None if given.contains(&tensor) => {}
                None => {
                    return Err(GraphError::Dangling { node: node_name(node), op: node.op_type.clone(), tensor });
                }
            }
        }
    }
    let mut order: Vec<usize> = (0..graph.node.len()).filter(|&index| waits_for[index] == 0).collect();
    let mut next = 0;
    while let Some(&index) = order.get(next) {
        next += 1;
        for &fed in &feeds[index] {
            waits_for[fed] -= 1;
            if waits_for[fed] == 0 {
                order.push(fed);
            }
        }
    }
    if order.len() < graph.node.len() {
        let node = &graph.node[on_cycle(graph, &producers, &waits_for)];
        return Err(GraphError::Cycle { node: node_name(node), op: node.op_type.clone() });
    }
    let mut nodes: Vec<Option<NodeProto>> = std::mem::take(&mut graph.node).into_iter().map(Some).collect();
    graph.node = order.iter().filter_map(|&index| nodes[index].take()).collect();

    let visible: HashSet<String> = producers.into_keys().chain(given).collect();
    for attribute in graph.node.iter_mut().flat_map(|node| &mut node.attribute) {
        for inner in attribute.g.iter_mut().chain(&mut attribute.graphs) {
            sort_within(inner, &visible)?;
        }
    }
    Ok(())
}

/// A node on a cycle: walking backwards among the nodes that wait for ever, the first met twice.
fn on_cycle(graph: &GraphProto, producers: &HashMap<String, usize>, waits_for: &[usize]) -> usize {
    let mut index = waits_for.iter().position(|&count| count > 0).unwrap_or_default();
    let mut met = HashSet::new();
    while met.insert(index) {
        let waiting = reads(&graph.node[index])
            .into_iter()
            .filter_map(|tensor| producers.get(&tensor).copied())
            .find(|&producer| waits_for[producer] > 0);
        index = waiting.unwrap_or(index);
    }
    index
}

/// The tensors that a node reads, those of its subgraphs included.
fn reads(node: &NodeProto) -> Vec<String> {
    let mut names: Vec<String> = node.input.iter().filter(|input| !input.is_empty()).cloned().collect();
    for graph in node.attribute.iter().flat_map(|attribute| attribute.g.iter().chain(&attribute.graphs)) {
        names.extend(outer_reads(graph));
    }
    names
}

/// The names that a subgraph uses without defining them.
fn outer_reads(graph: &GraphProto) -> Vec<String> {
    let defined: HashSet<&String> = graph
        .input
        .iter()
        .map(|input| &input.name)
        .chain(graph.initializer.iter().map(|initializer| &initializer.name))
        .chain(graph.node.iter().flat_map(|node| &node.output))
        .collect();
    let used = graph.node.iter().flat_map(reads).chain(graph.output.iter().map(|output| output.name.clone()));
    used.filter(|name| !defined.contains(name)).collect()
}
