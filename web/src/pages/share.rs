//! How to pass a space on: its address, as text and to be scanned, and a frame for another page.

mod qr;

use leptos::html;
use leptos::prelude::*;
use spaces::SpaceId;
use spaces::manifest::Visibility;

use crate::components::CopyText;
use crate::snippets;
use crate::texts::{common, share as texts};

/// What link previews elsewhere are told of a space.
#[derive(Debug, Clone)]
pub struct ShareHead {
    pub title: String,
    pub description: String,
    /// Absolute, as those who read it come from elsewhere.
    pub url: String,
    pub image: String,
}

impl ShareHead {
    /// Of a space that everybody may see; none of a private one.
    pub fn of(origin: &str, id: &SpaceId, visibility: Visibility, title: &str, description: &str) -> Option<Self> {
        if visibility == Visibility::Private {
            return None;
        }
        let url = format!("{origin}/spaces/{id}");
        let image = format!("{url}/card.png");
        Some(Self { title: title.to_owned(), description: description.to_owned(), url, image })
    }
}

/// The tags of the head.
#[component]
pub fn ShareTags(share: ShareHead) -> impl IntoView {
    let ShareHead { title, description, url, image } = share;
    let alt = texts::card_picture(&title);
    let property = |name: &'static str, content: String| html::meta().content(content).attr("property", name);
    let fixed = |name: &'static str, content: &str| property(name, content.to_owned());
    view! {
        {fixed("og:type", "website")}
        {fixed("og:site_name", "Vitrine")}
        {property("og:title", title.clone())}
        {property("og:description", description.clone())}
        {property("og:url", url)}
        {property("og:image", image.clone())}
        {fixed("og:image:type", "image/png")}
        {fixed("og:image:width", "1200")}
        {fixed("og:image:height", "630")}
        {property("og:image:alt", alt)}
        <meta name="twitter:card" content="summary_large_image" />
        <meta name="twitter:title" content=title />
        <meta name="twitter:description" content=description />
        <meta name="twitter:image" content=image />
    }
    .into_any()
}

/// A button and what it opens; the browser itself does both, so it works without a script. Only copying needs one.
#[component]
pub fn SharePanel(id: SpaceId, origin: String, visibility: Visibility) -> impl IntoView {
    let url = format!("{origin}/spaces/{id}");
    let frame = snippets::embed(&origin, &id);
    let who = match visibility {
        Visibility::Public => None,
        Visibility::Unlisted => Some(texts::OF_UNLISTED),
        Visibility::Private => Some(texts::OF_PRIVATE),
    };
    view! {
        <button type="button" class="quiet" popovertarget="share">{texts::SHARE}</button>
        <div class="share panel" id="share" popover="auto" role="dialog" aria-labelledby="share-title">
            <div class="share-head">
                <h2 id="share-title">{texts::TITLE}</h2>
                <button type="button" class="icon" popovertarget="share" popovertargetaction="hide" aria-label=common::CLOSE>"×"</button>
            </div>
            {who.map(|who| view! { <p class="muted">{who}</p> })}
            <div class="share-body">
                <div class="share-texts">
                    <div class="code">
                        <div class="code-bar"><span class="muted">{texts::LINK}</span><CopyText text=url.clone() what=texts::COPY_LINK_AFTER.to_owned() /></div>
                        <pre class="wrap" tabindex="0"><code>{url.clone()}</code></pre>
                    </div>
                    <div class="code">
                        <div class="code-bar"><span class="muted">{texts::FRAME}</span><CopyText text=frame.clone() what=texts::COPY_FRAME_AFTER.to_owned() /></div>
                        <pre class="wrap" tabindex="0"><code>{frame}</code></pre>
                    </div>
                </div>
                {qr::svg(&url).map(|svg| view! { <div class="qr" inner_html=svg></div> })}
            </div>
        </div>
    }
    .into_any()
}
