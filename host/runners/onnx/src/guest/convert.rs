//! The domain's types as those of the WIT world, which they mirror.

use guest_sdk::bindings::SpaceDescription;
use guest_sdk::bindings::vitrine::space::{description as wit, types};
use guest_sdk::inference::NamedTensor;
use spaces::interface::{Component, Endpoint, Field, Interface, NumberRange};
use spaces::value::{Cell, Column, Confidence, Dtype, Media, Tensor, Value};

/// The interface of the runner: one endpoint, no layout, no events.
pub(super) fn space(interface: &Interface) -> SpaceDescription {
    SpaceDescription {
        title: interface.title.clone(),
        documentation: interface.documentation.clone(),
        endpoints: interface.endpoints.iter().map(endpoint).collect(),
        layout: Vec::new(),
        events: Vec::new(),
    }
}

pub(super) fn value(value: Value) -> types::Value {
    match value {
        Value::Null => types::Value::Null,
        Value::Boolean(on) => types::Value::Boolean(on),
        Value::Integer(number) => types::Value::Integer(number),
        Value::Number(number) => types::Value::Number(number),
        Value::Text(text) => types::Value::Text(text),
        Value::Texts(texts) => types::Value::Texts(texts),
        Value::Json(json) => types::Value::Json(json.to_string()),
        Value::Media(file) => types::Value::Media(media(file)),
        Value::Medias(files) => types::Value::Medias(files.into_iter().map(media).collect()),
        Value::Tensor(Tensor { dtype: element, shape, bytes }) => {
            types::Value::Tensor(types::Tensor { dtype: dtype(element), shape, bytes })
        }
        Value::Table(columns) => types::Value::Table(columns.into_iter().map(column).collect()),
        Value::Label(confidences) => types::Value::Label(
            confidences.into_iter().map(|Confidence { label, score }| types::Confidence { label, score }).collect(),
        ),
    }
}

/// Reads a value of a request.
///
/// # Errors
/// A message when a JSON value is no JSON.
pub(super) fn value_from(value: types::Value) -> Result<Value, String> {
    Ok(match value {
        types::Value::Null => Value::Null,
        types::Value::Boolean(on) => Value::Boolean(on),
        types::Value::Integer(number) => Value::Integer(number),
        types::Value::Number(number) => Value::Number(number),
        types::Value::Text(text) => Value::Text(text),
        types::Value::Texts(texts) => Value::Texts(texts),
        types::Value::Json(text) => Value::Json(serde_json::from_str(&text).map_err(|error| error.to_string())?),
        types::Value::Media(file) => Value::Media(media_from(file)),
        types::Value::Medias(files) => Value::Medias(files.into_iter().map(media_from).collect()),
        types::Value::Tensor(tensor) => {
            Value::Tensor(Tensor { dtype: dtype_from(tensor.dtype), shape: tensor.shape, bytes: tensor.bytes })
        }
        types::Value::Table(columns) => Value::Table(columns.into_iter().map(column_from).collect()),
        types::Value::Label(confidences) => Value::Label(
            confidences.into_iter().map(|types::Confidence { label, score }| Confidence { label, score }).collect(),
        ),
    })
}

pub(super) fn named_tensor(name: String, tensor: Tensor) -> NamedTensor {
    let Tensor { dtype: element, shape, bytes } = tensor;
    NamedTensor { name, tensor: types::Tensor { dtype: dtype(element), shape, bytes } }
}

pub(super) fn named_tensor_from(named: NamedTensor) -> (String, Tensor) {
    let NamedTensor { name, tensor: types::Tensor { dtype, shape, bytes } } = named;
    (name, Tensor { dtype: dtype_from(dtype), shape, bytes })
}

fn endpoint(endpoint: &Endpoint) -> wit::Endpoint {
    wit::Endpoint {
        name: endpoint.name.clone(),
        title: endpoint.title.clone(),
        documentation: endpoint.documentation.clone(),
        inputs: endpoint.inputs.iter().map(field).collect(),
        outputs: endpoint.outputs.iter().map(field).collect(),
        examples: Vec::new(),
        streams: endpoint.streams,
    }
}

