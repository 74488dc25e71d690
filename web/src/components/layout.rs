//! Draws the layout that an author has laid down.

use std::collections::HashMap;

use leptos::prelude::*;
use spaces::interface::{LayoutKind, LayoutNode};

use super::{EndpointForm, Examples, Prose, RunBar, RunHistory, Steps, Tabs};
use crate::inputs::InputView;
use crate::outputs::OutputView;
use crate::state::PageState;

/// The layout's nodes as a tree.
#[component]
pub fn Layout(nodes: Vec<LayoutNode>) -> impl IntoView {
    let page = expect_context::<PageState>();
    let tree = Tree::new(page, nodes);
    let roots = tree.children(None).into_iter().map(|index| tree.draw(index)).collect::<Vec<_>>();
    let has_sidebar = tree.nodes.iter().any(|node| node.kind == LayoutKind::Sidebar && node.parent.is_none());
    view! { <div class="layout" class:with-sidebar=has_sidebar>{roots}</div> }.into_any()
}

struct Tree {
    page: PageState,
    nodes: Vec<LayoutNode>,
    /// Endpoints without a form of their own get their button after this node: their last input, else their
    /// first output.
    buttons: HashMap<usize, String>,
}

impl Tree {
    fn new(page: PageState, nodes: Vec<LayoutNode>) -> Self {
        let mut places: HashMap<String, usize> = HashMap::new();
        for (index, node) in nodes.iter().enumerate() {
            match &node.kind {
                LayoutKind::Input(path) => {
                    places.insert(endpoint_of(path), index);
                }
                LayoutKind::Output(path) => {
                    places.entry(endpoint_of(path)).or_insert(index);
                }
                _ => {}
            }
        }
        for node in &nodes {
            if let LayoutKind::Endpoint(name) = &node.kind {
                places.remove(name);
            }
        }
        let buttons = places.into_iter().map(|(endpoint, index)| (index, endpoint)).collect();
        Self { page, nodes, buttons }
    }

    fn children(&self, parent: Option<u32>) -> Vec<usize> {
        let is_child = |(_, node): &(usize, &LayoutNode)| node.parent == parent;
        self.nodes.iter().enumerate().filter(is_child).map(|(index, _)| index).collect()
    }

    fn inside(&self, index: usize) -> Vec<AnyView> {
        let Ok(parent) = u32::try_from(index) else {
            return Vec::new();
        };
        // A parent's index is smaller than its children's, so this ends whatever the nodes say.
        self.children(Some(parent)).into_iter().filter(|child| *child > index).map(|child| self.draw(child)).collect()
    }

    fn draw(&self, index: usize) -> AnyView {
        match self.nodes[index].kind.clone() {
            LayoutKind::Steps => self.steps(index),
            LayoutKind::Row => view! { <div class="row">{self.inside(index)}</div> }.into_any(),
            LayoutKind::Column | LayoutKind::Tab(_) | LayoutKind::Step(_) => view! { <div class="column">{self.inside(index)}</div> }.into_any(),
            LayoutKind::Sidebar => view! { <aside class="sidebar panel">{self.inside(index)}</aside> }.into_any(),
            LayoutKind::Accordion(title) => {
                view! { <details class="accordion panel"><summary>{title}</summary><div class="column">{self.inside(index)}</div></details> }.into_any()
            }
            LayoutKind::Tabs => self.tabs(index),
            LayoutKind::Markdown(text) => view! { <Prose text=text /> }.into_any(),
            LayoutKind::Endpoint(name) => {
                self.page.endpoint(&name).map(|state| view! { <EndpointForm state=state /> }).into_any()
            }
            LayoutKind::Input(path) => view! { <div class="piece">{self.input(&path)}{self.button(index)}</div> }.into_any(),
            LayoutKind::Output(path) => view! { <div class="piece answer" aria-live="polite">{self.button(index)}{self.output(&path)}</div> }.into_any(),
        }
    }

    fn tabs(&self, index: usize) -> AnyView {
        view! { <Tabs id=format!("layout-{index}") tabs=self.titled(index) /> }.into_any()
    }

    fn steps(&self, index: usize) -> AnyView {
        view! { <Steps id=format!("layout-{index}") steps=self.titled(index) /> }.into_any()
    }

    /// What is inside, with the title of each.
    fn titled(&self, index: usize) -> Vec<(String, AnyView)> {
        let parent = u32::try_from(index).ok();
        let inside = self.children(parent).into_iter().filter(|child| *child > index).map(|child| {
            let title = match &self.nodes[child].kind {
                LayoutKind::Tab(title) | LayoutKind::Step(title) => title.clone(),
                _ => String::new(),
            };
            (title, self.draw(child))
        });
        inside.collect()
    }

    fn input(&self, path: &str) -> Option<AnyView> {
        let (state, name) = self.page.locate(path)?;
        let (field, draft) = state.input_named(&name)?;
        Some(view! { <InputView state=state field=field draft=draft /> }.into_any())
    }

    fn output(&self, path: &str) -> Option<AnyView> {
        let (state, name) = self.page.locate(path)?;
        let (field, value) = state.output_named(&name)?;
        Some(view! { <OutputView state=state field=field value=value /> }.into_any())
    }

    fn button(&self, index: usize) -> Option<AnyView> {
        let page = self.page;
        let state = page.endpoint(self.buttons.get(&index)?)?;
        Some(
            view! {
                <form class="loose" novalidate on:submit=move |event| { event.prevent_default(); state.submit(page) }>
                    <RunBar state=state />
                </form>
                <Examples state=state />
                <RunHistory state=state />
            }
            .into_any(),
        )
    }
}

fn endpoint_of(path: &str) -> String {
    path.split_once('.').map_or(path, |(endpoint, _)| endpoint).to_owned()
}
