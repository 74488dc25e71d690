//! Values between a visitor's JSON, the domain and a guest, and what a guest says of itself.
//!
//! The first byte chooses: `v`, a component and the JSON that a visitor sends for it; `a`, a guest's answer; else a
//! guest's description.

use host_runtime::DrawnComponent;
use host_runtime::wit::{self, description as guest};
use serde_json::{Value as Json, json};
use spaces::interface::{Axes, Component, Endpoint, Field, Interface, NumberRange, TextType, ValueKind};
use spaces::value::decode::{NoAssets, asset_paths, decode_inputs};
use spaces::value::encode::{check_outputs, encode, encode_outputs};
use spaces::value::{Dtype, Tensor, Value};

use super::close;
use super::message;
use super::source::Source;
use crate::convert::{interface_from_guest, value_from_guest, value_to_guest, values_from_guest};

impl Source<'_> {
    fn float(&mut self) -> f64 {
        f64::from_le_bytes(self.array())
    }

    fn option<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.flag().then(|| make(self))
    }
}

pub(crate) fn check(data: &[u8]) {
    let mut source = Source::new(data);
    match source.byte() {
        b'v' => check_visitor(&mut source),
        b'a' => check_answer(&mut source),
        _ => check_description(&mut source),
    }
}

/// What a visitor sent reaches the guest as it was, can be stored, and can be sent again.
fn check_visitor(source: &mut Source<'_>) {
    let field = field("x", domain_component(source), None);
    let endpoint = endpoint(vec![field.clone()], Vec::new());
    let mut body = b"{\"x\":".to_vec();
    body.extend_from_slice(source.rest());
    body.push(b'}');
    let Ok(body) = serde_json::from_slice::<Json>(&body) else { return };
    let n_files = asset_paths(&endpoint, &body).len();
    let values = match decode_inputs(&endpoint, body, Vec::new(), &NoAssets) {
        Ok(values) => values,
        Err(error) => return message::check(&error),
    };
    assert_eq!(n_files, 0, "a bundle without files has none to read");
    let [value] = <[Value; 1]>::try_from(values).expect("one value for the one input");
    if value == Value::Null {
        return;
    }

    let returned = value_from_guest(value_to_guest(value.clone())).expect("what was handed out can be taken back");
    assert_same(&returned, &value);
    check_outputs(&self::endpoint(Vec::new(), vec![field.clone()]), std::slice::from_ref(&value))
        .expect("what fits an input fits an output");

    let text = json!({ "data": [encode(&field, value.clone())] }).to_string();
    let body = serde_json::from_str(&text).expect("what was encoded can be read");
    let again = decode_inputs(&endpoint, body, Vec::new(), &NoAssets).expect("what was encoded can be sent again");
    assert_same(&again[0], &value);

    check_stored(&interface(endpoint_with_default(field, value)));
}

/// An answer is refused, or is JSON that every client can read.
fn check_answer(source: &mut Source<'_>) {
    let components: Vec<Component> = source.list(3, domain_component);
    let fields: Vec<Field> =
        components.into_iter().enumerate().map(|(n, component)| field(&format!("y{n}"), component, None)).collect();
    let outputs: Vec<wit::Value> = fields.iter().map(|field| fitting_value(source, &field.component)).collect();
    let endpoint = endpoint(Vec::new(), fields);
    let outputs = match values_from_guest(outputs) {
        Ok(outputs) => outputs,
        Err(error) => return message::check(&error),
    };
    if let Err(error) = check_outputs(&endpoint, &outputs) {
        return message::check(&error);
    }
    let n_outputs = outputs.len();
    let text = json!({ "data": encode_outputs(&endpoint, outputs) }).to_string();
    let answer: Json = serde_json::from_str(&text).expect("a client can read the answer");
    assert_eq!(answer["data"].as_array().map(Vec::len), Some(n_outputs));
}

fn check_description(source: &mut Source<'_>) {
    let description = description(source);
    let components = source.list(3, |source| drawn(source, &description));
    match interface_from_guest(description, components, None) {
        Ok(interface) => check_stored(&interface),
        Err(error) => message::check(&error),
    }
}

/// An interface that passes its check comes back from the store as it was.
fn check_stored(interface: &Interface) {
    if let Err(error) = interface.check() {
        return message::check(&error);
    }
    let text = serde_json::to_string(interface).expect("an interface is JSON");
    let read: Interface = serde_json::from_str(&text).expect("a stored interface can be read");
    close::assert(&read, interface);
    read.check().expect("a stored interface passes its check again");
    let json: Json = serde_json::from_str(&json!({ "interface": read }).to_string()).expect("as the API sends it");
    assert!(json["interface"]["endpoints"].is_array());
}

