//! The pages as a server calls them, over the spaces of the preview.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::{Request, Response, StatusCode, header};
use spaces::catalog::{
    Audience, CatalogError, CatalogFuture, Facet, Facets, FlagPage, Search, SearchPage, SpaceCatalog,
};
use spaces::view::{
    FileView, MetricsRange, MetricsView, RevisionDiff, RevisionView, SettingsView, SpaceDetail, SpaceSummary,
};
use spaces::{Digest, SpaceId};
use web::server::{ClientAssets, Pages, SiteAssets, SiteConfig};

struct Described(Vec<SpaceDetail>);

impl SpaceCatalog for Described {
    fn search<'a>(&'a self, search: Search<'a>) -> CatalogFuture<'a, SearchPage> {
        Box::pin(async move {
            let fits = |summary: &&SpaceSummary| {
                summary.id.to_string().contains(search.text)
                    && search.owner.is_none_or(|owner| summary.id.owner() == owner)
                    && search.tag.is_none_or(|tag| summary.tags.iter().any(|other| other == tag))
                    && (!search.featured || summary.featured)
            };
            let found: Vec<_> = self.0.iter().map(|space| &space.summary).filter(fits).cloned().collect();
            // As if there were many more of them.
            let total = if search.text.is_empty() { found.len() as u64 * 1_000 } else { found.len() as u64 };
            Ok(SearchPage { spaces: found.into_iter().take(search.limit).collect(), total })
        })
    }

    fn facets<'a>(&'a self, _: Option<&'a str>, _: Audience) -> CatalogFuture<'a, Facets> {
        let facet = |name: &str, n_spaces| Facet { name: name.to_owned(), n_spaces };
        let tags = (1..=10).map(|number| facet(&format!("tag-{number}"), 20 - number)).collect();
        Box::pin(async move { Ok(Facets { tasks: vec![facet("image-classification", 12)], tags }) })
    }

    fn space<'a>(&'a self, id: &'a SpaceId, _: Audience) -> CatalogFuture<'a, SpaceDetail> {
        Box::pin(async move {
            let found = self.0.iter().find(|space| space.summary.id == *id).cloned();
            found.ok_or_else(|| CatalogError::NotFound { id: id.clone() })
        })
    }

    fn files<'a>(&'a self, _: &'a SpaceId, _: Audience) -> CatalogFuture<'a, Vec<FileView>> {
        let file = FileView {
            path: "a folder/<b>.svg".to_owned(),
            size_bytes: 1_234,
            mime_type: "image/svg+xml".to_owned(),
            digest: Digest::of(b"a file"),
        };
        Box::pin(async move { Ok(vec![file]) })
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
        let revision = |number, live| RevisionView {
            number,
            live,
            digest: Digest::of(b"an upload"),
            size_bytes: 5_000_000,
            created_at: "2026-11-28T13:00:00Z".to_owned(),
            published_by: Some("ada <b>".to_owned()),
        };
        Box::pin(async move { Ok(vec![revision(2, false), revision(1, true)]) })
    }
}

fn pages() -> Pages {
    let spaces = serde_json::from_str(include_str!("../examples/preview/spaces.json")).expect("the preview's spaces");
    let name = |name: &str| name.to_owned();
    let client = ClientAssets { js: name("c.js"), wasm: name("c.wasm") };
    let (css, boot, authors) = (name("v.css"), name("b.js"), client.clone());
    let assets = SiteAssets { css, boot, client, authors, elements: BTreeMap::new() };
    Pages::new(Arc::new(Described(spaces)), SiteConfig { assets })
}

async fn get(path: &str, headers: &[(&str, &str)]) -> Response<String> {
    let mut request = Request::builder().uri(path).header("host", "demo.example");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    pages().respond(&request.body(()).expect("a valid request").into_parts().0, Audience::Anyone).await
}

async fn check(path: &str, status: StatusCode, parts: &[&str]) {
    let response = get(path, &[]).await;
    assert_eq!(response.status(), status, "{path}");
    for part in parts {
        assert!(response.body().contains(part), "`{part}` is not in {path}:\n{}", response.body());
    }
}

