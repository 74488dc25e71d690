use super::*;
use crate::interface::{Component, Event, Example, Field, LayoutKind, LayoutNode, NumberRange, SELECTION, Trigger};
use crate::value::{Dtype, Value};

fn field(component: Component) -> Field {
    Field { name: "x".to_owned(), label: String::new(), info: None, component, default: None, optional: false }
}

fn slider(minimum: f64, maximum: f64) -> Component {
    Component::Slider(NumberRange { minimum: Some(minimum), maximum: Some(maximum), step: None })
}

/// One endpoint `predict` from a slider `x` to a number `x`.
fn interface() -> Interface {
    let endpoint = Endpoint {
        name: "predict".to_owned(),
        title: String::new(),
        documentation: String::new(),
        inputs: vec![field(slider(0.0, 10.0))],
        outputs: vec![field(Component::Number(NumberRange::default()))],
        examples: Vec::new(),
        streams: false,
    };
    Interface { title: "Demo".to_owned(), endpoints: vec![endpoint], ..Interface::default() }
}

/// Changes the sound interface above; it is then still sound, or the message says what is wrong.
fn check(change: impl FnOnce(&mut Interface), expected: Result<(), &str>) {
    let mut interface = interface();
    change(&mut interface);
    let checked = interface.check().map_err(|error| error.to_string());
    assert_eq!(checked, expected.map_err(str::to_owned));
}

#[test]
fn names_are_plain_and_used_once() {
    check(|_| {}, Ok(()));
    check(|interface| interface.endpoints.clear(), Err("interface: there is no endpoint"));
    check(|interface| interface.endpoints[0].name = "Predict".to_owned(), {
        Err("endpoint Predict: `Predict` is not a name: \
             use 1 to 64 lower-case letters, digits and underscores, a letter first")
    });
    check(
        |interface| {
            let twin = interface.endpoints[0].clone();
            interface.endpoints.push(twin);
        },
        Err("endpoint predict: the name is used twice"),
    );
    check(|interface| interface.endpoints[0].outputs[0].name = String::new(), {
        Err("endpoint predict, output : `` is not a name: \
             use 1 to 64 lower-case letters, digits and underscores, a letter first")
    });
    check(
        |interface| {
            let twin = interface.endpoints[0].inputs[0].clone();
            interface.endpoints[0].inputs.push(twin);
        },
        Err("endpoint predict, input x: the name is used twice"),
    );
}

#[test]
fn an_interface_is_small_enough_to_draw() {
    check(
        |interface| interface.endpoints = vec![interface.endpoints[0].clone(); MAX_ENDPOINTS + 1],
        Err("interface: there are 65 endpoints, but at most 64 are allowed"),
    );
    check(
        |interface| interface.endpoints[0].inputs = vec![field(Component::Checkbox); MAX_FIELDS],
        Err("endpoint predict: there are 257 inputs and outputs, but at most 256 are allowed"),
    );
    check(|interface| interface.documentation = "x".repeat(MAX_INTERFACE_BYTES), {
        Err("interface: it takes 1048938 bytes as JSON, but at most 1048576 are allowed; \
             put example files into the bundle")
    });
    check(
        |interface| {
            let example = Example { title: None, inputs: vec![Value::Number(1.0)], cached: false };
            interface.endpoints[0].examples = vec![example; MAX_EXAMPLES + 1];
        },
        Err("endpoint predict: there are 257 examples, but at most 256 are allowed"),
    );
}

