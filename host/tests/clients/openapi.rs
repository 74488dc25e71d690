//! OpenAPI: a fuzzer finds the documents true, and a client generated from one works.

use std::process::Command;

use crate::harness::{WORKBENCH, installed, python, script, succeed, workbench};
use crate::server::{Server, TOKEN, root};

fn two_spaces(options: &[&str]) -> Server {
    let server = workbench(options);
    server.publish(&root().join("examples/iris"), "demo/iris");
    server
}

/// Fuzzes what a document describes.
#[track_caller]
fn fuzz(server: &Server, document: &str, options: &[&str]) {
    let mut command = Command::new(installed("openapi").join("bin/schemathesis"));
    command.arg("--config-file").arg(script("openapi/schemathesis.toml"));
    command.args(["run", &format!("{}{document}", server.url), "--no-color", "--phases", "examples,coverage,fuzzing"]);
    command.args(["--header", &format!("Authorization: Bearer {TOKEN}")]).args(options);
    succeed(&mut command);
}

#[test]
fn the_fuzzer_finds_the_management_api_as_described() {
    let server = two_spaces(&[]);
    // What deletes the space would leave the rest with nothing. What is published comes from `make fuzz`, whose targets
    // read bundles, manifests and models: here it would be a compile for each case.
    fuzz(&server, "/openapi.json", &["--exclude-operation-id", "delete_space", "--exclude-operation-id", "publish"]);
    fuzz(&server, "/openapi.json", &["--include-operation-id", "delete_space"]);
}

#[test]
fn the_fuzzer_finds_iris_as_described() {
    fuzz(&two_spaces(&[]), "/spaces/demo/iris/openapi.json", &[]);
}

#[test]
fn the_fuzzer_finds_the_workbench_as_described() {
    let server = two_spaces(&["--deadline", "5"]);
    // It never ends.
    fuzz(&server, &format!("/spaces/{WORKBENCH}/openapi.json"), &["--exclude-operation-id", "forever"]);
}

#[test]
fn a_generated_client_calls_iris() {
    let server = two_spaces(&[]);
    let folder = tempfile::tempdir().unwrap();
    let golden = root().join("examples/iris/golden.json");
    succeed(python("openapi", "openapi/generated.py").arg(&server.url).arg(folder.path()).arg(golden));
}

#[test]
fn documents_are_browsable_without_any_other_server() {
    let server = two_spaces(&[]);
    for (page, document) in [("/docs", "/openapi.json"), ("/spaces/demo/iris/docs", "/spaces/demo/iris/openapi.json")] {
        let answer = server.get(page);
        assert_eq!(answer.status(), 200);
        let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.contains("default-src 'none'; script-src 'self';"), "{policy}");
        // The namespace of the icon, which is in the page itself, is a name and no address.
        let html = answer.text().unwrap().replace("http://www.w3.org/2000/svg", "");
        assert!(html.contains(&format!("data-document=\"{document}\"")), "{html}");
        assert!(!html.contains("://"), "the page names no other server: {html}");
        let sources: Vec<_> = html.split('"').filter(|text| text.starts_with("/assets/")).collect();
        assert_eq!(sources.len(), 3, "{html}");
        assert_eq!(html.matches("<script").count(), html.matches("<script src=").count(), "{html}");
        for source in sources {
            assert_eq!(server.get(source).status(), 200, "{source}");
        }
        let answer = server.get(document);
        assert_eq!(answer.headers()["content-type"], "application/json");
    }
}

#[test]
fn a_private_space_is_described_to_nobody() {
    let server = workbench(&[]);
    let hide = server.admin(reqwest::Method::PATCH, &format!("/api/v1/spaces/{WORKBENCH}"));
    let hide = hide.json(&serde_json::json!({ "visibility": "private" })).send().unwrap();
    assert_eq!(hide.status(), 200);
    for path in ["openapi.json", "docs"] {
        let path = format!("/spaces/{WORKBENCH}/{path}");
        assert_eq!(server.get(&path).status(), 404);
        assert_eq!(server.admin(reqwest::Method::GET, &path).send().unwrap().status(), 200);
    }
}
