//! Between the sandbox's types and the domain's: two packages that do not know each other.

use host_runtime::wit::{self, description as guest};
use host_runtime::{Arrangement, DrawnComponent};
use spaces::interface::{
    Component, Endpoint, Event, Example, Field, Interface, LayoutKind, LayoutNode, NumberRange, ParseComponentError,
    TextType, Trigger,
};
use spaces::value::quoted;
use spaces::value::{Cell, Column, Confidence, Dtype, Media, Tensor, Value};

/// A space's limits as the sandbox counts them.
pub(crate) fn limits_to_runtime(limits: &spaces::limits::Limits) -> host_runtime::Limits {
    let size = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
    host_runtime::Limits {
        max_memory_bytes: size(limits.memory_bytes),
        deadline: limits.deadline(),
        // What goes out may be some times what comes in: a picture enlarged, a text read aloud.
        max_transfer_bytes: size(limits.max_body_bytes.saturating_mul(4).max(MIN_TRANSFER_BYTES)),
        max_log_bytes: size(limits.max_log_bytes),
        max_concurrency: limits.concurrency as usize,
    }
}

/// What a guest may hand over at once even where requests are tiny.
const MIN_TRANSFER_BYTES: u64 = 32 << 20;

/// Hands a value to a guest. Moves the bytes, copies none.
pub(crate) fn value_to_guest(value: Value) -> wit::Value {
    match value {
        Value::Null => wit::Value::Null,
        Value::Boolean(value) => wit::Value::Boolean(value),
        Value::Integer(value) => wit::Value::Integer(value),
        Value::Number(value) => wit::Value::Number(value),
        Value::Text(value) => wit::Value::Text(value),
        Value::Texts(values) => wit::Value::Texts(values),
        Value::Json(value) => wit::Value::Json(value.to_string()),
        Value::Media(media) => wit::Value::Media(media_to_guest(media)),
        Value::Medias(medias) => wit::Value::Medias(medias.into_iter().map(media_to_guest).collect()),
        Value::Tensor(tensor) => wit::Value::Tensor(wit::Tensor {
            dtype: dtype_to_guest(tensor.dtype),
            shape: tensor.shape,
            bytes: tensor.bytes,
        }),
        Value::Table(columns) => wit::Value::Table(columns.into_iter().map(column_to_guest).collect()),
        Value::Label(confidences) => wit::Value::Label(
            confidences.into_iter().map(|c| wit::Confidence { label: c.label, score: c.score }).collect(),
        ),
    }
}

/// A guest's JSON text is not JSON.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the app returned a `json` value that is not JSON: {0}")]
pub(crate) struct NotJson(String);

/// Takes a value from a guest.
///
/// # Errors
/// [`NotJson`] for a `json` value that does not parse; deep nesting is among the reasons.
pub(crate) fn value_from_guest(value: wit::Value) -> Result<Value, NotJson> {
    Ok(match value {
        wit::Value::Null => Value::Null,
        wit::Value::Boolean(value) => Value::Boolean(value),
        wit::Value::Integer(value) => Value::Integer(value),
        wit::Value::Number(value) => Value::Number(value),
        wit::Value::Text(value) => Value::Text(value),
        wit::Value::Texts(values) => Value::Texts(values),
        wit::Value::Json(text) => Value::Json(serde_json::from_str(&text).map_err(|e| NotJson(e.to_string()))?),
        wit::Value::Media(media) => Value::Media(media_from_guest(media)),
        wit::Value::Medias(medias) => Value::Medias(medias.into_iter().map(media_from_guest).collect()),
        wit::Value::Tensor(tensor) => {
            Value::Tensor(Tensor { dtype: dtype_from_guest(tensor.dtype), shape: tensor.shape, bytes: tensor.bytes })
        }
        wit::Value::Table(columns) => Value::Table(columns.into_iter().map(column_from_guest).collect()),
        wit::Value::Label(confidences) => {
            Value::Label(confidences.into_iter().map(|c| Confidence { label: c.label, score: c.score }).collect())
        }
    })
}

/// Takes the outputs of a call.
///
/// # Errors
/// [`NotJson`].
pub(crate) fn values_from_guest(values: Vec<wit::Value>) -> Result<Vec<Value>, NotJson> {
    values.into_iter().map(value_from_guest).collect()
}

