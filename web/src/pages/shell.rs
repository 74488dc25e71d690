//! What all pages have around them.

use leptos::prelude::*;
use spaces::catalog::Audience;
use spaces::manifest::Accent;

use super::{ShareHead, ShareTags};
use crate::components::ThemeToggle;
use crate::server::{SiteAssets, Theme};
use crate::texts::pages as texts;

/// The letter V in a glass case, so that browsers ask for no `favicon.ico`.
pub const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%230f766e'/%3E%3Cpath d='M9 9l7 15 7-15' fill='none' stroke='white' stroke-width='3.5' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E";

/// What a page says of itself to browsers and search engines.
pub struct Head {
    pub title: String,
    pub description: String,
    pub theme: Option<Theme>,
    /// The colour of the space that the page is about.
    pub accent: Option<Accent>,
    pub audience: Audience,
    /// Where one signs in.
    pub login_url: String,
    /// In a frame of another page, which has a head and a foot of its own.
    pub embedded: bool,
    /// For those who preview links; none where there is nothing to pass on.
    pub share: Option<ShareHead>,
    pub assets: SiteAssets,
}

/// A document around `children`.
#[component]
pub fn Shell(head: Head, children: Children) -> impl IntoView {
    let Head { title, description, theme, accent, audience, login_url, embedded, share, assets } = head;
    let client = assets.client_for(audience);
    let body = match embedded {
        true => view! { <main id="main">{children()}</main> }.into_any(),
        false => view! { <Frame audience=audience login_url=login_url children=children /> }.into_any(),
    };
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.map(Theme::name) data-accent=accent.map(Accent::as_str)>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{title}</title>
                <meta name="description" content=description />
                <meta name="color-scheme" content="light dark" />
                {share.map(|share| view! { <ShareTags share=share /> })}
                <link rel="icon" href=ICON />
                <link rel="stylesheet" href=assets.url(&assets.css) />
                <link rel="modulepreload" href=assets.url(&client.js) />
                <link rel="preload" href=assets.url(&client.wasm) r#as="fetch" crossorigin="" />
                <script
                    type="module"
                    id="boot"
                    src=assets.url(&assets.boot)
                    data-js=assets.url(&client.js)
                    data-wasm=assets.url(&client.wasm)
                    data-elements=assets.element_urls()
                ></script>
            </head>
            <body class:embedded=embedded>{body}</body>
        </html>
    }
}

/// The site around the content of a page.
#[component]
fn Frame(audience: Audience, login_url: String, children: Children) -> impl IntoView {
    let sign = match audience {
        Audience::Anyone => view! { <a class="quiet-link" href=login_url rel="nofollow">{texts::SIGN_IN}</a> }.into_any(),
        Audience::Admin => {
            view! { <form method="post" action="/logout"><button type="submit" class="quiet-link">{texts::SIGN_OUT}</button></form> }.into_any()
        }
    };
    let new = (audience == Audience::Admin).then(|| view! { <a href="/new">{texts::NEW_SPACE}</a> }.into_any());
    view! {
        <a class="skip" href="#main">{texts::SKIP}</a>
        <header class="site">
            <a class="brand" href="/"><span class="mark" aria-hidden="true">"V"</span>"Vitrine"</a>
            <nav aria-label=texts::SITE><a href="/">{texts::SPACES}</a>{new}</nav>
            {sign}
            <ThemeToggle />
        </header>
        <main id="main">{children()}</main>
        <footer class="site"><p>{texts::FOOT}</p></footer>
    }
}
