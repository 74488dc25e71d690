//! JSON → the columns of a table.

use serde_json::{Map, Value as Json};

use super::json;
use crate::value::problem::{ValueError, quoted};
use crate::value::{Cell, Column};

/// Decodes `{"headers": […], "data": [[row], …]}`; `known` headers of the component stand in for missing ones.
pub(super) fn decode(known: &[String], mut object: Map<String, Json>) -> Result<Vec<Column>, ValueError> {
    let headers = match object.remove("headers") {
        Some(Json::Array(items)) => items.into_iter().map(header).collect::<Result<Vec<_>, _>>()?,
        Some(other) => {
            return Err(ValueError::Type { expected: "`headers` as an array of strings", found: json::found(&other) });
        }
        None if known.is_empty() => return Err(ValueError::Key { key: "headers" }),
        None => known.to_vec(),
    };
    let rows = match object.remove("data") {
        Some(Json::Array(rows)) => rows,
        Some(other) => {
            return Err(ValueError::Type { expected: "`data` as an array of rows", found: json::found(&other) });
        }
        None => return Err(ValueError::Key { key: "data" }),
    };
    if let Some(given) = object.keys().next() {
        return Err(ValueError::UnknownKey { given: quoted(given), known: "`headers` and `data`" });
    }

    let mut columns: Vec<Column> = headers.into_iter().map(|name| Column { name, cells: Vec::new() }).collect();
    for (row, cells) in rows.into_iter().enumerate() {
        let Json::Array(cells) = cells else {
            return Err(ValueError::Type { expected: "each row as an array", found: json::found(&cells) });
        };
        if cells.len() != columns.len() {
            return Err(ValueError::Row { row, given: cells.len(), expected: columns.len() });
        }
        for (column, cell) in columns.iter_mut().zip(cells) {
            let cell =
                decode_cell(cell).map_err(|found| ValueError::Cell { row, column: quoted(&column.name), found })?;
            column.cells.push(cell);
        }
    }
    Ok(columns)
}

fn header(json: Json) -> Result<String, ValueError> {
    match json {
        Json::String(text) => Ok(text),
        other => Err(ValueError::Type { expected: "`headers` as an array of strings", found: json::found(&other) }),
    }
}

fn decode_cell(json: Json) -> Result<Cell, &'static str> {
    match json {
        Json::Null => Ok(Cell::Null),
        Json::Bool(boolean) => Ok(Cell::Boolean(boolean)),
        Json::String(text) => Ok(Cell::Text(text)),
        Json::Number(number) => Ok(match number.as_i64() {
            Some(integer) => Cell::Integer(integer),
            None => number.as_f64().map_or(Cell::Null, Cell::Number),
        }),
        other => Err(json::found(&other)),
    }
}
