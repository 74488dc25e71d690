//! P1, P2, P11: uploads that are no app, that are too much, and too many.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use super::{component, files, leaves_nothing, refused, replace};
use crate::harness::{Arena, OTHER, Published, SAME, honest, publish_for_status};
use crate::server::TOKEN;
use crate::worker::workers_of;

#[test]
fn p1_what_is_no_app_is_told_apart() {
    let arena = Arena::start();
    let whole = honest();
    refused(&arena, "random bytes", 400, "app_not_component", &["does not begin as WebAssembly does"]);
    refused(&arena, whole[..whole.len() / 2].to_vec(), 400, "not_a_component", &["cut off"]);
    refused(&arena, component("(module)"), 400, "app_core_module", &["core module", "vitrine build"]);
    refused(&arena, component("(component)"), 422, "contract_mismatch", &["`init`, `describe`, `call`"]);
    arena.publish(SAME, "model.onnx", "random bytes").refused(400, "app_not_onnx", &["not an ONNX model"]);
    arena.publish(SAME, "app.exe", whole.clone()).refused(400, "bundle_file_type", &[".onnx", ".wasm", ".zip"]);

    let artefact = fs::read(&files(&arena, "artefacts")[0]).unwrap();
    refused(&arena, artefact.clone(), 400, "app_precompiled", &["never accepted"]);
    arena.publish(SAME, "app.cwasm", artefact.clone()).refused(400, "app_precompiled", &["never accepted"]);
    // In a bundle as well, under whatever name.
    let bundle = zip(&[("app.wasm", &artefact)]);
    arena.publish(SAME, "app.zip", bundle).refused(400, "app_precompiled", &["never accepted"]);
    arena.unharmed();
}

#[test]
fn p1_a_script_is_told_by_the_status_alone() {
    let arena = Arena::start();
    let (status, body) = publish_for_status(&arena.server, SAME, "app.wasm", b"random bytes".to_vec());
    assert_eq!((status, &body["error"]["code"]), (400, &json!("app_not_component")), "{body}");
    let (status, body) = publish_for_status(&arena.server, SAME, "app.wasm", component("(component)"));
    assert_eq!((status, &body["error"]["code"]), (422, &json!("contract_mismatch")), "{body}");
    let (status, body) = publish_for_status(&arena.server, SAME, "app.wasm", honest());
    assert_eq!((status, &body["published"]["space"]), (201, &json!(SAME)), "{body}");
    arena.unharmed();
}

#[test]
fn p2_an_upload_over_the_limit_is_cut_off() {
    let arena = Arena::start_with(&["--max-upload", "1"]);
    // Announced: refused without a byte of it.
    let mut connection = send_head(&arena, "content-length: 2097152");
    assert_eq!(status(&mut connection), "413");
    // Who goes on sending all the same is not cut off, which would cost most clients the answer.
    connection.write_all(&vec![0; 2 << 20]).unwrap();

    // Not announced, and without an end.
    let mut connection = send_head(&arena, "transfer-encoding: chunked");
    let chunk = [b"10000\r\n".as_slice(), &[0; 0x10000], b"\r\n"].concat();
    // More than the limit and all that the buffers of the two sockets can hold.
    let endless = (0..1024).take_while(|_| connection.write_all(&chunk).is_ok()).count();
    assert!(endless < 1024, "the server has taken 64 MiB");
    leaves_nothing(&arena);
    arena.unharmed();
}

/// Opens a connection and sends the head of an upload.
fn send_head(arena: &Arena, headers: &str) -> TcpStream {
    let mut connection = TcpStream::connect(arena.server.url.trim_start_matches("http://")).unwrap();
    let head = format!(
        "POST /api/v1/spaces/{SAME}/revisions?filename=app.wasm HTTP/1.1\r\nhost: localhost\r\n\
         authorization: Bearer {TOKEN}\r\n{headers}\r\n\r\n"
    );
    connection.write_all(head.as_bytes()).unwrap();
    connection
}

/// Waits for the answer.
fn status(connection: &mut TcpStream) -> String {
    let mut answer = [0; 12];
    connection.read_exact(&mut answer).unwrap();
    String::from_utf8_lossy(&answer[9..]).into_owned()
}

