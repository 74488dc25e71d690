//! Checks of the layout tree and the events.

use super::{InterfaceError, InterfaceProblem, MAX_LAYOUT_DEPTH, MIN_TIMER_MS, at};
use crate::interface::{Component, Interface, LayoutKind, SELECTION, Trigger};
use crate::value::quoted;

pub(super) fn check_layout(interface: &Interface) -> Result<(), InterfaceError> {
    let mut depths: Vec<usize> = Vec::with_capacity(interface.layout.len());
    for (index, node) in interface.layout.iter().enumerate() {
        let wrong = |problem| at(&format!("layout node {index}"), problem);
        let parent = match node.parent {
            None => None,
            Some(parent) => {
                let position = parent as usize;
                if position >= index {
                    return Err(wrong(InterfaceProblem::Parent { parent }));
                }
                Some(position)
            }
        };
        let depth = parent.map_or(1, |parent| depths[parent] + 1);
        if depth > MAX_LAYOUT_DEPTH {
            return Err(wrong(InterfaceProblem::TooDeep));
        }
        depths.push(depth);
        check_nesting(parent.map(|parent| &interface.layout[parent].kind), &node.kind).map_err(wrong)?;
        check_reference(interface, &node.kind).map_err(wrong)?;
    }
    Ok(())
}

pub(super) fn check_events(interface: &Interface) -> Result<(), InterfaceError> {
    for (index, event) in interface.events.iter().enumerate() {
        let wrong = |problem| at(&format!("event {index}"), problem);
        check_endpoint(interface, &event.endpoint).map_err(wrong)?;
        match &event.trigger {
            Trigger::Submit | Trigger::Load => {}
            Trigger::Change(path) => check_field(interface, "input", path).map_err(wrong)?,
            Trigger::Timer(given) if *given < MIN_TIMER_MS => {
                return Err(wrong(InterfaceProblem::Timer { given: *given }));
            }
            Trigger::Timer(_) => {}
            Trigger::Select(path) => {
                check_field(interface, "output", path).map_err(wrong)?;
                let inputs = interface.endpoint(&event.endpoint).map_or(&[][..], |endpoint| &endpoint.inputs);
                if !inputs.iter().any(|field| field.name == SELECTION && field.component == Component::Json) {
                    return Err(wrong(InterfaceProblem::Selection { endpoint: event.endpoint.clone() }));
                }
            }
        }
    }
    Ok(())
}

fn check_nesting(parent: Option<&LayoutKind>, kind: &LayoutKind) -> Result<(), InterfaceProblem> {
    let rule = match (parent, kind) {
        (Some(LayoutKind::Tabs), LayoutKind::Tab(_)) => return Ok(()),
        (Some(LayoutKind::Tabs), _) => "only a tab can be directly inside tabs",
        (Some(LayoutKind::Steps), LayoutKind::Step(_)) => return Ok(()),
        (Some(LayoutKind::Steps), _) => "only a step can be directly inside steps",
        (_, LayoutKind::Tab(_)) => "a tab must be directly inside tabs",
        (_, LayoutKind::Step(_)) => "a step must be directly inside steps",
        (Some(LayoutKind::Markdown(_) | LayoutKind::Endpoint(_) | LayoutKind::Input(_) | LayoutKind::Output(_)), _) => {
            "nothing can be inside a markdown, endpoint, input or output node"
        }
        _ => return Ok(()),
    };
    Err(InterfaceProblem::Nesting { rule })
}

fn check_reference(interface: &Interface, kind: &LayoutKind) -> Result<(), InterfaceProblem> {
    match kind {
        LayoutKind::Endpoint(name) => check_endpoint(interface, name),
        LayoutKind::Input(path) => check_field(interface, "input", path),
        LayoutKind::Output(path) => check_field(interface, "output", path),
        LayoutKind::Row
        | LayoutKind::Column
        | LayoutKind::Tabs
        | LayoutKind::Tab(_)
        | LayoutKind::Steps
        | LayoutKind::Step(_)
        | LayoutKind::Accordion(_)
        | LayoutKind::Sidebar
        | LayoutKind::Markdown(_) => Ok(()),
    }
}

fn check_endpoint(interface: &Interface, name: &str) -> Result<(), InterfaceProblem> {
    match interface.endpoint(name) {
        Some(_) => Ok(()),
        None => Err(InterfaceProblem::UnknownEndpoint { name: quoted(name) }),
    }
}

fn check_field(interface: &Interface, what: &'static str, path: &str) -> Result<(), InterfaceProblem> {
    let unknown = || InterfaceProblem::UnknownField { what, path: quoted(path) };
    let (endpoint, name) = path.split_once('.').ok_or_else(unknown)?;
    let endpoint = interface.endpoint(endpoint).ok_or_else(unknown)?;
    let fields = if what == "input" { &endpoint.inputs } else { &endpoint.outputs };
    if fields.iter().any(|field| field.name == name) { Ok(()) } else { Err(unknown()) }
}
