//! Revisions: who published them, what they change, and a look at one that is not live.

use std::fs;

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Server, root};

/// Iris, then the same with another title, a field more of a bound, and a file more.
fn two_revisions() -> Server {
    let server = Server::start();
    server.publish(&root().join("examples/iris"), "ada/iris");
    let folder = TempDir::new().unwrap();
    for name in ["iris.onnx", "labels.txt", "space.toml"] {
        fs::copy(root().join("examples/iris").join(name), folder.path().join(name)).unwrap();
    }
    let file = folder.path().join("space.toml");
    let manifest = fs::read_to_string(&file).unwrap();
    assert!(manifest.contains("Iris species") && manifest.contains("Petal width (cm)"), "{manifest}");
    fs::write(file, manifest.replace("Iris species", "Second").replace("Petal width (cm)", "Breadth")).unwrap();
    fs::write(folder.path().join("notes.txt"), "hello").unwrap();
    server.publish(folder.path(), "ada/iris");
    server
}

#[test]
fn a_revision_tells_who_published_it_and_what_it_changes() {
    let server = two_revisions();
    let admin = |path: &str| server.admin(Method::GET, path).send().unwrap().json::<Value>().unwrap();
    let revisions = admin("/api/v1/spaces/ada/iris/revisions");
    assert_eq!(revisions["revisions"][0]["published_by"], "admin");
    let diff = admin("/api/v1/spaces/ada/iris/revisions/2/diff")["diff"].clone();
    assert_eq!((&diff["number"], &diff["before"]), (&json!(2), &json!(1)));
    let changes = diff["interface"].as_array().unwrap();
    let change = |place: &str| changes.iter().find(|change| change["place"] == place).expect(place);
    assert_eq!(change("space")["values"], json!([{ "key": "title", "before": "Iris species", "after": "Second" }]));
    let field = change("predict, input petal_width");
    assert_eq!(field["values"], json!([{ "key": "label", "before": "Petal width (cm)", "after": "Breadth" }]));
    assert_eq!(changes.len(), 2, "{diff}");
    let files = diff["files"].as_array().unwrap();
    let file = |path: &str| files.iter().find(|file| file["path"] == path).expect(path);
    let added = json!({ "path": "notes.txt", "change": "added", "before_bytes": null, "after_bytes": 5 });
    assert_eq!(file("notes.txt"), &added);
    assert_eq!(file("(the upload)")["change"], "changed");
    let first = admin("/api/v1/spaces/ada/iris/revisions/1/diff")["diff"].clone();
    assert_eq!((&first["before"], &first["interface"][0]["change"]), (&json!(null), &json!("added")));
    assert_eq!(server.admin(Method::GET, "/api/v1/spaces/ada/iris/revisions/3/diff").send().unwrap().status(), 404);
    // The page says the same, for the owner alone.
    let page = server.admin(Method::GET, "/spaces/ada/iris?tab=revisions&diff=2").send().unwrap().text().unwrap();
    assert!(page.contains("<del>Petal width (cm)</del>") && page.contains("<ins>Breadth</ins>"), "{page}");
    let stranger = server.get("/spaces/ada/iris?tab=revisions&diff=2").text().unwrap();
    assert!(!stranger.contains("Breadth</ins>") && stranger.contains("Sign in"), "{stranger}");
}

#[test]
fn an_older_revision_is_looked_at_while_the_newer_one_serves() {
    let server = two_revisions();
    server.publish(&root().join("artifacts/guests/word-count.wasm"), "ada/iris");
    let preview = |method: Method, path: &str| server.admin(method, &format!("/spaces/ada/iris{path}"));
    let page = preview(Method::GET, "?revision=2").send().unwrap().text().unwrap();
    assert!(page.contains("Preview of revision") && page.contains("Breadth") && page.contains("Make live"), "{page}");
    let call =
        preview(Method::POST, "/revisions/1/api/predict").json(&json!({ "petal_length": 6.0, "petal_width": 2.5 }));
    let answer: Value = call.send().unwrap().json().unwrap();
    assert_eq!(answer["data"][0]["label"], "virginica", "{answer}");
    let file = preview(Method::GET, "/revisions/2/files/notes.txt").send().unwrap();
    assert_eq!(file.text().unwrap(), "hello");
    assert_eq!(preview(Method::GET, "/revisions/1/files/notes.txt").send().unwrap().status(), 404);
    // The live one is still live, and the owner's looks are not counted as its calls.
    assert_eq!(server.call("ada/iris", "predict", &json!({})).0, 404, "it has no such endpoint");
    let metrics = server.admin(Method::GET, "/api/v1/spaces/ada/iris/metrics").send().unwrap().json::<Value>().unwrap();
    assert_eq!(metrics["metrics"]["total"]["requests"], 0);
    // What is set counts in the preview too, from the next call on.
    let limit = server.admin(Method::PATCH, "/api/v1/spaces/ada/iris").json(&json!({ "limits": { "max_body": 10 } }));
    assert_eq!(limit.send().unwrap().status(), 200);
    let call = preview(Method::POST, "/revisions/1/api/predict").json(&json!({ "petal_length": 6.0 }));
    assert_eq!(call.send().unwrap().status(), 413);
    for path in ["/revisions/9/api/predict", "/revisions/1/api/none"] {
        assert_eq!(preview(Method::POST, path).json(&json!({})).send().unwrap().status(), 404, "{path}");
    }
    assert_eq!(preview(Method::GET, "?revision=9").send().unwrap().status(), 404);
    // Nobody else: what is no longer live may have been replaced for a reason.
    let stranger = crate::harness::client().post(format!("{}/spaces/ada/iris/revisions/1/api/predict", server.url));
    assert_eq!(stranger.json(&json!({})).send().unwrap().status(), 401);
    assert_eq!(server.get("/spaces/ada/iris/revisions/2/files/notes.txt").status(), 401);
    assert!(!server.get("/spaces/ada/iris?revision=2").text().unwrap().contains("Breadth"));
    let made_live = preview(Method::POST, "/settings").header("content-type", "application/x-www-form-urlencoded");
    let made_live = made_live.body("form=activate&number=1").send().unwrap();
    assert!(made_live.status().is_success() || made_live.status().is_redirection());
    assert_eq!(server.get("/api/v1/spaces/ada/iris").json::<Value>().unwrap()["space"]["revision"], 1);
}

#[test]
fn a_space_is_duplicated() {
    let server = two_revisions();
    let duplicate = |to: &str| {
        let request = server.admin(Method::POST, "/api/v1/spaces/ada/iris/duplicate").json(&json!({ "to": to }));
        let answer = request.send().unwrap();
        (answer.status().as_u16(), answer.json::<Value>().unwrap())
    };
    let (status, answer) = duplicate("bob/copy");
    assert_eq!((status, &answer["space"]["id"]), (201, &json!("bob/copy")), "{answer}");
    assert_eq!((&answer["space"]["visibility"], &answer["space"]["title"]), (&json!("private"), &json!("Second")));
    assert_eq!(server.get("/spaces/bob/copy").status(), 404, "a stranger does not see it yet");
    let delete = server.admin(Method::DELETE, "/api/v1/spaces/ada/iris").send().unwrap();
    assert_eq!(delete.status(), 204);
    let call = server.admin(Method::POST, "/spaces/bob/copy/api/predict").json(&json!({ "petal_length": 6.0 }));
    assert_eq!(call.send().unwrap().status(), 200, "it has a life of its own");
    server.publish(&root().join("examples/iris"), "ada/iris");
    assert_eq!((duplicate("bob/copy").0, duplicate("not a name").0), (409, 422));
}
