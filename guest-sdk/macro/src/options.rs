//! `#[input(…)]`

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr, Ident, LitInt, LitStr, Result, Token, Type};

use crate::attribute::{self, Texts};
use crate::input::check;

const OPTIONS: &str = "`label`, `default`, `minimum`, `maximum`, `step`, `slider`, `lines`, `placeholder`, `max_length`, `file_types`, `type`, `choices`, `allow_custom_value`, `timezone`, `language`, `sources`, `headers`, `datatype`, `fixed`";

/// Options whose value is a list of texts: the field of `InputOptions` and the mark of the types that take it.
const LISTS: [(&str, &str); 5] = [
    ("file_types", "FileLike"),
    ("choices", "Chosen"),
    ("sources", "Sourced"),
    ("headers", "TableLike"),
    ("datatype", "TableLike"),
];

/// Options that stand without a value.
const FLAGS: [(&str, &str); 3] = [("slider", "Ranged"), ("allow_custom_value", "Chosen"), ("fixed", "TableLike")];

/// Options whose value is one of some words; `type` is a keyword, so its field has another name.
const WORDS: [(&str, &str, &str); 3] =
    [("type", "text_type", "Typed"), ("timezone", "timezone", "Dated"), ("language", "language", "CodeLike")];

/// What `type` may be.
const TEXT_TYPES: [&str; 3] = ["text", "password", "email"];

/// `#[input(…)]`
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) label: Option<LitStr>,
    pub(crate) default: Option<Expr>,
    minimum: Option<Expr>,
    maximum: Option<Expr>,
    step: Option<Expr>,
    flags: Vec<Ident>,
    lines: Option<LitInt>,
    placeholder: Option<LitStr>,
    max_length: Option<LitInt>,
    lists: Vec<(Ident, Vec<LitStr>)>,
    words: Vec<(Ident, LitStr)>,
}