#[test]
#[ignore = "soak"]
fn p2_an_upload_that_stalls_is_cut_off() {
    let arena = Arena::start();
    let mut connection = send_head(&arena, "content-length: 1000");
    connection.write_all(b"\0asm").unwrap();
    assert_eq!(status(&mut connection), "408");
    leaves_nothing(&arena);
    arena.unharmed();
}

#[test]
fn p2_archives_stay_inside_their_folder_and_their_limit() {
    let arena = Arena::start_with(&["--max-upload", "1"]);
    let check = |upload: Vec<u8>, status: u16, code: &str, words: &[&str]| {
        arena.publish(SAME, "app.zip", upload).refused(status, code, words);
    };
    let app = honest();
    let zeros = vec![0; 300 << 20];
    let bomb = zip(&[("app.wasm", &app), ("zeros", &zeros)]);
    assert!(bomb.len() < 1 << 20);
    check(bomb, 413, "bundle_too_large", &["1048576", "zeros"]);
    for name in ["../../escaped", "a/../../escaped", "/etc/escaped", "..\\escaped"] {
        check(zip(&[("app.wasm", &app), (name, b"x")]), 400, "bundle_entry_name", &["escaped"]);
    }
    let twice = zip(&[("app.wasm", &app), ("first", b"1"), ("other", b"2")]);
    check(replace(twice, b"other", b"first"), 400, "bundle_duplicate_entry", &["first"]);
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.add_symlink("app.wasm", "/etc/passwd", zip::write::SimpleFileOptions::default()).unwrap();
    check(archive.finish().unwrap().into_inner(), 400, "bundle_entry_type", &["app.wasm", "link"]);
    check(b"PK\x03\x04 cut off".to_vec(), 400, "bundle_broken", &["not a ZIP file"]);

    let escaped = |folder: &std::path::Path| folder.join("escaped").exists();
    assert!(!arena.server.data.ancestors().any(escaped) && !escaped("/etc".as_ref()));
    leaves_nothing(&arena);
    arena.unharmed();
}

pub(crate) fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn p11_a_flood_of_uploads_is_bounded_and_fair() {
    const N_UPLOADS: usize = 200;
    let arena = Arena::start();
    let upload = honest();
    let (flood, done) = (AtomicBool::new(true), AtomicBool::new(false));
    let (outcomes, most_workers) = std::thread::scope(|scope| {
        let uploads: Vec<_> = (0..N_UPLOADS)
            .map(|n| {
                let (arena, upload) = (&arena, upload.clone());
                scope.spawn(move || {
                    let response = arena.begin(&format!("eve/flood-{}", n % 10), "app.wasm", upload);
                    let wait = response.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
                    (wait, Published::read(response, |_| {}))
                })
            })
            .collect();
        let watch = scope.spawn(|| {
            let mut most = 0;
            while !done.load(Ordering::Relaxed) {
                most = most.max(workers_of(&arena).len());
            }
            most
        });
        // Somebody else's upload gets its turn next, while the flood still waits.
        arena.publish(OTHER, "app.wasm", upload.clone()).succeeded();
        flood.store(uploads.iter().any(|upload| !upload.is_finished()), Ordering::Relaxed);
        let outcomes: Vec<_> = uploads.into_iter().map(|upload| upload.join().unwrap()).collect();
        done.store(true, Ordering::Relaxed);
        (outcomes, watch.join().unwrap())
    });
    assert!(flood.load(Ordering::Relaxed), "the other upload did not wait for the whole flood");
    assert_eq!(most_workers, 1, "one job per owner at a time");
    let (published, refused): (Vec<_>, Vec<_>) = outcomes.iter().partition(|(_, outcome)| outcome.status == 200);
    for (_, outcome) in &published {
        outcome.succeeded();
    }
    for (wait, outcome) in &refused {
        outcome.refused(429, "publish_queue_full", &["try again"]);
        assert!(wait.is_some(), "it is said when to come back");
    }
    assert!(!published.is_empty() && !refused.is_empty(), "{} published, {} refused", published.len(), refused.len());
    eprintln!("of {N_UPLOADS} uploads at once {} are published, {} refused", published.len(), refused.len());
    arena.publish("eve/flood-0", "app.wasm", upload).succeeded();
    arena.unharmed();
}
