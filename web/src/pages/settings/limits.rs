//! What the space may use, within what the operator allows.

use leptos::prelude::*;
use spaces::SpaceId;
use spaces::limits::{Bytes, LimitsSpec};
use spaces::view::SettingsView;

use super::{SentForm, SettingForm, TextField};
use crate::texts::settings as texts;

/// Left empty, the revision's own hold, or else the server's defaults.
#[component]
pub fn LimitsForm(id: SpaceId, settings: SettingsView, sent: SentForm) -> impl IntoView {
    let SettingsView { limits, published, default_limits, maximum_limits, .. } = settings;
    let bytes = |bytes: Option<Bytes>| bytes.map(|bytes| bytes.to_string());
    let number = |number: Option<f64>| number.map(|number| number.to_string());
    let texts = |limits: &LimitsSpec| {
        [
            bytes(limits.memory),
            number(limits.deadline),
            limits.concurrency.map(|number| number.to_string()),
            bytes(limits.max_body),
            bytes(limits.max_log),
        ]
    };
    let of_server = |limits: &spaces::limits::Limits| {
        [
            Bytes(limits.memory_bytes).to_string(),
            limits.deadline_seconds.to_string(),
            limits.concurrency.to_string(),
            Bytes(limits.max_body_bytes).to_string(),
            Bytes(limits.max_log_bytes).to_string(),
        ]
    };
    let labels = [
        ("memory", texts::MEMORY, ""),
        ("deadline", texts::DEADLINE, " s"),
        ("concurrency", texts::CONCURRENCY, ""),
        ("max_body", texts::MAX_BODY, ""),
        ("max_log", texts::MAX_LOG, ""),
    ];
    let given = texts(&limits).into_iter().zip(texts(&published.limits));
    let server = of_server(&default_limits).into_iter().zip(of_server(&maximum_limits));
    let fields = labels.into_iter().zip(given).zip(server).map(|(((name, label, unit), (set, published)), server)| {
        let (default, maximum) = server;
        view! {
            <TextField
                name=name
                label=label
                info=texts::limit_help(&format!("{maximum}{unit}"))
                value=sent.value("limits", name, &set.unwrap_or_default())
                placeholder=published.unwrap_or(default)
            />
        }
    });
    let fields = fields.collect_view();
    view! {
        <SettingForm id=id form="limits" legend=texts::LIMITS button=texts::SAVE_LIMITS sent=sent.clone()>
            <p class="muted">{texts::LIMITS_HELP}</p>
            <div class="setting-grid">{fields}</div>
        </SettingForm>
    }
    .into_any()
}
