//! Signing in.

use leptos::prelude::*;

use crate::texts::pages as texts;

/// `next` is where one goes on to; `message` says what was wrong with the last try.
#[component]
pub fn LoginPage(next: String, message: Option<String>) -> impl IntoView {
    let is_wrong = message.is_some();
    let message = message.map(|message| view! { <p class="notice error" role="alert">{message}</p> });
    view! {
        <div class="hero"><h1>{texts::SIGN_IN}</h1><p>{texts::SIGN_IN_INTRODUCTION}</p></div>
        <form class="panel login" method="post" action="/login">
            {message}
            <input type="hidden" name="next" value=next />
            <div class="field">
                <label class="field-label" for="token">{texts::TOKEN}</label>
                <p class="field-info" id="token-info">{texts::TOKEN_HELP}</p>
                <input
                    class="control"
                    type="password"
                    id="token"
                    name="token"
                    autocomplete="current-password"
                    required
                    aria-describedby="token-info"
                    aria-invalid=is_wrong.then_some("true")
                />
            </div>
            <button type="submit" class="primary">{texts::SIGN_IN}</button>
        </form>
    }
}
