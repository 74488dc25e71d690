//! Makes the page call endpoints on its own: on load, on a change, on a timer.

use std::time::Duration;

use leptos::prelude::*;
use serde_json::Value as Json;
use spaces::interface::{SELECTION, Trigger};

use super::{Draft, PageState};

/// How long a visitor must pause before a change calls.
const CHANGE_DEBOUNCE: Duration = Duration::from_millis(300);

/// The shortest timer that the page keeps.
const MIN_TIMER: Duration = Duration::from_millis(250);

/// Starts the events of the interface; call it in the browser, once the page is alive.
pub fn start(page: PageState) {
    for event in page.with(|page| page.interface.events.clone()) {
        let Some(state) = page.endpoint(&event.endpoint) else {
            continue;
        };
        match event.trigger {
            Trigger::Submit | Trigger::Select(_) => {} // the form's button, and the output
            Trigger::Load => state.run(page),
            Trigger::Change(path) => {
                let Some((origin, field)) = page.locate(&path) else {
                    continue;
                };
                let Some((_, draft)) = origin.input_named(&field) else {
                    continue;
                };
                let waiting = StoredValue::new(None::<TimeoutHandle>);
                Effect::watch(
                    move || draft.track(),
                    move |(), _, _| {
                        if let Some(handle) = waiting.get_value() {
                            handle.clear();
                        }
                        waiting.set_value(set_timeout_with_handle(move || state.run(page), CHANGE_DEBOUNCE).ok());
                    },
                    false,
                );
            }
            Trigger::Timer(period_ms) => {
                let period = Duration::from_millis(u64::from(period_ms)).max(MIN_TIMER);
                set_interval(
                    move || {
                        let visible = document().visibility_state() == web_sys::VisibilityState::Visible;
                        if visible && !untrack(|| state.is_running()) {
                            state.run(page);
                        }
                    },
                    period,
                );
            }
        }
    }
}

/// Calls what a selection in the output at `path` calls.
pub fn select(page: PageState, path: &str, selection: &Json) {
    for event in page.with(|page| page.interface.events.clone()) {
        let is_meant = matches!(&event.trigger, Trigger::Select(output) if output == path);
        let Some(state) = page.endpoint(&event.endpoint).filter(|_| is_meant) else { continue };
        if let Some((_, input)) = state.input_named(SELECTION) {
            input.set(Draft::Text(selection.to_string()));
            state.run(page);
        }
    }
}
