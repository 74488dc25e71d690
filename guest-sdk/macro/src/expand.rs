//! The code added to the module.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{AttrStyle, Attribute, ItemMod};

use crate::endpoint::Endpoint;
use crate::space::{Init, Space};

/// The module with the type `__Space`, which implements `guest_sdk::App`, and its export.
pub(crate) fn module(space: &Space, module: &ItemMod) -> TokenStream {
    let ItemMod { vis, ident, content, .. } = module;
    // `//!` lines may stand only inside, where they were.
    let attrs = module.attrs.iter().map(|attribute| Attribute { style: AttrStyle::Outer, ..attribute.clone() });
    let items = content.as_ref().map(|(_, items)| items.as_slice()).unwrap_or_default();
    let (state, init) = space.init.as_ref().map_or_else(|| (TokenStream::new(), TokenStream::new()), init);
    let title = match space.title.as_str() {
        "" => quote!(::guest_sdk::__internal::humanize(::core::env!("CARGO_PKG_NAME"))),
        title => quote!(::std::string::String::from(#title)),
    };
    let documentation = &space.documentation;
    let described = space.endpoints.iter().map(Endpoint::describe);
    let calls = space.endpoints.iter().map(Endpoint::call);
    let arrange = arrange(space);
    quote! {
        #(#attrs)*
        #[allow(clippy::ptr_arg, reason = "what `#[init]` returned is borrowed as it is")]
        #vis mod #ident {
            #(#items)*

            #state

            #[doc(hidden)]
            #[derive(Debug)]
            pub struct __Space;

            impl ::guest_sdk::App for __Space {
                fn init() -> ::std::result::Result<(), ::std::string::String> {
                    #init
                    ::std::result::Result::Ok(())
                }

                fn describe() -> ::guest_sdk::Space {
                    #arrange
                    ::guest_sdk::Space {
                        title: #title,
                        documentation: ::std::string::String::from(#documentation),
                        endpoints: ::std::vec![#(#described),*],
                        layout: ::std::vec::Vec::new(),
                        events: ::std::vec::Vec::new(),
                    }
                }

                #[allow(unused_variables, unused_mut, reason = "generated; not every endpoint takes all of them")]
                fn call(
                    endpoint: &str,
                    inputs: ::std::vec::Vec<::guest_sdk::Value>,
                    context: ::guest_sdk::Context,
                ) -> ::std::result::Result<::std::vec::Vec<::guest_sdk::Value>, ::guest_sdk::CallError> {
                    let mut inputs = ::guest_sdk::__internal::Inputs::new(inputs);
                    match endpoint {
                        #(#calls)*
                        other => ::std::result::Result::Err(::guest_sdk::CallError::Failed(
                            ::std::format!("the space has no endpoint `{other}`"),
                        )),
                    }
                }
            }

            ::guest_sdk::export_app!(__Space);
        }
    }
}

/// The statement that says how the page is laid out and what calls the endpoints. Where that is as without it, none: hosts
/// of before know no such thing.
fn arrange(space: &Space) -> TokenStream {
    if space.layout.is_none() && !space.endpoints.iter().any(Endpoint::has_events) {
        return TokenStream::new();
    }
    let layout = match &space.layout {
        Some(name) => quote!(#name()),
        None => quote!(::guest_sdk::Layout::new()),
    };
    let events = space.endpoints.iter().flat_map(Endpoint::events);
    quote!(::guest_sdk::__internal::arrange(&#layout, &[#(#events),*]);)
}

/// The static that keeps what `#[init]` returns, and the statements that fill it.
fn init(init: &Init) -> (TokenStream, TokenStream) {
    let name = &init.name;
    let Some(returned) = &init.returned else { return (TokenStream::new(), quote!(#name();)) };
    let ty = &returned.ty;
    let state = quote_spanned! {ty.span()=>
        ::std::thread_local! {
            static __STATE: ::guest_sdk::__internal::State<#ty> =
                const { ::guest_sdk::__internal::State::new() };
        }
    };
    let value = match returned.fallible {
        true => quote!(#name().map_err(|error| ::guest_sdk::Error::from(error).to_string())?),
        false => quote!(#name()),
    };
    (state, quote!(let state = #value; __STATE.with(|cell| cell.set(state));))
}
