//! Text, numbers, lists, Markdown and code.

use leptos::prelude::*;
use serde_json::Value as Json;
use spaces::interface::TextType;

use crate::components::CopyButton;

pub(super) fn text(value: &Json) -> Option<AnyView> {
    let text = value.as_str()?.to_owned();
    Some(view! { <div class="text"><p>{text}</p></div> }.into_any())
}

/// A text that may have a button to copy it; a password is shown when asked for.
pub(super) fn textbox(value: &Json, copy: bool, text_type: TextType) -> Option<AnyView> {
    let text = value.as_str()?.to_owned();
    let shown = match text_type {
        TextType::Password => {
            view! { <details class="secret"><summary>"Show"</summary><p>{text.clone()}</p></details> }.into_any()
        }
        TextType::Text | TextType::Email => view! { <p>{text.clone()}</p> }.into_any(),
    };
    let button = copy.then(|| view! { <CopyButton text=text what="the text".to_owned() /> });
    Some(view! { <div class="text" class:with-copy=copy>{shown}{button}</div> }.into_any())
}

pub(super) fn number(value: &Json) -> Option<AnyView> {
    let number = value.as_number()?;
    let shown = match number.as_f64() {
        Some(float) if !number.is_i64() && !number.is_u64() => rounded(float),
        _ => number.to_string(),
    };
    // The whole number stays in reach: six digits are for reading.
    Some(view! { <p class="figure" title=number.to_string()>{shown}</p> }.into_any())
}

pub(super) fn flag(value: &Json) -> Option<AnyView> {
    let text = if value.as_bool()? { "Yes" } else { "No" };
    Some(view! { <p class="figure">{text}</p> }.into_any())
}

pub(super) fn list(value: &Json) -> Option<AnyView> {
    let texts: Option<Vec<_>> = value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect();
    Some(view! { <ul class="tags">{texts?.into_iter().map(|text| view! { <li class="tag">{text}</li> }).collect_view()}</ul> }.into_any())
}

pub(super) fn markdown(value: &Json) -> Option<AnyView> {
    Some(view! { <vitrine-markdown prop:value=value.as_str()?.to_owned()></vitrine-markdown> }.into_any())
}

pub(super) fn code(value: &Json, language: Option<&str>) -> Option<AnyView> {
    let code = value.as_str()?.to_owned();
    let language = language.unwrap_or("text").to_owned();
    Some(
        view! {
            <div class="code">
                <div class="code-bar"><span class="muted">{language.clone()}</span><CopyButton text=code.clone() what="the code".to_owned() /></div>
                <vitrine-code language=language.clone() prop:value=code></vitrine-code>
            </div>
        }
        .into_any(),
    )
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
