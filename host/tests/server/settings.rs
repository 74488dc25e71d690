//! What the owner changes without a new publish: by the management API and by the forms of the page.

use reqwest::Method;
use reqwest::blocking::{Client, Response};
use reqwest::redirect::Policy;
use serde_json::{Value, json};

use crate::harness::{Server, client, root};

const SPACE: &str = "/api/v1/spaces/ada/iris";
const SECRET: &str = "hunter2-never-shown";

fn iris() -> Server {
    let server = Server::start();
    server.publish(&root().join("examples/iris"), "ada/iris");
    server
}

fn patch(server: &Server, change: &Value) -> (u16, Value) {
    let answer = server.admin(Method::PATCH, SPACE).json(change).send().unwrap();
    (answer.status().as_u16(), answer.json().unwrap())
}

/// Sends a form of the page, as its own page would; goes nowhere.
fn form(server: &Server, site: &str, fields: &[(&str, &str)]) -> Response {
    let _ = client();
    let http = Client::builder().redirect(Policy::none()).build().unwrap();
    let pairs = fields.iter().map(|(name, value)| {
        let escaped: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
        format!("{name}={escaped}")
    });
    let body = pairs.collect::<Vec<_>>().join("&");
    let sign_in = http.post(format!("{}/login", server.url)).header("sec-fetch-site", "same-origin");
    let signed_in = sign_in.body(format!("token={}", crate::harness::TOKEN)).send().unwrap();
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let request = http.post(format!("{}/spaces/ada/iris/settings", server.url)).header("sec-fetch-site", site);
    request
        .header("cookie", cookie)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
        .send()
        .unwrap()
}

#[test]
fn title_description_and_tags_are_shown_everywhere() {
    let server = iris();
    let change = json!({ "title": "Flowers <b>", "description": "# Head\n\nTold *anew*.", "tags": ["garden"] });
    let (status, answer) = patch(&server, &change);
    assert_eq!(status, 200, "{answer}");
    let space = &answer["space"];
    assert_eq!(
        (&space["title"], &space["summary"], &space["tags"]),
        (&json!("Flowers <b>"), &json!("Told anew."), &json!(["garden"]))
    );
    let page = server.get("/spaces/ada/iris").text().unwrap();
    assert!(page.contains("Flowers &lt;b&gt;") && page.contains("<em>anew</em>"), "{page}");
    let interface: Value = server.get("/spaces/ada/iris/api").json().unwrap();
    assert_eq!(interface["interface"]["title"], "Flowers <b>");
    let config: Value = server.get("/spaces/ada/iris/config").json().unwrap();
    assert_eq!(config["title"], "Flowers <b>", "for Gradio's clients");
    let found = |query: &str| {
        server.get(&format!("/api/v1/spaces?q={query}")).json::<Value>().unwrap()["meta"]["total"].clone()
    };
    assert_eq!((found("garden"), found("flowers"), found("species")), (json!(1), json!(1), json!(0)));
    // Another revision is shown in the same way, and null gives back its own words.
    server.publish(&root().join("examples/iris"), "ada/iris");
    assert!(server.get("/spaces/ada/iris").text().unwrap().contains("Flowers &lt;b&gt;"));
    let (status, answer) = patch(&server, &json!({ "title": null, "description": null, "tags": null }));
    assert_eq!((status, &answer["space"]["title"]), (200, &json!("Iris species")));
    assert_eq!(found("species"), 1);
    for (change, field) in [
        (json!({ "title": "x".repeat(121) }), "title"),
        (json!({ "tags": ["a", "a"] }), "tags"),
        (json!({ "frame_origins": ["javascript:alert(1)"] }), "frame_origins"),
    ] {
        let (status, answer) = patch(&server, &change);
        assert_eq!((status, &answer["error"]["field"]), (422, &json!(field)), "{answer}");
    }
    assert_eq!(patch(&server, &json!({ "titel": "x" })).0, 422);
}

#[test]
fn limits_hold_from_the_next_call_on_and_stay_within_the_operators() {
    let server = iris();
    let body = json!({ "petal_length": 6.0 });
    assert_eq!(server.call("ada/iris", "predict", &body).0, 200);
    let (status, answer) = patch(&server, &json!({ "limits": { "max_body": 10, "deadline": 1.5 } }));
    assert_eq!((status, &answer["space"]["limits"]["deadline_seconds"]), (200, &json!(1.5)), "{answer}");
    assert_eq!(server.call("ada/iris", "predict", &body).0, 413);
    for (limits, numbers) in [
        (json!({ "memory": "3 GiB" }), ["3 GiB", "2 GiB"]),
        (json!({ "deadline": 1000 }), ["1000 s", "300 s"]),
        (json!({ "concurrency": 65 }), ["65", "64"]),
        (json!({ "max_body": "1 GiB" }), ["1 GiB", "128 MiB"]),
        (json!({ "max_log": "2 MiB" }), ["2 MiB", "1 MiB"]),
    ] {
        let (status, answer) = patch(&server, &json!({ "limits": limits }));
        let message = answer["error"]["message"].as_str().unwrap();
        assert_eq!((status, &answer["error"]["code"]), (422, &json!("limit_exceeded")), "{answer}");
        assert!(numbers.iter().all(|number| message.contains(number)), "{message}");
    }
    assert_eq!(patch(&server, &json!({ "limits": { "deadline": 0 } })).0, 422);
    assert_eq!(server.call("ada/iris", "predict", &body).0, 413, "what was refused has changed nothing");
    assert_eq!(patch(&server, &json!({ "limits": {} })).0, 200);
    assert_eq!(server.call("ada/iris", "predict", &body).0, 200);
}

