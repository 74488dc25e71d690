//! What the result of an endpoint must be able to do.

use super::draw::Drawn;
use crate::Value;
use crate::bindings::vitrine::space::description::{Component, Field};

/// A type that an endpoint can return as one output.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an output of a space",
    label = "not an output type",
    note = "outputs are numbers, `bool`, `String`, `Markdown`, `Label`, `Table`, `Json`, `Image` (feature `image`), \
            `File`, `Audio`, `Video`, others of `guest_sdk::component`, `Option` of these, tuples of these, and structs with \
            `#[derive(guest_sdk::Outputs)]`"
)]
pub trait Output {
    /// How the output is drawn.
    fn component() -> Component;

    /// How it is drawn instead by hosts that know more components; it takes the same kind of value.
    fn drawn(_options: &OutputOptions) -> Option<Drawn> {
        None
    }

    /// The value sent to the visitor.
    fn into_value(self) -> Value;
}

/// What `#[output(…)]` says about a field of a struct with `#[derive(Outputs)]`.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each field is the option of its name, see `#[derive(Outputs)]`")]
pub struct OutputOptions {
    pub copy: bool,
    pub unit: Option<String>,
    pub x: Option<String>,
    pub y: Option<String>,
    pub color: Option<String>,
    pub language: Option<String>,
    pub combine_adjacent: bool,
}

/// All that an endpoint returns: one [`Output`], a tuple, or a struct with `#[derive(Outputs)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be what an endpoint returns",
    label = "not an output type",
    note = "outputs are numbers, `bool`, `String`, `Markdown`, `Label`, `Table`, `Json`, `Image` (feature `image`), \
            `File`, `Audio`, `Video`, others of `guest_sdk::component`, `Option` of these, tuples of these, and structs with \
            `#[derive(guest_sdk::Outputs)]`"
)]
pub trait Outputs {
    /// How many outputs take their names from `#[endpoint(outputs = […])]`; none where the type names them.
    const UNNAMED: Option<usize>;

    /// The outputs' descriptions. `names` is empty or has one name an output.
    fn fields(names: &[&str]) -> Vec<Field>;

    /// How each output is drawn instead, in the same order.
    fn drawn() -> Vec<Option<Drawn>>;

    /// One value an output, in the same order.
    fn into_values(self) -> Vec<Value>;
}

impl<T: Output> Output for Option<T> {
    fn component() -> Component {
        T::component()
    }

    fn drawn(options: &OutputOptions) -> Option<Drawn> {
        T::drawn(options)
    }

    fn into_value(self) -> Value {
        self.map_or(Value::Null, T::into_value)
    }
}

impl<T: Output> Outputs for T {
    const UNNAMED: Option<usize> = Some(1);

    fn fields(names: &[&str]) -> Vec<Field> {
        vec![output_field(names.first().copied().unwrap_or("output"), None, T::component())]
    }

    fn drawn() -> Vec<Option<Drawn>> {
        vec![T::drawn(&OutputOptions::default())]
    }

    fn into_values(self) -> Vec<Value> {
        vec![self.into_value()]
    }
}

macro_rules! tuple_outputs {
    ($($count:literal: $($type:ident $index:tt)+;)*) => {$(
        impl<$($type: Output),+> Outputs for ($($type,)+) {
            const UNNAMED: Option<usize> = Some($count);

            fn fields(names: &[&str]) -> Vec<Field> {
                vec![$(output_field(
                    names.get($index).copied().unwrap_or(concat!("output_", $index)),
                    None,
                    $type::component(),
                )),+]
            }

            fn drawn() -> Vec<Option<Drawn>> {
                vec![$($type::drawn(&OutputOptions::default())),+]
            }

            fn into_values(self) -> Vec<Value> {
                vec![$(self.$index.into_value()),+]
            }
        }
    )*};
}

tuple_outputs! {
    1: A 0;
    2: A 0 B 1;
    3: A 0 B 1 C 2;
    4: A 0 B 1 C 2 D 3;
    5: A 0 B 1 C 2 D 3 E 4;
    6: A 0 B 1 C 2 D 3 E 4 F 5;
}

/// The description of an output.
#[doc(hidden)]
pub fn output_field(name: &str, info: Option<&str>, component: Component) -> Field {
    Field {
        name: name.to_owned(),
        label: humanize(name),
        info: info.map(str::to_owned),
        component,
        default: None,
        optional: false,
    }
}

/// `sepal_length` → `Sepal length`.
#[doc(hidden)]
pub fn humanize(name: &str) -> String {
    let mut text = name.replace(['_', '-'], " ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}
