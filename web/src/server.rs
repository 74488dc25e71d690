//! The pages as a server calls them: a request's head in, a response out.
//!
//! The types of the crate `http` keep any web framework out. With axum a page is one line:
//! `move |parts: Parts| async move { pages.respond(&parts).await }`.

mod assets;
mod gallery;
mod new;
mod policy;
mod visitor;

use std::sync::Arc;

use http::{HeaderValue, Response, StatusCode, header, request::Parts};
use leptos::prelude::*;
use spaces::SpaceId;
use spaces::catalog::{Audience, CatalogError, SpaceCatalog};
use spaces::manifest::Accent;
use spaces::view::{SpaceDetail, SpaceSummary};

pub use assets::{ClientAssets, SiteAssets};
pub use visitor::Theme;

pub use crate::pages::SentForm;
use crate::pages::{EmbedView, ErrorPage, Head, LoginPage, ShareHead, Shell, SpaceContent, SpaceView};
use crate::state::SpaceTab;
use crate::texts::pages as texts;
use policy::{CONTENT_POLICY, EMBED_POLICY, frame_policy};
use visitor::Visitor;

/// `GET /embed.js`: for pages that show a space in a frame.
pub const EMBED_SCRIPT: &str = include_str!("../assets/embed.js");

/// What the pages need to know of the server around them.
#[derive(Debug, Clone)]
pub struct SiteConfig {
    pub assets: SiteAssets,
}

/// What a page says of itself.
struct About {
    title: String,
    description: String,
    accent: Option<Accent>,
    share: Option<ShareHead>,
}

/// All pages of the site. Cloning is cheap.
#[derive(Clone)]
pub struct Pages {
    catalog: Arc<dyn SpaceCatalog>,
    config: Arc<SiteConfig>,
}

impl Pages {
    /// Pages over `catalog`.
    pub fn new(catalog: Arc<dyn SpaceCatalog>, config: SiteConfig) -> Self {
        Self { catalog, config: Arc::new(config) }
    }

    /// Answers a GET for `/`, `/{owner}`, `/spaces/{owner}/{name}` with or without `?tab=…`, or `/embed/{owner}/{name}`
    /// with or without `?theme=…`; any other path is a 404 page.
    pub async fn respond(&self, parts: &Parts, audience: Audience) -> Response<String> {
        let visitor = Visitor::new(parts, audience);
        let path: Vec<_> = parts.uri.path().split('/').filter(|part| !part.is_empty()).collect();
        match path.as_slice() {
            [] => self.gallery(&visitor, None).await,
            ["spaces", owner, name] => self.space(&visitor, owner, name).await,
            ["embed", owner, name] => self.embed(Visitor::in_frame(parts), owner, name).await,
            ["new"] => self.new_space(&visitor).await,
            [owner] => self.gallery(&visitor, Some(owner)).await,
            _ => self.error_page(&visitor, StatusCode::NOT_FOUND, texts::NOTHING_HERE),
        }
    }

    /// The page on which one signs in; with what was wrong with the last try.
    pub fn login(&self, parts: &Parts, audience: Audience, refused: Option<(StatusCode, &str)>) -> Response<String> {
        let visitor = Visitor::new(parts, audience);
        let next = visitor.query("next").unwrap_or_else(|| "/".to_owned());
        let (status, message) = match refused {
            Some((status, message)) => (status, Some(message.to_owned())),
            None => (StatusCode::OK, None),
        };
        self.page(&visitor, status, &texts::page_title(texts::SIGN_IN), "", move || {
            view! { <LoginPage next=next message=message /> }.into_any()
        })
    }

    /// The settings of a space after one of its forms was refused: for who has signed in.
    pub async fn settings(&self, parts: &Parts, id: &SpaceId, sent: SentForm) -> Response<String> {
        self.view(&Visitor::new(parts, Audience::Admin), id, SpaceTab::Settings, sent).await
    }

