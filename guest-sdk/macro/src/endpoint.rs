//! One function under `#[endpoint]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::parse::ParseStream;
use syn::spanned::Spanned as _;
use syn::{
    Attribute, Expr, FnArg, GenericArgument, Ident, ItemFn, LitStr, PathArguments, Result, ReturnType, Token, Type,
};

use crate::attribute::{self, Texts};
use crate::docs;
use crate::events::On;
use crate::input::{Input, Parameter};

/// One function under `#[endpoint]`.
pub(crate) struct Endpoint {
    pub(crate) name: Ident,
    options: Options,
    documentation: String,
    parameters: Vec<Parameter>,
    result: Returned,
    examples: Vec<Example>,
    /// None where its button calls it.
    on: Option<On>,
}

/// `#[endpoint(…)]`
#[derive(Default)]
struct Options {
    title: Option<LitStr>,
    outputs: Option<(Ident, Vec<LitStr>)>,
}

/// `#[example(…)]`
struct Example {
    title: Option<LitStr>,
    values: Vec<(Ident, Expr)>,
    span: proc_macro2::Span,
}

/// A function's result type, looked through a `Result`.
pub(crate) struct Returned {
    pub(crate) ty: Type,
    pub(crate) fallible: bool,
}

impl Endpoint {
    /// Reads the function and takes our attributes away.
    pub(crate) fn take(function: &mut ItemFn, attribute: &Attribute) -> Result<Self> {
        check_signature(function, "an endpoint")?;
        let name = function.sig.ident.clone();
        attribute::check_name(&name.to_string(), name.span())?;
        let result = Returned::of(&function.sig.output).ok_or_else(|| {
            syn::Error::new_spanned(
                &function.sig,
                "an endpoint returns its outputs: write `-> Label`, `-> Result<(Image, f64)>`, …",
            )
        })?;
        let mut parameters = Vec::new();
        for argument in &mut function.sig.inputs {
            match argument {
                FnArg::Typed(parameter) => parameters.push(Parameter::take(parameter)?),
                FnArg::Receiver(receiver) => {
                    return Err(syn::Error::new_spanned(receiver, "an endpoint is a function without `self`"));
                }
            }
        }
        let endpoint = Self {
            name,
            options: Options::parse(attribute)?,
            documentation: docs::text(&function.attrs),
            parameters,
            result,
            examples: Example::take_all(&mut function.attrs)?,
            on: attribute::take(&mut function.attrs, "on")?.map(|attribute| On::parse(&attribute)).transpose()?,
        };
        endpoint.check_examples()?;
        Ok(endpoint)
    }

    /// The state types that the function asks for.
    pub(crate) fn states(&self) -> impl Iterator<Item = &Type> {
        self.parameters.iter().filter_map(|parameter| match parameter {
            Parameter::State(ty) => Some(ty),
            Parameter::Input(_) | Parameter::Context | Parameter::Stream(_) => None,
        })
    }

    /// True where something else than its button calls it.
    pub(crate) fn has_events(&self) -> bool {
        self.on.is_some()
    }

    /// Expressions of type `(&str, Json, &str)`: what calls it.
    pub(crate) fn events(&self) -> Vec<TokenStream> {
        let name = self.name.to_string();
        let inputs: Vec<_> = self.inputs().map(|input| input.name.to_string()).collect();
        self.on.as_ref().map_or_else(|| On::button(&name), |on| on.events(&name, &inputs))
    }

