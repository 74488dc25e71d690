use super::*;
use crate::interface::{Component, NumberRange};

fn interface() -> Interface {
    let field = |name: &str, component| Field {
        name: name.to_owned(),
        label: String::new(),
        info: None,
        component,
        default: None,
        optional: false,
    };
    let mut hint = field("hint", Component::textbox());
    hint.optional = true;
    let age = Component::Number(NumberRange { minimum: Some(0.0), maximum: None, step: None });
    let endpoint = |name: &str, inputs| Endpoint {
        name: name.to_owned(),
        title: String::new(),
        documentation: String::new(),
        inputs,
        outputs: Vec::new(),
        examples: vec![Example { title: Some("the app's own".to_owned()), inputs: Vec::new(), cached: false }],
        streams: false,
    };
    let endpoints = vec![
        endpoint("predict", vec![field("image", Component::image()), field("age", age), hint]),
        endpoint("several", vec![field("images", Component::Gallery)]),
    ];
    Interface { title: "App".to_owned(), documentation: "Doc".to_owned(), endpoints, ..Interface::default() }
}

fn overlaid(text: &str) -> Result<Interface, String> {
    let mut interface = interface();
    let manifest = Manifest::parse(text).expect("the manifest itself is sound");
    manifest.overlay(&mut interface).map(|()| interface).map_err(|error| error.to_string())
}

#[test]
fn titles_of_the_manifest_win() {
    let check = |text: &str, title: &str, documentation: &str| {
        let interface = overlaid(text).expect("the overlay fits");
        assert_eq!((interface.title.as_str(), interface.documentation.as_str()), (title, documentation));
    };
    check("", "App", "Doc");
    check("title = 'Mine'", "Mine", "Doc");
    check("description = 'Text'", "App", "Text");
}

#[test]
fn examples_become_stored_values() {
    let check = |text: &str, endpoint: usize, expected: &[&[Value]]| {
        let interface = overlaid(text).expect("the overlay fits");
        let found: Vec<_> = interface.endpoints[endpoint].examples.iter().map(|example| &example.inputs[..]).collect();
        assert_eq!(found, expected, "{text}");
        let other = &interface.endpoints[1 - endpoint].examples;
        assert_eq!(other[0].title.as_deref(), Some("the app's own"), "{text}");
    };
    let asset = |path: &str| Value::Text(format!("asset:{path}"));
    let two = "[[examples]]\ninputs = { image = '@a.png', age = 3 }\n\
               [[examples]]\ninputs = { image = '@b/c.png', age = 4.5, hint = '@x' }";
    check(
        two,
        0,
        &[
            &[asset("a.png"), Value::Number(3.0), Value::Null],
            &[asset("b/c.png"), Value::Number(4.5), Value::Text("@x".to_owned())],
        ],
    );
    let several = "[[examples]]\nendpoint = 'several'\ninputs = { images = ['@a.png', '@b.png'] }";
    check(several, 1, &[&[Value::Texts(vec!["asset:a.png".to_owned(), "asset:b.png".to_owned()])]]);
}

#[test]
fn examples_that_do_not_fit_name_example_and_input() {
    let check = |text: &str, expected: &str| {
        assert_eq!(overlaid(&format!("[[examples]]\n{text}")).map(|_| ()), Err(expected.to_owned()));
    };
    check("endpoint = 'train'\ninputs = {}", {
        "example 1: there is no endpoint `train`; the endpoints are `predict`, `several`"
    });
    check("inputs = { image = '@a.png', aeg = 3 }", "example 1: there is no input `aeg`; did you mean `age`?");
    check(
        "title = 'young'\ninputs = { image = '@a.png', age = -1 }",
        "example `young`: input `age`: -1 is below the minimum 0",
    );
    check("inputs = { image = '@../a.png', age = 1 }", {
        "example 1: input `image`: `../a.png` is not a path in the bundle: it must not contain `..`"
    });
    check("inputs = { image = 'a.png', age = 1 }", {
        "example 1: input `image`: the string is not a data URL of the form `data:image/png;base64,...`"
    });
    check("inputs = { age = 1 }", "example 1: input `image` is missing");
}

#[test]
fn example_files_are_listed_with_their_place() {
    let interface = overlaid("[[examples]]\ntitle = 'one'\ninputs = { image = '@a.png', age = 3, hint = 'asset:no' }")
        .expect("the overlay fits");
    let found: Vec<_> = interface.asset_paths().collect();
    assert_eq!(found, ["a.png"]);
}
