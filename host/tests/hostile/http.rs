//! W2, W4, W7, W8: what a client can send.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::attack::read_to_end;
use crate::harness::{Arena, OTHER, SAME};
use crate::server::{TOKEN, client};

/// The head of a call of an honest space.
fn head(headers: &str) -> String {
    format!("POST /spaces/{SAME}/api/predict HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}\r\n\r\n")
}

const JSON: &str = "content-type: application/json";

#[test]
fn w2_a_body_that_never_ends_is_cut_off_at_its_limit() {
    let arena = Arena::start_with(&["--body", "1"]);
    let mut connection = arena.raw(head(&format!("{JSON}\r\ntransfer-encoding: chunked")).as_bytes());
    let chunk = format!("{:x}\r\n{}\r\n", 1 << 16, "[".repeat(1 << 16));
    let mut sent = 0;
    // What the kernel buffers on both sides comes on top of the limit.
    while connection.write_all(chunk.as_bytes()).is_ok() && sent < 64 << 20 {
        sent += chunk.len();
    }
    assert!(sent < 32 << 20, "{sent} bytes were taken");
    let mut answer = String::new();
    let _ = connection.read_to_string(&mut answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 413"), "{answer}");
    arena.unharmed();
}

#[test]
fn w2_many_bodies_at_once_fill_their_room_and_no_more() {
    let arena = Arena::start_with(&["--body", "2", "--max-bodies", "4"]);
    let begun = format!("{}[{}", head(&format!("{JSON}\r\ncontent-length: 2000000")), "1,".repeat(950_000));
    // None of them ever ends: whoever is not refused holds its room until the server's patience ends.
    let unfinished: Vec<_> = (0..10)
        .map(|_| {
            let mut connection = arena.raw(&[]);
            // Whoever is refused may be told so in the middle of it.
            let _ = connection.write_all(begun.as_bytes());
            connection
        })
        .collect();
    let answers: Vec<_> = unfinished.into_iter().map(read_to_end).collect();
    let kept = answers.iter().filter(|(status, _)| *status == 408).count();
    assert!(kept <= 2, "there is room for two: {answers:?}");
    let told =
        |(status, answer): &(u16, String)| *status == 503 && answer.contains("overloaded") && answer.contains("bodies");
    assert!(answers.iter().any(told), "{answers:?}");
    arena.settles("small bodies are taken again", || arena.server.call(SAME, "predict", &json!({ "x": 0.5 })).0 == 200);
    arena.unharmed();
}

#[test]
fn w2_a_body_that_drips_is_cut_off_in_time() {
    let arena = Arena::start();
    let mut connection = arena.raw(head(&format!("{JSON}\r\ncontent-length: 1000000")).as_bytes());
    let mut dripping = connection.try_clone().unwrap();
    connection.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    let mut answer = Vec::new();
    // A byte now and then, for as long as the server listens: its patience ends by itself.
    loop {
        let mut buffer = [0; 4096];
        match connection.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => answer.extend_from_slice(&buffer[..n]),
            Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {
                if dripping.write_all(b"[").is_err() {
                    break;
                }
            }
            Err(_) => break,
        }
    }
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("body_too_slow"), "{answer}");
    arena.unharmed();
}

#[test]
fn w4_a_slow_loris_loses_its_connection() {
    let arena = Arena::start();
    let begun = format!("POST /spaces/{SAME}/api/predict HTTP/1.1\r\nhost: localhost\r\nx-slow: ");
    let connections: Vec<_> = (0..200).map(|_| arena.raw(begun.as_bytes())).collect();
    arena.ask(OTHER);
    for connection in connections {
        // Ends only when the server closes.
        let (status, answer) = read_to_end(connection);
        assert!(status == 0 || status == 408, "{answer}");
    }
    arena.unharmed();
}

#[test]
fn w4_a_length_over_the_limit_is_refused_before_the_body() {
    let arena = Arena::start();
    let (status, answer) = arena.raw_answer(head(&format!("{JSON}\r\ncontent-length: 10737418240")).as_bytes());
    assert_eq!(status, 413, "{answer}");
    assert!(answer.contains("body_too_large") && answer.contains("32 MiB"), "{answer}");
    arena.unharmed();
}

