//! The module under `#[space]`.

use proc_macro2::TokenStream;
use syn::{Attribute, Ident, Item, ItemFn, ItemMod, Result, Type};

use crate::attribute;
use crate::docs;
use crate::endpoint::{self, Endpoint, Returned};
use crate::expand;

/// The module under `#[space]`, understood.
pub(crate) struct Space {
    pub(crate) title: String,
    pub(crate) documentation: String,
    pub(crate) init: Option<Init>,
    pub(crate) endpoints: Vec<Endpoint>,
    /// The function under `#[layout]`.
    pub(crate) layout: Option<Ident>,
}

/// The function under `#[init]`.
pub(crate) struct Init {
    pub(crate) name: Ident,
    /// None where it returns nothing.
    pub(crate) returned: Option<Returned>,
}

/// The module with what the world asks for added.
pub(crate) fn expand(arguments: TokenStream, mut module: ItemMod) -> Result<TokenStream> {
    if !arguments.is_empty() {
        return Err(syn::Error::new_spanned(arguments, "`#[space]` takes no options"));
    }
    let Some((_, items)) = &mut module.content else {
        return Err(syn::Error::new_spanned(&module, "`#[space]` needs the module's body here: `mod app { … }`"));
    };
    let (title, documentation) = docs::title_and_rest(&docs::text(&module.attrs));
    let mut space = Space { title, documentation, init: None, endpoints: Vec::new(), layout: None };
    // All mistakes are told at once, as the compiler does.
    let mut mistakes: Option<syn::Error> = None;
    for item in items.iter_mut() {
        let Item::Fn(function) = item else { continue };
        if let Err(mistake) = space.add(function) {
            match &mut mistakes {
                Some(mistakes) => mistakes.combine(mistake),
                None => mistakes = Some(mistake),
            }
        }
    }
    if let Some(mistakes) = mistakes {
        return Err(mistakes);
    }
    space.check(&module.ident)?;
    Ok(expand::module(&space, &module))
}

impl Space {
    fn add(&mut self, function: &mut ItemFn) -> Result<()> {
        let init = attribute::take(&mut function.attrs, "init")?;
        let endpoint = attribute::take(&mut function.attrs, "endpoint")?;
        if let Some(attribute) = attribute::take(&mut function.attrs, "layout")? {
            return self.add_layout(function, &attribute);
        }
        match (init, endpoint) {
            (Some(_), Some(attribute)) => {
                Err(syn::Error::new_spanned(attribute, "a function is either `#[init]` or `#[endpoint]`"))
            }
            (Some(attribute), None) => self.add_init(function, &attribute),
            (None, Some(attribute)) => {
                self.endpoints.push(Endpoint::take(function, &attribute)?);
                Ok(())
            }
            (None, None) => refuse_lost_attributes(function),
        }
    }

    fn add_layout(&mut self, function: &ItemFn, attribute: &Attribute) -> Result<()> {
        endpoint::check_signature(function, "`#[layout]`")?;
        if self.layout.is_some() || !function.sig.inputs.is_empty() {
            let message = "one function without inputs lays the page out: `#[layout] fn layout() -> Layout`";
            return Err(syn::Error::new_spanned(attribute, message));
        }
        self.layout = Some(function.sig.ident.clone());
        Ok(())
    }

    fn add_init(&mut self, function: &ItemFn, attribute: &Attribute) -> Result<()> {
        if self.init.is_some() {
            return Err(syn::Error::new_spanned(
                attribute,
                "there is another `#[init]`: let one function load everything",
            ));
        }
        endpoint::check_signature(function, "`#[init]`")?;
        if let Some(input) = function.sig.inputs.first() {
            return Err(syn::Error::new_spanned(
                input,
                "`#[init]` takes no inputs: read what it needs with `guest_sdk::assets`",
            ));
        }
        let returned = Returned::of(&function.sig.output);
        self.init = Some(Init { name: function.sig.ident.clone(), returned });
        Ok(())
    }

    fn check(&self, module: &Ident) -> Result<()> {
        if self.endpoints.is_empty() {
            return Err(syn::Error::new(module.span(), "a space needs at least one function under `#[endpoint]`"));
        }
        let loads = self.init.as_ref().is_some_and(|init| init.returned.is_some());
        let state: Option<&Type> = self.endpoints.iter().flat_map(Endpoint::states).next();
        match state {
            Some(ty) if !loads => Err(syn::Error::new_spanned(
                ty,
                "nothing loads this: write `#[init] fn load() -> Result<…>` that returns it, or take an input by value",
            )),
            _ => Ok(()),
        }
    }
}

/// `#[example]` and `#[input]` mean nothing on a function that is no endpoint.
fn refuse_lost_attributes(function: &ItemFn) -> Result<()> {
    match function.attrs.iter().find(|attribute| attribute.path().is_ident("example")) {
        Some(attribute) => {
            Err(syn::Error::new_spanned(attribute, "`#[example]` belongs on a function under `#[endpoint]`"))
        }
        None => Ok(()),
    }
}
