//! The log of a space, as it is written.

use std::collections::VecDeque;

use leptos::prelude::*;
use spaces::SpaceId;
use spaces::view::{LogLevel, LogLine};

use crate::client;
use crate::texts::{authors as texts, common};

/// Lines that the page asks for and keeps; older ones are in the file.
const MAX_KEPT: usize = 100_000;
/// Lines that are drawn at once: a browser is smooth with these. Older ones are on further pages.
const PAGE: usize = 1_000;

const LEVELS: [(LogLevel, &str); 4] = [
    (LogLevel::Trace, texts::LEVEL_ALL),
    (LogLevel::Info, texts::LEVEL_INFO),
    (LogLevel::Warn, texts::LEVEL_WARN),
    (LogLevel::Error, texts::LEVEL_ERROR),
];

/// An island: follows the log, newest last, with a filter.
#[island]
pub fn LogView(id: SpaceId) -> impl IntoView {
    let lines = RwSignal::new(VecDeque::<LogLine>::new());
    let (words, level) = (RwSignal::new(String::new()), RwSignal::new(LogLevel::Trace));
    let state = RwSignal::new(texts::CONNECTING.to_owned());
    let url = format!("/api/v1/spaces/{id}/logs?limit={MAX_KEPT}");
    let follow = format!("{url}&follow=true");
    Effect::new(move || {
        let follow = follow.clone();
        state.set(texts::FOLLOWING.to_owned());
        leptos::task::spawn_local(async move {
            let ended = client::get_lines(&follow, None, move |new: Vec<LogLine>| {
                lines.update(|lines| {
                    lines.extend(new);
                    let excess = lines.len().saturating_sub(MAX_KEPT);
                    lines.drain(..excess);
                });
            });
            let why = match ended.await {
                Ok(()) => texts::LOG_ENDED.to_owned(),
                Err(error) => error.to_string(),
            };
            state.try_set(texts::log_stopped(&why));
        });
    });
    // 0 is the page of the newest lines.
    let page = RwSignal::new(0_usize);
    let has_older = RwSignal::new(false);
    let shown = move || {
        let (words, least) = (words.get().to_lowercase(), level.get());
        let (found, older) = lines.with(|lines| {
            let fits = |line: &&LogLine| line.level >= least && line.message.to_lowercase().contains(&words);
            let mut fitting = lines.iter().rev().filter(fits).skip(page.get() * PAGE);
            let mut found: Vec<LogLine> = fitting.by_ref().take(PAGE).cloned().collect();
            found.reverse();
            (found, fitting.next().is_some())
        });
        has_older.set(older);
        found
    };
    let turn = move |by: isize| page.update(|page| *page = page.saturating_add_signed(by));
    let count = move || texts::n_lines(lines.with(VecDeque::len));
    let option =
        |(level, title): (LogLevel, &'static str)| view! { <option value=format!("{level:?}")>{title}</option> };
    let choose = move |name: String| {
        let chosen = LEVELS.into_iter().find(|(level, _)| format!("{level:?}") == name);
        level.set(chosen.map_or(LogLevel::Trace, |(level, _)| level));
    };
    view! {
        <div class="log-bar">
            <label class="visually-hidden" for="log-words">{texts::WORDS_LABEL}</label>
            <input
                class="control"
                type="search"
                id="log-words"
                placeholder=texts::FILTER
                autocomplete="off"
                on:input:target=move |event| {
                    page.set(0);
                    words.set(event.target().value());
                }
            />
            <label class="visually-hidden" for="log-level">{texts::LEVEL_LABEL}</label>
            <select class="control" id="log-level" on:change:target=move |event| {
                page.set(0);
                choose(event.target().value());
            }>
                {LEVELS.map(option).into_iter().collect_view()}
            </select>
            <a class="quiet-link" href=url download=format!("{}-{}.ndjson", id.owner(), id.name())>{common::DOWNLOAD}</a>
        </div>
        <p class="muted found"><span role="status">{move || state.get()}</span>" · "{count}</p>
        <ol class="log" tabindex="0" aria-label=texts::LOG>
            {move || shown().into_iter().map(line).collect_view()}
        </ol>
        <p class="log-pages" hidden=move || !has_older.get() && page.get() == 0>
            <button type="button" class="quiet" disabled=move || !has_older.get() on:click=move |_| turn(1)>{texts::OLDER_LINES}</button>
            <button type="button" class="quiet" disabled=move || page.get() == 0 on:click=move |_| turn(-1)>{texts::NEWER_LINES}</button>
        </p>
    }
}

fn line(line: LogLine) -> impl IntoView {
    let LogLine { at, level, invocation, message } = line;
    let time = at.get(..23).unwrap_or(&at).replace('T', " ").trim_end_matches('Z').to_owned();
    let level = format!("{level:?}").to_lowercase();
    let class = format!("line {level}");
    view! {
        <li class=class title=invocation.as_deref().map(texts::request)>
            <time datetime=at>{time}</time>
            <span class="level">{level}</span>
            <span class="message">{message}</span>
        </li>
    }
}
