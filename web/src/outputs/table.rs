//! A table.

use leptos::prelude::*;
use serde_json::Value as Json;

use super::text::rounded;
use crate::state::selection::Selectable;

/// The most rows drawn; the answer has them all.
const MAX_ROWS: usize = 500;

/// A table out of an answer: `{"headers": […], "data": [[row], …]}`.
#[derive(Debug, Clone)]
pub struct Table {
    headers: Vec<String>,
    rows: Vec<Vec<Json>>,
}

impl Table {
    /// Reads an answer; none where it is no table.
    pub fn read(value: &Json) -> Option<Self> {
        let headers =
            value.get("headers")?.as_array()?.iter().map(|header| header.as_str().unwrap_or_default().to_owned());
        let rows = value.get("data")?.as_array()?.iter().map(|row| row.as_array().cloned());
        Some(Self { headers: headers.collect(), rows: rows.collect::<Option<_>>()? })
    }
}

pub(super) fn table(table: Table) -> AnyView {
    let n_hidden = table.rows.len().saturating_sub(MAX_ROWS);
    // A header stands over its numbers.
    let is_numeric =
        |column: usize| table.rows.first().and_then(|cells| cells.get(column)).is_some_and(Json::is_number);
    let header = |(column, header): (usize, &String)| {
        let class = if is_numeric(column) { "numeral" } else { "" };
        view! { <th scope="col" class=class>{header.clone()}</th> }
    };
    let headers = table.headers.iter().enumerate().map(header).collect_view();
    let tabindex = use_context::<Selectable>().map(|_| "0");
    let row = |cells: Vec<Json>| view! { <tr tabindex=tabindex>{cells.iter().map(cell).collect_view()}</tr> };
    let rows = table.rows.into_iter().take(MAX_ROWS).map(row).collect_view();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Table">
            <table>
                <thead>
                    <tr>{headers}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {(n_hidden > 0).then(|| view! { <p class="muted">{format!("{n_hidden} more rows are in the answer.")}</p> })}
    }
    .into_any()
}

fn cell(value: &Json) -> impl IntoView + use<> {
    let (class, text) = match value {
        Json::Null => ("", String::new()),
        Json::String(text) => ("", text.clone()),
        Json::Number(number) if number.is_f64() => ("numeral", rounded(number.as_f64().unwrap_or_default())),
        Json::Number(number) => ("numeral", number.to_string()),
        other => ("", other.to_string()),
    };
    view! { <td class=class title=value.to_string()>{text}</td> }
}