fn field(field: &Field) -> wit::Field {
    wit::Field {
        name: field.name.clone(),
        label: field.label.clone(),
        info: field.info.clone(),
        component: component(&field.component),
        default: field.default.clone().map(value),
        optional: field.optional,
    }
}

fn component(component: &Component) -> wit::Component {
    match component.clone() {
        Component::Textbox { lines, placeholder, max_length, .. } => {
            wit::Component::Textbox(wit::Textbox { lines, placeholder, max_length })
        }
        Component::Number(bounds) => wit::Component::Number(range(bounds)),
        Component::Slider(bounds) => wit::Component::Slider(range(bounds)),
        Component::Checkbox => wit::Component::Checkbox,
        Component::CheckboxGroup { choices } => wit::Component::CheckboxGroup(wit::Choices { choices }),
        Component::Radio { choices } => wit::Component::Radio(wit::Choices { choices }),
        Component::Dropdown { choices, multiselect, .. } => {
            wit::Component::Dropdown(wit::Dropdown { choices, multiselect })
        }
        Component::Image { .. } => wit::Component::Image,
        Component::Audio { .. } => wit::Component::Audio,
        Component::Video => wit::Component::Video,
        Component::File { file_types, multiple } => wit::Component::File(wit::File { file_types, multiple }),
        Component::Gallery => wit::Component::Gallery,
        Component::Dataframe { headers, .. } => wit::Component::Dataframe(wit::Dataframe { headers }),
        Component::Label { top } => wit::Component::Label(wit::LabelSpec { top }),
        Component::Markdown => wit::Component::Markdown,
        Component::Code { language } => wit::Component::Code(wit::Code { language }),
        Component::Tensor { dtype: element, shape } => {
            wit::Component::Tensor(wit::TensorSpec { dtype: dtype(element), shape })
        }
        // Of the others none is made of a graph; as JSON any could be shown.
        _ => wit::Component::Json,
    }
}

fn range(range: NumberRange) -> wit::NumberRange {
    wit::NumberRange { minimum: range.minimum, maximum: range.maximum, step: range.step }
}

fn media(media: Media) -> types::Media {
    types::Media { bytes: media.bytes, mime_type: media.mime_type, name: media.name }
}

fn media_from(media: types::Media) -> Media {
    Media { bytes: media.bytes, mime_type: media.mime_type, name: media.name }
}

fn column(column: Column) -> types::Column {
    let cell = |cell| match cell {
        Cell::Null => types::Cell::Null,
        Cell::Boolean(on) => types::Cell::Boolean(on),
        Cell::Integer(number) => types::Cell::Integer(number),
        Cell::Number(number) => types::Cell::Number(number),
        Cell::Text(text) => types::Cell::Text(text),
    };
    types::Column { name: column.name, cells: column.cells.into_iter().map(cell).collect() }
}

fn column_from(column: types::Column) -> Column {
    let cell = |cell| match cell {
        types::Cell::Null => Cell::Null,
        types::Cell::Boolean(on) => Cell::Boolean(on),
        types::Cell::Integer(number) => Cell::Integer(number),
        types::Cell::Number(number) => Cell::Number(number),
        types::Cell::Text(text) => Cell::Text(text),
    };
    Column { name: column.name, cells: column.cells.into_iter().map(cell).collect() }
}

macro_rules! element_types {
    ($($name:ident),*) => {
        fn dtype(dtype: Dtype) -> types::Dtype {
            match dtype { $(Dtype::$name => types::Dtype::$name),* }
        }

        fn dtype_from(dtype: types::Dtype) -> Dtype {
            match dtype { $(types::Dtype::$name => Dtype::$name),* }
        }
    };
}

element_types!(Boolean, U8, S8, U16, S16, U32, S32, U64, S64, F16, F32, F64);
