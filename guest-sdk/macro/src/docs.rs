//! Doc comments as text for visitors.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The doc comment among `attributes`, without the space after `///`; empty where there is none.
pub(crate) fn text(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(line).map(|line| line.strip_prefix(' ').unwrap_or(&line).to_owned());
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// The first line, without the marks of a heading, and the rest.
pub(crate) fn title_and_rest(text: &str) -> (String, String) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    (first.trim_start_matches('#').trim().trim_end_matches('.').to_owned(), rest.trim().to_owned())
}

fn line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    match &pair.value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if pair.path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_line_is_the_title() {
        let attributes: Vec<Attribute> = vec![
            syn::parse_quote!(#[doc = " # Iris."]),
            syn::parse_quote!(#[doc = ""]),
            syn::parse_quote!(#[doc = " Tells flowers apart."]),
        ];
        assert_eq!(title_and_rest(&text(&attributes)), ("Iris".into(), "Tells flowers apart.".into()));
    }
}
