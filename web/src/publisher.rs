//! Publishing in the browser, for authors: drop a model or an app, see what it is, describe it, publish it.
//!
//! The form writes the `space.toml` that the command line reads, and what is sent is the folder that one would have
//! published from there: the same files with that `space.toml`.

pub mod controls;
pub mod details;
pub mod drop;
pub mod dropped;
pub mod examples;
pub mod findings;
pub mod form;
pub mod input_form;
pub mod inputs;
pub mod output_form;
pub mod outputs;
pub mod preview;
pub mod run;
pub mod workbench;
pub mod zip;

use leptos::prelude::*;
use serde::Deserialize;
use spaces::inspection::Inspection;

use crate::client;
use crate::components::marked;
use crate::texts::publisher as texts;
use drop::DropZone;
use dropped::Dropped;
use findings::Findings;
use workbench::Workbench;

#[derive(Deserialize)]
struct Inspected {
    inspection: Inspection,
}

/// How far the author is.
#[derive(Clone)]
enum Stage {
    Nothing,
    Looking(String),
    /// The look itself failed; why.
    Failed(String),
    Found(Box<Inspection>, Dropped),
}

/// An island: the page on which a space is published; `tasks` are suggestions.
#[island]
pub fn Publisher(tasks: Vec<String>) -> impl IntoView {
    let (stage, published) = (RwSignal::new_local(Stage::Nothing), RwSignal::new(false));
    let ready = RwSignal::new(false);
    Effect::new(move || ready.set(true));
    let look = Callback::new(move |dropped: Dropped| {
        published.set(false);
        stage.set(Stage::Looking(dropped.name.clone()));
        leptos::task::spawn_local(async move {
            stage.set(match inspect(&dropped).await {
                Ok(inspection) => Stage::Found(Box::new(inspection), dropped),
                Err(message) => Stage::Failed(message),
            });
        });
    });
    let step = move || match stage.get() {
        Stage::Found(inspection, _) if inspection.problems.is_empty() && published.get() => 2,
        Stage::Found(inspection, _) if inspection.problems.is_empty() => 1,
        _ => 0,
    };
    let steps = [texts::DROP, texts::DESCRIBE, texts::PUBLISH].into_iter().enumerate().map(|(index, title)| {
        let current = move || (step() == index).then_some("step");
        view! { <li aria-current=current class:done=move || { step() > index }>{title}</li> }
    });
    let content = move || match stage.get() {
        Stage::Nothing => ().into_any(),
        Stage::Looking(name) => view! {
            <div class="panel looking" role="status">
                <p>{texts::LOOKING_BEFORE}<strong>{name}</strong>{texts::LOOKING_AFTER}</p>
                <progress aria-label=texts::LOOKING_LABEL></progress>
            </div>
        }
        .into_any(),
        Stage::Failed(message) => view! { <div class="notice error" role="alert"><p>{message}</p></div> }.into_any(),
        Stage::Found(inspection, dropped) => {
            let publishable = inspection.problems.is_empty();
            let name = dropped.name.clone();
            let inspected = (*inspection).clone();
            let tasks = tasks.clone();
            view! {
                <Findings name=name inspection=inspected />
                {publishable.then(|| view! { <Workbench inspection=*inspection dropped=dropped tasks=tasks published=published /> })}
            }
            .into_any()
        }
    };
    view! {
        <noscript><p class="notice">{marked(texts::NEEDS_SCRIPT)}</p></noscript>
        <ol class="publish-steps" aria-label=texts::STEPS>{steps.collect_view()}</ol>
        <DropZone on_drop=look ready=ready small=Signal::derive(move || matches!(stage.get(), Stage::Found(..))) />
        {content}
    }
    .into_any()
}

async fn inspect(dropped: &Dropped) -> Result<Inspection, String> {
    let upload = dropped.upload().await?;
    let url = format!("/api/v1/inspect?filename={}", String::from(js_sys::encode_uri_component(&upload.filename)));
    let answer = client::post_json::<Inspected>(&url, &upload.body).await;
    answer.map(|inspected| inspected.inspection).map_err(|error| error.to_string())
}
