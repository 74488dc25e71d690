//! `vitrine new`: a folder to begin with.
//!
//! The Rust template carries the guest SDK's sources, so that it builds without a registry that has them.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use rust_embed::RustEmbed;
use spaces::SpaceId;

use super::error::CliError;
use super::output;

/// Make a folder for a new space
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vitrine new iris --template onnx      (a model, no code)
  vitrine new word-count --template rust")]
pub(crate) struct NewArgs {
    /// The folder; its last part names the space: lower-case letters, digits and inner hyphens
    #[arg(value_name = "NAME")]
    dir: PathBuf,

    /// What the space is made from
    #[arg(long, env = "VITRINE_TEMPLATE", default_value = "onnx")]
    template: Template,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Template {
    /// An ONNX model and a commented space.toml
    Onnx,
    /// A Rust crate with the guest SDK
    Rust,
}

/// The guest SDK as authors need it, and its template.
#[derive(RustEmbed)]
#[folder = "../guest-sdk"]
#[include = "Cargo.toml"]
#[include = "src/*"]
#[include = "wit/*"]
#[include = "macro/Cargo.toml"]
#[include = "macro/src/*"]
#[include = "template/*"]
#[exclude = "*/target/*"]
#[exclude = "*.lock"]
struct GuestSdk;

/// Where the template lies in the SDK's folder.
const TEMPLATE_PREFIX: &str = "template/";

/// Where the SDK lies in the new folder; the template's `Cargo.toml` points there.
const SDK_DIR: &str = "guest-sdk";

/// Stands for the space's name in templates.
const NAME_PLACEHOLDER: &str = "my-space";

/// Writes the folder and says how to go on.
pub(crate) fn run(args: &NewArgs) -> Result<(), CliError> {
    let dir = &args.dir;
    let name = space_name(dir)?;
    if args.template == Template::Rust && name.starts_with(|first: char| first.is_ascii_digit()) {
        return Err(CliError::input(format!("`{name}` begins with a digit, which no Rust crate may")));
    }
    let is_taken = match fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => dir.exists(),
    };
    if is_taken {
        return Err(CliError::input(format!("`{}` is there already and not empty", dir.display())));
    }
    for (path, bytes) in files(args.template, &name) {
        write(&dir.join(path), &bytes)?;
    }
    output::note(&format!("made `{}`; next:", dir.display()));
    let shown = dir.display();
    match args.template {
        Template::Onnx => output::result(&format!("  cp YOUR-MODEL.onnx {shown}/\n  vitrine publish {shown}")),
        Template::Rust => output::result(&format!("  vitrine build {shown}\n  vitrine publish {shown}")),
    }
}

/// The folder's last part, if a space can be called so.
fn space_name(dir: &Path) -> Result<String, CliError> {
    let name = dir.file_name().and_then(|name| name.to_str()).unwrap_or("");
    // Any owner does: only the name is at stake.
    SpaceId::new("owner", name).map_err(|error| CliError::input(error.to_string()))?;
    Ok(name.to_owned())
}

/// The template's files, each with its path in the new folder.
fn files(template: Template, name: &str) -> Vec<(String, Vec<u8>)> {
    match template {
        Template::Onnx => vec![
            ("space.toml".to_owned(), named(include_str!("new/onnx/space.toml"), name)),
            ("README.md".to_owned(), named(include_str!("new/onnx/README.md"), name)),
        ],
        Template::Rust => GuestSdk::iter()
            .filter_map(|path| {
                let bytes = GuestSdk::get(&path)?.data;
                Some(match path.strip_prefix(TEMPLATE_PREFIX) {
                    Some(path) => (path.to_owned(), named(&String::from_utf8_lossy(&bytes), name)),
                    None => (format!("{SDK_DIR}/{path}"), bytes.into_owned()),
                })
            })
            .collect(),
    }
}

fn named(text: &str, name: &str) -> Vec<u8> {
    text.replace(NAME_PLACEHOLDER, name).into_bytes()
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|source| CliError::file("create", parent, source))?;
    }
    fs::write(path, bytes).map_err(|source| CliError::file("write", path, source))
}

#[cfg(test)]
mod tests {
    use spaces::manifest::Manifest;

    use super::*;

    #[test]
    fn the_onnx_manifest_is_valid_as_written_and_with_everything_switched_on() {
        let files = files(Template::Onnx, "iris");
        let text = String::from_utf8(files[0].1.clone()).expect("text");
        let manifest = Manifest::parse(&text).expect("valid as written");
        assert_eq!((manifest.title.as_deref(), manifest.inputs.len()), (Some("iris"), 0));

        // A key that is switched off has no space after its `#`; prose has one.
        let switch = |line: &str| match line.strip_prefix('#') {
            Some(rest) if !rest.is_empty() && !rest.starts_with(' ') => rest.to_owned(),
            _ => line.to_owned(),
        };
        let everything: String = text.lines().map(|line| switch(line) + "\n").collect();
        let manifest = Manifest::parse(&everything).expect("valid with everything switched on");
        assert_eq!(manifest.space.expect("named").to_string(), "alice/iris");
        assert!(manifest.inputs.len() >= 2 && !manifest.outputs.is_empty() && !manifest.examples.is_empty());
    }

    #[test]
    fn the_rust_template_brings_the_sdk() {
        let files = files(Template::Rust, "word-count");
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        let wanted = [
            "Cargo.toml",
            "space.toml",
            "src/lib.rs",
            "guest-sdk/Cargo.toml",
            "guest-sdk/src/lib.rs",
            "guest-sdk/wit/world.wit",
            "guest-sdk/macro/Cargo.toml",
        ];
        for path in wanted {
            assert!(paths.contains(&path), "{path} is missing in {paths:?}");
        }
        assert!(!paths.iter().any(|path| path.contains("target/") || path.contains("guest-sdk/build/")), "{paths:?}");
    }

    #[test]
    fn folders_are_named_like_spaces_and_never_overwritten() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let make = |name: &str| {
            run(&NewArgs { dir: dir.path().join(name), template: Template::Onnx }).map_err(|e| e.to_string())
        };
        assert_eq!(make("iris"), Ok(()));
        assert!(dir.path().join("iris/space.toml").is_file());
        assert!(make("iris").expect_err("it is there").ends_with("is there already and not empty"));
        assert!(make("My_Space").expect_err("no name").contains("use lower-case letters"));
    }
}
