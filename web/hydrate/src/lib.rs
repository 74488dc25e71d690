//! The browser entry: what `boot.js` calls once the module is loaded.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen::prelude::wasm_bindgen;

// The islands are exports of `web`; naming it links them in.
use web as _;

/// Prepares the islands; the script then calls each by name.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
