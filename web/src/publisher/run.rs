//! Publishes, and tells each step as it goes.

use leptos::prelude::*;
use spaces::view::{ErrorBody, LogLevel, PublishEvent, Step};

use super::dropped::Dropped;
use super::examples::Files;
use super::form::Form;
use crate::client::{self, CallError};
use crate::texts::publisher as texts;

/// The most lines of the guest's log that are shown.
const MAX_LOG_LINES: usize = 500;

/// The steps in their order, as people say them.
const STEPS: [(Step, &str); 8] = [
    (Step::Receive, texts::RECEIVE),
    (Step::Unpack, texts::UNPACK),
    (Step::Resolve, texts::RESOLVE),
    (Step::Validate, texts::VALIDATE),
    (Step::Snapshot, texts::SNAPSHOT),
    (Step::Compile, texts::COMPILE),
    (Step::Smoke, texts::SMOKE),
    (Step::Activate, texts::ACTIVATE),
];

#[derive(Clone, PartialEq)]
enum Progress {
    Waiting,
    Running,
    Done { duration_ms: f64, detail: Option<String> },
    Failed,
}

#[derive(Clone, PartialEq)]
enum Outcome {
    None,
    Running,
    Failed(ErrorBody),
    Live(String),
}

/// The button, the steps with their times, the guest's log, and how it ended.
#[component]
pub fn Publish(
    form: Form,
    dropped: Dropped,
    files: Files,
    toml: Memo<String>,
    published: RwSignal<bool>,
) -> impl IntoView {
    let steps = STEPS.map(|_| RwSignal::new(Progress::Waiting));
    let (log, outcome) = (RwSignal::new(Vec::<(LogLevel, String)>::new()), RwSignal::new(Outcome::None));
    let problem = Memo::new(move |_| form.problem());
    let set = move |step: Step, progress: Progress| {
        if let Some(index) = STEPS.iter().position(|(other, _)| *other == step) {
            steps[index].set(progress);
        }
    };
    let hear = move |event: PublishEvent| match event {
        PublishEvent::Started { step } => set(step, Progress::Running),
        PublishEvent::Finished { step, duration_ms, detail } => set(step, Progress::Done { duration_ms, detail }),
        PublishEvent::Log { level, message } => log.update(|log| {
            if log.len() < MAX_LOG_LINES {
                log.push((level, message));
            }
        }),
        PublishEvent::Failed { step, error, .. } => {
            set(step, Progress::Failed);
            outcome.set(Outcome::Failed(error));
        }
        PublishEvent::Live { url, .. } => {
            published.set(true);
            outcome.set(Outcome::Live(url));
        }
    };
    let publish = move |_| {
        let Ok(id) = form.id() else { return };
        for step in steps {
            step.set(Progress::Waiting);
        }
        log.set(Vec::new());
        outcome.set(Outcome::Running);
        set(Step::Receive, Progress::Running);
        let (dropped, text, files) = (dropped.clone(), toml.get_untracked(), files.get_untracked());
        leptos::task::spawn_local(async move {
            let sent = match dropped.bundle(&text, &files).await {
                Ok(upload) => {
                    let filename = String::from(js_sys::encode_uri_component(&upload.filename));
                    let url = format!("/api/v1/spaces/{id}/revisions?filename={filename}");
                    client::post_lines(&url, &upload.body, |events| events.into_iter().for_each(hear)).await
                }
                Err(message) => Err(broken(message)),
            };
            let ended = match sent {
                Err(CallError::Failed(error)) => Some(error),
                Err(CallError::Aborted) => Some(lost()),
                Ok(()) if outcome.get_untracked() == Outcome::Running => Some(lost()),
                Ok(()) => None,
            };
            if let Some(error) = ended {
                set(Step::Receive, Progress::Failed);
                outcome.set(Outcome::Failed(error));
            }
        });
    };
    let is_running = move || outcome.get() == Outcome::Running;
    let rows = STEPS.iter().zip(steps).map(|((_, title), progress)| row(title, progress)).collect_view();
    let lines = move || {
        let lines = log.get().into_iter().map(|(level, message)| {
            let word = format!("{level:?}").to_lowercase();
            view! { <div class=format!("line {word}")><span class="level">{word.clone()}</span><span class="message">{message}</span></div> }
        });
        let lines = lines.collect_view();
        (!log.with(Vec::is_empty))
            .then(|| view! { <div class="log" role="region" tabindex="0" aria-label=texts::LOG_LABEL>{lines}</div> })
    };
    let ended = move || {
        match outcome.get() {
        Outcome::None | Outcome::Running => None,
        Outcome::Failed(error) => Some(
            view! {
                <div class="notice error" role="alert">
                    <p>{error.message}</p>
                    <p class="muted">{error.code}{error.field.map(|field| format!(" · {field}"))}</p>
                </div>
            }
            .into_any(),
        ),
        Outcome::Live(url) => Some(
            view! {
                <div class="notice" role="status"><p>{texts::IS_LIVE}<a class="open-space" href=url>{texts::OPEN_SPACE}</a></p></div>
            }
            .into_any(),
        ),
    }
    };
    let href = move || format!("data:application/toml;charset=utf-8,{}", js_sys::encode_uri_component(&toml.get()));
    view! {
        <section class="panel part publish" aria-label=texts::PUBLISH>
            <p class="field-error" role="status">{move || problem.get()}</p>
            <div class="run">
                <button type="button" class="primary" disabled=move || problem.get().is_some() || is_running() on:click=publish>
                    {move || if is_running() { texts::PUBLISHING } else { texts::PUBLISH }}
                </button>
                <a class="step quiet" download="space.toml" href=href>{texts::DOWNLOAD_MANIFEST}</a>
            </div>
            <details class="fold"><summary>"space.toml"</summary><pre class="toml" tabindex="0">{move || toml.get()}</pre></details>
            <ol class="progress-steps" hidden=move || outcome.get() == Outcome::None>{rows}</ol>
            {lines}
            {ended}
        </section>
    }
    .into_any()
}

fn row(title: &'static str, progress: RwSignal<Progress>) -> AnyView {
    let state = move || match progress.get() {
        Progress::Waiting => "waiting",
        Progress::Running => "running",
        Progress::Done { .. } => "done",
        Progress::Failed => "failed",
    };
    let told = move || match progress.get() {
        Progress::Done { duration_ms, detail } => {
            let detail = detail.map(|detail| format!("{detail} · ")).unwrap_or_default();
            format!("{detail}{}", duration(duration_ms))
        }
        Progress::Failed => texts::FAILED.to_owned(),
        Progress::Running => "…".to_owned(),
        Progress::Waiting => String::new(),
    };
    view! { <li data-state=state><span>{title}</span><span class="muted">{told}</span></li> }.into_any()
}

fn duration(milliseconds: f64) -> String {
    match milliseconds {
        0.0..1.0 => texts::UNDER_1_MS.to_owned(),
        1.0..1000.0 => format!("{milliseconds:.0} ms"),
        _ => format!("{:.1} s", milliseconds / 1e3),
    }
}

fn broken(message: String) -> CallError {
    CallError::Failed(ErrorBody { code: "browser".to_owned(), message, field: None, request_id: None })
}

fn lost() -> ErrorBody {
    let (code, message) = ("connection".to_owned(), texts::CONNECTION_ENDED.to_owned());
    ErrorBody { code, message, field: None, request_id: None }
}
