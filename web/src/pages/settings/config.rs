//! Values and secrets that the app reads.

use leptos::prelude::*;
use spaces::SpaceId;
use spaces::view::ConfigView;

use super::{SentForm, SettingForm, TextField, action};

/// Those that are set, each with a button that removes it; and a form for one more.
#[component]
pub fn ConfigForms(id: SpaceId, config: Vec<ConfigView>, sent: SentForm) -> impl IntoView {
    let row = |ConfigView { key, secret: _, value }: ConfigView| {
        let value = match value {
            Some(value) => view! { <code>{value}</code> }.into_any(),
            None => view! { <span class="muted">"secret, never shown"</span> }.into_any(),
        };
        view! {
            <tr>
                <th scope="row"><code>{key.clone()}</code></th>
                <td class="config-value">{value}</td>
                <td>
                    <form method="post" action=action(&id)>
                        <input type="hidden" name="form" value="remove-config" />
                        <button type="submit" class="quiet small" name="key" value=key.clone() aria-label=format!("Remove {key}")>
                            "Remove"
                        </button>
                    </form>
                </td>
            </tr>
        }
    };
    let table = match config.is_empty() {
        true => view! { <p class="muted">"Nothing is set."</p> }.into_any(),
        false => view! {
            <div class="scroll">
                <table>
                    <thead><tr><th scope="col">"Key"</th><th scope="col">"Value"</th><th scope="col"><span class="visually-hidden">"Remove"</span></th></tr></thead>
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
            <h2 class="setting-title" id="config-title">"Config and secrets"</h2>
            <p class="muted">"What the app reads through its config interface, in force at the next call. A secret is never shown again, not to you either."</p>
            {table}
        </section>
        <SettingForm id=id form="config" legend="Set a value" button="Save value" sent=sent>
            <div class="setting-grid">
                <TextField name="key" label="Key" info="A key that is there gets the new value." value=key />
                <TextField name="value" label="Value" info="At most 16 KiB." value=String::new() kind="password" />
            </div>
            <label class="choice">
                <input type="checkbox" name="secret" value="true" checked />
                <span>"It is a secret"</span>
            </label>
        </SettingForm>
    }
    .into_any()
}