#[test]
fn components_are_consistent() {
    let check = |component: Component, expected: Result<(), &str>| {
        let expected = expected.map_err(|message| format!("endpoint predict, input x: {message}"));
        let change = |interface: &mut Interface| interface.endpoints[0].inputs[0] = field(component);
        check(change, expected.as_ref().copied().map_err(String::as_str));
    };
    let choices = |texts: &[&str]| Component::Radio { choices: texts.iter().map(|text| (*text).to_owned()).collect() };
    check(slider(1.0, 1.0), Err("the minimum 1 is not below the maximum 1"));
    check(Component::Slider(NumberRange::default()), Err("a slider needs a minimum and a maximum"));
    check(slider(0.0, f64::INFINITY), Err("the maximum must be a finite number, found inf"));
    check(
        Component::Number(NumberRange { step: Some(0.0), ..NumberRange::default() }),
        Err("the step 0 is not above 0"),
    );
    check(choices(&["a", "b"]), Ok(()));
    check(choices(&[]), Err("there are no choices"));
    check(choices(&["a", "a"]), Err("the choice `a` is there twice"));
    check(Component::Label { top: None }, Err("a label can only be an output"));
    check(Component::Tensor { dtype: Dtype::F32, shape: vec![None, Some(224)] }, Ok(()));
    check(
        Component::Tensor { dtype: Dtype::F32, shape: vec![None; 17] },
        Err("a tensor has at most 16 dimensions, found 17"),
    );
    check(
        Component::Tensor { dtype: Dtype::F32, shape: vec![Some(u64::MAX); 2] },
        Err("the shape has more elements than can be stored"),
    );
}

#[test]
fn defaults_and_examples_fit() {
    let default = |component: Component, value: Value, expected: Result<(), &str>| {
        let change = |interface: &mut Interface| {
            interface.endpoints[0].inputs[0] = Field { default: Some(value), ..field(component) };
        };
        check(change, expected);
    };
    let asset = |path: &str| Value::Text(format!("asset:{path}"));
    default(slider(0.0, 1.0), Value::Number(1.0), Ok(()));
    default(slider(0.0, 1.0), Value::Number(2.0), {
        Err("endpoint predict, input x: the default does not fit: 2 is above the maximum 1")
    });
    default(slider(0.0, 1.0), Value::Null, {
        Err("endpoint predict, input x: the default does not fit: expected a number, found null")
    });
    default(Component::image(), asset("a.png"), Ok(()));
    default(Component::image(), asset("/a.png"), {
        Err("endpoint predict, input x: input `x`: `/a.png` is not a path in the bundle: it must be relative")
    });
    check(
        |interface| interface.endpoints[0].outputs[0].default = Some(Value::Null),
        Err("endpoint predict, output x: an output cannot have a default"),
    );

    let example = |inputs: Vec<Value>, expected: Result<(), &str>| {
        let title = Some("first".to_owned());
        let change = |interface: &mut Interface| {
            interface.endpoints[0].examples = vec![Example { title, inputs, cached: false }]
        };
        check(change, expected);
    };
    example(vec![Value::Number(1.0)], Ok(()));
    example(vec![], Err("endpoint predict, example `first`: there are 0 values for 1 inputs"));
    example(vec![Value::Null], Err("endpoint predict, example `first`: input `x` has no value"));
    example(vec![Value::Number(11.0)], {
        Err("endpoint predict, example `first`: input `x`: 11 is above the maximum 10")
    });
}

