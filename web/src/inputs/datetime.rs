//! A date, with or without a time of day, by the browser's own picker.
//!
//! The value is a clock's time and has no offset, and neither has the picker: what is entered is what is sent. Where the
//! component says in which time zone its clock is, the page says so too.

use leptos::prelude::*;

use super::Widget;
use crate::state::Draft;
use crate::texts::inputs as texts;

/// The picker with the name of the time zone.
pub(super) fn datetime(widget: Widget, include_time: bool, timezone: Option<String>) -> AnyView {
    let Widget { id, draft, error, described_by, .. } = widget;
    let zone_id = format!("{id}-zone");
    let kind = if include_time { "datetime-local" } else { "date" };
    let zone = timezone.or_else(|| include_time.then(|| texts::YOUR_TIME.to_owned()));
    view! {
        <div class="datetime">
            <input
                class="control"
                type=kind
                step=include_time.then_some("1")
                id=id
                aria-describedby=format!("{described_by} {zone_id}")
                aria-invalid=move || error.get().map(|_| "true")
                value=draft.with_untracked(|draft| picked(&draft.text()))
                prop:value=move || draft.with(|draft| picked(&draft.text()))
                on:change:target=move |event| draft.set(Draft::Text(written(&event.target().value())))
            />
            <span class="muted" id=zone_id>{zone}</span>
        </div>
    }
    .into_any()
}

/// As the browser's picker writes it.
fn picked(written: &str) -> String {
    written.replacen(' ', "T", 1)
}

/// As it is sent: browsers leave out seconds that are 0.
fn written(picked: &str) -> String {
    let text = picked.replacen('T', " ", 1);
    if text.len() == "2026-11-28 16:00".len() { text + ":00" } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_always_sent() {
        assert_eq!(written("2026-11-28T16:00"), "2026-11-28 16:00:00");
        assert_eq!(written("2026-11-28T16:00:30"), "2026-11-28 16:00:30");
        assert_eq!(written("2026-11-28"), "2026-11-28");
        assert_eq!(written(""), "");
        assert_eq!(picked("2026-11-28 16:00:00"), "2026-11-28T16:00:00");
    }
}
