//! `#[derive(Outputs)]`

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Data, DeriveInput, Field, Fields, LitStr, Result};

use crate::attribute;
use crate::docs;

/// Options of `#[output(…)]` with a text.
const TEXTS: [&str; 5] = ["unit", "x", "y", "color", "language"];

/// Options of `#[output(…)]` without a value.
const FLAGS: [&str; 2] = ["copy", "combine_adjacent"];

/// Implements `Outputs` for a struct with named fields.
pub(crate) fn expand(item: &DeriveInput) -> Result<TokenStream> {
    let fields = match &item.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => &fields.named,
            Fields::Unnamed(_) | Fields::Unit => {
                return Err(syn::Error::new_spanned(
                    &item.ident,
                    "`Outputs` needs named fields: the names are the outputs'",
                ));
            }
        },
        Data::Enum(_) | Data::Union(_) => {
            return Err(syn::Error::new_spanned(&item.ident, "`Outputs` is for structs: each field is an output"));
        }
    };
    if !item.generics.params.is_empty() {
        return Err(syn::Error::new_spanned(&item.generics, "`Outputs` is for structs without generic parameters"));
    }
    let mut described = Vec::new();
    let mut drawn = Vec::new();
    let mut values = Vec::new();
    for field in fields {
        let Some(ident) = &field.ident else { continue };
        let name = ident.to_string();
        attribute::check_name(&name, ident.span())?;
        let ty = &field.ty;
        let output = quote_spanned!(ty.span()=> <#ty as ::guest_sdk::__internal::Output>);
        let info = docs::text(&field.attrs);
        let info = match info.as_str() {
            "" => quote!(::std::option::Option::None),
            info => quote!(::std::option::Option::Some(#info)),
        };
        described.push(quote!(::guest_sdk::__internal::output_field(#name, #info, #output::component())));
        let options = options(field)?;
        drawn.push(quote!(#output::drawn(&#options)));
        values.push(quote!(#output::into_value(self.#ident)));
    }
    let ident = &item.ident;
    Ok(quote! {
        impl ::guest_sdk::__internal::Outputs for #ident {
            const UNNAMED: ::std::option::Option<usize> = ::std::option::Option::None;

            fn fields(
                _: &[&str],
            ) -> ::std::vec::Vec<::guest_sdk::bindings::vitrine::space::description::Field> {
                ::std::vec![#(#described),*]
            }

            fn drawn() -> ::std::vec::Vec<::std::option::Option<::guest_sdk::__internal::Drawn>> {
                ::std::vec![#(#drawn),*]
            }

            fn into_values(self) -> ::std::vec::Vec<::guest_sdk::Value> {
                ::std::vec![#(#values),*]
            }
        }
    })
}

/// An expression of type `OutputOptions`.
fn options(field: &Field) -> Result<TokenStream> {
    let mut attributes = field.attrs.clone();
    let mut options = Vec::new();
    if let Some(attribute) = attribute::take(&mut attributes, "output")? {
        attribute.parse_nested_meta(|meta| {
            let key = meta.path.require_ident()?.clone();
            if FLAGS.iter().any(|flag| key == flag) {
                options.push(quote!(#key: true,));
                return Ok(());
            }
            if !TEXTS.iter().any(|text| key == text) {
                let known = TEXTS.iter().chain(&FLAGS).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                return Err(meta.error(format!("unknown option `{key}`: the options are {known}")));
            }
            let text: LitStr = meta.value()?.parse()?;
            options.push(quote!(#key: ::std::option::Option::Some(::std::string::String::from(#text)),));
            Ok(())
        })?;
    }
    Ok(quote!(::guest_sdk::__internal::OutputOptions { #(#options)* ..::std::default::Default::default() }))
}
