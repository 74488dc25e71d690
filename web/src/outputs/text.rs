//! Text, numbers, lists, Markdown and code.

use serde_json::Value as Json;
use spaces::interface::TextType;

use super::drawing::Drawing;
use crate::texts::outputs as texts;

pub(super) fn text(value: &Json, out: &mut Drawing) -> Option<()> {
    out.raw("<div class=\"text\"><p").slot("textContent", value.as_str()?.to_owned()).raw("></p></div>");
    Some(())
}

/// A text that may have a button to copy it; a password is shown when asked for.
pub(super) fn textbox(value: &Json, copy: bool, text_type: TextType, out: &mut Drawing) -> Option<()> {
    let text = value.as_str()?;
    out.raw(if copy { "<div class=\"text with-copy\">" } else { "<div class=\"text\">" });
    let is_secret = text_type == TextType::Password;
    if is_secret {
        out.raw("<details class=\"secret\"><summary>").text(texts::SHOW).raw("</summary>");
    }
    out.raw("<p").slot("textContent", text.to_owned()).raw("></p>");
    if is_secret {
        out.raw("</details>");
    }
    if copy {
        out.copy_button(text.to_owned(), texts::COPY_TEXT_AFTER);
    }
    out.raw("</div>");
    Some(())
}

pub(super) fn number(value: &Json, out: &mut Drawing) -> Option<()> {
    let number = value.as_number()?;
    let shown = match number.as_f64() {
        Some(float) if !number.is_i64() && !number.is_u64() => rounded(float),
        _ => number.to_string(),
    };
    // The whole number stays in reach: six digits are for reading.
    out.raw("<p class=\"figure\" title=\"").text(&number.to_string()).raw("\">").text(&shown).raw("</p>");
    Some(())
}

pub(super) fn flag(value: &Json, out: &mut Drawing) -> Option<()> {
    let text = if value.as_bool()? { texts::YES } else { texts::NO };
    out.raw("<p class=\"figure\">").text(text).raw("</p>");
    Some(())
}

pub(super) fn list(value: &Json, out: &mut Drawing) -> Option<()> {
    out.raw("<ul class=\"tags\">");
    for text in value.as_array()? {
        out.raw("<li class=\"tag\">").text(text.as_str()?).raw("</li>");
    }
    out.raw("</ul>");
    Some(())
}

pub(super) fn markdown(value: &Json, out: &mut Drawing) -> Option<()> {
    out.raw("<vitrine-markdown").slot("value", value.as_str()?.to_owned()).raw("></vitrine-markdown>");
    Some(())
}

pub(super) fn code(value: &Json, language: Option<&str>, out: &mut Drawing) -> Option<()> {
    let code = value.as_str()?.to_owned();
    let language = language.unwrap_or("text");
    out.raw("<div class=\"code\"><div class=\"code-bar\"><span class=\"muted\">").text(language).raw("</span>");
    out.copy_button(code.clone(), texts::COPY_CODE_AFTER)
        .raw("</div><vitrine-code language=\"")
        .text(language)
        .raw("\"");
    out.slot("value", code).raw("></vitrine-code></div>");
    Some(())
}

/// Six significant digits, without an exponent where people expect none.
pub(super) fn rounded(number: f64) -> String {
    let magnitude = number.abs();
    if number == 0.0 || (1e-4..1e15).contains(&magnitude) {
        let digits = (6 - 1 - magnitude.max(1e-4).log10().floor() as i32).clamp(0, 9) as usize;
        let text = format!("{number:.digits$}");
        return match text.contains('.') {
            true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
            false => text,
        };
    }
    format!("{number:.5e}")
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn numbers_are_shown_with_six_significant_digits() {
        let check = |number: f64, expected: &str| assert_eq!(rounded(number), expected);
        check(0.0, "0");
        check(0.1 + 0.2, "0.3");
        check(-12.345_678_9, "-12.3457");
        check(123_456_789.5, "123456790");
        check(0.000_123_456_78, "0.000123457");
        check(1.5e-7, "1.50000e-7");
        check(3e20, "3.00000e20");
    }
}
