//! Texts with code in them.

use leptos::prelude::*;

/// Draws what stands between backticks as code, so that a text with code in it stays one text.
pub fn marked(text: &str) -> Vec<AnyView> {
    let pieces = text.split('`').map(str::to_owned).enumerate().filter(|(_, piece)| !piece.is_empty());
    let pieces = pieces.map(|(index, piece)| match index % 2 {
        0 => piece.into_any(),
        _ => view! { <code>{piece}</code> }.into_any(),
    });
    pieces.collect()
}
