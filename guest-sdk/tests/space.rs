//! What `#[space]` makes of a module: its description, and calls of its endpoints.

use guest_sdk::bindings::vitrine::space::description::{Choices, Component, Dropdown, NumberRange};
use guest_sdk::component::{Side, take_drawn};
use guest_sdk::{App, CallError, Choice, Context, LinePlot, Metric, Outputs, Value};

#[derive(Debug, Clone, Copy, PartialEq, Choice)]
enum Tone {
    Plain,
    VeryLoud,
    #[choice("as a question")]
    Question,
}

#[derive(Outputs)]
struct Greeting {
    /// What is said.
    text: String,
    length: usize,
}

#[guest_sdk::space]
mod app {
    //! # Greeter.
    //!
    //! Greets *people*.
    use super::{Greeting, Tone};
    use guest_sdk::{Context, Label, Markdown, Result, Stream};

    #[init]
    fn load() -> Result<Vec<String>> {
        Ok(vec!["Hello".into()])
    }

    /// Says hello.
    ///
    /// To anyone.
    #[endpoint(title = "Greet somebody")]
    #[example("World", name = "World", times = 2)]
    #[example(name = "you", tone = Tone::Question)]
    fn greet(
        words: &Vec<String>,
        /// Whom to greet.
        #[input(label = "Your name", placeholder = "Ada", max_length = 20)]
        name: String,
        #[input(default = Tone::Plain)] tone: Tone,
        #[input(minimum = 1, maximum = 3, default = 1, slider)] times: u8,
        shift: Option<f64>,
        stream: &mut Stream<Greeting>,
        context: &Context,
    ) -> Result<Greeting> {
        if name == "nobody" {
            return Err(guest_sdk::Error::invalid_input("name", "greet somebody"));
        }
        if shift.is_some() {
            guest_sdk::bail!("cannot shift in {}", context.invocation_id);
        }
        stream.progress(0.5, "halfway");
        let end = match tone {
            Tone::Plain => ".",
            Tone::VeryLoud => "!!",
            Tone::Question => "?",
        };
        let text = format!("{} {name}{end}", words[0]).repeat(times.into());
        Ok(Greeting { length: text.len(), text })
    }

    #[endpoint(outputs = ["best", "note"])]
    fn pair(#[input(default = -1.5)] number: f32) -> (Label, Option<Markdown>) {
        (Label::from_scores(&["a"], &[number]), None)
    }
}

#[derive(Outputs)]
struct Drawn {
    #[output(x = "day", y = "rain")]
    lines: LinePlot,
    #[output(unit = "ms")]
    speed: Metric,
    #[output(copy)]
    text: String,
    plain: String,
}

#[guest_sdk::space]
mod drawn {
    //! Drawn
    use super::Drawn;
    use guest_sdk::{Chat, Color, Date, LinePlot, Metric, Table};

    #[endpoint]
    #[example(color = "#ffffff", day = "2026-11-28", tags = ["a"], chat = "Hello")]
    fn draw(
        #[input(default = "#000000")] color: Color,
        #[input(timezone = "Asia/Tokyo")] day: Option<Date>,
        #[input(choices = ["a", "b"], allow_custom_value)] tags: Vec<String>,
        #[input(choices = ["a", "b"], default = "a")] word: String,
        #[input(type = "password", default = "")] secret: String,
        #[input(headers = ["day", "rain"], fixed)] table: Option<Table>,
        chat: Chat,
    ) -> Drawn {
        let text = format!("{color} {day:?} {tags:?} {word} {secret} {chat:?}");
        Drawn { lines: LinePlot(table.unwrap_or_default()), speed: Metric::new(1.0), plain: text.clone(), text }
    }
}

type Space = app::__Space;

#[test]
fn documentation_becomes_the_page() {
    let space = Space::describe();
    assert_eq!((space.title.as_str(), space.documentation.as_str()), ("Greeter", "Greets *people*."));
    let endpoint = &space.endpoints[0];
    assert_eq!((endpoint.name.as_str(), endpoint.title.as_str()), ("greet", "Greet somebody"));
    assert_eq!(endpoint.documentation, "Says hello.\n\nTo anyone.");
    assert!(endpoint.streams);
    assert!(!space.endpoints[1].streams);
    assert_eq!(space.endpoints[1].title, "Pair");
}

