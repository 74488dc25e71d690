//! Brings drawings onto the page.

use js_sys::Reflect;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, HtmlElement, MouseEvent};

use super::drawing::{COPIES, Drawing, SLOT};
use crate::components::copy;
use crate::texts::run as texts;

/// What is in one place of the page.
pub(super) struct Place {
    drawing: Drawing,
    /// Those with a slot, as they were when the markup came: custom elements put more into themselves.
    slotted: Vec<Element>,
}

/// What a button of a drawing is for.
pub(super) enum Action {
    /// Puts the last question of a conversation again.
    Retry,
}

impl Place {
    /// One that the server has drawn.
    pub(super) fn of(drawing: Drawing) -> Self {
        Self { drawing, slotted: Vec::new() }
    }

    /// Shows `drawing` in `element`. Markup that is there already stays, with what a reader has opened or selected.
    pub(super) fn show(&mut self, element: &Element, drawing: Drawing) {
        let is_new = drawing.markup != self.drawing.markup;
        if is_new {
            element.set_inner_html(&drawing.markup);
            self.slotted = slotted(element, drawing.slots.len());
        }
        for (position, (element, slot)) in self.slotted.iter().zip(&drawing.slots).enumerate() {
            if is_new || self.drawing.slots.get(position) != Some(slot) {
                // Fails only for what has no properties.
                let _ = Reflect::set(element, &JsValue::from_str(slot.property), &JsValue::from_str(&slot.value));
            }
        }
        self.drawing = drawing;
    }

    /// Follows a click on a button of the drawing; what it cannot do itself, the result says.
    pub(super) fn click(&self, event: &MouseEvent) -> Option<Action> {
        let button = event.target()?.dyn_into::<Element>().ok()?.closest("button").ok()??;
        if button.has_attribute("data-retry") {
            return Some(Action::Retry);
        }
        let position: usize = button.get_attribute(COPIES)?.parse().ok()?;
        let text = self.drawing.copies.get(position)?.clone();
        let said: HtmlElement = button.first_element_child()?.unchecked_into();
        let before = said.inner_text();
        copy(text, move |is_fresh| said.set_inner_text(if is_fresh { texts::COPIED } else { &before }));
        None
    }
}

/// The elements with the slots `0..n_slots`; none where a slot's element does not come out of the markup as one.
fn slotted(element: &Element, n_slots: usize) -> Vec<Element> {
    (0..n_slots)
        .map_while(|position| element.query_selector(&format!("[{SLOT}=\"{position}\"]")).ok().flatten())
        .collect()
}