impl Options {
    pub(crate) fn parse(attribute: &Attribute) -> Result<Self> {
        let mut options = Self::default();
        attribute.parse_args_with(|input: ParseStream<'_>| {
            while !input.is_empty() {
                options.parse_one(input)?;
                if !input.is_empty() {
                    input.parse::<Token![,]>()?;
                }
            }
            Ok(())
        })?;
        options.check_range()?;
        Ok(options)
    }

    fn parse_one(&mut self, input: ParseStream<'_>) -> Result<()> {
        let key: Ident = input.call(Ident::parse_any)?;
        let name = key.to_string();
        if FLAGS.iter().any(|(flag, _)| *flag == name) {
            self.flags.push(key);
            return Ok(());
        }
        if !OPTIONS.contains(&format!("`{name}`")) {
            return Err(syn::Error::new(key.span(), format!("unknown option `{name}`: the options are {OPTIONS}")));
        }
        input.parse::<Token![=]>()?;
        if LISTS.iter().any(|(list, _)| *list == name) {
            self.lists.push((key, input.parse::<Texts>()?.0));
            return Ok(());
        }
        if WORDS.iter().any(|(word, _, _)| *word == name) {
            let word: LitStr = input.parse()?;
            if name == "type" && !TEXT_TYPES.contains(&word.value().as_str()) {
                return Err(syn::Error::new(word.span(), "`type` is `text`, `password` or `email`"));
            }
            self.words.push((key, word));
            return Ok(());
        }
        match name.as_str() {
            "label" => self.label = Some(input.parse()?),
            "default" => self.default = Some(input.parse()?),
            "minimum" => self.minimum = Some(input.parse()?),
            "maximum" => self.maximum = Some(input.parse()?),
            "step" => self.step = Some(input.parse()?),
            "lines" => self.lines = Some(input.parse()?),
            "placeholder" => self.placeholder = Some(input.parse()?),
            "max_length" => self.max_length = Some(input.parse()?),
            _ => unreachable!("`OPTIONS` lists every key"),
        }
        Ok(())
    }

    /// Bounds that no number meets, and a default outside them, are found here and not by the visitor.
    fn check_range(&self) -> Result<()> {
        let value = |expr: &Option<Expr>| expr.as_ref().map(attribute::number).transpose();
        let (minimum, maximum) = (value(&self.minimum)?, value(&self.maximum)?);
        if value(&self.step)?.is_some_and(|step| step <= 0.0) {
            return Err(syn::Error::new_spanned(&self.step, "`step` must be above 0"));
        }
        if let (Some(minimum), Some(maximum)) = (minimum, maximum)
            && minimum >= maximum
        {
            return Err(syn::Error::new_spanned(
                &self.maximum,
                format!("`maximum` must be above `minimum`, {minimum}"),
            ));
        }
        let flag = |name: &str| self.flags.iter().find(|flag| *flag == name);
        if let Some(custom) = flag("allow_custom_value")
            && !self.lists.iter().any(|(key, _)| key == "choices")
        {
            return Err(syn::Error::new(custom.span(), "`allow_custom_value` goes with `choices`"));
        }
        if let Some(slider) = flag("slider")
            && (minimum.is_none() || maximum.is_none())
        {
            return Err(syn::Error::new(slider.span(), "a slider needs `minimum` and `maximum`"));
        }
        let Some(default) = self.default.as_ref().and_then(|default| attribute::number(default).ok()) else {
            return Ok(());
        };
        if minimum.is_some_and(|minimum| default < minimum) || maximum.is_some_and(|maximum| default > maximum) {
            return Err(syn::Error::new_spanned(&self.default, "the default is outside `minimum` and `maximum`"));
        }
        Ok(())
    }

    /// An expression of type `InputOptions`, which compiles only where the options fit the type.
    pub(crate) fn expand(&self, ty: &Type) -> TokenStream {
        let numbers = [(&self.minimum, "Ranged"), (&self.maximum, "Ranged"), (&self.step, "Ranged")];
        let numbers = numbers.into_iter().filter_map(|(expr, mark)| Some((mark, expr.as_ref()?.span())));
        let texts = [&self.lines, &self.max_length].into_iter().filter_map(|number| Some(number.as_ref()?.span()));
        let texts = texts.chain(self.placeholder.as_ref().map(LitStr::span)).map(|span| ("TextLike", span));
        let flags = self.flags.iter().map(|flag| (mark_of(&FLAGS, flag), flag.span()));
        let lists = self.lists.iter().map(|(key, _)| (mark_of(&LISTS, key), key.span()));
        let words = self.words.iter().map(|(key, _)| (word_of(key).1, key.span()));
        let marks = numbers.chain(texts).chain(flags).chain(lists).chain(words);
        let checks = marks.map(|(mark, span)| check(mark, ty, span));
        let values = self.values();
        quote!({
            #(#checks)*
            #values
        })
    }

    /// The same without the check.
    pub(crate) fn values(&self) -> TokenStream {
        let mut fields = Vec::new();
        for (name, expr) in [("minimum", &self.minimum), ("maximum", &self.maximum), ("step", &self.step)] {
            let Some(expr) = expr else { continue };
            let number = attribute::number(expr).unwrap_or_default();
            let name = Ident::new(name, expr.span());
            fields.push(quote!(#name: ::std::option::Option::Some(#number),));
        }
        for (name, number) in [("lines", &self.lines), ("max_length", &self.max_length)] {
            let Some(number) = number else { continue };
            let name = Ident::new(name, number.span());
            fields.push(quote!(#name: ::std::option::Option::Some(#number),));
        }
        if let Some(text) = &self.placeholder {
            fields.push(quote!(placeholder: ::std::option::Option::Some(::std::string::String::from(#text)),));
        }
        for flag in &self.flags {
            fields.push(quote!(#flag: true,));
        }
        for (key, texts) in &self.lists {
            fields.push(quote!(#key: ::std::vec![#(::std::string::String::from(#texts)),*],));
        }
        for (key, word) in &self.words {
            let field = Ident::new(word_of(key).0, key.span());
            fields.push(quote!(#field: ::std::option::Option::Some(::std::string::String::from(#word)),));
        }
        quote!({
            #[allow(clippy::needless_update, reason = "generated")]
            ::guest_sdk::__internal::InputOptions { #(#fields)* ..::std::default::Default::default() }
        })
    }
}

/// The mark of an option; every one that was parsed is in the table.
fn mark_of(marks: &[(&str, &'static str)], key: &Ident) -> &'static str {
    marks.iter().find(|(name, _)| key == name).map_or("", |(_, mark)| mark)
}

/// The field and the mark of an option of [`WORDS`].
fn word_of(key: &Ident) -> (&'static str, &'static str) {
    WORDS.iter().find(|(name, _, _)| key == name).map_or(("", ""), |(_, field, mark)| (field, mark))
}
