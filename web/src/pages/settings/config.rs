//! Values and secrets that the app reads.

use leptos::prelude::*;
use spaces::SpaceId;
use spaces::view::ConfigView;

use super::{SentForm, SettingForm, TextField, action};
use crate::texts::{common, settings as texts};

/// Those that are set, each with a button that removes it; and a form for one more.
#[component]
pub fn ConfigForms(id: SpaceId, config: Vec<ConfigView>, sent: SentForm) -> impl IntoView {
    let row = |ConfigView { key, secret: _, value }: ConfigView| {
        let value = match value {
            Some(value) => view! { <code>{value}</code> }.into_any(),
            None => view! { <span class="muted">{texts::SECRET_VALUE}</span> }.into_any(),
        };
        view! {
            <tr>
                <th scope="row"><code>{key.clone()}</code></th>
                <td class="config-value">{value}</td>
                <td>
                    <form method="post" action=action(&id)>
                        <input type="hidden" name="form" value="remove-config" />
                        <button type="submit" class="quiet small" name="key" value=key.clone() aria-label=common::remove(&key)>
                            {texts::REMOVE}
                        </button>
                    </form>
                </td>
            </tr>
        }
    };
    let table = match config.is_empty() {
        true => view! { <p class="muted">{texts::CONFIG_NONE}</p> }.into_any(),
        false => view! {
            <div class="scroll">
                <table>
                    <thead><tr><th scope="col">{texts::KEY}</th><th scope="col">{texts::VALUE}</th><th scope="col"><span class="visually-hidden">{texts::REMOVE}</span></th></tr></thead>
                    <tbody>{config.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any(),
    };
    // The value is not entered again for anybody: it may be a secret.
    let key = sent.value("config", "key", "");
    view! {
        <section class="panel setting" aria-labelledby="config-title">
            <h2 class="setting-title" id="config-title">{texts::CONFIG}</h2>
            <p class="muted">{texts::CONFIG_HELP}</p>
            {table}
        </section>
        <SettingForm id=id form="config" legend=texts::SET_VALUE button=texts::SAVE_VALUE sent=sent>
            <div class="setting-grid">
                <TextField name="key" label=texts::KEY info=texts::KEY_HELP value=key />
                <TextField name="value" label=texts::VALUE info=texts::VALUE_HELP value=String::new() kind="password" />
            </div>
            <label class="choice">
                <input type="checkbox" name="secret" value="true" checked />
                <span>{texts::IS_SECRET}</span>
            </label>
        </SettingForm>
    }
    .into_any()
}
