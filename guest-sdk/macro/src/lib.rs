//! The macros of `guest-sdk`; their documentation is for authors, who reach them through that crate.
#![deny(missing_docs)]

mod attribute;
mod choice;
mod docs;
mod endpoint;
mod events;
mod expand;
mod input;
mod options;
mod outputs;
mod space;

use proc_macro::TokenStream;
use syn::{DeriveInput, ItemMod, parse_macro_input};

/// Makes a space of a module: its functions become endpoints with a form, an API and documentation.
///
/// ```ignore
/// #[guest_sdk::space]
/// mod app {
///     //! Iris
///     //!
///     //! Tells three kinds of iris apart by their leaves.
///     use guest_sdk::onnx::{Model, tensor, values};
///     use guest_sdk::{Label, Result};
///
///     #[init]
///     fn load() -> Result<Model> {
///         Ok(Model::from_asset("iris.onnx")?)
///     }
///
///     /// Classifies a flower.
///     #[endpoint(outputs = ["species"])]
///     fn predict(
///         model: &Model,
///         /// In centimetres.
///         #[input(minimum = 0, maximum = 10, default = 5.1)]
///         petal_length: f32,
///     ) -> Result<Label> {
///         let scores = model.run(&[tensor(&[1, 1], &[petal_length])?])?;
///         Ok(Label::from_scores(&["setosa", "versicolor", "virginica"], &values(&scores[1])?))
///     }
/// }
/// ```
///
/// - The module's doc comment is the page's text; its first line is the title.
/// - `#[init]`, at most one: runs once, when the space is published. Endpoints take what it returns by reference.
/// - `#[endpoint]`: the doc comment is drawn above the form. Options: `title = "…"`, and `outputs = ["…", …]`
///   with a name for each output (a struct with `#[derive(Outputs)]` names its own).
/// - A parameter is an input. Its doc comment is the help text. `#[input(…)]` takes `label`, `default`;
///   for numbers `minimum`, `maximum`, `step`, `slider`; for texts `lines`, `placeholder`, `max_length`,
///   `type = "password"` (or `"email"`); for texts and `Vec<String>` `choices = ["a", "b"]`, with
///   `allow_custom_value` also others; for dates `timezone = "Europe/Berlin"`; for `Code` `language = "python"`; for tables `headers = ["a"]`,
///   `datatype = ["number"]` and `fixed`, which visitors cannot change; for pictures and sounds
///   `sources = ["upload"]` (and `"webcam"`, `"clipboard"`, `"microphone"`); for files `file_types = [".csv"]`.
/// - `#[on(load, change, select = "endpoint.output", timer = 1000, submit)]` on an endpoint says what calls it, instead of its
///   button: the page's opening, a change of one of its inputs (or of another's, `change = "endpoint.input"`), a selection in a
///   table, image or plot, which it gets in its input `selection: Json`, or so many milliseconds.
/// - `#[layout] fn layout() -> Layout` lays the page out.
/// - A parameter `&T` is what `#[init]` returned, `&Context` tells about the request, and `&mut Stream<T>` makes
///   the endpoint stream partial outputs.
/// - `#[example("title", input = value, …)]` on an endpoint is a set of inputs to click; `"@file"` is a file of
///   the bundle.
/// - The result is one output, a tuple, or a struct with `#[derive(Outputs)]`, alone or in a `Result`.
#[proc_macro_attribute]
pub fn space(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let module = parse_macro_input!(item as ItemMod);
    space::expand(arguments.into(), module).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Lets an enum without fields be an input: a radio, or a menu beyond five choices.
///
/// A variant is called as its name says (`DarkRed` is `Dark red`), or as `#[choice("…")]` says.
#[proc_macro_derive(Choice, attributes(choice))]
pub fn choice(item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as DeriveInput);
    choice::expand(&item).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Lets a struct be what an endpoint returns: each field is an output, and its doc comment the help text.
///
/// `#[output(…)]` on a field says how it is drawn: a text with `copy` has a button that copies it; a `Metric` takes
/// `unit = "ms"`; a `LinePlot`, `BarPlot` or `ScatterPlot` takes the names of its columns, `x = "…"`, `y = "…"` and
/// `color = "…"`; a `HighlightedText` takes `combine_adjacent`, a `Code` takes
/// `language = "json"`.
#[proc_macro_derive(Outputs, attributes(output))]
pub fn outputs(item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as DeriveInput);
    outputs::expand(&item).unwrap_or_else(syn::Error::into_compile_error).into()
}
