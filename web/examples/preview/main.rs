//! A server for whoever works on the pages: real pages over spaces that are only described, with answers made up.
//!
//! `cargo xtask site && cargo run -p web --features ssr --example preview -- 127.0.0.1:7870`
#![expect(clippy::print_stdout, reason = "says where it listens")]

mod toy;

use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, header, request::Parts};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use spaces::SpaceId;
use spaces::catalog::{
    Audience, CatalogError, CatalogFuture, Facets, FlagPage, Search as CatalogSearch, SearchPage, SpaceCatalog,
};
use spaces::view::{FileView, MetricsRange, MetricsView, RevisionDiff, RevisionView, SettingsView, SpaceDetail};
use web::server::{Pages, SiteAssets, SiteConfig};

struct Listed(Vec<SpaceDetail>);

impl SpaceCatalog for Listed {
    fn search<'a>(&'a self, search: CatalogSearch<'a>) -> CatalogFuture<'a, SearchPage> {
        Box::pin(async move {
            let matches = |space: &&SpaceDetail| {
                let summary = &space.summary;
                let text = format!("{} {} {} {}", summary.id, summary.title, summary.summary, summary.tags.join(" "))
                    .to_lowercase();
                search.text.to_lowercase().split_whitespace().all(|word| text.contains(word))
            };
            let found: Vec<_> = self.0.iter().filter(matches).map(|space| space.summary.clone()).collect();
            let total = found.len() as u64;
            Ok(SearchPage { spaces: found.into_iter().skip(search.offset).take(search.limit).collect(), total })
        })
    }

    fn facets<'a>(&'a self, _: Option<&'a str>, _: Audience) -> CatalogFuture<'a, Facets> {
        Box::pin(async { Ok(Facets::default()) })
    }

    fn space<'a>(&'a self, id: &'a SpaceId, _: Audience) -> CatalogFuture<'a, SpaceDetail> {
        Box::pin(async move {
            self.0
                .iter()
                .find(|space| space.summary.id == *id)
                .cloned()
                .ok_or_else(|| CatalogError::NotFound { id: id.clone() })
        })
    }

    fn files<'a>(&'a self, _: &'a SpaceId, _: Audience) -> CatalogFuture<'a, Vec<FileView>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn flags<'a>(&'a self, id: &'a SpaceId, _before: Option<u64>) -> CatalogFuture<'a, FlagPage> {
        Box::pin(async move { Err(CatalogError::NotFound { id: id.clone() }) })
    }

    fn preview<'a>(&'a self, id: &'a SpaceId, _: u64) -> CatalogFuture<'a, SpaceDetail> {
        self.space(id, Audience::Admin)
    }

    fn diff<'a>(&'a self, id: &'a SpaceId, _: u64) -> CatalogFuture<'a, RevisionDiff> {
        Box::pin(async { Err(CatalogError::NotFound { id: id.clone() }) })
    }

    fn settings<'a>(&'a self, id: &'a SpaceId) -> CatalogFuture<'a, SettingsView> {
        Box::pin(async { Err(CatalogError::NotFound { id: id.clone() }) })
    }

    fn metrics<'a>(&'a self, _: &'a SpaceId, range: MetricsRange) -> CatalogFuture<'a, MetricsView> {
        Box::pin(async move { Ok(MetricsView::new(range, Vec::new())) })
    }

    fn revisions<'a>(&'a self, _: &'a SpaceId, _: Audience) -> CatalogFuture<'a, Vec<RevisionView>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}

#[derive(Deserialize)]
struct Search {
    #[serde(default)]
    q: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let site = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../artifacts/site");
    let manifest = std::fs::read(site.join("manifest.json"))?;
    let catalog = Arc::new(Listed(serde_json::from_str(include_str!("spaces.json"))?));
    let config = SiteConfig { assets: SiteAssets::parse(&manifest)? };
    let pages = Pages::new(catalog.clone(), config);
    let page = move |request: Request| {
        let pages = pages.clone();
        async move {
            let parts: Parts = request.into_parts().0;
            pages.respond(&parts, Audience::Anyone).await
        }
    };
    let app = Router::new()
        .route("/api/v1/spaces", get(search).with_state(catalog))
        .route("/spaces/{owner}/{name}/api/{endpoint}", post(toy::answer))
        .route("/spaces/{owner}/{name}/files/{*path}", get(picture))
        .route("/assets/{*path}", get(asset).with_state(site.join("assets")))
        .fallback(page);
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:0".to_owned());
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

async fn search(State(catalog): State<Arc<Listed>>, Query(search): Query<Search>) -> Response {
    let search = CatalogSearch { text: &search.q, limit: 100, ..CatalogSearch::default() };
    match catalog.search(search).await {
        Ok(found) => {
            Json(serde_json::json!({ "meta": { "total": found.total }, "spaces": found.spaces })).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn asset(State(folder): State<PathBuf>, Path(path): Path<String>) -> Response {
    let content_type = match path.rsplit('.').next() {
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    };
    match tokio::fs::read(folder.join(path)).await {
        Ok(bytes) => ([(header::CONTENT_TYPE, content_type)], bytes).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn picture(Path((_, _, name)): Path<(String, String, String)>) -> Response {
    ([(header::CONTENT_TYPE, "image/svg+xml")], toy::picture(&name)).into_response()
}
