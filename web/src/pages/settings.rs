//! What the owner of a space may change: plain forms, which work without a script.
//!
//! Each is sent to one address of the server, which does what the management API does, and shows this page again:
//! with what was done, or with what was wrong beside what was entered.

pub mod config;
pub mod delete;
pub mod details;
pub mod duplicate;
pub mod frames;
pub mod limits;
pub mod visibility;

use leptos::prelude::*;
use spaces::SpaceId;
use spaces::view::SettingsView;

use config::ConfigForms;
use delete::DeleteForm;
use details::DetailsForm;
use duplicate::DuplicateForm;
use frames::FramesForm;
use limits::LimitsForm;
use visibility::VisibilityForm;

use crate::texts::settings as texts;

/// What happened to a form that was sent.
#[derive(Debug, Clone, Default)]
pub struct SentForm {
    /// Its name; none where none was.
    pub form: Option<String>,
    /// Why it was refused; none where it was done.
    pub refused: Option<String>,
    /// What was entered, by field.
    pub entered: Vec<(String, String)>,
}

impl SentForm {
    fn is(&self, form: &str) -> bool {
        self.form.as_deref() == Some(form)
    }

    /// What to show in a field: what was entered and refused, else what holds.
    fn value(&self, form: &str, field: &str, kept: &str) -> String {
        let entered = self.entered.iter().find(|(name, _)| name == field).filter(|_| self.is(form));
        entered.map_or_else(|| kept.to_owned(), |(_, value)| value.clone())
    }
}

/// All forms of the view.
#[component]
pub fn SettingsForms(id: SpaceId, settings: SettingsView, sent: SentForm) -> impl IntoView {
    view! {
        <div class="settings">
            <DetailsForm id=id.clone() settings=settings.clone() sent=sent.clone() />
            <VisibilityForm id=id.clone() visibility=settings.visibility sent=sent.clone() />
            <LimitsForm id=id.clone() settings=settings.clone() sent=sent.clone() />
            <ConfigForms id=id.clone() config=settings.config sent=sent.clone() />
            <FramesForm id=id.clone() origins=settings.frame_origins sent=sent.clone() />
            <DuplicateForm id=id.clone() sent=sent.clone() />
            <DeleteForm id=id sent=sent />
        </div>
    }
    .into_any()
}

/// Where the forms of a space are sent.
pub(super) fn action(id: &SpaceId) -> String {
    format!("/spaces/{id}/settings")
}

/// One form with its name, legend, fields, button and outcome.
#[component]
fn SettingForm(
    id: SpaceId,
    /// The form's name, which is also where the page is scrolled to.
    form: &'static str,
    legend: &'static str,
    button: &'static str,
    #[prop(default = "primary")] button_class: &'static str,
    sent: SentForm,
    children: Children,
) -> impl IntoView {
    let outcome = sent.is(form).then(|| match sent.refused.clone() {
        None => view! { <span class="muted" role="status">{texts::SAVED}</span> }.into_any(),
        Some(message) => view! { <span class="field-error" role="alert">{message}</span> }.into_any(),
    });
    view! {
        <form class="panel setting" id=form method="post" action=action(&id)>
            <input type="hidden" name="form" value=form />
            <fieldset><legend>{legend}</legend>{children()}</fieldset>
            <div class="run"><button type="submit" class=button_class>{button}</button>{outcome}</div>
        </form>
    }
    .into_any()
}

/// A labelled text field of a form.
#[component]
fn TextField(
    name: &'static str,
    label: &'static str,
    #[prop(into)] info: String,
    value: String,
    #[prop(optional, into)] placeholder: String,
    /// More than one draws an area of so many lines.
    #[prop(default = 1)]
    lines: u32,
    #[prop(default = "text")] kind: &'static str,
) -> impl IntoView {
    let id = format!("setting-{name}");
    let info_id = format!("{id}-info");
    let control = match lines {
        1 => view! {
            <input
                class="control" type=kind id=id.clone() name=name value=value placeholder=placeholder autocomplete="off"
                aria-describedby=info_id.clone()
            />
        }
        .into_any(),
        lines => view! {
            <textarea
                class="control" id=id.clone() name=name rows=lines placeholder=placeholder aria-describedby=info_id.clone()
            >
                // The first line break of the text would be dropped.
                {format!("\n{value}")}
            </textarea>
        }
        .into_any(),
    };
    view! {
        <div class="field">
            <label class="field-label" for=id>{label}</label>
            <p class="field-info" id=info_id>{info}</p>
            {control}
        </div>
    }
    .into_any()
}
