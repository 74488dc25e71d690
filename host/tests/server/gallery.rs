//! The list of spaces: filters, orders, pages, and what the operator features.

use std::fs;

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Server, root};

fn publish(server: &Server, space: &str, manifest: &str) {
    let bundle = TempDir::new().unwrap();
    fs::copy(root().join("artifacts/guests/word-count.wasm"), bundle.path().join("app.wasm")).unwrap();
    fs::write(bundle.path().join("cover.png"), b"a picture").unwrap();
    fs::write(bundle.path().join("space.toml"), manifest).unwrap();
    server.publish(bundle.path(), space);
}

#[test]
fn spaces_are_listed_by_filter_order_and_page() {
    let server = Server::start();
    publish(&server, "ada/b", "title = \"Bees\"\ntags = [\"Text\"]\ntask = \"text-classification\"\n");
    publish(&server, "ada/c", "title = \"cats\"\ntags = [\"text\", \"animals\"]\nthumbnail = \"cover.png\"\n");
    publish(&server, "bob/a", "title = \"Ants\"\ntags = [\"animals\"]\ntask = \"text-classification\"\n");
    let check = |query: &str, expected: &[&str], total: u64| {
        let listed: Value = server.get(&format!("/api/v1/spaces?{query}")).json().unwrap();
        let ids: Vec<_> =
            listed["spaces"].as_array().unwrap().iter().map(|space| space["id"].as_str().unwrap()).collect();
        assert_eq!((ids.as_slice(), &listed["meta"]["total"]), (expected, &json!(total)), "{query}: {listed}");
    };
    check("", &["bob/a", "ada/c", "ada/b"], 3);
    check("sort=name", &["bob/a", "ada/b", "ada/c"], 3);
    check("sort=name&limit=1&offset=1", &["ada/b"], 3);
    check("offset=99999999", &[], 3);
    check("tag=TEXT", &["ada/c", "ada/b"], 2);
    check("tag=animals&owner=ada", &["ada/c"], 1);
    check("task=text-classification&q=bees", &["ada/b"], 1);
    for (query, word) in [("sort=best", "best"), ("offset=-1", "offset"), ("limit=x", "limit")] {
        let refused = server.get(&format!("/api/v1/spaces?{query}"));
        assert_eq!(refused.status(), 400);
        assert!(refused.text().unwrap().contains(word), "{query}");
    }

    let feature = |space: &str, featured: bool| {
        let request = server.admin(Method::PATCH, &format!("/api/v1/spaces/{space}"));
        request.json(&json!({ "featured": featured })).send().unwrap().json::<Value>().unwrap()["space"].clone()
    };
    check("featured=true", &[], 0);
    let space = feature("ada/b", true);
    assert_eq!((&space["featured"], &space["visibility"]), (&json!(true), &json!("public")));
    feature("bob/a", true);
    check("featured=true", &["bob/a", "ada/b"], 2);
    let page = server.get("/").text().unwrap();
    assert!(page.contains("Featured") && page.contains("/spaces/ada/c/files/cover.png"), "{page}");
    assert!(!server.get("/?page=2").text().unwrap().contains("Featured"));
    feature("bob/a", false);
    check("featured=true", &["ada/b"], 1);
    let url = format!("{}/api/v1/spaces/ada/b", server.url);
    let nobody = crate::harness::client().patch(url).json(&json!({ "featured": false })).send().unwrap();
    assert_eq!(nobody.status(), 401);
}

#[test]
fn the_list_alone_is_no_page() {
    let server = Server::start();
    publish(&server, "ada/b", "title = \"<b>Bees</b>\"\ntags = [\"<i>\"]\n");
    let part = server.get("/?part=results&q=bees");
    assert_eq!(part.headers()["content-security-policy"], "default-src 'none'; sandbox");
    let html = part.text().unwrap();
    assert!(html.contains("&lt;b&gt;Bees&lt;/b&gt;") && html.contains("1 space"), "{html}");
    assert!(!html.contains("<html") && !html.contains("<b>") && !html.contains("part="), "{html}");
    for path in ["/", "/ada", "/ada?tag=%3Ci%3E", "/?q=%3Cscript%3E"] {
        let html = server.get(path).text().unwrap();
        assert!(!html.contains("<b>Bees") && !html.contains("<i>") && !html.contains("<script>"), "{path}: {html}");
    }
    assert_eq!(server.get("/bob").status(), 404);
    assert_eq!(server.get("/ada?q=nothing").status(), 200);
}