/// A guest's description cannot be taken.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum DescribeError {
    #[error(transparent)]
    NotJson(#[from] NotJson),
    #[error("the layout has a node that this server does not know: {problem}")]
    Layout { problem: String },
    #[error("there is an event that this server does not know: {problem}")]
    Events { problem: String },
    #[error("a component was given for {side} `{field}` of endpoint `{endpoint}`, which there is not")]
    NoField { endpoint: String, side: &'static str, field: String },
    #[error("endpoint `{endpoint}`, {side} `{field}`: {problem}")]
    Component { endpoint: String, side: &'static str, field: String, problem: ParseComponentError },
    #[error(
        "endpoint `{endpoint}`, {side} `{field}`: a `{kind}` takes {taken}, which is another kind of value than `{base}` takes"
    )]
    Kind { endpoint: String, side: &'static str, field: String, kind: String, taken: &'static str, base: String },
}

/// Takes what a guest says of itself, and of single components beside that.
///
/// # Errors
/// [`DescribeError`].
#[expect(clippy::result_large_err, reason = "once a publish; each part of the message is of use")]
pub(crate) fn interface_from_guest(
    space: wit::Description,
    components: Vec<DrawnComponent>,
    arrangement: Option<&Arrangement>,
) -> Result<Interface, DescribeError> {
    let mut interface = Interface {
        title: space.title,
        documentation: space.documentation,
        endpoints: space.endpoints.into_iter().map(endpoint).collect::<Result<_, _>>()?,
        layout: space.layout.into_iter().map(layout_node).collect(),
        events: space.events.into_iter().map(event).collect(),
    };
    for drawn in components {
        draw(&mut interface, drawn)?;
    }
    if let Some(Arrangement { layout, events }) = arrangement {
        interface.layout =
            serde_json::from_str(layout).map_err(|problem| DescribeError::Layout { problem: problem.to_string() })?;
        interface.events =
            serde_json::from_str(events).map_err(|problem| DescribeError::Events { problem: problem.to_string() })?;
    }
    Ok(interface)
}

#[expect(clippy::result_large_err, reason = "once a publish; each part of the message is of use")]
fn draw(interface: &mut Interface, drawn: DrawnComponent) -> Result<(), DescribeError> {
    let DrawnComponent { endpoint, is_input, field, component } = drawn;
    let side = if is_input { "input" } else { "output" };
    let found = interface.endpoints.iter_mut().find(|found| found.name == endpoint);
    let fields = found.map(|found| if is_input { &mut found.inputs } else { &mut found.outputs });
    let Some(place) = fields.into_iter().flatten().find(|found| found.name == field) else {
        return Err(DescribeError::NoField { endpoint: quoted(&endpoint), side, field: quoted(&field) });
    };
    let (endpoint, field) = (quoted(&endpoint), quoted(&field));
    let component = match Component::parse(&component) {
        Ok(component) => component,
        Err(problem) => return Err(DescribeError::Component { endpoint, side, field, problem }),
    };
    // Its default and the examples were given as values of that kind, and programs may know no other.
    if component.value_kind() != place.component.value_kind() {
        let (kind, taken, base) = (component.kind(), component.noun(), place.component.kind());
        return Err(DescribeError::Kind { endpoint, side, field, kind, taken, base });
    }
    place.component = component;
    Ok(())
}

fn endpoint(endpoint: guest::Endpoint) -> Result<Endpoint, NotJson> {
    Ok(Endpoint {
        name: endpoint.name,
        title: endpoint.title,
        documentation: endpoint.documentation,
        inputs: endpoint.inputs.into_iter().map(field).collect::<Result<_, _>>()?,
        outputs: endpoint.outputs.into_iter().map(field).collect::<Result<_, _>>()?,
        examples: endpoint.examples.into_iter().map(example).collect::<Result<_, _>>()?,
        streams: endpoint.streams,
    })
}

fn field(field: guest::Field) -> Result<Field, NotJson> {
    Ok(Field {
        name: field.name,
        label: field.label,
        info: field.info,
        component: component(field.component),
        default: field.default.map(value_from_guest).transpose()?,
        optional: field.optional,
    })
}

