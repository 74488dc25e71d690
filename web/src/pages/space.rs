//! The page of a space.

use leptos::prelude::*;
use spaces::catalog::{Audience, FlagPage};
use spaces::manifest::Visibility;
use spaces::view::{FileView, MetricsView, RevisionDiff, RevisionView, SettingsView, SpaceDetail};

use crate::components::authors::{FeatureButton, LogView};
use crate::components::{Prose, SpaceApp, SpaceNav};
use crate::gallery::filters::task_title;
use crate::gallery::request::GalleryRequest;
use crate::pages::{
    DiffView, FileList, FlagList, MetricsCharts, PreviewBar, RevisionList, SentForm, SettingsForms, SharePanel,
};
use crate::state::{SpacePage, SpaceTab};
use crate::texts::space_head as texts;

/// What a view of a space shows besides its head.
pub enum SpaceContent {
    /// The app, or how to call it.
    App(SpaceTab),
    Files(Vec<FileView>),
    Revisions(Vec<RevisionView>),
    Flags(FlagPage),
    Logs,
    Metrics(MetricsView),
    Settings(Box<SettingsView>, SentForm),
    Diff(RevisionDiff),
    /// The app of a revision, and whether it is the live one.
    Preview {
        number: u64,
        live: bool,
    },
}

/// `origin` is the address of this server as the visitor sees it: `https://example.org`.
#[component]
pub fn SpaceView(space: SpaceDetail, origin: String, audience: Audience, content: SpaceContent) -> impl IntoView {
    let SpaceDetail { summary, license, limits, flagging, interface, .. } = space;
    let id = summary.id.clone();
    // The documentation of the only endpoint stands above its form; the same text twice helps nobody.
    let documentation = match interface.endpoints.as_slice() {
        [only] if only.documentation.trim() == interface.documentation.trim() => String::new(),
        _ => interface.documentation.clone(),
    };
    let tags = summary
        .tags
        .iter()
        .map(|tag| (GalleryRequest { tag: Some(tag.to_lowercase()), ..GalleryRequest::default() }, tag.clone()));
    let task = summary
        .task
        .as_ref()
        .map(|task| (GalleryRequest { task: Some(task.clone()), ..GalleryRequest::default() }, task_title(task)));
    let tags = task
        .into_iter()
        .chain(tags)
        .map(|(request, text)| view! { <li><a class="tag" href=request.url()>{text}</a></li> })
        .collect_view();
    let unlisted = match summary.visibility {
        Visibility::Public => None,
        Visibility::Unlisted => Some(view! { <li>{texts::NOT_LISTED}</li> }),
        Visibility::Private => Some(view! { <li>{texts::PRIVATE}</li> }),
    };
    let day = summary.updated_at.get(..10).unwrap_or(&summary.updated_at).to_owned();
    let admin = audience == Audience::Admin;
    let nav = |tab: SpaceTab| view! { <SpaceNav id=id.clone() tab=tab admin=admin /> };
    let content = match content {
        SpaceContent::App(tab) => {
            let origin = origin.clone();
            let page = SpacePage {
                id: id.clone(),
                interface,
                limits,
                flagging,
                origin,
                tab,
                admin,
                embedded: false,
                preview: None,
            };
            view! { <SpaceApp page=page /> }.into_any()
        }
        SpaceContent::Files(files) => {
            view! { {nav(SpaceTab::Files)} <FileList id=id.clone() files=files /> }.into_any()
        }
        SpaceContent::Revisions(revisions) => {
            view! { {nav(SpaceTab::Revisions)} <RevisionList id=id.clone() revisions=revisions admin=admin /> }
                .into_any()
        }
        SpaceContent::Flags(page) => {
            view! { {nav(SpaceTab::Flags)} <FlagList id=id.clone() page=page is_on=flagging.is_some() /> }.into_any()
        }
        SpaceContent::Logs => view! { {nav(SpaceTab::Logs)} <LogView id=id.clone() /> }.into_any(),
        SpaceContent::Metrics(metrics) => {
            view! { {nav(SpaceTab::Metrics)} <MetricsCharts id=id.clone() metrics=metrics /> }.into_any()
        }
        SpaceContent::Settings(settings, sent) => {
            view! { {nav(SpaceTab::Settings)} <SettingsForms id=id.clone() settings=*settings sent=sent /> }.into_any()
        }
        SpaceContent::Diff(diff) => {
            view! { {nav(SpaceTab::Revisions)} <DiffView id=id.clone() diff=diff /> }.into_any()
        }
        SpaceContent::Preview { number, live } => {
            let page = SpacePage {
                id: id.clone(),
                interface,
                limits,
                // Visitors flag what they see.
                flagging: None,
                origin: origin.clone(),
                tab: SpaceTab::App,
                admin,
                // The app alone: how to call it and what is linked to it is about the live one.
                embedded: true,
                preview: Some(number),
            };
            view! { <PreviewBar id=id.clone() number=number live=live /> <SpaceApp page=page /> }.into_any()
        }
    };
    let duplicate = admin.then(|| {
        let address = format!("{}#duplicate", SpaceTab::Settings.url(&id));
        view! { <a class="button quiet" href=address>{texts::DUPLICATE}</a> }
    });
    // Without its type, which would be too deep in that of the whole page.
    let feature =
        admin.then(|| view! { <li><FeatureButton id=id.clone() featured=summary.featured /></li> }.into_any());
    view! {
        <div class="space-head">
            <p class="crumbs"><a href=format!("/{}", id.owner())>{id.owner().to_owned()}</a>" / "{id.name().to_owned()}</p>
            <h1>
                {summary.emoji.clone().map(|emoji| view! { <span class="emoji" aria-hidden="true">{emoji}</span> })}
                <span>{summary.title.clone()}</span>
            </h1>
            <Prose text=documentation />
            <ul class="meta">
                {license.map(|license| view! { <li>{license}</li> })}
                <li>{texts::revision(summary.revision)}</li>
                <li>{texts::UPDATED_BEFORE} <time datetime=summary.updated_at.clone()>{day}</time></li>
                {unlisted}
                {feature}
            </ul>
            <ul class="tags">{tags}</ul>
            <div class="space-actions">
                <SharePanel id=id.clone() origin=origin.clone() visibility=summary.visibility />
                {duplicate}
            </div>
        </div>
        {content}
    }
    .into_any()
}
