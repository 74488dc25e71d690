//! Sets of inputs that are loaded with a click, with what they gave where the server keeps it.

use leptos::prelude::*;
use spaces::interface::{Example, Field};

use crate::state::page::load_example;
use crate::state::{Draft, EndpointState, PageState};
use crate::texts::{common, run as texts};

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
    let item = |(index, example): (usize, &Example)| {
        let thumbnails = thumbnails(page, &fields, example);
        let title = example.title.clone();
        let summary = summary(&fields, example, !thumbnails.is_empty() || title.is_some());
        let (fields, values, cached) = (fields.clone(), example.inputs.clone(), example.cached);
        let load = move |_| {
            load_example(state, &fields, &values);
            if cached {
                state.show_example(page, index);
            }
        };
        view! {
            <li>
                <button type="button" class="example" disabled=move || !page.ready.get() on:click=load>
                    <span class="visually-hidden">{texts::LOAD_EXAMPLE_BEFORE}</span>
                    {thumbnails}
                    {title.map(|title| view! { <span class="example-title">{title}</span> })}
                    {(!summary.is_empty()).then(|| view! { <span class="muted">{summary}</span> })}
                </button>
            </li>
        }
    };
    let items = examples.iter().enumerate().map(item).collect_view();
    (!examples.is_empty()).then(|| {
        view! {
            <section class="examples" aria-labelledby=heading.clone()>
                <h2 id=heading.clone()>{common::EXAMPLES}</h2>
                <ul>{items}</ul>
            </section>
        }
        .into_any()
    })
}

/// True for what a thumbnail shows.
fn is_seen(field: &Field) -> bool {
    matches!(field.component.media_pattern(), "image/*" | "video/*")
}

fn thumbnails(page: PageState, fields: &[Field], example: &Example) -> Vec<AnyView> {
    let seen = fields.iter().zip(&example.inputs).filter(|(field, _)| is_seen(field));
    let files = seen.flat_map(|(field, value)| {
        let is_video = field.component.media_pattern() == "video/*";
        Draft::from_value(field, value)
            .files()
            .iter()
            .map(|file| (is_video, file.url(&page.base())))
            .collect::<Vec<_>>()
    });
    let thumbnail = |(is_video, url)| match is_video {
        true => view! { <video src=url preload="metadata" muted playsinline aria-hidden="true"></video> }.into_any(),
        false => view! { <img src=url alt="" loading="lazy" /> }.into_any(),
    };
    files.map(thumbnail).collect()
}

/// What the example holds, in a line; short where something else names it already.
fn summary(fields: &[Field], example: &Example, is_named: bool) -> String {
    if is_named && fields.len() > MAX_NAMED {
        return String::new();
    }
    let several = fields.len() > 1;
    let words = fields.iter().zip(&example.inputs).filter(|(field, _)| !is_seen(field)).filter_map(|(field, value)| {
        let text = match Draft::from_value(field, value) {
            Draft::Text(text) => text,
            Draft::Flag(set) => if set { texts::YES } else { texts::NO }.to_owned(),
            Draft::Choices(choices) => choices.join(", "),
            Draft::Files(files) => {
                let note = if field.component.media_pattern() == "audio/*" { "♪ " } else { "" };
                files.iter().map(|file| format!("{note}{}", file.name)).collect::<Vec<_>>().join(", ")
            }
            Draft::Grid(grid) => texts::n_rows(grid.rows.len()),
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