fn example(example: guest::Example) -> Result<Example, NotJson> {
    Ok(Example { title: example.title, inputs: values_from_guest(example.inputs)?, cached: false })
}

fn component(component: guest::Component) -> Component {
    match component {
        guest::Component::Textbox(textbox) => Component::Textbox {
            lines: textbox.lines,
            placeholder: textbox.placeholder,
            max_length: textbox.max_length,
            text_type: TextType::Text,
            copy: false,
        },
        guest::Component::Number(range) => Component::Number(number_range(range)),
        guest::Component::Slider(range) => Component::Slider(number_range(range)),
        guest::Component::Checkbox => Component::Checkbox,
        guest::Component::CheckboxGroup(choices) => Component::CheckboxGroup { choices: choices.choices },
        guest::Component::Radio(choices) => Component::Radio { choices: choices.choices },
        guest::Component::Dropdown(dropdown) => Component::dropdown(dropdown.choices, dropdown.multiselect),
        guest::Component::Image => Component::image(),
        guest::Component::Audio => Component::audio(),
        guest::Component::Video => Component::Video,
        guest::Component::File(file) => Component::File { file_types: file.file_types, multiple: file.multiple },
        guest::Component::Gallery => Component::Gallery,
        guest::Component::Dataframe(dataframe) => Component::dataframe(dataframe.headers),
        guest::Component::Json => Component::Json,
        guest::Component::Label(label) => Component::Label { top: label.top },
        guest::Component::Markdown => Component::Markdown,
        guest::Component::Code(code) => Component::Code { language: code.language },
        guest::Component::Tensor(tensor) => {
            Component::Tensor { dtype: dtype_from_guest(tensor.dtype), shape: tensor.shape }
        }
    }
}

fn number_range(range: guest::NumberRange) -> NumberRange {
    NumberRange { minimum: range.minimum, maximum: range.maximum, step: range.step }
}

fn layout_node(node: guest::LayoutNode) -> LayoutNode {
    let kind = match node.kind {
        guest::LayoutKind::Row => LayoutKind::Row,
        guest::LayoutKind::Column => LayoutKind::Column,
        guest::LayoutKind::Tabs => LayoutKind::Tabs,
        guest::LayoutKind::Tab(title) => LayoutKind::Tab(title),
        guest::LayoutKind::Accordion(title) => LayoutKind::Accordion(title),
        guest::LayoutKind::Sidebar => LayoutKind::Sidebar,
        guest::LayoutKind::Markdown(text) => LayoutKind::Markdown(text),
        guest::LayoutKind::Endpoint(name) => LayoutKind::Endpoint(name),
        guest::LayoutKind::Input(name) => LayoutKind::Input(name),
        guest::LayoutKind::Output(name) => LayoutKind::Output(name),
    };
    LayoutNode { kind, parent: node.parent }
}

fn event(event: guest::Event) -> Event {
    let trigger = match event.trigger {
        guest::Trigger::Submit => Trigger::Submit,
        guest::Trigger::Change(input) => Trigger::Change(input),
        guest::Trigger::Load => Trigger::Load,
        guest::Trigger::Timer(every_ms) => Trigger::Timer(every_ms),
    };
    Event { trigger, endpoint: event.endpoint }
}

fn media_to_guest(media: Media) -> wit::Media {
    wit::Media { bytes: media.bytes, mime_type: media.mime_type, name: media.name }
}

fn media_from_guest(media: wit::Media) -> Media {
    Media { bytes: media.bytes, mime_type: media.mime_type, name: media.name }
}

fn column_to_guest(column: Column) -> wit::Column {
    let cells = column.cells.into_iter().map(|cell| match cell {
        Cell::Null => wit::Cell::Null,
        Cell::Boolean(value) => wit::Cell::Boolean(value),
        Cell::Integer(value) => wit::Cell::Integer(value),
        Cell::Number(value) => wit::Cell::Number(value),
        Cell::Text(value) => wit::Cell::Text(value),
    });
    wit::Column { name: column.name, cells: cells.collect() }
}

fn column_from_guest(column: wit::Column) -> Column {
    let cells = column.cells.into_iter().map(|cell| match cell {
        wit::Cell::Null => Cell::Null,
        wit::Cell::Boolean(value) => Cell::Boolean(value),
        wit::Cell::Integer(value) => Cell::Integer(value),
        wit::Cell::Number(value) => Cell::Number(value),
        wit::Cell::Text(value) => Cell::Text(value),
    });
    Column { name: column.name, cells: cells.collect() }
}