#[test]
fn layouts_are_shallow_trees_of_what_exists() {
    let check = |nodes: &[(LayoutKind, Option<u32>)], expected: Result<(), &str>| {
        let layout = nodes.iter().cloned().map(|(kind, parent)| LayoutNode { kind, parent }).collect();
        check(|interface| interface.layout = layout, expected);
    };
    let tab = || LayoutKind::Tab("A".to_owned());
    let input = |path: &str| LayoutKind::Input(path.to_owned());
    check(&[(LayoutKind::Row, None), (input("predict.x"), Some(0))], Ok(()));
    check(&[(LayoutKind::Tabs, None), (tab(), Some(0)), (LayoutKind::Row, Some(1))], Ok(()));
    check(&[(LayoutKind::Row, Some(0))], Err("layout node 0: the parent 0 is not a node before this one"));
    check(&[(LayoutKind::Row, Some(7))], Err("layout node 0: the parent 7 is not a node before this one"));
    check(&[(tab(), None)], Err("layout node 0: a tab must be directly inside tabs"));
    check(&[(LayoutKind::Tabs, None), (LayoutKind::Row, Some(0))], {
        Err("layout node 1: only a tab can be directly inside tabs")
    });
    let step = || LayoutKind::Step("A".to_owned());
    check(&[(LayoutKind::Steps, None), (step(), Some(0)), (input("predict.x"), Some(1))], Ok(()));
    check(&[(step(), None)], Err("layout node 0: a step must be directly inside steps"));
    check(&[(LayoutKind::Steps, None), (tab(), Some(0))], {
        Err("layout node 1: only a step can be directly inside steps")
    });
    check(&[(input("predict.x"), None), (LayoutKind::Row, Some(0))], {
        Err("layout node 1: nothing can be inside a markdown, endpoint, input or output node")
    });
    check(&[(input("predict.y"), None)], {
        Err("layout node 0: there is no input `predict.y`; write `endpoint.field`")
    });
    check(&[(LayoutKind::Output("x".to_owned()), None)], {
        Err("layout node 0: there is no output `x`; write `endpoint.field`")
    });
    check(&[(LayoutKind::Endpoint("train".to_owned()), None)], Err("layout node 0: there is no endpoint `train`"));
    let chain: Vec<_> = (0..17u32).map(|index| (LayoutKind::Row, index.checked_sub(1))).collect();
    check(&chain[..16], Ok(()));
    check(&chain, Err("layout node 16: the nodes nest deeper than 16 levels"));
}

#[test]
fn events_call_what_exists_and_not_too_often() {
    let check = |trigger: Trigger, endpoint: &str, expected: Result<(), &str>| {
        let events = vec![Event { trigger, endpoint: endpoint.to_owned() }];
        check(|interface| interface.events = events, expected);
    };
    check(Trigger::Load, "predict", Ok(()));
    check(Trigger::Change("predict.x".to_owned()), "predict", Ok(()));
    check(Trigger::Timer(250), "predict", Ok(()));
    check(Trigger::Timer(249), "predict", Err("event 0: a timer runs at most every 250 ms, found 249 ms"));
    check(Trigger::Submit, "train", Err("event 0: there is no endpoint `train`"));
    check(Trigger::Change("predict.y".to_owned()), "predict", {
        Err("event 0: there is no input `predict.y`; write `endpoint.field`")
    });
}

#[test]
fn a_selection_is_given_to_an_endpoint_that_takes_it() {
    let select = |interface: &mut Interface, output: &str| {
        let trigger = Trigger::Select(output.to_owned());
        interface.events = vec![Event { trigger, endpoint: "predict".to_owned() }];
    };
    let output = interface().endpoints[0].outputs[0].name.clone();
    check(|interface| select(interface, "predict.nothing"), {
        Err("event 0: there is no output `predict.nothing`; write `endpoint.field`")
    });
    check(|interface| select(interface, &format!("predict.{output}")), {
        Err("event 0: `predict` is called by a selection, so it needs an input `selection` of component `json`")
    });
    let takes = |interface: &mut Interface| {
        let selection = Field { name: SELECTION.to_owned(), optional: true, ..field(Component::Json) };
        interface.endpoints[0].inputs.push(selection);
        interface.endpoints[0].examples.clear();
        select(interface, &format!("predict.{output}"));
    };
    check(takes, Ok(()));
}

#[test]
fn what_passes_can_be_read_from_the_store() {
    let with_default = |levels: usize| {
        let mut interface = interface();
        let nested = (0..levels).fold(serde_json::json!({}), |inner, _| serde_json::json!([inner]));
        interface.endpoints[0].inputs[0] = Field { default: Some(Value::Json(nested)), ..field(Component::Json) };
        interface
    };
    let deepest = with_default(63);
    assert_eq!(deepest.check(), Ok(()));
    let stored = serde_json::to_string(&deepest).expect("an interface is JSON");
    assert_eq!(serde_json::from_str::<Interface>(&stored).expect("what is stored can be read"), deepest);
    // At 120 levels it could be stored, but the parser gave up on reading it.
    let error = with_default(120).check().expect_err("too deep").to_string();
    assert_eq!(error, "endpoint predict, input x: the default does not fit: the JSON nests deeper than 64 levels");
}
