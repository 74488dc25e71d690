//! Two images of one thing, with a line to draw between them.

use leptos::prelude::*;
use serde_json::Value as Json;

use super::media::file_url;

/// Where the line stands at first, in percent.
const MIDDLE: u32 = 50;

pub(super) fn compare(value: &Json) -> Option<AnyView> {
    let [before, after] = value.as_array()?.as_slice() else { return None };
    let (before, after) = (file_url(before)?, file_url(after)?);
    let percent = RwSignal::new(MIDDLE);
    Some(
        view! {
            // From left to right in every language: so the slider goes as the line does.
            <figure class="compare" dir="ltr">
                <div class="stack">
                    <img src=before alt="Before" />
                    // Set by script on the element itself, which the content policy allows.
                    <div class="over" style:clip-path=move || format!("inset(0 0 0 {}%)", percent.get())>
                        <img src=after alt="After" />
                    </div>
                    <div class="divider" style:left=move || format!("{}%", percent.get())></div>
                </div>
                <label class="compare-control">
                    <span>"Before"</span>
                    <input
                        type="range"
                        min="0"
                        max="100"
                        aria-label="How much of the first image is shown"
                        prop:value=move || percent.get().to_string()
                        on:input:target=move |event| percent.set(event.target().value().parse().unwrap_or(MIDDLE))
                    />
                    <span>"After"</span>
                </label>
            </figure>
        }
        .into_any(),
    )
}
