//! How a program calls the endpoints of a space, with the values that the form has now.

use leptos::prelude::*;
use serde_json::{Value as Json, json};
use spaces::interface::{Endpoint, Field};
use spaces::limits::{Bytes, Limits};

use super::{CopyButton, Prose, Tabs, marked};
use crate::signature::type_text;
use crate::snippets::{Language, Target, given, snippet};
use crate::state::{EndpointState, PageState, Phase, plain};
use crate::texts::{api as texts, common};

/// The longest text of an answer that "Try it" shows whole: a picture's is of no use to a reader.
const MAX_SHOWN: usize = 400;

/// For each endpoint: its types, its address, and programs that call it.
#[component]
pub fn ApiPanel() -> impl IntoView {
    let page = expect_context::<PageState>();
    let limits = page.with(|page| page.limits);
    let endpoints = page.endpoints().into_iter().map(|state| view! { <EndpointApi state=state /> }).collect_view();
    let docs = format!("/spaces/{}/docs", page.id());
    view! {
        <section class="api" aria-labelledby="api-heading">
            <div>
                <h2 id="api-heading">{texts::HEADING}</h2>
                <p class="muted">
                    {texts::PROGRAMS_CARRY}
                    <a href=docs>{texts::OPENAPI}</a>
                </p>
            </div>
            {endpoints}
            <Embed />
            <LimitList limits=limits />
        </section>
    }
    .into_any()
}

#[component]
fn EndpointApi(state: EndpointState) -> impl IntoView {
    let page = expect_context::<PageState>();
    let endpoint = state.with(Clone::clone);
    let url = format!("{}/api/{}", page.with(|page| page.url()), endpoint.name);
    let tabs = Language::ALL.into_iter().map(|language| (language.title().to_owned(), code(page, state, language)));
    view! {
        <article class="call panel">
            <h3>{endpoint.title.clone()}</h3>
            <Prose text=endpoint.documentation.clone() />
            <p class="address"><span class="method">"POST"</span>" "<code>{url}</code></p>
            <Signature endpoint=endpoint.clone() />
            <Tabs id=format!("api-{}", endpoint.name) tabs=tabs.collect() />
            <TryIt state=state />
        </article>
    }
    .into_any()
}

/// A program in one language.
fn code(page: PageState, state: EndpointState, language: Language) -> AnyView {
    let program = Signal::derive(move || {
        let space_url = page.with(|page| page.url());
        state.with(|endpoint| {
            let target = Target { space_url: &space_url, endpoint: &endpoint.name, streams: endpoint.streams };
            snippet(language, target, &given(endpoint, &state.drafts()))
        })
    });
    view! {
        <div class="code">
            <div class="code-bar">
                <code class="muted">{language.install()}</code>
                <CopyButton text=program what=texts::copy_program_after(language.title()) />
            </div>
            <pre tabindex="0"><code>{program}</code></pre>
        </div>
    }
    .into_any()
}

/// The lines that show the app in a page of another site.
#[component]
fn Embed() -> impl IntoView {
    let page = expect_context::<PageState>();
    let (origin, id) = page.with(|page| (page.origin.clone(), page.id.clone()));
    let lines = crate::snippets::embed(&origin, &id);
    view! {
        <h3>{texts::EMBED}</h3>
        <div class="code">
            <div class="code-bar">
                <span class="muted">{texts::EMBED_HELP}</span>
                <CopyButton text=lines.clone() what=texts::COPY_HTML_AFTER.to_owned() />
            </div>
            <pre tabindex="0"><code>{lines}</code></pre>
        </div>
    }
    .into_any()
}