#[test]
fn w4_bodies_that_are_not_what_they_say() {
    let arena = Arena::start();
    let check = |headers: &str, body: &str, expected: &[u16]| {
        let mut request = head(headers).into_bytes();
        request.extend_from_slice(body.as_bytes());
        let (status, answer) = arena.raw_answer(&request);
        assert!(expected.contains(&status), "{headers}: {answer}");
    };
    let deep = "[".repeat(100_000);
    check(&format!("{JSON}\r\ncontent-length: {}", deep.len()), &deep, &[400]);
    let object = format!("{{\"x\":{deep}");
    check(&format!("{JSON}\r\ncontent-length: {}", object.len()), &object, &[400]);
    check("content-type: text/xml\r\ncontent-length: 4", "<a/>", &[415]);
    check("content-type: multipart/form-data\r\ncontent-length: 4", "abcd", &[400]);
    check("content-type: multipart/form-data; boundary=x\r\ncontent-length: 4", "abcd", &[400]);
    // Two lengths, a length that is none, a length and chunks: requests in requests begin so.
    check(&format!("{JSON}\r\ncontent-length: 2\r\ncontent-length: 40"), "{}", &[400]);
    check(&format!("{JSON}\r\ncontent-length: -2"), "{}", &[400]);
    check(&format!("{JSON}\r\ncontent-length: 2\r\ntransfer-encoding: chunked"), "2\r\n{}\r\n0\r\n\r\n", &[200, 400]);
    // A length longer than the body: it never comes.
    check(&format!("{JSON}\r\ncontent-length: 100"), "{}", &[408]);
    // Shorter: what follows is no request.
    check(&format!("{JSON}\r\ncontent-length: 1"), "{}", &[400]);
    arena.unharmed();
}

