//! What a visitor has entered into one input, before it is sent.
//!
//! A draft keeps what was typed, even where it is not valid yet; [`Draft::part`] reads it when a call is made.

use serde_json::{Number, Value as Json, json};
use spaces::interface::{Component, Field, ValueKind};
use spaces::value::Value;
use spaces::value::decode::ASSET_PREFIX;

use super::chat::Chat;
use super::grid::{Grid, cell_of_json};
use super::picked::Picked;
use super::plain::plain;
use crate::texts::errors as texts;

/// With what a colour begins, as in browsers.
const FIRST_COLOR: &str = "#000000";

/// One input's state.
#[derive(Debug, Clone)]
pub enum Draft {
    /// Textbox, number, slider, radio, menu, code, JSON and tensor: the text as typed.
    Text(String),
    /// A tick.
    Flag(bool),
    /// The chosen ones of several choices.
    Choices(Vec<String>),
    /// Files, in the order picked.
    Files(Vec<Picked>),
    /// The cells of a table, as typed.
    Grid(Grid),
    /// A conversation and what is said next.
    Chat(Chat),
}

/// What an input sends.
#[derive(Debug, Clone)]
pub enum Part {
    /// Nothing: the server uses the default.
    Absent,
    Json(Json),
    /// One or several files; `multiple` says whether a list is sent.
    Files {
        files: Vec<Picked>,
        multiple: bool,
    },
}

impl Draft {
    /// The draft with which a page begins.
    pub fn initial(field: &Field) -> Self {
        Self::from_value(field, field.default.as_ref().unwrap_or(&Value::Null))
    }

    /// The draft that shows `value`, such as an example's.
    pub fn from_value(field: &Field, value: &Value) -> Self {
        let component = &field.component;
        match component.value_kind() {
            ValueKind::Boolean => Self::Flag(matches!(value, Value::Boolean(true))),
            ValueKind::Texts => Self::Choices(match value {
                Value::Texts(texts) => texts.clone(),
                Value::Text(text) => vec![text.clone()],
                _ => Vec::new(),
            }),
            ValueKind::Media | ValueKind::Medias => Self::Files(files(value)),
            ValueKind::Table => Self::Grid(Grid::from_value(component.headers(), value)),
            _ => match component {
                Component::Chatbot => Self::Chat(Chat::from_value(value)),
                Component::Slider(range) if *value == Value::Null => Self::Text(middle(range.minimum, range.maximum)),
                Component::ColorPicker if *value == Value::Null => Self::Text(FIRST_COLOR.to_owned()),
                // What may be left out begins so; a native menu has a first choice.
                _ if *value == Value::Null => {
                    Self::Text(component.choices().and_then(<[String]>::first).cloned().unwrap_or_default())
                }
                _ => Self::Text(text(field, value)),
            },
        }
    }

    /// The draft that would send `json`; none where no draft of the field would.
    pub fn from_json(field: &Field, json: &Json) -> Option<Self> {
        let texts = |items: &[Json]| items.iter().map(|item| Some(item.as_str()?.to_owned())).collect::<Option<_>>();
        let component = &field.component;
        let may_be = |choice: &String| component.choices().is_none_or(|choices| choices.contains(choice));
        Some(match component.value_kind() {
            ValueKind::Boolean => Self::Flag(json.as_bool()?),
            ValueKind::Texts => {
                let chosen: Vec<String> = texts(json.as_array()?)?;
                chosen.iter().all(may_be).then_some(Self::Choices(chosen))?
            }
            ValueKind::Media | ValueKind::Medias => {
                let files = match json {
                    Json::Array(files) => files.as_slice(),
                    file => std::slice::from_ref(file),
                };
                let asset = |file: &Json| Some(Picked::asset(file.get("asset")?.as_str()?));
                Self::Files(files.iter().map(asset).collect::<Option<_>>()?)
            }
            ValueKind::Table => {
                let headers = texts(json.get("headers")?.as_array()?)?;
                let row = |row: &Json| Some(row.as_array()?.iter().map(cell_of_json).collect());
                let rows: Vec<Vec<String>> = json.get("data")?.as_array()?.iter().map(row).collect::<Option<_>>()?;
                let grid = Grid { headers, rows };
                grid.rows.iter().all(|row| row.len() == grid.headers.len()).then_some(Self::Grid(grid))?
            }
            ValueKind::Number => Self::Text(json.as_number()?.to_string()),
            ValueKind::Json if *component == Component::Chatbot => Self::Chat(Chat::from_json(json)),
            ValueKind::Json => Self::Text(serde_json::to_string_pretty(json).ok()?),
            ValueKind::Tensor => Self::Text(json.to_string()),
            ValueKind::Text | ValueKind::Label => {
                let text = json.as_str()?.to_owned();
                may_be(&text).then_some(Self::Text(text))?
            }
        })
    }