    /// An expression of type `description::Endpoint`.
    pub(crate) fn describe(&self) -> TokenStream {
        let Self { name, documentation, .. } = self;
        let name = name.to_string();
        let title = match &self.options.title {
            Some(title) => quote!(::std::string::String::from(#title)),
            None => quote!(::guest_sdk::__internal::humanize(#name)),
        };
        let inputs = self.inputs().map(Input::field);
        let outputs = self.outputs();
        let drawn_inputs = self.inputs().map(Input::drawn);
        let ty = &self.result.ty;
        let drawn_outputs = quote_spanned!(ty.span()=> <#ty as ::guest_sdk::__internal::Outputs>::drawn());
        let streams = self.parameters.iter().any(|parameter| matches!(parameter, Parameter::Stream(_)));
        let examples = self.examples.iter().map(|example| self.example(example));
        quote! {
            ::guest_sdk::__internal::described(
                ::guest_sdk::bindings::vitrine::space::description::Endpoint {
                    name: ::std::string::String::from(#name),
                    title: #title,
                    documentation: ::std::string::String::from(#documentation),
                    inputs: ::std::vec![#(#inputs),*],
                    outputs: #outputs,
                    examples: ::std::vec![#(#examples),*],
                    streams: #streams,
                },
                ::std::vec![#(#drawn_inputs),*],
                #drawn_outputs,
            )
        }
    }

    /// The arm of `match endpoint` that calls the function.
    pub(crate) fn call(&self) -> TokenStream {
        let Self { name, .. } = self;
        let text = name.to_string();
        let mut lets = Vec::new();
        let mut arguments = Vec::new();
        for (index, parameter) in self.parameters.iter().enumerate() {
            let argument = format_ident!("argument_{index}");
            let (value, pass) = match parameter {
                Parameter::Input(input) => (input.extract(), quote!(#argument)),
                Parameter::State(ty) => {
                    // Two statements, so that a wrong type is told plainly and not as a failed `?`.
                    let state = quote_spanned!(ty.span()=> state);
                    lets.push(quote!(let #state = __STATE.with(::guest_sdk::__internal::State::get)?;));
                    lets.push(quote!(let #argument: &#ty = #state;));
                    arguments.push(quote!(#argument));
                    continue;
                }
                Parameter::Context => (quote!(context), quote!(&#argument)),
                Parameter::Stream(ty) => (quote_spanned!(ty.span()=> <#ty>::__open()), quote!(&mut #argument)),
            };
            lets.push(match parameter {
                Parameter::Stream(_) => quote!(let mut #argument = #value;),
                _ => quote!(let #argument = #value;),
            });
            arguments.push(pass);
        }
        let call = quote!(#name(#(#arguments),*));
        let outputs = match self.result.fallible {
            true => quote!(#call.map_err(::guest_sdk::Error::from)?),
            false => call,
        };
        let ty = &self.result.ty;
        let into_values = quote_spanned!(ty.span()=> <#ty as ::guest_sdk::__internal::Outputs>::into_values);
        quote! {
            #text => {
                #(#lets)*
                let outputs = #outputs;
                ::std::result::Result::Ok(#into_values(outputs))
            }
        }
    }

    fn inputs(&self) -> impl Iterator<Item = &Input> {
        self.parameters.iter().filter_map(|parameter| match parameter {
            Parameter::Input(input) => Some(&**input),
            Parameter::State(_) | Parameter::Context | Parameter::Stream(_) => None,
        })
    }

    fn outputs(&self) -> TokenStream {
        let ty = &self.result.ty;
        let outputs = quote_spanned!(ty.span()=> <#ty as ::guest_sdk::__internal::Outputs>);
        let Some((key, names)) = &self.options.outputs else { return quote!(#outputs::fields(&[])) };
        let count = names.len();
        let message = format!("`outputs` has {count} names, which is not the number of outputs that take one");
        let check = quote_spanned! {key.span()=>
            const _: () = ::std::assert!(
                match #outputs::UNNAMED { ::std::option::Option::Some(count) => count == #count, ::std::option::Option::None => false },
                #message
            );
        };
        quote!({ #check #outputs::fields(&[#(#names),*]) })
    }

    fn check_examples(&self) -> Result<()> {
        for example in &self.examples {
            for (name, _) in &example.values {
                if !self.inputs().any(|input| input.name == *name) {
                    let names = self.inputs().map(|input| format!("`{}`", input.name)).collect::<Vec<_>>().join(", ");
                    return Err(syn::Error::new(
                        name.span(),
                        format!("there is no input `{name}`: the inputs are {names}"),
                    ));
                }
            }
            for input in self.inputs() {
                if input.example(example.value(&input.name)).is_none() {
                    return Err(syn::Error::new(
                        example.span,
                        format!("the example needs a value for `{}`, which has no default", input.name),
                    ));
                }
            }
        }
        Ok(())
    }

    fn example(&self, example: &Example) -> TokenStream {
        let title = match &example.title {
            Some(title) => quote!(::std::option::Option::Some(::std::string::String::from(#title))),
            None => quote!(::std::option::Option::None),
        };
        let values = self.inputs().filter_map(|input| input.example(example.value(&input.name)));
        quote! {
            ::guest_sdk::bindings::vitrine::space::description::Example {
                title: #title,
                inputs: ::std::vec![#(#values),*],
            }
        }
    }
}

impl Options {
    fn parse(attribute: &Attribute) -> Result<Self> {
        let mut options = Self::default();
        if matches!(attribute.meta, syn::Meta::Path(_)) {
            return Ok(options);
        }
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("title") {
                options.title = Some(meta.value()?.parse()?);
                return Ok(());
            }
            if meta.path.is_ident("outputs") {
                let key = meta.path.require_ident()?.clone();
                let names = meta.value()?.parse::<Texts>()?.0;
                for name in &names {
                    attribute::check_name(&name.value(), name.span())?;
                }
                options.outputs = Some((key, names));
                return Ok(());
            }
            Err(meta.error("unknown option: the options are `title` and `outputs`"))
        })?;
        Ok(options)
    }
}

impl Example {
    fn take_all(attributes: &mut Vec<Attribute>) -> Result<Vec<Self>> {
        let mut examples = Vec::new();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("example")) {
            examples.push(attribute.parse_args_with(|input: ParseStream<'_>| {
                let mut example = Self { title: None, values: Vec::new(), span: attribute.path().span() };
                if input.peek(LitStr) {
                    example.title = Some(input.parse()?);
                    if !input.is_empty() {
                        input.parse::<Token![,]>()?;
                    }
                }
                while !input.is_empty() {
                    let name = input.parse()?;
                    input.parse::<Token![=]>()?;
                    example.values.push((name, input.parse()?));
                    if !input.is_empty() {
                        input.parse::<Token![,]>()?;
                    }
                }
                Ok(example)
            })?);
        }
        attributes.retain(|attribute| !attribute.path().is_ident("example"));
        Ok(examples)
    }

    fn value(&self, name: &Ident) -> Option<&Expr> {
        self.values.iter().find(|(other, _)| other == name).map(|(_, value)| value)
    }
}

impl Returned {
    /// None for a function that returns nothing.
    pub(crate) fn of(output: &ReturnType) -> Option<Self> {
        let ReturnType::Type(_, ty) = output else { return None };
        if let Some(segment) = attribute::last_segment(ty, "Result")
            && let PathArguments::AngleBracketed(arguments) = &segment.arguments
            && let Some(GenericArgument::Type(ok)) = arguments.args.first()
        {
            return Some(Self { ty: ok.clone(), fallible: true });
        }
        Some(Self { ty: (**ty).clone(), fallible: false })
    }
}

/// Refuses what cannot be called from outside; `what` begins the message.
pub(crate) fn check_signature(function: &ItemFn, what: &str) -> Result<()> {
    let signature = &function.sig;
    if let Some(asyncness) = &signature.asyncness {
        return Err(syn::Error::new_spanned(
            asyncness,
            format!("{what} is not `async`: each request has an instance of its own"),
        ));
    }
    if let Some(unsafety) = &signature.unsafety {
        return Err(syn::Error::new_spanned(unsafety, format!("{what} is not `unsafe`")));
    }
    if !signature.generics.params.is_empty() {
        return Err(syn::Error::new_spanned(&signature.generics, format!("{what} has no generic parameters")));
    }
    Ok(())
}
