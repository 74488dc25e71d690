//! The whole of one endpoint: inputs, button, outputs, examples.

use leptos::prelude::*;
use spaces::interface::SELECTION;

use super::{Examples, Prose, RunBar, RunHistory};
use crate::inputs::InputView;
use crate::outputs::OutputView;
use crate::state::{EndpointState, PageState};
use crate::texts::run as texts;

/// The form of one endpoint beside its outputs.
#[component]
pub fn EndpointForm(state: EndpointState) -> impl IntoView {
    let page = expect_context::<PageState>();
    let endpoint = state.with(Clone::clone);
    let inputs = endpoint.inputs.iter().enumerate().filter_map(|(position, field)| {
        let is_selection = field.name == SELECTION && page.is_called_by_select(&endpoint.name);
        let draft = state.input(position).filter(|_| !is_selection)?;
        Some(view! { <InputView state=state field=field.clone() draft=draft /> })
    });
    let outputs = endpoint.outputs.iter().enumerate().filter_map(|(position, field)| {
        let value = state.output(position)?;
        Some(view! { <OutputView state=state field=field.clone() value=value /> })
    });
    let inputs = inputs.collect::<Vec<_>>();
    let has_none = inputs.is_empty();
    let outputs = outputs.collect_view();
    let nothing = has_none.then(|| {
        let text = match page.has_submit(&endpoint.name) {
            true => texts::NO_INPUTS,
            false => texts::RUNS_BY_ITSELF,
        };
        view! { <p class="muted">{text}</p> }
    });
    // The title of the only endpoint would repeat the page's.
    let title =
        (page.endpoints().len() > 1).then(|| view! { <h2 class="visually-hidden">{endpoint.title.clone()}</h2> });
    view! {
        <div class="endpoint">
            {title}
            <Prose text=endpoint.documentation.clone() />
            <div class="work">
                <form
                    class="panel inputs"
                    novalidate
                    aria-label=texts::inputs_of(&endpoint.title)
                    on:submit=move |event| { event.prevent_default(); state.submit(page) }
                >
                    {nothing}
                    {inputs}
                    <RunBar state=state />
                </form>
                <div class="panel outputs" aria-live="polite" aria-busy=move || state.is_running().to_string() class:stale=move || state.is_running()>
                    {outputs}
                </div>
            </div>
            <Examples state=state />
            <RunHistory state=state />
        </div>
    }
    .into_any()
}
