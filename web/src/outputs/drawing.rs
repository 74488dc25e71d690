//! Markup under construction.

use crate::escape::escaped;
use crate::texts::run as texts;

/// What an answer looks like: markup in which everything that a guest said is escaped, and beside it the texts that are
/// too large for markup, or that change while the answer still streams.
///
/// A drawing is plain data, so that drawing an answer costs the browser's client little code: a view of leptos has code
/// to be built, taken over, changed and moved for each shape that it can have.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Drawing {
    pub(super) markup: String,
    /// Properties of the elements with the attribute [`SLOT`]; its value is the position here.
    pub(super) slots: Vec<Slot>,
    /// What the buttons with the attribute [`COPIES`] copy; its value is the position here.
    pub(super) copies: Vec<String>,
}

/// A property of an element and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) property: &'static str,
    pub(super) value: String,
}

/// Marks an element that has a slot.
pub(super) const SLOT: &str = "data-slot";

/// Marks a button that copies.
pub(super) const COPIES: &str = "data-copies";

impl Drawing {
    /// Adds markup as it is: only what stands in this source, never what somebody said.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.markup.push_str(markup);
        self
    }

    /// Adds what shows `text`, in a text or in a quoted attribute.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.markup.push_str(&escaped(text));
        self
    }

    /// Adds, inside a tag, that the element's `property` is `value`. An element has one slot at most.
    pub(super) fn slot(&mut self, property: &'static str, value: String) -> &mut Self {
        let position = self.slots.len().to_string();
        self.slots.push(Slot { property, value });
        self.raw(" data-slot=\"").text(&position).raw("\"")
    }

    /// Adds a button that copies `text`; `what` says it to those who do not see the page.
    pub(super) fn copy_button(&mut self, text: String, what: &'static str) -> &mut Self {
        let position = self.copies.len().to_string();
        self.copies.push(text);
        self.raw("<button type=\"button\" class=\"quiet small\" data-copies=\"")
            .text(&position)
            .raw("\"><span aria-live=\"polite\">")
            .text(texts::COPY)
            .raw("</span><span class=\"visually-hidden\"> ")
            .text(what)
            .raw("</span></button>")
    }

    /// Adds `other`, which has neither slots nor buttons, behind what is here.
    pub(super) fn append(&mut self, other: Self) -> &mut Self {
        // Both are named by position.
        debug_assert!(other.copies.is_empty() && other.slots.is_empty(), "these are drawn where they stand");
        self.markup.push_str(&other.markup);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_said_is_never_markup() {
        let mut drawing = Drawing::default();
        drawing.raw("<p title=\"").text("\"><script>").raw("\">").text("<b>&").raw("</p>");
        assert_eq!(drawing.markup, "<p title=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt;&amp;</p>");
    }

    #[test]
    fn slots_and_copies_are_beside_the_markup() {
        let mut drawing = Drawing::default();
        drawing.raw("<img").slot("src", "data:,<x>".to_owned()).raw(">").copy_button("<y>".to_owned(), "the text");
        assert!(drawing.markup.starts_with("<img data-slot=\"0\"><button"), "{}", drawing.markup);
        assert!(drawing.markup.contains("data-copies=\"0\"") && !drawing.markup.contains("&lt;"), "{}", drawing.markup);
        assert_eq!(drawing.slots, [Slot { property: "src", value: "data:,<x>".to_owned() }]);
        assert_eq!(drawing.copies, ["<y>"]);
    }
}
