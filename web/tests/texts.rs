//! Every text that somebody reads stands in `src/texts`, where a translation finds it.

#[path = "texts/scanner.rs"]
mod scanner;

use std::fs;
use std::path::{Path, PathBuf};

use scanner::{Found, found};

/// Literals that look like texts and are none, by the reason.
const EXCEPTIONS: [(&str, &[&str]); 5] = [
    ("the product and its mark", &["Vitrine", "V"]),
    ("names of formats, languages and methods", &["JSON", "JavaScript", "POST", "Python", "SHA-256", "WebAssembly"]),
    ("keys of keyboards", &["ArrowLeft", "ArrowRight", "End", "Enter", "Home"]),
    ("code of snippets", &["Client", "Client, handle_file", "False", "None", "True"]),
    ("a name of the browser's", &["AbortError"]),
];

#[test]
fn no_text_stands_outside_of_its_place() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut unused: Vec<&str> = EXCEPTIONS.iter().flat_map(|(_, literals)| literals.iter().copied()).collect();
    let mut misplaced = Vec::new();
    for file in files(&source, "rs") {
        let text = fs::read_to_string(&file).expect("a source can be read");
        let name = file.strip_prefix(&source).expect("it lies there").display();
        for Found { line, text } in found(&text) {
            if EXCEPTIONS.iter().any(|(_, literals)| literals.contains(&text.as_str())) {
                unused.retain(|literal| *literal != text);
            } else {
                misplaced.push(format!("src/{name}:{line}: {text:?}"));
            }
        }
    }
    assert!(misplaced.is_empty(), "texts that belong into src/texts:\n{}", misplaced.join("\n"));
    assert!(unused.is_empty(), "exceptions of nothing: {unused:?}");
}

/// The same in the custom elements: literals that begin with a capital letter and are no texts, by the reason.
const ELEMENT_EXCEPTIONS: [(&str, &[&str]); 3] = [
    ("keys of keyboards", &["ArrowLeft", "ArrowRight", "Backspace", "Delete", "Enter", "Escape", "Tab"]),
    ("types of GeoJSON and of its library", &["Feature", "FeatureCollection", "MultiPoint", "Point", "Sphere"]),
    ("names of the browser's", &["NotAllowedError", "NotFoundError"]),
];

#[test]
fn no_text_of_an_element_stands_outside_of_its_place() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("elements/src");
    let mut misplaced = Vec::new();
    for file in files(&source, "js").into_iter().filter(|file| !file.ends_with("lib/texts.js")) {
        let text = fs::read_to_string(&file).expect("a script can be read");
        for (number, line) in text.lines().enumerate() {
            let code = line.split(" // ").next().unwrap_or_default();
            if code.trim_start().starts_with("//") {
                continue;
            }
            // Between quotes stand the odd pieces.
            let literals = code.split(['"', '`']).skip(1).step_by(2);
            let is_text = |literal: &&str| {
                let mut characters = literal.chars();
                let begins = characters.next().is_some_and(char::is_uppercase);
                let goes_on = characters.next().is_some_and(char::is_lowercase);
                begins && goes_on && !ELEMENT_EXCEPTIONS.iter().any(|(_, known)| known.contains(literal))
            };
            misplaced
                .extend(literals.filter(is_text).map(|text| format!("{}:{}: {text:?}", file.display(), number + 1)));
        }
    }
    assert!(misplaced.is_empty(), "texts that belong into elements/src/lib/texts.js:\n{}", misplaced.join("\n"));
}

#[test]
fn the_scanner_finds_texts_and_nothing_else() {
    let check = |source: &str, expected: &[&str]| {
        let texts: Vec<String> = found(source).into_iter().map(|found| found.text).collect();
        assert_eq!(texts, expected, "{source}");
    };
    check(r#"view! { <p class="muted found">"Saved."</p> }"#, &["Saved."]);
    check(r#"view! { <p>" and so on"</p> }"#, &[" and so on"]);
    check(r#"view! { <p>{move || if on { "Running…" } else { "running" }}</p> }"#, &["Running…"]);
    check(
        r#"view! { <a aria-label="the log" placeholder=format!("Type {id}") title="x">{texts::X}</a> }"#,
        &["the log", "Type {id}"],
    );
    check(r#"view! { <Field label="Key" class=format!("line {word}") name="a b" /> }"#, &["Key"]);
    check(
        r##"format!(r#"<svg aria-label="The code" viewBox="0 0 {size} {size}"><title>{moment}</title>"#)"##,
        &["The code"],
    );
    check(r#"Err("Fill this in first.".to_owned())"#, &["Fill this in first."]);
    check(r#"match kind { A => "Newest", B => "newest", _ => "A new one" }"#, &["Newest", "A new one"]);
    check(r#"[("label", "Classes with scores"), ("x", "M{x} {y}h")]"#, &["Classes with scores"]);
    check(
        r#"out.raw("\" class=\"a b\"><i alt=\"The one\">Copy</i> the").raw(" more").raw(" x=\"")"#,
        &["The one", "Copy", " the", " more"],
    );
    check("// \"Not this one.\"\n/* \"Nor this one.\" */ /// view! { <p>\"Nor this\"</p> }", &[]);
    check(
        "#[cfg(test)]\nmod tests { fn f() { g(\"Not in tests.\") } }\nconst A: &str = \"But behind them.\";",
        &["But behind them."],
    );
    check("#[cfg(test)]\nmod tests;\nfn f<'a>(c: char) -> bool { c == '\"' || c == '\\'' }", &[]);
    assert_eq!(found("\n\nview! {\n<p>\"Here\"</p> }").first().map(|found| found.line), Some(4));
}

/// Those with code of the pages: without the texts themselves and without files of tests.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder can be read") {
        let path = entry.expect("an entry can be read").path();
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        match path.is_dir() {
            _ if matches!(stem, Some("texts" | "tests")) => {}
            true => found.extend(files(&path, ending)),
            false if path.extension().is_some_and(|extension| extension == ending) => found.push(path),
            false => {}
        }
    }
    found.sort();
    found
}
