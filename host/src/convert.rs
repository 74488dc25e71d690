//! Between the sandbox's types and the domain's: two packages that do not know each other.

use host_runtime::wit::{self, description as guest};
use spaces::interface::{
    Component, Endpoint, Event, Example, Field, Interface, LayoutKind, LayoutNode, NumberRange, Trigger,
};
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

/// Takes what a guest says of itself.
///
/// # Errors
/// [`NotJson`] in a default or example.
pub(crate) fn interface_from_guest(space: wit::Description) -> Result<Interface, NotJson> {
    Ok(Interface {
        title: space.title,
        documentation: space.documentation,
        endpoints: space.endpoints.into_iter().map(endpoint).collect::<Result<_, _>>()?,
        layout: space.layout.into_iter().map(layout_node).collect(),
        events: space.events.into_iter().map(event).collect(),
    })
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
        },
        guest::Component::Number(range) => Component::Number(number_range(range)),
        guest::Component::Slider(range) => Component::Slider(number_range(range)),
        guest::Component::Checkbox => Component::Checkbox,
        guest::Component::CheckboxGroup(choices) => Component::CheckboxGroup { choices: choices.choices },
        guest::Component::Radio(choices) => Component::Radio { choices: choices.choices },
        guest::Component::Dropdown(dropdown) => {
            Component::Dropdown { choices: dropdown.choices, multiselect: dropdown.multiselect }
        }
        guest::Component::Image => Component::Image,
        guest::Component::Audio => Component::Audio,
        guest::Component::Video => Component::Video,
        guest::Component::File(file) => Component::File { file_types: file.file_types, multiple: file.multiple },
        guest::Component::Gallery => Component::Gallery,
        guest::Component::Dataframe(dataframe) => Component::Dataframe { headers: dataframe.headers },
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
