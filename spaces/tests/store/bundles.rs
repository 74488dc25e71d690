//! Uploads, honest and hostile.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;

use spaces::Digest;
use spaces::store::AppKind;
use spaces::store::bundle::{Bundle, BundleError, BundleLimits, Unpacked, unpack};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";
/// `ModelProto { ir_version: 8, graph: {} }`
const MODEL: &[u8] = b"\x08\x08\x3a\x00";

fn limits() -> BundleLimits {
    BundleLimits { max_entries: 10, max_unpacked_bytes: 3 << 19 }
}

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        if name.ends_with('/') {
            writer.add_directory(*name, SimpleFileOptions::default()).unwrap();
        } else {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

/// Unpacks an upload in a folder of its own, which lives as long as the result.
fn upload(filename: &str, bytes: &[u8]) -> Result<(TempDir, Unpacked), BundleError> {
    let folder = TempDir::new().unwrap();
    let into = folder.path().join("bundle");
    fs::create_dir(&into).unwrap();
    fs::write(folder.path().join("upload"), bytes).unwrap();
    let unpacked = unpack(&folder.path().join("upload"), filename, &into, &limits())?;
    Ok((folder, unpacked))
}

fn bundle(filename: &str, bytes: &[u8], app: Option<&str>) -> Result<(TempDir, Bundle), BundleError> {
    let (folder, unpacked) = upload(filename, bytes)?;
    Ok((folder, unpacked.into_bundle(app)?))
}

/// Replaces bytes in place: archives that no honest program writes.
fn patch(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places: Vec<_> =
        bytes.windows(from.len()).enumerate().filter(|(_, part)| part == &from).map(|(at, _)| at).collect();
    assert!(!places.is_empty(), "nothing to patch");
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    bytes
}

/// Sets `bytes` at `offset` in the first directory entry.
fn patch_directory(mut archive: Vec<u8>, offset: usize, bytes: &[u8]) -> Vec<u8> {
    let start = archive.windows(4).position(|part| part == b"PK\x01\x02").unwrap() + offset;
    archive[start..start + bytes.len()].copy_from_slice(bytes);
    archive
}

fn check_refused(filename: &str, bytes: &[u8], expected: (&str, Option<&str>)) {
    let error = bundle(filename, bytes, None).expect_err(filename);
    assert_eq!((error.code(), error.entry()), expected, "{error}");
}

#[test]
fn a_folder_is_unpacked_and_its_wrapper_taken_off() {
    let bytes = archive(&[
        ("iris/", b""),
        ("iris/space.toml", b"title = 'Iris'"),
        ("iris/model.onnx", MODEL),
        ("iris/examples/", b""),
        ("iris/examples/a.png", b"picture"),
        ("iris/README.md", b"# Iris"),
        ("iris/.git/config", b""),
        ("iris/.env", b"SECRET=1"),
        ("__MACOSX/iris/._model.onnx", b""),
    ]);
    let (_folder, unpacked) = upload("iris.ZIP", &bytes).unwrap();
    assert_eq!(unpacked.manifest.as_deref(), Some("title = 'Iris'"));
    assert_eq!(unpacked.skipped, ["iris/.git/config", "iris/.env", "__MACOSX/iris/._model.onnx"]);
    let bundle = unpacked.into_bundle(None).unwrap();
    assert_eq!((bundle.kind, bundle.app.name.as_str()), (AppKind::Onnx, "model.onnx"));
    assert_eq!(fs::read(&bundle.app.path).unwrap(), MODEL);
    let assets: Vec<_> = bundle.assets.iter().map(|file| (file.name.as_str(), file.mime_type.as_str())).collect();
    assert_eq!(assets, [("examples/a.png", "image/png"), ("README.md", "text/markdown")]);
    assert_eq!(bundle.assets[0].digest, Digest::of(b"picture"));
    assert_eq!(bundle.assets[0].size_bytes, 7);
}

#[test]
fn a_single_file_is_a_bundle() {
    let (_folder, onnx) = bundle("model.onnx", MODEL, None).unwrap();
    assert_eq!((onnx.kind, onnx.app.name.as_str(), onnx.assets.len()), (AppKind::Onnx, "model.onnx", 0));
    // As in an archive, `./` is no part of the name.
    let (_folder, dotted) = bundle("./model.onnx", MODEL, None).unwrap();
    assert_eq!(dotted.app.name, "model.onnx");
    let (_folder, component) = bundle("app.wasm", COMPONENT, None).unwrap();
    assert_eq!(component.kind, AppKind::Component);
}

#[test]
fn the_manifest_chooses_between_apps() {
    let bytes = archive(&[("a.onnx", MODEL), ("b.wasm", COMPONENT), ("c.txt", b"")]);
    let (_folder, chosen) = bundle("x.zip", &bytes, Some("./b.wasm")).unwrap();
    assert_eq!((chosen.kind, chosen.assets[0].name.as_str()), (AppKind::Component, "a.onnx"));

    let check = |app, expected: &str| assert_eq!(bundle("x.zip", &bytes, app).unwrap_err().to_string(), expected);
    check(None, "more than one file could be the app (`a.onnx`, `b.wasm`): set `app` in space.toml");
    check(Some("d.onnx"), "space.toml names `d.onnx` as app, which is not in the bundle; there is `a.onnx`, `b.wasm`");
    check(Some("c.txt"), "the app `c.txt` must be an .onnx or a .wasm file");
    check_refused("x.zip", &archive(&[("c.txt", b"")]), ("app_missing", None));
    check_refused("x.zip", &archive(&[]), ("app_missing", None));
}

#[test]
fn an_app_is_what_its_name_says() {
    let onnx = |bytes: &[u8]| bundle("m.onnx", bytes, None).unwrap_err().to_string();
    assert_eq!(onnx(b""), "`m.onnx` is not an ONNX model: it is empty");
    assert_eq!(onnx(b"\x08\x08"), "`m.onnx` is not an ONNX model: it has no graph");
    assert_eq!(onnx(b"\x08\x08\x3a\x09abc"), "`m.onnx` is not an ONNX model: it is cut off");
    assert_eq!(onnx(b"import onnx\n"), "`m.onnx` is not an ONNX model: it is not a protocol buffer");
    assert_eq!(onnx(COMPONENT), "`m.onnx` is not an ONNX model: it is WebAssembly");
    assert_eq!(onnx(&archive(&[("a", b"")])), "`m.onnx` is not an ONNX model: it is not a protocol buffer");
    check_refused("a.wasm", b"\0asm\x01\0\0\0\0", ("app_core_module", Some("a.wasm")));
    check_refused("a.wasm", b"\0asm\x02\0\0\0\0", ("app_not_component", Some("a.wasm")));
    check_refused("a.wasm", b"\0as", ("app_not_component", Some("a.wasm")));
    check_refused("a.wasm", b"\x7fELF\x02\x01\x01\0", ("app_precompiled", Some("a.wasm")));
    check_refused("a.onnx", b"\x7fELF\x02\x01\x01\0", ("app_precompiled", Some("a.onnx")));
    check_refused("a.cwasm", b"\x7fELF", ("app_precompiled", Some("a.cwasm")));
    check_refused("model.pkl", b"", ("bundle_file_type", Some("model.pkl")));
    check_refused("../a.onnx", MODEL, ("bundle_entry_name", Some("../a.onnx")));
    check_refused("b/a.onnx", MODEL, ("bundle_entry_name", Some("b/a.onnx")));
}

#[test]
fn real_models_pass_whole_and_not_in_part() {
    for example in ["iris/iris.onnx", "digits/digits.onnx"] {
        let model = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(example)).unwrap();
        bundle("model.onnx", &model, None).unwrap();
        let error = bundle("model.onnx", &model[..model.len() / 2], None).unwrap_err();
        assert_eq!(error.to_string(), "`model.onnx` is not an ONNX model: it is cut off", "{example}");
    }
}