    async fn space(&self, visitor: &Visitor, owner: &str, name: &str) -> Response<String> {
        let Ok(id) = SpaceId::new(owner, name) else {
            return self.error_page(visitor, StatusCode::NOT_FOUND, texts::NO_SUCH_NAME);
        };
        let Some(tab) = SpaceTab::parse(visitor.query("tab").as_deref()) else {
            return self.error_page(visitor, StatusCode::NOT_FOUND, texts::NO_SUCH_VIEW);
        };
        if let Some(number) = visitor.query("revision") {
            return self.preview(visitor, &id, number.parse().unwrap_or(0)).await;
        }
        self.view(visitor, &id, tab, SentForm { form: visitor.query("saved"), ..SentForm::default() }).await
    }

    async fn view(&self, visitor: &Visitor, id: &SpaceId, tab: SpaceTab, sent: SentForm) -> Response<String> {
        if tab.is_for_admins() && visitor.audience == Audience::Anyone {
            return self.sign_in_first(visitor);
        }
        let space = match self.catalog.space(id, visitor.audience).await {
            Ok(space) => space,
            Err(error) => return self.catalog_error(visitor, &error),
        };
        let number = |name: &str| visitor.query(name).and_then(|number| number.parse().ok());
        let content = match tab {
            SpaceTab::Revisions if visitor.query("diff").is_some() => {
                if visitor.audience == Audience::Anyone {
                    return self.sign_in_first(visitor);
                }
                self.catalog.diff(id, number("diff").unwrap_or(0)).await.map(SpaceContent::Diff)
            }
            SpaceTab::App | SpaceTab::Api => Ok(SpaceContent::App(tab)),
            SpaceTab::Files => self.catalog.files(id, visitor.audience).await.map(SpaceContent::Files),
            SpaceTab::Revisions => self.catalog.revisions(id, visitor.audience).await.map(SpaceContent::Revisions),
            SpaceTab::Flags => self.catalog.flags(id, number("before")).await.map(SpaceContent::Flags),
            SpaceTab::Logs => Ok(SpaceContent::Logs),
            SpaceTab::Metrics => {
                // A word that is none is no reason to show nothing.
                let range = visitor.query("range").and_then(|range| range.parse().ok()).unwrap_or_default();
                self.catalog.metrics(id, range).await.map(SpaceContent::Metrics)
            }
            SpaceTab::Settings => {
                let settings = self.catalog.settings(id).await;
                settings.map(|settings| SpaceContent::Settings(Box::new(settings), sent))
            }
        };
        let content = match content {
            Ok(content) => content,
            Err(error) => return self.catalog_error(visitor, &error),
        };
        self.space_page(visitor, space, content)
    }

    /// A revision as it would serve: for the admin alone, as the catalog says.
    async fn preview(&self, visitor: &Visitor, id: &SpaceId, number: u64) -> Response<String> {
        if visitor.audience == Audience::Anyone {
            return self.sign_in_first(visitor);
        }
        let live = match self.catalog.space(id, visitor.audience).await {
            Ok(live) => live,
            Err(error) => return self.catalog_error(visitor, &error),
        };
        match self.catalog.preview(id, number).await {
            Ok(space) => {
                let content = SpaceContent::Preview { number, live: number == live.summary.revision };
                self.space_page(visitor, space, content)
            }
            Err(CatalogError::NotFound { .. }) => {
                self.error_page(visitor, StatusCode::NOT_FOUND, texts::NO_SUCH_REVISION)
            }
            Err(error) => self.catalog_error(visitor, &error),
        }
    }

    fn space_page(&self, visitor: &Visitor, space: SpaceDetail, content: SpaceContent) -> Response<String> {
        let SpaceSummary { id, title, summary: description, accent, visibility, .. } = &space.summary;
        let share = ShareHead::of(&visitor.origin, id, *visibility, title, description);
        let about = About { title: texts::page_title(title), description: description.clone(), accent: *accent, share };
        let (origin, audience) = (visitor.origin.clone(), visitor.audience);
        let content =
            move || view! { <SpaceView space=space origin=origin audience=audience content=content /> }.into_any();
        self.page_about(visitor, StatusCode::OK, about, content)
    }

