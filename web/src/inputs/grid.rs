//! A table whose cells can be typed.

use leptos::prelude::*;

use super::Widget;
use crate::state::{Draft, Grid};

/// A table with rows that can be added and removed.
///
/// The table is drawn anew when its size changes, not when a cell is typed: typing must not lose the focus.
pub(super) fn grid(widget: Widget) -> AnyView {
    let Widget { id, field, draft, described_by, .. } = widget;
    let read = move || {
        draft.with(|draft| match draft {
            Draft::Grid(grid) => grid.clone(),
            _ => Grid::default(),
        })
    };
    let shape = Memo::new(move |_| {
        let grid = read();
        (grid.headers.clone(), grid.rows.len())
    });
    let update = move |change: &dyn Fn(&mut Grid)| {
        draft.update(|draft| {
            if let Draft::Grid(grid) = draft {
                change(grid);
            }
        });
    };
    let cell = move |row: usize, column: usize, header: String| {
        let text = move || {
            draft.with(|draft| match draft {
                Draft::Grid(grid) => {
                    grid.rows.get(row).and_then(|cells| cells.get(column)).cloned().unwrap_or_default()
                }
                _ => String::new(),
            })
        };
        let type_in = move |text: String| {
            update(&|grid: &mut Grid| {
                if let Some(cell) = grid.rows.get_mut(row).and_then(|cells| cells.get_mut(column)) {
                    text.clone_into(cell);
                }
            })
        };
        view! {
            <td>
                <input
                    type="text"
                    aria-label=format!("{header}, row {}", row + 1)
                    value=untrack(text)
                    prop:value=text
                    on:input:target=move |event| type_in(event.target().value())
                />
            </td>
        }
    };
    let line = move |row: usize, headers: &[String]| {
        let cells = headers.iter().enumerate().map(|(column, header)| cell(row, column, header.clone())).collect_view();
        let remove = move |_| {
            update(&|grid: &mut Grid| {
                grid.rows.remove(row);
            })
        };
        view! {
            <tr>
                {cells}
                <td>
                    <button type="button" class="quiet icon" aria-label=format!("Remove row {}", row + 1) on:click=remove>"×"</button>
                </td>
            </tr>
        }
    };
    let table = move || {
        let (headers, n_rows) = shape.get();
        view! {
            <table>
                <thead>
                    <tr>
                        {headers.iter().map(|header| view! { <th scope="col">{header.clone()}</th> }).collect_view()}
                        <th><span class="visually-hidden">"Remove"</span></th>
                    </tr>
                </thead>
                <tbody>{(0..n_rows).map(|row| line(row, &headers)).collect_view()}</tbody>
            </table>
        }
    };
    let add = move |_| update(&|grid: &mut Grid| grid.rows.push(vec![String::new(); grid.headers.len()]));
    view! {
        <div class="grid" role="group" id=id aria-label=field.label aria-describedby=described_by>
            <div class="scroll">{table}</div>
            <button type="button" class="quiet" on:click=add>"Add a row"</button>
        </div>
    }
    .into_any()
}
