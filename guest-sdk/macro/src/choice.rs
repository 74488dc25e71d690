//! `#[derive(Choice)]`

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields, LitStr, Result};

use crate::attribute;

/// Implements `Choice`, `Input` and `Output` for an enum.
pub(crate) fn expand(item: &DeriveInput) -> Result<TokenStream> {
    let Data::Enum(data) = &item.data else {
        return Err(syn::Error::new_spanned(&item.ident, "`Choice` is for enums: a visitor picks one variant"));
    };
    if !item.generics.params.is_empty() {
        return Err(syn::Error::new_spanned(&item.generics, "`Choice` is for enums without generic parameters"));
    }
    if data.variants.is_empty() {
        return Err(syn::Error::new_spanned(&item.ident, "there is nothing to choose: the enum has no variants"));
    }
    let ident = &item.ident;
    let mut choices = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            return Err(syn::Error::new_spanned(&variant.fields, "a choice carries no fields"));
        }
        let mut attributes = variant.attrs.clone();
        let text = match attribute::take(&mut attributes, "choice")? {
            Some(attribute) => attribute.parse_args::<LitStr>()?.value(),
            None => words(&variant.ident.to_string()),
        };
        if texts.contains(&text) {
            return Err(syn::Error::new_spanned(variant, format!("two choices are called `{text}`")));
        }
        let name = &variant.ident;
        choices.push(quote!((#text, #ident::#name)));
        texts.push(text);
    }
    Ok(quote! {
        impl ::guest_sdk::__internal::Choice for #ident {
            const CHOICES: &'static [(&'static str, Self)] = &[#(#choices),*];
        }

        impl ::guest_sdk::__internal::Input for #ident {
            fn component(
                _: &::guest_sdk::__internal::InputOptions,
            ) -> ::guest_sdk::bindings::vitrine::space::description::Component {
                ::guest_sdk::__internal::choice_component::<Self>()
            }

            fn from_value(value: ::guest_sdk::Value) -> ::std::result::Result<Self, ::std::string::String> {
                ::guest_sdk::__internal::choice_from_value(value)
            }
        }

        impl ::guest_sdk::__internal::Literal<#ident> for #ident {
            fn literal(literal: #ident) -> ::guest_sdk::Value {
                ::guest_sdk::__internal::choice_value(literal)
            }
        }

        impl ::guest_sdk::__internal::Defaulted for #ident {}
    })
}

/// `DarkRed` → `Dark red`
fn words(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push(' ');
            text.extend(letter.to_lowercase());
        } else {
            text.push(letter);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_become_words() {
        assert_eq!(super::words("DarkRed"), "Dark red");
        assert_eq!(super::words("X"), "X");
    }
}
