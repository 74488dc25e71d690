//! A table as an input.

use serde_json::{Value as Json, json};
use spaces::value::{Cell, Value};

use super::draft::number;

/// A table as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grid {
    pub headers: Vec<String>,
    /// Each row has as many cells as there are headers.
    pub rows: Vec<Vec<String>>,
}

impl Grid {
    /// The cells as typed become numbers where they read as numbers, and null where they are blank.
    pub(super) fn to_json(&self) -> Json {
        let row = |cells: &Vec<String>| Json::Array(cells.iter().map(|cell| typed(cell)).collect());
        json!({ "headers": self.headers, "data": self.rows.iter().map(row).collect::<Vec<_>>() })
    }

    pub(super) fn from_value(headers: &[String], value: &Value) -> Self {
        let Value::Table(columns) = value else {
            let headers = if headers.is_empty() { vec!["1".to_owned()] } else { headers.to_vec() };
            return Self { rows: vec![vec![String::new(); headers.len()]], headers };
        };
        let n_rows = columns.first().map_or(0, |column| column.cells.len());
        Self {
            headers: columns.iter().map(|column| column.name.clone()).collect(),
            rows: (0..n_rows).map(|row| columns.iter().map(|column| cell_text(&column.cells[row])).collect()).collect(),
        }
    }
}

/// A cell of JSON as it would be typed.
pub(super) fn cell_of_json(json: &Json) -> String {
    match json {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn typed(cell: &str) -> Json {
    match cell.trim() {
        "" => Json::Null,
        "true" => Json::Bool(true),
        "false" => Json::Bool(false),
        trimmed => number(trimmed).map_or_else(|| Json::String(cell.to_owned()), Json::Number),
    }
}

fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Boolean(set) => set.to_string(),
        Cell::Integer(integer) => integer.to_string(),
        Cell::Number(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
    }
}
