//! A table whose cells can be typed.

use leptos::ev::CustomEvent;
use leptos::prelude::*;
use spaces::interface::Component;

use super::Widget;
use crate::state::{Draft, Part};

/// A table to type and paste into, with rows that can be added and removed.
pub(super) fn grid(widget: Widget) -> AnyView {
    let Widget { id, field, draft, described_by, .. } = widget;
    let label = field.label.clone();
    let editable = !matches!(field.component, Component::Dataframe { editable: false, .. });
    let read = {
        let field = field.clone();
        move || match draft.with(|draft| draft.part(&field)) {
            Ok(Part::Json(table)) => table.to_string(),
            _ => String::new(),
        }
    };
    let edited = move |event: CustomEvent| {
        let table = event.detail().as_string().and_then(|text| serde_json::from_str(&text).ok());
        if let Some(edited) = table.and_then(|table| Draft::from_json(&field, &table)) {
            draft.set(edited);
        }
    };
    view! {
        <div class="grid" role="group" id=id aria-label=label.clone() aria-describedby=described_by>
            <vitrine-dataframe editable=editable.then_some("") label=label.clone() prop:value=read on:edit=edited></vitrine-dataframe>
        </div>
    }
    .into_any()
}
