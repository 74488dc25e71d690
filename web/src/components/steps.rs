//! Steps that a visitor takes one after the other.

use leptos::prelude::*;

use crate::texts::run as texts;

/// Draws one panel a step, with ways forward and back. `id` sets the steps of one page apart.
///
/// All panels are in the page; without script the style sheet shows them one below the other.
#[component]
pub fn Steps(id: String, steps: Vec<(String, AnyView)>) -> impl IntoView {
    let n_steps = steps.len();
    let chosen = RwSignal::new(0_usize);
    let mut marks = Vec::with_capacity(n_steps);
    let mut panels = Vec::with_capacity(n_steps);
    for (index, (title, content)) in steps.into_iter().enumerate() {
        let heading = format!("{id}-step-{index}");
        let current = move || (chosen.get() == index).then_some("step");
        marks.push(view! {
            <li class:done=move || { chosen.get() > index }>
                <button type="button" id=heading.clone() aria-current=current on:click=move |_| chosen.set(index)>
                    <span class="step-number">{index + 1}</span>
                    {title}
                </button>
            </li>
        });
        panels.push(view! {
            <section class="step-panel" aria-labelledby=heading hidden=move || chosen.get() != index>
                <div class="column">{content}</div>
            </section>
        });
    }
    let is_last = move || chosen.get() + 1 >= n_steps;
    view! {
        <div class="steps">
            <ol class="step-list">{marks}</ol>
            {panels}
            <div class="step-ways">
                <button type="button" class="quiet" disabled=move || chosen.get() == 0 on:click=move |_| chosen.update(|step| *step -= 1)>{texts::STEP_BACK}</button>
                <button type="button" class="quiet" disabled=is_last on:click=move |_| chosen.update(|step| *step += 1)>{texts::STEP_NEXT}</button>
            </div>
        </div>
    }
    .into_any()
}
