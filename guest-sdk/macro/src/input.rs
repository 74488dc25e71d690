//! One parameter of an endpoint.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Expr, Ident, PatType, Result, Type};

use crate::attribute;
use crate::docs;
use crate::options::Options;

/// What a parameter stands for.
pub(crate) enum Parameter {
    /// An input that visitors give.
    Input(Box<Input>),
    /// What `#[init]` returned; the type behind the reference.
    State(Type),
    /// `&Context`
    Context,
    /// `&mut Stream<…>`; the whole type.
    Stream(Type),
}

/// An input that visitors give.
pub(crate) struct Input {
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    info: String,
    options: Options,
}

impl Parameter {
    /// Reads a parameter and takes our attributes and doc comments away, which the compiler would refuse there.
    pub(crate) fn take(parameter: &mut PatType) -> Result<Self> {
        let info = docs::text(&parameter.attrs);
        let attribute = attribute::take(&mut parameter.attrs, "input")?;
        parameter.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
        let Type::Reference(reference) = &*parameter.ty else {
            let name = attribute::binding(&parameter.pat)?;
            attribute::check_name(&name.to_string(), name.span())?;
            let options = attribute.map_or_else(|| Ok(Options::default()), |attribute| Options::parse(&attribute))?;
            return Ok(Self::Input(Box::new(Input { name, ty: (*parameter.ty).clone(), info, options })));
        };
        if let Some(attribute) = attribute {
            return Err(syn::Error::new_spanned(attribute, "`#[input]` is for inputs, which are taken by value"));
        }
        if reference.mutability.is_some() {
            if attribute::last_segment(&reference.elem, "Stream").is_some() {
                return Ok(Self::Stream((*reference.elem).clone()));
            }
            return Err(syn::Error::new_spanned(
                &parameter.ty,
                "only `&mut Stream<…>` can be taken by `&mut`: each request starts from the memory that `#[init]` left",
            ));
        }
        if let Some(instead) = owned_form(&reference.elem) {
            return Err(syn::Error::new_spanned(
                &parameter.ty,
                format!("an input is taken by value: write `{instead}`"),
            ));
        }
        if attribute::last_segment(&reference.elem, "Stream").is_some() {
            return Err(syn::Error::new_spanned(&parameter.ty, "a stream is taken by `&mut Stream<…>`"));
        }
        if attribute::last_segment(&reference.elem, "Context").is_some() {
            return Ok(Self::Context);
        }
        Ok(Self::State((*reference.elem).clone()))
    }
}

impl Input {
    /// An expression of type `Field`.
    pub(crate) fn field(&self) -> TokenStream {
        let Self { ty, info, options, .. } = self;
        let name = self.name.to_string();
        let label = match &options.label {
            Some(label) => quote!(::std::string::String::from(#label)),
            None => quote!(::guest_sdk::__internal::humanize(#name)),
        };
        let info = if info.is_empty() {
            quote!(::std::option::Option::None)
        } else {
            quote!(::std::option::Option::Some(::std::string::String::from(#info)))
        };
        let default = match &options.default {
            Some(default) => {
                let value = literal(ty, default);
                let check = check("Defaulted", ty, default.span());
                quote!({ #check ::std::option::Option::Some(#value) })
            }
            None => quote!(::std::option::Option::None),
        };
        let input = quote_spanned!(ty.span()=> <#ty as ::guest_sdk::__internal::Input>);
        let input_options = options.expand(ty);
        quote! {
            ::guest_sdk::bindings::vitrine::space::description::Field {
                name: ::std::string::String::from(#name),
                label: #label,
                info: #info,
                component: #input::component(&#input_options),
                default: #default,
                optional: #input::OPTIONAL,
            }
        }
    }

    /// An expression of type `Option<Drawn>`.
    pub(crate) fn drawn(&self) -> TokenStream {
        let Self { ty, options, .. } = self;
        let drawn = quote_spanned!(ty.span()=> <#ty as ::guest_sdk::__internal::Input>::drawn);
        let options = options.values();
        quote!(#drawn(&#options))
    }

    /// An expression that takes the input out of `inputs`.
    pub(crate) fn extract(&self) -> TokenStream {
        let Self { ty, .. } = self;
        let name = self.name.to_string();
        let read = quote_spanned!(ty.span()=> <#ty as ::guest_sdk::__internal::Input>::from_value);
        quote!(inputs.take(#name, #read)?)
    }

    /// An expression for the input's place in an example; `value` is what the example says.
    pub(crate) fn example(&self, value: Option<&Expr>) -> Option<TokenStream> {
        match value.or(self.options.default.as_ref()) {
            Some(value) => Some(literal(&self.ty, value)),
            None => attribute::last_segment(&self.ty, "Option")
                .map(|_| quote!(::guest_sdk::bindings::vitrine::space::types::Value::Null)),
        }
    }
}

/// A statement that compiles only where `ty` has the mark; the error points at `span`.
pub(crate) fn check(mark: &str, ty: &Type, span: proc_macro2::Span) -> TokenStream {
    let mark = Ident::new(mark, proc_macro2::Span::call_site());
    let call = quote_spanned!(span=> check::<#ty>());
    quote!({
        fn check<T: ::guest_sdk::__internal::#mark>() {}
        #call;
    })
}

/// An expression of type `Value` for a literal of an input's type.
fn literal(ty: &Type, expr: &Expr) -> TokenStream {
    // An ascription and not a cast, so that a number out of range is still an error.
    let typed = match number_type(expr) {
        Some(number) => quote!({ let number: ::core::primitive::#number = #expr; number }),
        None => quote!(#expr),
    };
    quote_spanned!(expr.span()=> <#ty as ::guest_sdk::__internal::Literal<_>>::literal(#typed))
}

/// The type in which a number's literal is handed over.
fn number_type(expr: &Expr) -> Option<Ident> {
    match expr {
        Expr::Unary(unary) => number_type(&unary.expr),
        Expr::Lit(literal) => match literal.lit {
            syn::Lit::Int(_) => Some(Ident::new("i64", proc_macro2::Span::call_site())),
            syn::Lit::Float(_) => Some(Ident::new("f64", proc_macro2::Span::call_site())),
            _ => None,
        },
        _ => None,
    }
}

/// How a borrowed type that authors may write is taken instead.
fn owned_form(ty: &Type) -> Option<&'static str> {
    match ty {
        Type::Slice(_) => Some("Vec<…>` or `File"),
        ty if attribute::last_segment(ty, "str").is_some() => Some("String"),
        ty if attribute::last_segment(ty, "String").is_some() => Some("String"),
        ty if attribute::last_segment(ty, "Image").is_some() => Some("Image"),
        ty if attribute::last_segment(ty, "File").is_some() => Some("File"),
        ty if attribute::last_segment(ty, "Table").is_some() => Some("Table"),
        _ => None,
    }
}