#[test]
fn w4_heads_that_are_too_much() {
    let arena = Arena::start();
    let many: String = (0..100_000).map(|index| format!("x-{index}: y\r\n")).collect();
    let mut connection = arena.raw(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n");
    let _ = connection.write_all(many.as_bytes());
    let _ = connection.write_all(b"\r\n");
    let (status, answer) = read_to_end(connection);
    assert!(matches!(status, 0 | 400 | 431), "{answer}");
    let (status, _) = arena.raw_answer(format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(1 << 20)).as_bytes());
    assert!(matches!(status, 0 | 400 | 414 | 431), "{status}");
    let (status, _) = arena.raw_answer(b"GET / HTTP/1.1\r\nhost: x\r\nbad\nheader: a\rb\r\nconnection: close\r\n\r\n");
    assert_eq!(status, 400);
    let (status, _) = arena.raw_answer(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03");
    assert!(matches!(status, 0 | 400), "a TLS hello is no HTTP: {status}");
    arena.unharmed();
}

#[test]
fn w4_a_flood_of_http2_resets_ends_the_connection_only() {
    let arena = Arena::start();
    let mut frames = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    let frame = |kind: u8, flags: u8, stream: u32, payload: &[u8]| {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        let mut frame = length[1..].to_vec();
        frame.extend([kind, flags]);
        frame.extend(stream.to_be_bytes());
        frame.extend(payload);
        frame
    };
    frames.extend(frame(4, 0, 0, &[]));
    // `:method GET`, `:scheme http`, `:path /` from HPACK's static table (RFC 7541, appendix A); `:authority x` beside it.
    let headers = [0x82, 0x86, 0x84, 0x41, 0x01, b'x'];
    for index in 0..20_000 {
        let stream = 2 * index + 1;
        frames.extend(frame(1, 0b101, stream, &headers));
        frames.extend(frame(3, 0, stream, &8_u32.to_be_bytes()));
    }
    let mut connection = arena.raw(&[]);
    // The server may hang up in the middle of it.
    let _ = connection.write_all(&frames);
    let mut answer = Vec::new();
    connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let _ = connection.read_to_end(&mut answer);
    // Frame type 7 is GOAWAY (RFC 9113, section 6.8).
    let goaway = answer.windows(9).any(|window| window[3] == 7 && window[5..9] == [0; 4]);
    assert!(goaway, "the server says goodbye");
    arena.unharmed();
}

#[test]
fn w4_paths_lead_nowhere_else() {
    let arena = Arena::start();
    for path in [
        "/spaces/../../etc/passwd",
        "/spaces/ada/..%2f..%2fetc",
        "/spaces/ada%2fhonest/x",
        "/spaces/ada/honest/files/../../../etc/passwd",
        "/spaces/ada/honest/files/..%2f..%2f..%2fetc%2fpasswd",
        "/spaces/ada/honest/files/%2e%2e/%2e%2e/vitrine.db",
        "/spaces/ada/honest/files//etc/passwd",
        "/spaces/ada/honest/files/%00",
        "/assets/..%2f..%2fCargo.toml",
        "/spaces/%ff%fe/x",
        "/spaces/ada/honest/api/predict%2f..",
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        let (status, answer) = arena.raw_answer(request.as_bytes());
        assert!(matches!(status, 400 | 404 | 405), "{path}: {answer}");
        assert!(!answer.contains("root:"), "{path}: {answer}");
    }
    arena.unharmed();
}

#[test]
fn w7_another_sites_page_changes_nothing_here() {
    let arena = Arena::start();
    let path = format!("/api/v1/spaces/{SAME}");
    let cookie = "vitrine_session=0123456789abcdef0123456789abcdef";
    let forged = |method: Method, content_type: &str, body: &str| {
        let url = format!("{}{path}", arena.server.url);
        let request = client().request(method, url).header("origin", "https://evil.example").header("cookie", cookie);
        request.header("content-type", content_type).body(body.to_owned()).send().unwrap()
    };
    let visibility = r#"{"visibility":"private"}"#;
    for (method, content_type, body) in [
        (Method::PATCH, "application/json", visibility),
        (Method::PATCH, "text/plain", visibility),
        (Method::DELETE, "application/x-www-form-urlencoded", ""),
    ] {
        let answer = forged(method.clone(), content_type, body);
        assert_eq!(answer.status(), 401, "{method}");
        assert!(answer.headers().get("access-control-allow-origin").is_none());
    }
    // A browser asks before it sends a token from elsewhere; nobody answers yes.
    let preflight = client()
        .request(Method::OPTIONS, format!("{}{path}", arena.server.url))
        .header("origin", "https://evil.example")
        .header("access-control-request-method", "DELETE")
        .header("access-control-request-headers", "authorization")
        .send()
        .unwrap();
    assert!(preflight.headers().get("access-control-allow-origin").is_none());
    assert!(!preflight.status().is_success());
    arena.unharmed();
}

#[test]
fn w8_guessing_tokens_is_slowed_down_and_locks_nobody_out() {
    let arena = Arena::start();
    let guess = |token: &str| {
        let url = format!("{}/api/v1/spaces/{SAME}", arena.server.url);
        client().get(url).bearer_auth(token).send().unwrap().status().as_u16()
    };
    let statuses: Vec<_> = (0..100).map(|index| guess(&format!("a-wrong-token-{index}"))).collect();
    assert_eq!(statuses[0], 401);
    assert!(statuses[30..].contains(&429), "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 401 | 429)), "{statuses:?}");
    assert_eq!(guess(TOKEN), 200, "the right one is taken all the same");
    arena.unharmed();
}

#[test]
fn w8_a_token_in_the_address_is_no_token() {
    let arena = Arena::start();
    let path = format!("/api/v1/spaces/{SAME}?token={TOKEN}&access_token={TOKEN}");
    let deleted = client().delete(format!("{}{path}", arena.server.url)).send().unwrap();
    assert_eq!(deleted.status(), 401);
    arena.unharmed();
}

#[test]
fn w8_unknown_and_private_look_alike() {
    let arena = Arena::start();
    let hidden = "carol/hidden";
    arena.publish(hidden, "app.wasm", crate::harness::honest()).succeeded();
    let path = format!("/api/v1/spaces/{hidden}");
    let private = arena.server.admin(Method::PATCH, &path).json(&json!({ "visibility": "private" })).send().unwrap();
    assert_eq!(private.status(), 200);
    let look = |space: &str| {
        let get = |path: String| {
            let answer = arena.server.get(&path);
            let status = answer.status().as_u16();
            let text = answer.text().unwrap().replace(space, "SPACE");
            // The request's own id differs in any case.
            let text = text.split("\"request_id\"").next().unwrap().to_owned();
            (status, text)
        };
        let (status, body) = arena.server.call(space, "predict", &json!({}));
        let called = (status, body["error"]["code"].clone());
        let pages = [
            format!("/api/v1/spaces/{space}"),
            format!("/spaces/{space}/api"),
            format!("/spaces/{space}/files/app.wasm"),
            format!("/api/v1/spaces/{space}/logs"),
        ];
        (called, pages.map(get), arena.server.get(&format!("/spaces/{space}")).status().as_u16())
    };
    let (private, unknown) = (look(hidden), look("carol/nobody"));
    assert_eq!(private, unknown);
    assert_eq!(private.0.0, 404);
    arena.unharmed();
}
