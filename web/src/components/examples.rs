//! Sets of inputs that are loaded with a click.

use leptos::prelude::*;
use spaces::interface::{Example, Field};

use crate::state::page::load_example;
use crate::state::{Draft, EndpointState, PageState};

/// Inputs named in an example's line.
const MAX_NAMED: usize = 4;
/// Letters of one value in an example's line.
const MAX_LETTERS: usize = 48;

/// The examples of an endpoint; nothing where there are none.
#[component]
pub fn Examples(state: EndpointState) -> impl IntoView {
    let page = expect_context::<PageState>();
    let (fields, examples) = state.with(|endpoint| (endpoint.inputs.clone(), endpoint.examples.clone()));
    let heading = format!("examples-{}", state.name());
    let item = |example: &Example| {
        let pictures = pictures(page, &fields, example);
        let has_picture = !pictures.is_empty();
        let title = example.title.clone();
        let summary = summary(&fields, example, has_picture || title.is_some());
        let pictures = pictures.into_iter().map(|url| view! { <img src=url alt="" loading="lazy" /> }).collect_view();
        let (fields, values) = (fields.clone(), example.inputs.clone());
        view! {
            <li>
                <button
                    type="button"
                    class="example"
                    disabled=move || !page.ready.get()
                    on:click=move |_| load_example(state, &fields, &values)
                >
                    <span class="visually-hidden">"Load the example "</span>
                    {pictures}
                    {title.map(|title| view! { <span class="example-title">{title}</span> })}
                    {(!summary.is_empty()).then(|| view! { <span class="muted">{summary}</span> })}
                </button>
            </li>
        }
    };
    let items = examples.iter().map(item).collect_view();
    (!examples.is_empty()).then(|| {
        view! {
            <section class="examples" aria-labelledby=heading.clone()>
                <h2 id=heading.clone()>"Examples"</h2>
                <ul>{items}</ul>
            </section>
        }
        .into_any()
    })
}

fn pictures(page: PageState, fields: &[Field], example: &Example) -> Vec<String> {
    let drafts = fields.iter().zip(&example.inputs).filter(|(field, _)| field.component.media_pattern() == "image/*");
    let files = drafts.flat_map(|(field, value)| Draft::from_value(field, value).files().to_vec());
    files.map(|file| file.url(&page.id())).collect()
}

/// What the example holds, in a line; short where something else names it already.
fn summary(fields: &[Field], example: &Example, is_named: bool) -> String {
    if is_named && fields.len() > MAX_NAMED {
        return String::new();
    }
    let several = fields.len() > 1;
    let words = fields.iter().zip(&example.inputs).filter_map(|(field, value)| {
        let text = match Draft::from_value(field, value) {
            Draft::Text(text) => text,
            Draft::Flag(set) => if set { "yes" } else { "no" }.to_owned(),
            Draft::Choices(choices) => choices.join(", "),
            Draft::Files(files) if field.component.media_pattern() != "image/*" => {
                files.iter().map(|file| file.name.clone()).collect::<Vec<_>>().join(", ")
            }
            Draft::Files(_) => return None,
            Draft::Grid(grid) => format!("{} rows", grid.rows.len()),
            Draft::Chat(chat) => chat.message,
        };
        let text = shortened(text.trim());
        (!text.is_empty()).then(|| if several { format!("{} {text}", field.label) } else { text })
    });
    words.collect::<Vec<_>>().join(" · ")
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_LETTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
