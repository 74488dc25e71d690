//! Signing in with the browser: what the cookie is good for, and what it is not.

use reqwest::Method;
use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::redirect::Policy;
use serde_json::json;

use crate::harness::{Server, TOKEN, client, root};

/// A browser's requests: it goes where it is told to, and says which page asks.
struct Browser<'a> {
    server: &'a Server,
    http: Client,
    cookie: String,
}

impl<'a> Browser<'a> {
    fn new(server: &'a Server) -> Self {
        // The tests' common client brings what TLS needs, also where it is not used.
        let _ = client();
        let http = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { server, http, cookie: String::new() }
    }

    fn ask(&self, method: Method, path: &str, site: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.server.url)).header("sec-fetch-site", site);
        if self.cookie.is_empty() { request } else { request.header("cookie", &self.cookie) }
    }

    fn sign_in(&self, token: &str, next: &str, site: &str) -> Response {
        let form = format!("token={token}&next={next}");
        let request = self.ask(Method::POST, "/login", site);
        request.header("content-type", "application/x-www-form-urlencoded").body(form).send().unwrap()
    }

    fn signed_in(server: &'a Server) -> Self {
        let mut browser = Self::new(server);
        let answer = browser.sign_in(TOKEN, "%2Fspaces%2Fada%2Firis%3Ftab%3Dlogs", "same-origin");
        assert_eq!(answer.status(), 303);
        assert_eq!(answer.headers()["location"], "/spaces/ada/iris?tab=logs");
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        cookie.split(';').next().unwrap().clone_into(&mut browser.cookie);
        browser
    }

    fn status(&self, method: Method, path: &str, site: &str) -> u16 {
        self.ask(method, path, site).send().unwrap().status().as_u16()
    }
}

fn one_private_space() -> Server {
    let server = Server::start();
    server.publish(&root().join("examples/iris"), "ada/iris");
    let hide = server.admin(Method::PATCH, "/api/v1/spaces/ada/iris").json(&json!({ "visibility": "private" }));
    assert_eq!(hide.send().unwrap().status(), 200);
    server
}

#[test]
fn who_has_signed_in_sees_and_changes_what_the_token_does() {
    let server = one_private_space();
    let nobody = Browser::new(&server);
    assert_eq!(nobody.status(Method::GET, "/spaces/ada/iris", "none"), 404);
    let refused = nobody.ask(Method::GET, "/spaces/ada/iris?tab=logs", "none").send().unwrap();
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["location"]),
        (303, &"/login?next=/spaces/ada/iris%3Ftab%3Dlogs".parse().unwrap())
    );
    let admin = Browser::signed_in(&server);
    for tab in ["app", "api", "files", "revisions", "logs", "settings"] {
        assert_eq!(admin.status(Method::GET, &format!("/spaces/ada/iris?tab={tab}"), "same-origin"), 200, "{tab}");
    }
    let page = admin.ask(Method::GET, "/", "none").send().unwrap().text().unwrap();
    assert!(page.contains("Iris species") && page.contains("Sign out"), "{page}");
    let call = admin.ask(Method::POST, "/spaces/ada/iris/api/predict", "same-origin").json(&json!({}));
    assert_eq!(call.send().unwrap().status(), 200);
    let show =
        admin.ask(Method::PATCH, "/api/v1/spaces/ada/iris", "same-origin").json(&json!({ "visibility": "public" }));
    assert_eq!(show.send().unwrap().status(), 200);
    assert_eq!(nobody.status(Method::GET, "/spaces/ada/iris", "none"), 200);
    assert_eq!(admin.status(Method::POST, "/logout", "same-origin"), 303);
    assert_eq!(admin.status(Method::DELETE, "/api/v1/spaces/ada/iris", "same-origin"), 401, "it is over");
}

#[test]
fn other_sites_can_do_nothing_with_a_visitors_cookie() {
    let server = one_private_space();
    let admin = Browser::signed_in(&server);
    for site in ["cross-site", "same-site", "none"] {
        assert_eq!(admin.status(Method::DELETE, "/api/v1/spaces/ada/iris", site), 401, "{site}");
        assert_eq!(admin.status(Method::POST, "/api/v1/spaces/ada/iris/revisions/1/activate", site), 401, "{site}");
        assert_eq!(admin.status(Method::POST, "/spaces/ada/iris/api/predict", site), 404, "{site}");
    }
    for path in ["/api/v1/spaces/ada/iris/logs", "/api/v1/whoami"] {
        assert_eq!(admin.status(Method::GET, path, "cross-site"), 401, "{path}");
    }
    // They cannot end a sign-in, nor begin one that is theirs.
    assert_eq!(admin.status(Method::POST, "/logout", "cross-site"), 303);
    assert_eq!(admin.sign_in(TOKEN, "", "cross-site").status(), 403);
    assert_eq!(admin.status(Method::GET, "/api/v1/whoami", "same-origin"), 200);
    // A browser that says nothing of the site says the origin.
    let delete = |origin: &str| {
        let url = format!("{}/api/v1/spaces/ada/iris", server.url);
        let request = admin.http.delete(url).header("cookie", &admin.cookie).header("origin", origin);
        request.send().unwrap().status().as_u16()
    };
    assert_eq!(delete("http://evil.example"), 401);
    assert_eq!(delete(&server.url), 204);
}

#[test]
fn a_wrong_token_is_told_and_guessing_is_slow() {
    let server = Server::start();
    let browser = Browser::new(&server);
    let answer = browser.sign_in("wrong", "", "same-origin");
    assert_eq!(answer.status(), 401);
    assert!(answer.headers().get("set-cookie").is_none());
    let page = answer.text().unwrap();
    assert!(page.contains("This is not the token") && page.contains("<form"), "{page}");
    let mut statuses = (0..60).map(|_| browser.sign_in("wrong", "", "same-origin").status().as_u16());
    assert!(statuses.any(|status| status == 429));
    assert_eq!(browser.sign_in(TOKEN, "//evil.example", "same-origin").headers()["location"], "/");
}