#[test]
fn names_that_lead_out_or_deceive_are_refused() {
    let named = |name: &str| {
        patch(archive(&[("x".repeat(name.len()).as_str(), b"")]), "x".repeat(name.len()).as_bytes(), name.as_bytes())
    };
    for (name, shown) in [
        ("../evil", "../evil"),
        ("a/../../evil", "a/../../evil"),
        ("/etc/passwd", "/etc/passwd"),
        ("a\\b", "a\\\\b"),
        ("a\0.onnx", "a\\0.onnx"),
        ("a\x1b[2J", "a\\u{1b}[2J"),
        ("C:/evil", "C:/evil"),
        ("../", "../"),
    ] {
        check_refused("x.zip", &named(name), ("bundle_entry_name", Some(shown)));
    }
    let long = "y".repeat(256);
    check_refused("x.zip", &archive(&[(&long, b"")]), ("bundle_entry_name", Some(&long[..100])));
    let latin1 = patch(archive(&[("caf#", b"")]), b"caf#", b"caf\xe9");
    check_refused("x.zip", &latin1, ("bundle_entry_name", Some("caf\u{fffd}")));
}

#[test]
fn duplicates_links_and_encryption_are_refused() {
    let twice = patch(archive(&[("one.txt", b"1"), ("two.txt", b"2")]), b"two.txt", b"one.txt");
    check_refused("x.zip", &twice, ("bundle_duplicate_entry", Some("one.txt")));
    let other_case = archive(&[("one.txt", b"1"), ("ONE.txt", b"2")]);
    check_refused("x.zip", &other_case, ("bundle_duplicate_entry", Some("ONE.txt")));

    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("link.onnx", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    let link = writer.finish().unwrap().into_inner();
    check_refused("x.zip", &link, ("bundle_entry_type", Some("link.onnx")));

    let encrypted = patch_directory(archive(&[("a.onnx", MODEL)]), 8, &[1, 0]);
    check_refused("x.zip", &encrypted, ("bundle_encrypted", Some("a.onnx")));
    let zstd = patch_directory(archive(&[("a.onnx", MODEL)]), 10, &[93, 0]);
    check_refused("x.zip", &zstd, ("bundle_compression", Some("a.onnx")));
}

#[test]
fn bombs_do_not_go_off() {
    let zeros = vec![0; 2 << 20];
    let big = archive(&[("a.onnx", MODEL), ("zeros", &zeros)]);
    assert!(big.len() < 10_000);
    check_refused("x.zip", &big, ("bundle_too_large", Some("zeros")));

    // Each is below the bound, their sum is not.
    let sum = archive(&[("a", &zeros[..1 << 20]), ("b", &zeros[..1 << 20])]);
    check_refused("x.zip", &sum, ("bundle_too_large", Some("b")));

    // The directory claims one byte; nothing beyond it is believed or written.
    let liar = patch_directory(archive(&[("zeros", &zeros)]), 24, &[1, 0, 0, 0]);
    check_refused("x.zip", &liar, ("bundle_broken_entry", Some("zeros")));

    let names: Vec<_> = (0..11).map(|n| n.to_string()).collect();
    let many = archive(&names.iter().map(|name| (name.as_str(), &b""[..])).collect::<Vec<_>>());
    check_refused("x.zip", &many, ("bundle_too_many_entries", None));
    let mut modest = many;
    let end = modest.len() - 22;
    modest[end + 8..end + 12].copy_from_slice(&[1, 0, 1, 0]);
    // An end record that counts too few hides entries but harms nobody.
    check_refused("x.zip", &modest, ("app_missing", None));
}

#[test]
fn broken_archives_are_refused_wherever_they_are_cut() {
    let whole = archive(&[("a.onnx", MODEL), ("b.txt", &[7; 300])]);
    bundle("x.zip", &whole, None).unwrap();
    for n_bytes in 0..whole.len() {
        check_refused("x.zip", &whole[..n_bytes], ("bundle_broken", None));
    }
    check_refused("x.zip", b"not an archive at all, but longer than an end record", ("bundle_broken", None));

    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("a.onnx", stored).unwrap();
    writer.write_all(b"content").unwrap();
    let rotten = patch(writer.finish().unwrap().into_inner(), b"content", b"CONTENT");
    check_refused("x.zip", &rotten, ("bundle_broken_entry", Some("a.onnx")));
}

#[test]
fn no_byte_flip_panics_or_writes_outside() {
    let whole = archive(&[("a.onnx", MODEL), ("space.toml", b"title = 'x'")]);
    for at in 0..whole.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] ^= flip;
            // Refused or not: only that it ends in a result, and within its folder.
            if let Ok((folder, unpacked)) = upload("x.zip", &bytes) {
                assert!(unpacked.files.iter().all(|file| file.path.starts_with(folder.path())));
            }
        }
    }
}

#[test]
fn manifests_must_be_text() {
    let check = |content: &[u8], code: &str| {
        let bytes = archive(&[("space.toml", content), ("a.onnx", MODEL)]);
        check_refused("x.zip", &bytes, (code, Some("space.toml")));
    };
    check(b"title = '\xff'", "manifest_encoding");
    check(&vec![b'#'; (1 << 20) + 1], "manifest_too_large");
}
