//! What all pages have around them.

use leptos::prelude::*;

use crate::components::ThemeToggle;
use crate::server::{SiteAssets, Theme};

/// The letter V in a glass case, so that browsers ask for no `favicon.ico`.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%230f766e'/%3E%3Cpath d='M9 9l7 15 7-15' fill='none' stroke='white' stroke-width='3.5' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E";

/// What a page says of itself to browsers and search engines.
pub struct Head {
    pub title: String,
    pub description: String,
    pub theme: Option<Theme>,
    pub assets: SiteAssets,
}

/// A document around `children`.
#[component]
pub fn Shell(head: Head, children: Children) -> impl IntoView {
    let Head { title, description, theme, assets } = head;
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.map(Theme::name)>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{title}</title>
                <meta name="description" content=description />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href=ICON />
                <link rel="stylesheet" href=assets.url(&assets.css) />
                <link rel="modulepreload" href=assets.url(&assets.js) />
                <link rel="preload" href=assets.url(&assets.wasm) r#as="fetch" crossorigin="" />
                <script
                    type="module"
                    id="boot"
                    src=assets.url(&assets.boot)
                    data-js=assets.url(&assets.js)
                    data-wasm=assets.url(&assets.wasm)
                ></script>
            </head>
            <body>
                <a class="skip" href="#main">"Skip to the content"</a>
                <header class="site">
                    <a class="brand" href="/"><span class="mark" aria-hidden="true">"V"</span>"Vitrine"</a>
                    <nav aria-label="Site"><a href="/">"Spaces"</a></nav>
                    <ThemeToggle />
                </header>
                <main id="main">{children()}</main>
                <footer class="site">
                    <p>"Vitrine · models behind glass: each call runs in a fresh sandbox."</p>
                </footer>
            </body>
        </html>
    }
}