/// Floats that are not finite have no JSON: all of them become the one NaN.
fn assert_same(found: &Value, expected: &Value) {
    match (found, expected) {
        (Value::Tensor(found), Value::Tensor(expected)) => {
            assert_eq!((found.dtype, &found.shape), (expected.dtype, &expected.shape));
            match (floats(found), floats(expected)) {
                (Some(found), Some(expected)) => close::assert(&found, &expected),
                _ => assert_eq!(found.bytes, expected.bytes),
            }
        }
        _ => close::assert(found, expected),
    }
}

fn floats(tensor: &Tensor) -> Option<Vec<f64>> {
    match tensor.dtype {
        Dtype::F32 => Some(tensor.bytes.as_chunks().0.iter().map(|b| f64::from(f32::from_le_bytes(*b))).collect()),
        Dtype::F64 => Some(tensor.bytes.as_chunks().0.iter().map(|b| f64::from_le_bytes(*b)).collect()),
        // Exact but for the one NaN, whose exponent is all ones.
        Dtype::F16 => {
            let bits = tensor.bytes.as_chunks().0.iter().map(|b| u16::from_le_bytes(*b));
            Some(bits.map(|bits| if bits & 0x7c00 == 0x7c00 { f64::NAN } else { f64::from(bits) }).collect())
        }
        _ => None,
    }
}

fn field(name: &str, component: Component, default: Option<Value>) -> Field {
    Field { name: name.to_owned(), label: name.to_owned(), info: None, component, default, optional: true }
}

fn endpoint(inputs: Vec<Field>, outputs: Vec<Field>) -> Endpoint {
    Endpoint {
        name: "predict".to_owned(),
        title: String::new(),
        documentation: String::new(),
        inputs,
        outputs,
        examples: Vec::new(),
        streams: false,
    }
}

fn endpoint_with_default(field: Field, value: Value) -> Endpoint {
    endpoint(vec![Field { default: Some(value), ..field }], Vec::new())
}

fn interface(endpoint: Endpoint) -> Interface {
    Interface { title: "App".to_owned(), endpoints: vec![endpoint], ..Interface::default() }
}

fn domain_component(source: &mut Source<'_>) -> Component {
    let choices = || vec!["a".to_owned(), "b".to_owned(), "asset:a".to_owned()];
    let dtypes = [
        Dtype::Boolean,
        Dtype::U8,
        Dtype::S8,
        Dtype::U16,
        Dtype::S16,
        Dtype::U32,
        Dtype::S32,
        Dtype::U64,
        Dtype::S64,
        Dtype::F16,
        Dtype::F32,
        Dtype::F64,
    ];
    let axes = || Axes { x: "a".to_owned(), y: "b".to_owned(), color: None };
    match source.below(35) {
        0 => Component::Textbox {
            lines: 1,
            placeholder: None,
            max_length: Some(16),
            text_type: TextType::Text,
            copy: false,
        },
        1 => Component::Number(NumberRange::default()),
        2 => Component::Slider(NumberRange { minimum: Some(-1.0), maximum: Some(1.0), step: None }),
        3 => Component::Checkbox,
        4 => Component::CheckboxGroup { choices: choices() },
        5 => Component::Radio { choices: choices() },
        6 => Component::dropdown(choices(), false),
        7 => Component::dropdown(choices(), true),
        8 => Component::image(),
        9 => Component::audio(),
        10 => Component::Video,
        11 => Component::File { file_types: Vec::new(), multiple: false },
        12 => Component::File { file_types: vec![".csv".to_owned(), "text".to_owned()], multiple: true },
        13 => Component::Gallery,
        14 => Component::dataframe(Vec::new()),
        15 => Component::dataframe(vec!["a".to_owned(), "b".to_owned()]),
        16 => Component::Json,
        17 => Component::Markdown,
        18 => Component::Label { top: None },
        20 => Component::ColorPicker,
        21 => Component::DateTime { include_time: true, timezone: None },
        22 => Component::DateTime { include_time: false, timezone: None },
        23 => Component::HighlightedText { show_legend: true, combine_adjacent: false },
        24 => Component::Chatbot,
        25 => Component::Metric { unit: None },
        26 => Component::Plot,
        27 => Component::Map,
        28 => Component::LinePlot(axes()),
        29 => Component::AnnotatedImage,
        30 => Component::ImageSlider,
        31 => Component::DownloadButton,
        32 => Component::Model3D,
        33 => Component::Html,
        34 => Component::Dropdown { choices: choices(), multiselect: true, allow_custom_value: true, filterable: true },
        _ => {
            let dtype = dtypes[source.below(dtypes.len())];
            let shapes =
                [vec![], vec![None], vec![Some(2)], vec![None, Some(2)], vec![Some(2), Some(2)], vec![None; 3]];
            Component::Tensor { dtype, shape: shapes[source.below(shapes.len())].clone() }
        }
    }
}

