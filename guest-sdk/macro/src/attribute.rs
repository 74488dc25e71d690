//! Small parts that the attributes share.

use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Expr, Ident, LitStr, Result, Token, UnOp, bracketed};

/// The longest name in a URL, as the contract says.
const MAX_NAME_LENGTH: usize = 64;

/// Takes the attribute called `name` out of `attributes`.
pub(crate) fn take(attributes: &mut Vec<Attribute>, name: &str) -> Result<Option<Attribute>> {
    let mut taken = None;
    let mut duplicate = None;
    attributes.retain(|attribute| {
        if !attribute.path().is_ident(name) {
            return true;
        }
        if taken.is_some() {
            duplicate = Some(attribute.clone());
        } else {
            taken = Some(attribute.clone());
        }
        false
    });
    match duplicate {
        Some(attribute) => Err(syn::Error::new_spanned(attribute, format!("`#[{name}]` is written twice here"))),
        None => Ok(taken),
    }
}

/// Checks that a name can stand in URLs and requests.
pub(crate) fn check_name(name: &str, span: Span) -> Result<()> {
    let mut letters = name.chars();
    let starts_well = letters.next().is_some_and(|first| first.is_ascii_lowercase());
    let goes_on_well = letters.all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    if starts_well && goes_on_well && name.len() <= MAX_NAME_LENGTH {
        return Ok(());
    }
    Err(syn::Error::new(
        span,
        format!(
            "`{name}` is a name in URLs: lower-case letters, digits and `_`, at most {MAX_NAME_LENGTH}, a letter first"
        ),
    ))
}

/// `["a", "b"]`
pub(crate) struct Texts(pub(crate) Vec<LitStr>);

impl Parse for Texts {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let content;
        bracketed!(content in input);
        Ok(Self(content.parse_terminated(<LitStr as Parse>::parse, Token![,])?.into_iter().collect()))
    }
}

/// A number as written, which may be negative.
pub(crate) fn number(expr: &Expr) -> Result<f64> {
    let number = match expr {
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => number(&unary.expr).ok().map(|number| -number),
        Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Int(int) => int.base10_parse::<i64>().ok().map(|int| int as f64),
            syn::Lit::Float(float) => float.base10_parse().ok(),
            _ => None,
        },
        _ => None,
    };
    number.ok_or_else(|| syn::Error::new_spanned(expr, "expected a number, such as `0.5`"))
}

/// True for the last word of a type's path: `Stream` of `guest_sdk::Stream<T>`.
pub(crate) fn last_segment<'a>(ty: &'a syn::Type, name: &str) -> Option<&'a syn::PathSegment> {
    let syn::Type::Path(path) = ty else { return None };
    path.path.segments.last().filter(|segment| segment.ident == name)
}

/// `Ident` of a pattern such as `photo` or `mut photo`.
pub(crate) fn binding(pattern: &syn::Pat) -> Result<Ident> {
    match pattern {
        syn::Pat::Ident(binding) if binding.by_ref.is_none() && binding.subpat.is_none() => Ok(binding.ident.clone()),
        other => Err(syn::Error::new_spanned(other, "an input needs a plain name, which requests use")),
    }
}