    /// The text as typed; empty for drafts of another kind.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            _ => String::new(),
        }
    }

    /// Whether the tick is set.
    pub fn is_set(&self) -> bool {
        matches!(self, Self::Flag(true))
    }

    /// The chosen choices.
    pub fn choices(&self) -> &[String] {
        match self {
            Self::Choices(choices) => choices,
            _ => &[],
        }
    }

    /// The picked files.
    pub fn files(&self) -> &[Picked] {
        match self {
            Self::Files(files) => files,
            _ => &[],
        }
    }

    /// Reads what was entered.
    ///
    /// # Errors
    /// A sentence for the visitor when `field` cannot take it. Ranges are the server's to check.
    pub fn part(&self, field: &Field) -> Result<Part, String> {
        let absent = || match field.optional || field.default.is_some() {
            true => Ok(Part::Absent),
            false => Err(texts::FILL_IN_FIRST.to_owned()),
        };
        match (self, &field.component) {
            (Self::Flag(set), _) => Ok(Part::Json(Json::Bool(*set))),
            (Self::Choices(choices), _) => Ok(Part::Json(json!(choices))),
            (Self::Files(files), _) if files.is_empty() => match field.optional || field.default.is_some() {
                true => Ok(Part::Absent),
                false => Err(texts::CHOOSE_FILE_FIRST.to_owned()),
            },
            (Self::Files(files), component) => {
                let multiple = component.value_kind() == ValueKind::Medias;
                Ok(Part::Files { files: files.clone(), multiple })
            }
            (Self::Grid(grid), _) => Ok(Part::Json(grid.to_json())),
            (Self::Chat(chat), _) => chat.part(),
            (Self::Text(text), component) => match component.value_kind() {
                _ if text.trim().is_empty() && !takes_blank(component) => absent(),
                ValueKind::Number => {
                    number(text).map(|number| Part::Json(Json::Number(number))).ok_or_else(|| texts::not_a_number(text))
                }
                ValueKind::Json => serde_json::from_str(text).map(Part::Json).map_err(|error| texts::not_json(&error)),
                ValueKind::Tensor => tensor(text).map(Part::Json),
                _ => match component.choices() {
                    Some(choices) if !choices.contains(text) => Err(texts::CHOOSE_OF_LIST.to_owned()),
                    _ => Ok(Part::Json(Json::String(text.clone()))),
                },
            },
        }
    }
}

/// Whether an empty text is a value too.
fn takes_blank(component: &Component) -> bool {
    matches!(
        component,
        Component::Textbox { .. }
            | Component::Markdown
            | Component::Code { .. }
            | Component::Label { .. }
            | Component::Html
    )
}

/// A number as people type it; none for what is none.
pub(super) fn number(text: &str) -> Option<Number> {
    let text = text.trim();
    match text.parse::<i64>() {
        Ok(integer) => Some(integer.into()),
        Err(_) => text.parse::<f64>().ok().and_then(Number::from_f64),
    }
}

/// Reads a tensor: JSON as it is, or numbers between blanks, commas and line ends as one flat list.
fn tensor(text: &str) -> Result<Json, String> {
    if text.trim_start().starts_with(['[', '{']) {
        return serde_json::from_str(text).map_err(|error| texts::not_json(&error));
    }
    let words = text.split([' ', ',', ';', '\t', '\n', '\r']).filter(|word| !word.is_empty());
    let numbers = words.map(|word| number(word).map(Json::Number).ok_or_else(|| texts::not_a_number(word)));
    numbers.collect::<Result<_, _>>().map(Json::Array)
}

fn middle(minimum: Option<f64>, maximum: Option<f64>) -> String {
    match (minimum, maximum) {
        (Some(minimum), _) => minimum.to_string(),
        (None, Some(maximum)) => maximum.to_string(),
        (None, None) => "0".to_owned(),
    }
}

fn text(field: &Field, value: &Value) -> String {
    match (value, plain(&field.component, value)) {
        (_, Json::Null) => String::new(),
        // Rust writes 200 where JSON writes 200.0, which nobody types.
        (Value::Number(number), _) => number.to_string(),
        (_, Json::String(text)) => text,
        (Value::Json(_), json) => serde_json::to_string_pretty(&json).unwrap_or_default(),
        (_, json) => json.to_string(),
    }
}

