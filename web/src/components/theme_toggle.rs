//! Switches between the light and the dark theme.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::texts::common as texts;

/// The cookie in which the choice is kept, for a year. The server reads it, so that no page flashes.
pub const THEME_COOKIE: &str = "vitrine_theme";

const YEAR_SECONDS: u32 = 365 * 24 * 3600;

/// An island. Without a choice the page follows the system.
#[island]
pub fn ThemeToggle() -> impl IntoView {
    let toggle = move |_| {
        let Some(root) = document().document_element() else {
            return;
        };
        let prefers_dark =
            || matches!(window().match_media("(prefers-color-scheme: dark)"), Ok(Some(query)) if query.matches());
        let is_dark = root.get_attribute("data-theme").map_or_else(prefers_dark, |theme| theme == "dark");
        let theme = if is_dark { "light" } else { "dark" };
        let _ = root.set_attribute("data-theme", theme);
        if let Some(document) = document().dyn_ref::<web_sys::HtmlDocument>() {
            let _ =
                document.set_cookie(&format!("{THEME_COOKIE}={theme}; path=/; max-age={YEAR_SECONDS}; samesite=lax"));
        }
    };
    view! {
        <button type="button" class="quiet icon theme" aria-label=texts::SWITCH_THEME on:click=toggle>
            <span aria-hidden="true">"◐"</span>
        </button>
    }
}
