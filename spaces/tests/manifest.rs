//! Manifests as authors write them: `ui/*.toml` beside the JSON that runners read, `ui/invalid/*.toml` beside the
//! message that authors read.
//!
//! After a change that is meant, rewrite the expected files with `UPDATE_EXPECTED=1 cargo test -p spaces`.

use std::fs;
use std::path::{Path, PathBuf};

use spaces::manifest::Manifest;

#[test]
fn manifests_parse_and_travel_as_json() {
    for path in manifests("ui") {
        let manifest = parse(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let json = serde_json::to_string_pretty(&manifest).expect("a manifest is JSON");
        compare(&path.with_extension("json"), &json);
        let back: Manifest = serde_json::from_str(&json).expect("its JSON is a manifest");
        assert_eq!(back, manifest, "{}", path.display());
    }
}

#[test]
fn mistakes_are_found_at_their_place() {
    for path in manifests("ui/invalid") {
        match parse(&path) {
            Ok(_) => panic!("{} was accepted", path.display()),
            Err(error) => compare(&path.with_extension("err"), &error.to_string()),
        }
    }
}

fn parse(path: &Path) -> Result<Manifest, spaces::manifest::ManifestError> {
    Manifest::parse(&fs::read_to_string(path).expect("the test's own file"))
}

fn manifests(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the folder of manifests")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "no manifests in {}", folder.display());
    paths
}

fn compare(path: &Path, found: &str) {
    if option_env!("UPDATE_EXPECTED").is_some() {
        fs::write(path, format!("{found}\n")).expect("the expected file can be written");
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(found, expected.trim_end_matches('\n'), "{}", path.display());
}
