use serde_json::json;
use spaces::interface::{Component, Endpoint, Example, Field, NumberRange};
use spaces::value::Value;

use super::*;
use crate::state::Draft;

const TARGET: Target<'static> = Target { space_url: "http://h/spaces/a/b", endpoint: "predict", streams: false };

fn endpoint(inputs: Vec<(&str, Component)>, example: Vec<Value>) -> Endpoint {
    let field = |(name, component): (&str, Component)| Field {
        name: name.into(),
        label: name.into(),
        info: None,
        component,
        default: None,
        optional: false,
    };
    let examples =
        if example.is_empty() { vec![] } else { vec![Example { title: None, inputs: example, cached: false }] };
    Endpoint {
        name: "predict".into(),
        title: "Predict".into(),
        documentation: String::new(),
        inputs: inputs.into_iter().map(field).collect(),
        outputs: vec![],
        examples,
        streams: false,
    }
}

fn textbox() -> Component {
    Component::textbox()
}

fn text_and_number() -> Endpoint {
    endpoint(
        vec![("text", textbox()), ("n", Component::Number(NumberRange::default()))],
        vec![Value::Text("it's \"so\"".into()), Value::Number(2.5)],
    )
}

#[test]
fn every_language_carries_the_values() {
    let drafts = [Draft::Text("it's".into()), Draft::Text("2.5".into())];
    let given = given(&text_and_number(), &drafts);
    let check = |language, expected: &str| assert_eq!(snippet(language, TARGET, &given), expected);
    check(
        Language::Curl,
        "curl http://h/spaces/a/b/api/predict \\\n  -H 'content-type: application/json' \\\n  \
         -d '{\"text\":\"it'\\''s\",\"n\":2.5}'",
    );
    check(
        Language::Python,
        "from gradio_client import Client\n\nclient = Client(\"http://h/spaces/a/b/\")\nresult = client.predict(\n    \
         text=\"it's\",\n    n=2.5,\n    api_name=\"/predict\",\n)\nprint(result)",
    );
    check(
        Language::JavaScript,
        "import { Client } from \"@gradio/client\";\n\nconst client = await Client.connect(\"http://h/spaces/a/b/\");\n\
         const result = await client.predict(\"/predict\", {\n  text: \"it's\",\n  n: 2.5,\n});\n\
         console.log(result.data);",
    );
    check(
        Language::Requests,
        "import requests\n\nanswer = requests.post(\n    \"http://h/spaces/a/b/api/predict\",\n    json={\n        \
         \"text\": \"it's\",\n        \"n\": 2.5,\n    },\n)\nanswer.raise_for_status()\n\
         print(answer.json()[\"data\"])",
    );
}

#[test]
fn what_cannot_be_sent_yet_comes_from_the_example_or_is_made_up() {
    let check = |endpoint: Endpoint, drafts: &[Draft], expected: Vec<Given>| {
        assert_eq!(given(&endpoint, drafts), expected);
    };
    let sent = |name: &str, json| Given { name: name.into(), value: Sent::Json(json) };
    let files = |file| Given { name: "image".into(), value: Sent::Files { files: vec![file], multiple: false } };
    let drafts = [Draft::Text("x".into()), Draft::Text("two".into())];
    check(text_and_number(), &drafts, vec![sent("text", json!("x")), sent("n", json!(2.5))]);
    let image = || vec![("image", Component::image())];
    let example = vec![Value::Text("asset:a.png".into())];
    check(endpoint(image(), example), &[Draft::Files(vec![])], vec![files(File::Asset("a.png".into()))]);
    check(endpoint(image(), vec![]), &[Draft::Files(vec![])], vec![files(File::Own("photo.jpg".into()))]);
}

#[test]
fn files_are_named_in_the_way_of_each_language() {
    let own = |name: &str| Given {
        name: name.into(),
        value: Sent::Files { files: vec![File::Own("photo.jpg".into())], multiple: false },
    };
    let asset = Given {
        name: "image".into(),
        value: Sent::Files { files: vec![File::Asset("my cat.png".into())], multiple: false },
    };
    let note = Given { name: "note".into(), value: Sent::Json(json!(true)) };
    let check = |language, given: &[Given], part: &str| {
        let snippet = snippet(language, TARGET, given);
        assert!(snippet.contains(part), "`{part}` is not in\n{snippet}");
    };
    let both = [own("image"), note];
    check(Language::Curl, &both, " \\\n  -F image=@photo.jpg \\\n  --form-string note=true");
    check(Language::Python, &both, "    image=handle_file(\"photo.jpg\"),\n    note=True,\n");
    check(Language::JavaScript, &both, "  image: handle_file(\"photo.jpg\"),\n  note: true,\n");
    check(Language::Requests, &both, "    data={\n        \"note\": \"true\",\n    },\n");
    check(Language::Requests, &both, "        (\"image\", open(\"photo.jpg\", \"rb\")),\n");
    check(Language::Curl, std::slice::from_ref(&asset), "-d '{\"image\":{\"asset\":\"my cat.png\"}}'");
    let url = "handle_file(\"http://h/spaces/a/b/gradio_api/file=asset/my%20cat.png\")";
    check(Language::Python, std::slice::from_ref(&asset), url);
    check(Language::Requests, &[asset], "        \"image\": {\"asset\": \"my cat.png\"},\n");
}

#[test]
fn a_stream_is_asked_for_as_one_answer() {
    let target = Target { streams: true, ..TARGET };
    let snippet = snippet(Language::Requests, target, &[]);
    assert!(snippet.contains("    json={},\n    headers={\"accept\": \"application/json\"},\n"), "{snippet}");
}