/// Mostly of the component's type, so that the checks behind it are reached.
fn fitting_value(source: &mut Source<'_>, component: &Component) -> wit::Value {
    if source.below(8) == 0 {
        return any_value(source);
    }
    match component.value_kind() {
        ValueKind::Number => wit::Value::Number(source.float()),
        ValueKind::Boolean => wit::Value::Boolean(source.flag()),
        ValueKind::Texts => wit::Value::Texts(source.list(4, Source::text)),
        ValueKind::Media => wit::Value::Media(media(source)),
        ValueKind::Medias => wit::Value::Medias(source.list(3, media)),
        ValueKind::Table => wit::Value::Table(source.list(4, column)),
        ValueKind::Json => wit::Value::Json(json_text(source)),
        ValueKind::Label => wit::Value::Label(source.list(4, confidence)),
        ValueKind::Tensor => wit::Value::Tensor(tensor(source)),
        ValueKind::Text => wit::Value::Text(source.text()),
    }
}

fn any_value(source: &mut Source<'_>) -> wit::Value {
    match source.below(12) {
        0 => wit::Value::Null,
        1 => wit::Value::Boolean(source.flag()),
        2 => wit::Value::Integer(i64::from_le_bytes(source.array())),
        3 => wit::Value::Number(source.float()),
        4 => wit::Value::Text(source.text()),
        5 => wit::Value::Texts(source.list(4, Source::text)),
        6 => wit::Value::Json(json_text(source)),
        7 => wit::Value::Media(media(source)),
        8 => wit::Value::Medias(source.list(3, media)),
        9 => wit::Value::Tensor(tensor(source)),
        10 => wit::Value::Table(source.list(4, column)),
        _ => wit::Value::Label(source.list(4, confidence)),
    }
}

/// Any text, also deeper than a short one can be.
fn json_text(source: &mut Source<'_>) -> String {
    let depth = usize::from(source.byte());
    let inner = source.text();
    format!("{}{inner}{}", "[".repeat(depth), "]".repeat(depth))
}

fn media(source: &mut Source<'_>) -> wit::Media {
    let types = ["image/png", "audio/wav", "video/mp4", "text/csv; charset=utf-8"];
    let mime_type = match source.below(types.len() + 1) {
        other if other == types.len() => source.text(),
        known => types[known].to_owned(),
    };
    wit::Media { bytes: source.bytes().to_vec(), mime_type, name: source.option(Source::text) }
}

fn tensor(source: &mut Source<'_>) -> wit::Tensor {
    let shape = source.list(4, dimension);
    wit::Tensor { dtype: guest_dtype(source), shape, bytes: source.bytes().to_vec() }
}

fn dimension(source: &mut Source<'_>) -> u64 {
    if source.flag() { u64::from(source.byte() % 4) } else { u64::from_le_bytes(source.array()) }
}

fn guest_dtype(source: &mut Source<'_>) -> wit::Dtype {
    let dtypes = [
        wit::Dtype::Boolean,
        wit::Dtype::U8,
        wit::Dtype::S16,
        wit::Dtype::U32,
        wit::Dtype::S64,
        wit::Dtype::F16,
        wit::Dtype::F32,
        wit::Dtype::F64,
    ];
    dtypes[source.below(dtypes.len())]
}

fn column(source: &mut Source<'_>) -> wit::Column {
    wit::Column { name: source.text(), cells: source.list(4, cell) }
}

fn cell(source: &mut Source<'_>) -> wit::Cell {
    match source.below(5) {
        0 => wit::Cell::Null,
        1 => wit::Cell::Boolean(source.flag()),
        2 => wit::Cell::Integer(i64::from_le_bytes(source.array())),
        3 => wit::Cell::Number(source.float()),
        _ => wit::Cell::Text(source.text()),
    }
}

fn confidence(source: &mut Source<'_>) -> wit::Confidence {
    wit::Confidence { label: source.text(), score: source.option(Source::float) }
}

fn description(source: &mut Source<'_>) -> wit::Description {
    wit::Description {
        title: source.text(),
        documentation: source.text(),
        endpoints: source.list(3, guest_endpoint),
        layout: source.list(8, layout_node),
        events: source.list(3, event),
    }
}

/// Mostly of a field that there is, and of a kind that there is.
fn drawn(source: &mut Source<'_>, description: &wit::Description) -> DrawnComponent {
    let is_input = source.flag();
    let endpoint = description.endpoints.first();
    let fields = endpoint.map(|endpoint| if is_input { &endpoint.inputs } else { &endpoint.outputs });
    let component = match source.flag() {
        true => serde_json::to_string(&domain_component(source)).expect("a component is JSON"),
        false => source.text(),
    };
    DrawnComponent {
        endpoint: endpoint.map_or_else(|| source.text(), |endpoint| endpoint.name.clone()),
        is_input,
        field: fields.and_then(|fields| fields.first()).map_or_else(String::new, |field| field.name.clone()),
        component,
    }
}