#[test]
fn parameters_become_inputs() {
    let inputs = &Space::describe().endpoints[0].inputs;
    let names: Vec<&str> = inputs.iter().map(|input| input.name.as_str()).collect();
    assert_eq!(names, ["name", "tone", "times", "shift"]);
    assert_eq!((inputs[0].label.as_str(), inputs[0].info.as_deref()), ("Your name", Some("Whom to greet.")));
    let choices = ["Plain", "Very loud", "as a question"].map(String::from).to_vec();
    assert_eq!(inputs[1].component, Component::Radio(Choices { choices }));
    assert_eq!(inputs[1].default, Some(Value::Text("Plain".into())));
    let range = NumberRange { minimum: Some(1.0), maximum: Some(3.0), step: Some(1.0) };
    assert_eq!(inputs[2].component, Component::Slider(range));
    assert_eq!(inputs.iter().map(|input| input.optional).collect::<Vec<_>>(), [false, false, false, true]);
}

#[test]
fn results_become_outputs() {
    let endpoints = Space::describe().endpoints;
    let names = |index: usize| endpoints[index].outputs.iter().map(|output| output.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(0), ["text", "length"]);
    assert_eq!(endpoints[0].outputs[0].info.as_deref(), Some("What is said."));
    assert_eq!(names(1), ["best", "note"]);
}