pub(crate) fn tensor_to_guest(tensor: Tensor) -> wit::Tensor {
    wit::Tensor { dtype: dtype_to_guest(tensor.dtype), shape: tensor.shape, bytes: tensor.bytes }
}

pub(crate) fn tensor_from_guest(tensor: wit::Tensor) -> Tensor {
    Tensor { dtype: dtype_from_guest(tensor.dtype), shape: tensor.shape, bytes: tensor.bytes }
}

fn dtype_to_guest(dtype: Dtype) -> wit::Dtype {
    match dtype {
        Dtype::Boolean => wit::Dtype::Boolean,
        Dtype::U8 => wit::Dtype::U8,
        Dtype::S8 => wit::Dtype::S8,
        Dtype::U16 => wit::Dtype::U16,
        Dtype::S16 => wit::Dtype::S16,
        Dtype::U32 => wit::Dtype::U32,
        Dtype::S32 => wit::Dtype::S32,
        Dtype::U64 => wit::Dtype::U64,
        Dtype::S64 => wit::Dtype::S64,
        Dtype::F16 => wit::Dtype::F16,
        Dtype::F32 => wit::Dtype::F32,
        Dtype::F64 => wit::Dtype::F64,
    }
}

fn dtype_from_guest(dtype: wit::Dtype) -> Dtype {
    match dtype {
        wit::Dtype::Boolean => Dtype::Boolean,
        wit::Dtype::U8 => Dtype::U8,
        wit::Dtype::S8 => Dtype::S8,
        wit::Dtype::U16 => Dtype::U16,
        wit::Dtype::S16 => Dtype::S16,
        wit::Dtype::U32 => Dtype::U32,
        wit::Dtype::S32 => Dtype::S32,
        wit::Dtype::U64 => Dtype::U64,
        wit::Dtype::S64 => Dtype::S64,
        wit::Dtype::F16 => Dtype::F16,
        wit::Dtype::F32 => Dtype::F32,
        wit::Dtype::F64 => Dtype::F64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(base: guest::Component, drawn: &str, field: &str) -> Result<Component, String> {
        let number = guest::Field {
            name: "x".to_owned(),
            label: String::new(),
            info: None,
            component: base,
            default: None,
            optional: false,
        };
        let endpoint = guest::Endpoint {
            name: "predict".to_owned(),
            title: String::new(),
            documentation: String::new(),
            inputs: vec![number.clone()],
            outputs: vec![number],
            examples: Vec::new(),
            streams: false,
        };
        let space = wit::Description {
            title: String::new(),
            documentation: String::new(),
            endpoints: vec![endpoint],
            layout: Vec::new(),
            events: Vec::new(),
        };
        let drawn = DrawnComponent {
            endpoint: "predict".to_owned(),
            is_input: false,
            field: field.to_owned(),
            component: drawn.to_owned(),
        };
        let interface = interface_from_guest(space, vec![drawn], None).map_err(|error| error.to_string())?;
        assert_ne!(interface.endpoints[0].inputs[0].component, interface.endpoints[0].outputs[0].component);
        Ok(interface.endpoints[0].outputs[0].component.clone())
    }

    #[test]
    fn a_field_is_drawn_as_its_guest_says() {
        let json = || guest::Component::Json;
        assert_eq!(described(json(), r#"{"kind":"chatbot"}"#, "x"), Ok(Component::Chatbot));
        assert_eq!(
            described(json(), r#"{"kind":"color-picker"}"#, "x"),
            Err(
                "endpoint `predict`, output `x`: a `color-picker` takes a colour, which is another kind of value than \
                 `json` takes"
                    .to_owned()
            )
        );
        assert_eq!(
            described(json(), r#"{"kind":"chatbot"}"#, "y"),
            Err("a component was given for output `y` of endpoint `predict`, which there is not".to_owned())
        );
        let unknown = described(json(), r#"{"kind":"hologram"}"#, "x").expect_err("there is none");
        assert!(unknown.starts_with("endpoint `predict`, output `x`: it is not a component that this server knows"));
    }
}
