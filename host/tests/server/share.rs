//! What is passed on of a space: its card, what link previews read, and who may show it in a frame.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Server, root};

fn iris() -> Server {
    let server = Server::start();
    server.publish(&root().join("examples/iris"), "ada/iris");
    server
}

fn change(server: &Server, change: &serde_json::Value) {
    let answer = server.admin(Method::PATCH, "/api/v1/spaces/ada/iris").json(change).send().unwrap();
    assert_eq!(answer.status(), 200, "{change}");
}

#[test]
fn a_card_is_a_picture_of_what_the_space_says() {
    let server = iris();
    let card = server.get("/spaces/ada/iris/card.png");
    assert_eq!((card.status().as_u16(), &card.headers()["content-type"]), (200, &"image/png".parse().unwrap()));
    let tag = card.headers()["etag"].to_str().unwrap().to_owned();
    let png = card.bytes().unwrap();
    // Width and height stand right behind the name of the first chunk.
    assert_eq!(png[16..24], [1200_u32.to_be_bytes(), 630_u32.to_be_bytes()].concat());
    let url = format!("{}/spaces/ada/iris/card.png", server.url);
    let again = crate::harness::client().get(&url).header("if-none-match", &tag).send().unwrap();
    assert_eq!((again.status().as_u16(), again.bytes().unwrap().len()), (304, 0));
    change(&server, &json!({ "title": "Another" }));
    let other = server.get("/spaces/ada/iris/card.png");
    assert_ne!(other.headers()["etag"].to_str().unwrap(), tag);
    assert_ne!(other.bytes().unwrap(), png);
    let page = server.get("/spaces/ada/iris").text().unwrap();
    for tag in [
        "content=\"Another\" property=\"og:title\"".to_owned(),
        format!("content=\"{url}\" property=\"og:image\""),
        "name=\"twitter:card\" content=\"summary_large_image\"".to_owned(),
    ] {
        let either =
            page.contains(&tag) || tag.split_once("\" ").is_some_and(|(a, b)| page.contains(&format!("{b} {a}\"")));
        assert!(either, "`{tag}` is not in {page}");
    }
}

#[test]
fn a_private_space_gives_strangers_no_card() {
    let server = iris();
    change(&server, &json!({ "visibility": "private" }));
    assert_eq!(server.get("/spaces/ada/iris/card.png").status(), 404);
    assert_eq!(server.get("/spaces/ada/none/card.png").status(), 404);
    let admin = |path: &str| server.admin(Method::GET, path).send().unwrap();
    let card = admin("/spaces/ada/iris/card.png");
    assert_eq!(
        (card.status().as_u16(), &card.headers()["cache-control"]),
        (200, &"private, no-store".parse().unwrap())
    );
    assert!(!admin("/spaces/ada/iris").text().unwrap().contains("og:title"));
}

#[test]
fn frames_are_for_the_origins_that_the_owner_names() {
    let server = iris();
    let policy = |path: &str| {
        let policy = server.get(path).headers()["content-security-policy"].to_str().unwrap().to_owned();
        policy.split("frame-ancestors ").nth(1).unwrap().to_owned()
    };
    assert_eq!(policy("/embed/ada/iris"), "*");
    change(&server, &json!({ "frame_origins": ["https://Example.org/", "http://localhost:8000"] }));
    assert_eq!(policy("/embed/ada/iris"), "'self' https://example.org http://localhost:8000");
    assert_eq!(policy("/spaces/ada/iris"), "'self'");
    change(&server, &json!({ "frame_origins": [] }));
    assert_eq!(policy("/embed/ada/iris"), "*");
}