#[test]
fn secrets_reach_the_app_and_nobody_else() {
    let (mut server, log) = Server::start_logged(&[]);
    server.publish(&root().join("artifacts/guests/workbench.wasm"), "ada/iris");
    let told = |key: &str| server.call("ada/iris", "setting", &json!({ "key": key })).1["data"][0].clone();
    assert_eq!(told("token"), "");
    let set = |key: &str, body: &Value| {
        let request = server.admin(Method::PUT, &format!("{SPACE}/config/{key}")).json(body);
        let answer = request.send().unwrap();
        (answer.status().as_u16(), answer.text().unwrap())
    };
    assert_eq!(set("token", &json!({ "value": SECRET, "secret": true })).0, 204);
    assert_eq!(set("greeting", &json!({ "value": "hello" })).0, 204);
    assert_eq!((told("token"), told("greeting")), (json!(SECRET), json!("hello")), "at the next call");
    // In no answer, no page and no log, whatever is asked or sent wrongly.
    let mut seen = String::new();
    for (key, body) in [
        ("1", json!({ "value": SECRET })),
        ("token", json!({ "value": SECRET.repeat(2000), "secret": true })),
        ("token", json!({ "value": [SECRET] })),
        ("token", json!(SECRET)),
    ] {
        let (status, text) = set(key, &body);
        assert_eq!(status, 422, "{text}");
        seen += &text;
    }
    let admin = |path: &str| server.admin(Method::GET, path).send().unwrap().text().unwrap();
    for path in
        [SPACE, "/api/v1/spaces/ada/iris/settings", "/api/v1/spaces/ada/iris/config", "/spaces/ada/iris?tab=settings"]
    {
        seen += &admin(path);
    }
    assert!(admin("/spaces/ada/iris?tab=settings").contains("secret, never shown"));
    let listed: Value = serde_json::from_str(&admin("/api/v1/spaces/ada/iris/config")).unwrap();
    let expected = json!([
        { "key": "greeting", "secret": false, "value": "hello" }, { "key": "token", "secret": true, "value": null }
    ]);
    assert_eq!(listed["config"], expected);
    let wrong =
        form(&server, "same-origin", &[("form", "config"), ("key", "no key"), ("value", SECRET), ("secret", "true")]);
    assert_eq!(wrong.status(), 422);
    seen += &wrong.text().unwrap();
    assert!(!seen.contains(SECRET), "{seen}");
    let gone = server.admin(Method::DELETE, &format!("{SPACE}/config/token"));
    assert_eq!(gone.send().unwrap().status(), 204);
    assert_eq!(told("token"), "");
    server.terminate();
    assert!(server.wait().success());
    assert!(!std::fs::read_to_string(log).unwrap().contains(SECRET));
}

#[test]
fn strangers_change_and_read_nothing() {
    let server = iris();
    for (method, path) in [
        (Method::GET, "/settings"),
        (Method::GET, "/config"),
        (Method::PUT, "/config/x"),
        (Method::DELETE, "/config/x"),
        (Method::PATCH, ""),
        (Method::POST, "/duplicate"),
        (Method::GET, "/revisions/1/diff"),
    ] {
        let answer = client().request(method.clone(), format!("{}{SPACE}{path}", server.url)).json(&json!({})).send();
        assert_eq!(answer.unwrap().status(), 401, "{method} {path}");
    }
    for path in ["/settings", "/config", "/revisions/7/diff"] {
        let answer = server.admin(Method::GET, &format!("/api/v1/spaces/ada/none{path}")).send().unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
    let set = server.admin(Method::PUT, "/api/v1/spaces/ada/none/config/x").json(&json!({ "value": "x" }));
    assert_eq!(set.send().unwrap().status(), 404);
}

#[test]
fn forms_do_what_the_api_does_and_say_what_is_wrong() {
    let server = iris();
    let title = || server.get("/api/v1/spaces/ada/iris").json::<Value>().unwrap()["space"]["title"].clone();
    let details = [("form", "details"), ("title", "Ünlü"), ("description", ""), ("tags", "a, b")];
    // Another site's page cannot, and nobody who has not signed in.
    for site in ["cross-site", "same-site"] {
        let refused = form(&server, site, &details);
        assert_eq!((refused.status().as_u16(), title()), (303, json!("Iris species")), "{site}");
        assert!(refused.headers()["location"].to_str().unwrap().starts_with("/login"));
    }
    let done = form(&server, "same-origin", &details);
    assert_eq!(done.headers()["location"], "/spaces/ada/iris?tab=settings&saved=details#details");
    assert_eq!(title(), "Ünlü");
    let refused = form(&server, "same-origin", &[("form", "limits"), ("memory", "9 GiB"), ("deadline", "7")]);
    assert_eq!(refused.status(), 422);
    let page = refused.text().unwrap();
    assert!(page.contains("9 GiB, but this server gives at most 2 GiB"), "{page}");
    assert!(page.contains("value=\"9 GiB\"") && page.contains("value=\"7\""), "what was entered is still there");
    let unsaid = form(&server, "same-origin", &[("form", "delete"), ("name", "ada/other")]);
    assert_eq!(unsaid.status(), 422);
    assert_eq!(form(&server, "same-origin", &[("form", "frames"), ("frame_origins", "x")]).status(), 422);
    assert_eq!(form(&server, "same-origin", &[("form", "visibility"), ("visibility", "private")]).status(), 303);
    assert_eq!(server.get("/spaces/ada/iris").status(), 404);
    assert_eq!(form(&server, "same-origin", &[("form", "delete"), ("name", "ada/iris")]).status(), 303);
    assert_eq!(server.admin(Method::GET, SPACE).send().unwrap().status(), 404);
}