fn guest_endpoint(source: &mut Source<'_>) -> guest::Endpoint {
    let inputs = source.list(4, |source| guest_field(source, true));
    let n_inputs = inputs.len();
    guest::Endpoint {
        name: name(source),
        title: source.text(),
        documentation: source.text(),
        outputs: source.list(3, |source| guest_field(source, false)),
        examples: source.list(2, |source| guest::Example {
            title: source.option(Source::text),
            inputs: (0..n_inputs).map(|_| any_value(source)).collect(),
        }),
        inputs,
        streams: source.flag(),
    }
}

/// Mostly one that is allowed.
fn name(source: &mut Source<'_>) -> String {
    if source.below(8) == 0 { source.text() } else { format!("n{}", source.byte()) }
}

fn guest_field(source: &mut Source<'_>, is_input: bool) -> guest::Field {
    let component = guest_component(source);
    let default = (is_input && source.flag()).then(|| match &component {
        guest::Component::Json => wit::Value::Json(json_text(source)),
        guest::Component::Dataframe(_) => wit::Value::Table(source.list(4, column)),
        guest::Component::Tensor(_) => wit::Value::Tensor(tensor(source)),
        guest::Component::Number(_) | guest::Component::Slider(_) => wit::Value::Number(source.float()),
        _ => any_value(source),
    });
    guest::Field {
        name: name(source),
        label: source.text(),
        info: source.option(Source::text),
        component,
        default,
        optional: source.flag(),
    }
}

fn guest_component(source: &mut Source<'_>) -> guest::Component {
    let range = |source: &mut Source<'_>| guest::NumberRange {
        minimum: source.option(Source::float),
        maximum: source.option(Source::float),
        step: source.option(Source::float),
    };
    match source.below(18) {
        0 => guest::Component::Textbox(guest::Textbox {
            lines: u32::from_le_bytes(source.array()),
            placeholder: source.option(Source::text),
            max_length: source.option(|source| u32::from(source.byte())),
        }),
        1 => guest::Component::Number(range(source)),
        2 => guest::Component::Slider(range(source)),
        3 => guest::Component::Checkbox,
        4 => guest::Component::CheckboxGroup(guest::Choices { choices: source.list(3, Source::text) }),
        5 => guest::Component::Radio(guest::Choices { choices: source.list(3, Source::text) }),
        6 => guest::Component::Dropdown(guest::Dropdown {
            choices: source.list(3, Source::text),
            multiselect: source.flag(),
        }),
        7 => guest::Component::Image,
        8 => guest::Component::Audio,
        9 => guest::Component::Video,
        10 => guest::Component::File(guest::File { file_types: source.list(3, Source::text), multiple: source.flag() }),
        11 => guest::Component::Gallery,
        12 => guest::Component::Dataframe(guest::Dataframe { headers: source.list(3, Source::text) }),
        13 => guest::Component::Json,
        14 => guest::Component::Label(guest::LabelSpec { top: source.option(|source| u32::from(source.byte())) }),
        15 => guest::Component::Markdown,
        16 => guest::Component::Code(guest::Code { language: source.option(Source::text) }),
        _ => guest::Component::Tensor(guest::TensorSpec {
            dtype: guest_dtype(source),
            shape: source.list(4, |source| source.option(dimension)),
        }),
    }
}

fn layout_node(source: &mut Source<'_>) -> guest::LayoutNode {
    let kind = match source.below(10) {
        0 => guest::LayoutKind::Row,
        1 => guest::LayoutKind::Column,
        2 => guest::LayoutKind::Tabs,
        3 => guest::LayoutKind::Tab(source.text()),
        4 => guest::LayoutKind::Accordion(source.text()),
        5 => guest::LayoutKind::Sidebar,
        6 => guest::LayoutKind::Markdown(source.text()),
        7 => guest::LayoutKind::Endpoint(name(source)),
        8 => guest::LayoutKind::Input(source.text()),
        _ => guest::LayoutKind::Output(source.text()),
    };
    guest::LayoutNode { kind, parent: source.option(|source| u32::from(source.byte())) }
}

fn event(source: &mut Source<'_>) -> guest::Event {
    let trigger = match source.below(4) {
        0 => guest::Trigger::Submit,
        1 => guest::Trigger::Change(source.text()),
        2 => guest::Trigger::Load,
        _ => guest::Trigger::Timer(u32::from_le_bytes(source.array())),
    };
    guest::Event { trigger, endpoint: name(source) }
}