fn files(value: &Value) -> Vec<Picked> {
    match value {
        Value::Text(text) => text.strip_prefix(ASSET_PREFIX).map(Picked::asset).into_iter().collect(),
        Value::Texts(texts) => {
            texts.iter().filter_map(|text| text.strip_prefix(ASSET_PREFIX)).map(Picked::asset).collect()
        }
        Value::Media(media) => vec![Picked::inline(media)],
        Value::Medias(medias) => medias.iter().map(Picked::inline).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spaces::interface::NumberRange;
    use spaces::value::Dtype;

    fn field(component: Component) -> Field {
        Field { name: "x".into(), label: "X".into(), info: None, component, default: None, optional: false }
    }

    #[test]
    fn drafts_are_read_by_component_or_refused_with_a_sentence() {
        let check = |component: Component, draft: Draft, expected: Result<Json, &str>| {
            let read = draft.part(&field(component)).map(|part| match part {
                Part::Json(json) => json,
                other => panic!("{other:?}"),
            });
            assert_eq!(read, expected.map_err(str::to_owned), "{draft:?}");
        };
        let text = |text: &str| Draft::Text(text.to_owned());
        let number = || Component::Number(NumberRange::default());
        let tensor = || Component::Tensor { dtype: Dtype::F32, shape: vec![None, Some(2)] };
        check(number(), text("5"), Ok(json!(5)));
        check(number(), text(" 5.1 "), Ok(json!(5.1)));
        check(number(), text("x"), Err("`x` is not a number."));
        check(number(), text(""), Err("Fill this in first."));
        check(Component::Json, text("{\"a\":[1]}"), Ok(json!({"a": [1]})));
        check(
            Component::Json,
            text("{"),
            Err("This is not valid JSON: EOF while parsing an object at line 1 column 1."),
        );
        check(tensor(), text("1, 2\n3 4.5"), Ok(json!([1, 2, 3, 4.5])));
        check(tensor(), text("[[1,2]]"), Ok(json!([[1, 2]])));
        check(tensor(), text("1 two"), Err("`two` is not a number."));
        check(Component::Markdown, text(""), Ok(json!("")));
        check(Component::Checkbox, Draft::Flag(true), Ok(json!(true)));
        let grid = Grid {
            headers: vec!["a".into(), "b".into()],
            rows: vec![vec!["1".into(), "".into()], vec!["x".into(), "2.5".into()]],
        };
        check(
            Component::dataframe(vec![]),
            Draft::Grid(grid),
            Ok(json!({"headers": ["a", "b"], "data": [[1, null], ["x", 2.5]]})),
        );
    }

    #[test]
    fn what_a_draft_sends_makes_it_again() {
        let check = |component: Component, json: Json| {
            let field = field(component);
            let draft = Draft::from_json(&field, &json).expect("a draft");
            let sent = match draft.part(&field).expect("it can be sent") {
                Part::Json(json) => json,
                Part::Files { files, .. } => json!({ "asset": files[0].name }),
                Part::Absent => Json::Null,
            };
            assert_eq!(sent, json);
        };
        let choices = || vec!["a".to_owned(), "b".to_owned()];
        check(Component::Number(NumberRange::default()), json!(2.5));
        check(Component::Checkbox, json!(true));
        check(Component::Radio { choices: choices() }, json!("b"));
        check(Component::CheckboxGroup { choices: choices() }, json!(["b"]));
        check(Component::Markdown, json!("# A"));
        check(Component::Json, json!({ "a": [1, null] }));
        check(Component::Tensor { dtype: Dtype::F32, shape: vec![None] }, json!([1, 2]));
        check(Component::image(), json!({ "asset": "a/cat.png" }));
        check(Component::dataframe(vec![]), json!({ "headers": ["a", "b"], "data": [[1, "x"], [null, true]] }));
        let refuse = |component: Component, json: Json| {
            assert!(Draft::from_json(&field(component), &json).is_none(), "{json}");
        };
        refuse(Component::Radio { choices: choices() }, json!("c"));
        refuse(Component::Checkbox, json!("true"));
        refuse(Component::image(), json!("data:image/png;base64,AA=="));
        refuse(Component::dataframe(vec![]), json!({ "headers": ["a"], "data": [[1, 2]] }));
    }

    #[test]
    fn an_example_names_a_file_of_the_bundle() {
        let draft = Draft::from_value(&field(Component::image()), &Value::Text("asset:a/cat.png".into()));
        assert_eq!(draft.files()[0].name, "a/cat.png");
        assert!(draft.files()[0].is_asset());
    }
}