/// The names, types and meanings of inputs and outputs.
#[component]
fn Signature(endpoint: Endpoint) -> impl IntoView {
    let Endpoint { inputs, outputs, streams, .. } = endpoint;
    let input = |field: &Field| {
        let need = match (field.optional, &field.default) {
            (true, _) => common::OPTIONAL.to_owned(),
            (false, Some(default)) => {
                let default = plain(&field.component, default);
                texts::default(&shortened(&default).unwrap_or(default).to_string())
            }
            (false, None) => texts::REQUIRED.to_owned(),
        };
        row(field, Some(need))
    };
    let inputs = inputs.iter().map(input).collect_view();
    let outputs = outputs.iter().map(|field| row(field, None)).collect_view();
    view! {
        <div class="scroll signature">
            <table>
                <thead><tr>{head([texts::INPUT, common::TYPE, texts::NEEDED, texts::MEANING])}</tr></thead>
                <tbody>{inputs}</tbody>
                <thead><tr>{head([texts::OUTPUT, common::TYPE, "", texts::MEANING])}</tr></thead>
                <tbody>{outputs}</tbody>
            </table>
        </div>
        {streams.then(|| view! { <p class="muted">{marked(texts::STREAMS)}</p> })}
    }
    .into_any()
}

/// The columns of inputs or outputs. As a list, which has the code of one cell.
fn head(titles: [&'static str; 4]) -> impl IntoView {
    titles.map(|title| view! { <th scope="col">{title}</th> }).into_iter().collect_view()
}

fn row(field: &Field, need: Option<String>) -> impl IntoView + use<> {
    let meaning = match &field.info {
        Some(info) => format!("{}. {info}", field.label.trim_end_matches('.')),
        None => field.label.clone(),
    };
    view! {
        <tr>
            <td><code>{field.name.clone()}</code></td>
            <td>{type_text(&field.component)}</td>
            <td>{need}</td>
            <td>{meaning}</td>
        </tr>
    }
}

/// Makes the call from here and shows the answer as a program gets it.
#[component]
fn TryIt(state: EndpointState) -> impl IntoView {
    let page = expect_context::<PageState>();
    let answer = Signal::derive(move || {
        let data = match state.phase.get() {
            Phase::Done { .. } | Phase::Shown(_) => json!({ "data": state.answers() }),
            Phase::Failed(error) => json!({ "error": error }),
            Phase::Idle | Phase::Running | Phase::Cancelled => return String::new(),
        };
        serde_json::to_string_pretty(&shortened(&data).unwrap_or(data)).unwrap_or_default()
    });
    let running = move || state.is_running();
    view! {
        <div class="try">
            <button type="button" class="quiet" disabled=move || !page.ready.get() || running() on:click=move |_| state.submit(page)>
                {move || if running() { texts::CALLING } else { texts::TRY_IT }}
            </button>
            <span class="muted">{texts::TRY_IT_HELP}</span>
        </div>
        <div class="code" hidden=move || answer.with(String::is_empty)>
            <div class="code-bar"><span class="muted">{texts::ANSWER}</span><CopyButton text=answer what=texts::COPY_ANSWER_AFTER.to_owned() /></div>
            <pre tabindex="0" aria-live="polite"><code>{answer}</code></pre>
        </div>
    }
    .into_any()
}

/// The same with its long texts cut short; none where it has none.
fn shortened(json: &Json) -> Option<Json> {
    match json {
        Json::String(text) => {
            let (end, _) = text.char_indices().nth(MAX_SHOWN)?;
            Some(Json::String(texts::cut_short(&text[..end], text.chars().count())))
        }
        Json::Array(items) => items
            .iter()
            .any(|item| shortened(item).is_some())
            .then(|| items.iter().map(|item| shortened(item).unwrap_or_else(|| item.clone())).collect()),
        Json::Object(object) => object.values().any(|value| shortened(value).is_some()).then(|| {
            object.iter().map(|(key, value)| (key.clone(), shortened(value).unwrap_or_else(|| value.clone()))).collect()
        }),
        _ => None,
    }
}

/// What a call may use, so that a program knows it before it meets it.
#[component]
fn LimitList(limits: Limits) -> impl IntoView {
    let limit = |name: &'static str, value: String| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    view! {
        <h3>{texts::LIMITS}</h3>
        <dl class="limits">
            {limit(texts::DEADLINE, texts::seconds(limits.deadline_seconds))}
            {limit(texts::CONCURRENCY, limits.concurrency.to_string())}
            {limit(texts::MAX_BODY, Bytes(limits.max_body_bytes).to_string())}
            {limit(texts::MEMORY, Bytes(limits.memory_bytes).to_string())}
            {limit(texts::MAX_LOG, Bytes(limits.max_log_bytes).to_string())}
        </dl>
    }
}
