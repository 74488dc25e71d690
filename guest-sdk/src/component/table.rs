//! Tables.

use super::draw::Drawn;
use super::input::{Input, InputOptions, TableLike};
use super::output::Output;
use super::unexpected;
use crate::Value;
use crate::bindings::vitrine::space::description::{Component, Dataframe};
use crate::bindings::vitrine::space::types::{Cell, Column};

/// A table with named columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    columns: Vec<Column>,
}

/// A row of a [`Table`]: a tuple or array of numbers, booleans and texts.
pub trait Row {
    /// The cells from left to right.
    fn cells(self) -> Vec<Cell>;
}

impl Table {
    /// A table from its headers and rows. A row's missing cells are empty, and its surplus is left out.
    ///
    /// ```
    /// let table = guest_sdk::Table::new(["word", "count"], [("the", 3), ("cat", 1)]);
    /// assert_eq!(table.n_rows(), 2);
    /// ```
    pub fn new<'a>(headers: impl IntoIterator<Item = &'a str>, rows: impl IntoIterator<Item: Row>) -> Self {
        let mut columns =
            headers.into_iter().map(|header| Column { name: header.to_owned(), cells: Vec::new() }).collect::<Vec<_>>();
        for row in rows {
            let mut cells = row.cells().into_iter();
            for column in &mut columns {
                column.cells.push(cells.next().unwrap_or(Cell::Null));
            }
        }
        Self { columns }
    }

    /// The columns from left to right, all of one length.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The cells of the column called `name`, from top to bottom.
    pub fn column(&self, name: &str) -> Option<&[Cell]> {
        self.columns.iter().find(|column| column.name == name).map(|column| column.cells.as_slice())
    }

    /// The number of rows.
    pub fn n_rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.cells.len())
    }
}

impl Input for Table {
    fn component(options: &InputOptions) -> Component {
        Component::Dataframe(Dataframe { headers: options.headers.clone() })
    }

    fn drawn(options: &InputOptions) -> Option<Drawn> {
        let is_plain = options.datatype.is_empty() && !options.fixed;
        let drawn = || Drawn::new("dataframe").option("headers", options.headers.as_slice());
        (!is_plain).then(|| drawn().option("datatype", options.datatype.as_slice()).option("editable", !options.fixed))
    }

    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Table(columns) => Ok(Self { columns }),
            other => Err(unexpected("a table", &other)),
        }
    }
}

impl Output for Table {
    fn component() -> Component {
        Component::Dataframe(Dataframe { headers: Vec::new() })
    }

    fn into_value(self) -> Value {
        Value::Table(self.columns)
    }
}

impl TableLike for Table {}

impl<T: Into<Cell>, const N: usize> Row for [T; N] {
    fn cells(self) -> Vec<Cell> {
        self.map(Into::into).into()
    }
}

impl<T: Into<Cell>> Row for Vec<T> {
    fn cells(self) -> Vec<Cell> {
        self.into_iter().map(Into::into).collect()
    }
}

macro_rules! tuple_rows {
    ($($($type:ident $index:tt)+;)*) => {$(
        impl<$($type: Into<Cell>),+> Row for ($($type,)+) {
            fn cells(self) -> Vec<Cell> {
                vec![$(self.$index.into()),+]
            }
        }
    )*};
}

tuple_rows! {
    A 0;
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
    A 0 B 1 C 2 D 3 E 4;
    A 0 B 1 C 2 D 3 E 4 F 5;
}

macro_rules! cell_from {
    ($($type:ty => |$value:ident| $cell:expr;)*) => {$(
        impl From<$type> for Cell {
            fn from($value: $type) -> Self {
                $cell
            }
        }
    )*};
}

cell_from! {
    bool => |value| Self::Boolean(value);
    i32 => |value| Self::Integer(value.into());
    i64 => |value| Self::Integer(value);
    u32 => |value| Self::Integer(value.into());
    // Counts beyond 2^63 keep their magnitude.
    u64 => |value| i64::try_from(value).map_or(Self::Number(value as f64), Self::Integer);
    usize => |value| Self::from(value as u64);
    f32 => |value| Self::Number(value.into());
    f64 => |value| Self::Number(value);
    &str => |value| Self::Text(value.to_owned());
    String => |value| Self::Text(value);
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
