//! `space.toml`: read, checked, written again, and laid over what an app says of itself.

use spaces::interface::{Component, Endpoint, Field, Interface, NumberRange, TextType};
use spaces::manifest::{Manifest, ManifestError};
use spaces::value::{Dtype, Value};

use super::close;
use super::message;

/// A text of a `space.toml`.
pub(crate) fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let manifest = match Manifest::parse(text) {
        Ok(manifest) => manifest,
        Err(error) => return check_error(text, &error),
    };

    // The runner reads it as JSON, the store keeps it so.
    let json = serde_json::to_string(&manifest).expect("a manifest is JSON");
    let read: Manifest = serde_json::from_str(&json).expect("the JSON of a manifest is one");
    close::assert(&read, &manifest);
    let again = toml::to_string(&manifest).expect("a manifest is TOML");
    assert_eq!(Manifest::parse(&again).as_ref(), Ok(&manifest), "{again}");

    let mut interface = interface();
    match manifest.overlay(&mut interface) {
        Ok(()) => check_interface(&interface),
        Err(error) => message::check(&error),
    }
}

fn check_error(text: &str, error: &ManifestError) {
    message::check(error);
    assert!(!error.message.is_empty());
    // `lines` does not count an empty last line, which an error at the end of the file points to.
    let line = text.split('\n').nth(error.line - 1).expect("the error is on a line of the file");
    assert!(error.column <= line.chars().count() + 1, "column {} of `{line}`", error.column);
}

/// What passes can be stored, and read again as it was.
fn check_interface(interface: &Interface) {
    if let Err(error) = interface.check() {
        return message::check(&error);
    }
    let json = serde_json::to_string(interface).expect("an interface is JSON");
    let read: Interface = serde_json::from_str(&json).expect("the JSON of an interface is one");
    close::assert(&read, interface);
    for path in interface.asset_paths() {
        spaces::id::check_asset_path(path).expect("a file of an example is in the bundle");
    }
}

/// One input of each kind, all optional, so that an example may give any of them.
fn interface() -> Interface {
    let choices = || vec!["a".to_owned(), "b".to_owned()];
    let components = [
        (
            "text",
            Component::Textbox {
                lines: 1,
                placeholder: None,
                max_length: Some(8),
                text_type: TextType::Text,
                copy: false,
            },
        ),
        ("number", Component::Number(NumberRange { minimum: Some(0.0), maximum: None, step: None })),
        ("flag", Component::Checkbox),
        ("one", Component::Radio { choices: choices() }),
        ("some", Component::CheckboxGroup { choices: choices() }),
        ("image", Component::image()),
        ("file", Component::File { file_types: vec![".csv".to_owned()], multiple: false }),
        ("files", Component::File { file_types: Vec::new(), multiple: true }),
        ("gallery", Component::Gallery),
        ("table", Component::dataframe(Vec::new())),
        ("json", Component::Json),
        ("tensor", Component::Tensor { dtype: Dtype::F32, shape: vec![None, Some(2)] }),
    ];
    let field = |(name, component): (&str, Component)| Field {
        name: name.to_owned(),
        label: name.to_owned(),
        info: None,
        component,
        default: None,
        optional: true,
    };
    let endpoint = |name: &str, inputs| Endpoint {
        name: name.to_owned(),
        title: name.to_owned(),
        documentation: String::new(),
        inputs,
        outputs: Vec::new(),
        examples: Vec::new(),
        streams: false,
    };
    let mut needed = field(("x", Component::textbox()));
    (needed.optional, needed.default) = (false, Some(Value::Text("x".to_owned())));
    Interface {
        title: "App".to_owned(),
        endpoints: vec![
            endpoint("predict", components.into_iter().map(field).collect()),
            endpoint("other", vec![needed]),
        ],
        ..Interface::default()
    }
}