    /// The app alone, for a frame of another site: what anybody may see.
    async fn embed(&self, visitor: Visitor, owner: &str, name: &str) -> Response<String> {
        let Ok(id) = SpaceId::new(owner, name) else {
            return self.error_page(&visitor, StatusCode::NOT_FOUND, texts::NO_SUCH_NAME);
        };
        let space = match self.catalog.space(&id, visitor.audience).await {
            Ok(space) => space,
            Err(error) => return self.catalog_error(&visitor, &error),
        };
        let about = About {
            title: texts::page_title(&space.summary.title),
            description: space.summary.summary.clone(),
            accent: space.summary.accent,
            share: None,
        };
        let origin = visitor.origin.clone();
        let policy = frame_policy(&space.frame_origins);
        let mut response = self.page_about(&visitor, StatusCode::OK, about, move || {
            view! { <EmbedView space=space origin=origin /> }.into_any()
        });
        if let Some(policy) = policy {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }

    /// Where only those may go who have signed in.
    fn sign_in_first(&self, visitor: &Visitor) -> Response<String> {
        let mut response = Response::new(String::new());
        *response.status_mut() = StatusCode::SEE_OTHER;
        if let Ok(address) = HeaderValue::from_str(&visitor.login_url()) {
            response.headers_mut().insert(header::LOCATION, address);
        }
        response
    }

    fn catalog_error(&self, visitor: &Visitor, error: &CatalogError) -> Response<String> {
        match error {
            CatalogError::NotFound { id } => {
                let message = texts::no_such_space(&id.to_string());
                self.error_page(visitor, StatusCode::NOT_FOUND, &message)
            }
            CatalogError::Unavailable => {
                self.error_page(visitor, StatusCode::SERVICE_UNAVAILABLE, texts::LIST_UNREADABLE)
            }
        }
    }

    fn error_page(&self, visitor: &Visitor, status: StatusCode, message: &str) -> Response<String> {
        let title = match status {
            StatusCode::NOT_FOUND => texts::NOT_FOUND,
            StatusCode::SERVICE_UNAVAILABLE => texts::NOT_AVAILABLE,
            status if status.is_server_error() => texts::OUR_FAULT,
            status => status.canonical_reason().unwrap_or(texts::ERROR),
        };
        let (title, message) = (title.to_owned(), message.to_owned());
        let head_title = texts::page_title(&title);
        self.page(visitor, status, &head_title, "", move || {
            view! { <ErrorPage status=status.as_u16() title=title message=message /> }.into_any()
        })
    }

    fn page(
        &self,
        visitor: &Visitor,
        status: StatusCode,
        title: &str,
        description: &str,
        content: impl FnOnce() -> AnyView + Send + 'static,
    ) -> Response<String> {
        let about = About { title: title.to_owned(), description: description.to_owned(), accent: None, share: None };
        self.page_about(visitor, status, about, content)
    }

    fn page_about(
        &self,
        visitor: &Visitor,
        status: StatusCode,
        about: About,
        content: impl FnOnce() -> AnyView + Send + 'static,
    ) -> Response<String> {
        let About { title, description, accent, share } = about;
        let head = Head {
            title,
            description,
            accent,
            theme: visitor.theme,
            audience: visitor.audience,
            login_url: visitor.login_url(),
            embedded: visitor.embedded,
            share,
            assets: self.config.assets.clone(),
        };
        let owner = Owner::new();
        let html = owner.with(move || view! { <Shell head=head>{content()}</Shell> }.to_html());
        drop(owner);
        let mut response = Response::new(html);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        let policy = if visitor.embedded { EMBED_POLICY } else { CONTENT_POLICY };
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        // A page shows what is published now, in the theme of this visitor.
        // Of what only the admin sees nothing stays in the browser, and going back shows what holds now.
        let caching = match visitor.audience {
            Audience::Anyone => "private, no-cache",
            Audience::Admin => "private, no-store",
        };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        response
    }
}