#[tokio::test]
async fn pages_hold_their_content_before_any_script_runs() {
    check("/", StatusCode::OK, &["<!DOCTYPE html>", "Iris flowers", "href=\"/spaces/demo/iris\"", "value=\"\""]).await;
    check("/?q=demo", StatusCode::OK, &["value=\"demo\"", "Slow writer"]).await;
    check("/?q=nothing%22%3E", StatusCode::OK, &["No space matches “nothing\"&gt;”."]).await;
    check("/?q=nothing&tag=tag-1", StatusCode::OK, &["Search without filters", "href=\"/?q=nothing\""]).await;
    check(
        "/?task=image-classification",
        StatusCode::OK,
        &["aria-current=\"true\"", "name=\"task\" value=\"image-classification\""],
    )
    .await;
    check("/", StatusCode::OK, &["Image classification", "href=\"/?tag=tag-1\"", "2 more"]).await;
    check(
        "/?page=3&sort=name",
        StatusCode::OK,
        &["page 3 of", "href=\"/?sort=name&amp;page=4\"", "href=\"/?sort=name\""],
    )
    .await;
    check("/lab", StatusCode::OK, &["<h1>lab</h1>", "One of everything"]).await;
    check(
        "/spaces/demo/iris",
        StatusCode::OK,
        &[
            "<title>Iris flowers · Vitrine</title>",
            "<strong>random forest</strong>",
            "Sepal length",
            "value=\"5.1\"",
            "Virginica",
        ],
    )
    .await;
    check(
        "/spaces/demo/iris?tab=api",
        StatusCode::OK,
        &[
            "aria-current=\"page\">API",
            "http://demo.example/spaces/demo/iris/api/predict",
            "curl http://demo.example/spaces/demo/iris/api/predict",
            "client = Client(\"http://demo.example/spaces/demo/iris/\")",
        ],
    )
    .await;
    check(
        "/spaces/demo/iris?tab=files",
        StatusCode::OK,
        &["href=\"/spaces/demo/iris/files/a%20folder/%3Cb%3E.svg\"", "a folder/&lt;b&gt;.svg", "1.2 kB", "1 file"],
    )
    .await;
    check("/spaces/demo/iris?tab=revisions", StatusCode::OK, &["2026-11-28 13:00", "live", "5.0 MB"]).await;
    check("/spaces/demo/photos", StatusCode::OK, &["/spaces/demo/photos/files/daisy.svg", "up to 5.0 MB"]).await;
    check("/spaces/lab/everything", StatusCode::OK, &["&lt;b&gt;Raw HTML&lt;/b&gt;", "<a>bad links</a>", "def f(x):"])
        .await;
}

#[tokio::test]
async fn only_pages_made_for_it_may_be_in_frames_of_others() {
    let policy = async |path: &str| {
        let response = get(path, &[]).await;
        response.headers()[header::CONTENT_SECURITY_POLICY].to_str().expect("text").to_owned()
    };
    assert!(policy("/embed/demo/iris").await.ends_with("frame-ancestors *"));
    for path in ["/", "/login", "/spaces/demo/iris", "/spaces/demo/none"] {
        assert!(policy(path).await.ends_with("frame-ancestors 'self'"), "{path}");
    }
    let response = get("/embed/demo/iris?theme=dark", &[("cookie", "vitrine_theme=light")]).await;
    let html = response.body();
    assert!(
        html.contains("data-theme=\"dark\"") && html.contains("Sepal length") && !html.contains("<header"),
        "{html}"
    );
}

#[tokio::test]
async fn what_is_not_there_is_a_page_too() {
    check("/spaces/demo/none", StatusCode::NOT_FOUND, &["There is no space “demo/none”, or it is private."]).await;
    check("/spaces/demo/No", StatusCode::NOT_FOUND, &["A space cannot have such a name."]).await;
    check("/spaces/demo/iris?tab=nothing", StatusCode::NOT_FOUND, &["A space has no such view."]).await;
    check("/nobody", StatusCode::NOT_FOUND, &["Nobody called “nobody”"]).await;
    check("/a/b/c/d", StatusCode::NOT_FOUND, &["There is nothing at this address."]).await;
}

#[tokio::test]
async fn a_page_allows_no_script_but_its_own() {
    let response = get("/", &[("cookie", "vitrine_theme=dark")]).await;
    let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
    assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"), "{policy}");
    assert!(!policy.contains("unsafe-inline"), "{policy}");
    let html = response.body();
    assert!(html.contains("data-theme=\"dark\""));
    assert_eq!(html.matches("<script").count(), html.matches("src=\"/assets/b.js\"").count(), "{html}");
    assert!(!html.contains(" style="), "{html}");
}