#[test]
fn types_say_how_fields_are_drawn() {
    let space = drawn::__Space::describe();
    let inputs = &space.endpoints[0].inputs;
    assert_eq!(
        inputs[3].component,
        Component::Dropdown(Dropdown { choices: vec!["a".into(), "b".into()], multiselect: false })
    );
    assert_eq!(space.endpoints[0].examples[0].inputs[2], Value::Texts(vec!["a".into()]));
    let drawn: Vec<_> = take_drawn().into_iter().map(|(field, side, drawn)| (field, side, drawn.to_string())).collect();
    let expected = [
        ("draw.color", Side::Input, r#"{"kind":"color-picker"}"#),
        ("draw.day", Side::Input, r#"{"kind":"datetime","include_time":false,"timezone":"Asia/Tokyo"}"#),
        (
            "draw.tags",
            Side::Input,
            r#"{"kind":"dropdown","choices":["a","b"],"multiselect":true,"allow_custom_value":true}"#,
        ),
        (
            "draw.secret",
            Side::Input,
            r#"{"kind":"textbox","type":"password","lines":1,"placeholder":null,"max_length":null}"#,
        ),
        ("draw.table", Side::Input, r#"{"kind":"dataframe","headers":["day","rain"],"datatype":[],"editable":false}"#),
        ("draw.chat", Side::Input, r#"{"kind":"chatbot"}"#),
        ("draw.lines", Side::Output, r#"{"kind":"line-plot","x":"day","y":"rain"}"#),
        ("draw.speed", Side::Output, r#"{"kind":"metric","unit":"ms"}"#),
        ("draw.text", Side::Output, r#"{"kind":"textbox","copy":true}"#),
    ];
    let expected: Vec<_> =
        expected.into_iter().map(|(field, side, drawn)| (field.to_owned(), side, drawn.to_owned())).collect();
    assert_eq!(drawn, expected);
}

#[test]
fn examples_take_defaults_for_what_they_leave_out() {
    let examples = &Space::describe().endpoints[0].examples;
    assert_eq!(examples[0].title.as_deref(), Some("World"));
    assert_eq!(
        examples[0].inputs,
        [Value::Text("World".into()), Value::Text("Plain".into()), Value::Integer(2), Value::Null]
    );
    assert_eq!(examples[1].inputs[1], Value::Text("as a question".into()));
}

#[test]
fn calls_convert_both_ways() {
    Space::init().expect("`load` succeeds");
    let greeting = call(&[Value::Text("Ada".into()), Value::Text("Very loud".into()), Value::Number(2.0), Value::Null]);
    assert_eq!(greeting, Ok(vec![Value::Text("Hello Ada!!Hello Ada!!".into()), Value::Integer(22)]));
    let pair = Space::call("pair", vec![Value::Number(0.5)], context());
    assert!(matches!(pair.as_deref(), Ok([Value::Label(_), Value::Null])), "{pair:?}");
}

#[test]
fn failures_name_the_input() {
    Space::init().expect("`load` succeeds");
    let plain = Value::Text("Plain".into());
    let invalid = |name: &str, message: &str| Err(CallError::InvalidInput((name.into(), message.into())));
    let nobody = [Value::Text("nobody".into()), plain.clone(), Value::Integer(1), Value::Null];
    assert_eq!(call(&nobody), invalid("name", "greet somebody"));
    let tone = [Value::Text("Ada".into()), Value::Text("shy".into())];
    assert_eq!(call(&tone), invalid("tone", "`shy` is not one of `Plain`, `Very loud`, `as a question`"));
    let shifted = [Value::Text("Ada".into()), plain, Value::Integer(1), Value::Number(1.0)];
    assert_eq!(call(&shifted), Err(CallError::Failed("cannot shift in test".into())));
}

#[test]
fn calls_before_init_fail() {
    let inputs = [Value::Text("Ada".into()), Value::Text("Plain".into()), Value::Integer(1), Value::Null];
    // What `init` returned is kept per thread, and this test runs in its own.
    assert_eq!(call(&inputs), Err(CallError::Failed("the space was not initialised".into())));
}

fn call(inputs: &[Value]) -> Result<Vec<Value>, CallError> {
    Space::call("greet", inputs.to_vec(), context())
}

fn context() -> Context {
    Context { invocation_id: "test".into(), session: None, deadline_ms: 1000 }
}

#[guest_sdk::space]
mod linked {
    //! Linked blocks.
    use guest_sdk::{Layout, Result, Selection, Table, Updates};

    #[layout]
    fn layout() -> Layout {
        Layout::new().steps(|steps| {
            steps.step("First", |step| step.input("list.many")).step("Then", |step| step.output("list.rows"))
        })
    }

    #[endpoint(outputs = ["rows"])]
    #[on(load, change, timer = 1000)]
    fn list(#[input(default = 2)] many: u32) -> Table {
        Table::new(["n"], (0..many).map(|n| [n]))
    }

    #[endpoint]
    #[on(select = "list.rows")]
    fn pick(selection: Selection) -> Result<Updates> {
        let row = selection.row().ok_or_else(|| guest_sdk::Error::new("no row"))?;
        Ok(Updates::new().value("list.many", row as f64).hide("list.rows").choices("say.word", ["a", "b"]))
    }

    #[endpoint]
    fn say(#[input(choices = ["x"], allow_custom_value)] word: String) -> String {
        word
    }
}

#[test]
fn a_module_says_its_layout_and_what_calls_its_endpoints() {
    let described = linked::__Space::describe();
    assert!(described.layout.is_empty() && described.events.is_empty(), "hosts of before see forms");
    let (layout, events) = guest_sdk::take_arranged();
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
    let expected = serde_json::json!([
        { "kind": "steps", "parent": null },
        { "kind": "step", "value": "First", "parent": 0 },
        { "kind": "input", "value": "list.many", "parent": 1 },
        { "kind": "step", "value": "Then", "parent": 0 },
        { "kind": "output", "value": "list.rows", "parent": 3 },
    ]);
    assert_eq!(json(&layout), expected);
    let expected = serde_json::json!([
        { "trigger": { "on": "load" }, "endpoint": "list" },
        { "trigger": { "on": "change", "value": "list.many" }, "endpoint": "list" },
        { "trigger": { "on": "timer", "value": 1000 }, "endpoint": "list" },
        { "trigger": { "on": "select", "value": "list.rows" }, "endpoint": "pick" },
        { "trigger": { "on": "submit" }, "endpoint": "say" },
    ]);
    assert_eq!(json(&events), expected);
    let drawn = take_drawn();
    assert!(drawn.iter().any(|(field, _, drawn)| field == "pick.output" && drawn.to_string().contains("updates")));
}

#[test]
fn a_selection_is_read_and_answered_with_updates() {
    let context = || Context { invocation_id: "i".to_owned(), session: None, deadline_ms: 1000 };
    let pick = |json: &str| linked::__Space::call("pick", vec![Value::Json(json.to_owned())], context());
    let answer = pick(r#"{"index": [1, 0], "value": 1, "row_value": [1]}"#).expect("updates");
    let Value::Json(updates) = &answer[0] else { panic!("{answer:?}") };
    let expected = serde_json::json!({
        "list.many": { "value": 1.0 }, "list.rows": { "visible": false }, "say.word": { "choices": ["a", "b"] },
    });
    assert_eq!(serde_json::from_str::<serde_json::Value>(updates).expect("JSON"), expected);
    assert!(pick(r#"{"index": ["a"]}"#).is_err() && pick("{}").is_err());
}
