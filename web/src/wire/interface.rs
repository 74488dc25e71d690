//! An interface.

use serde_json::Value as Json;
use spaces::interface::{Endpoint, Event, Example, Field, Interface, LayoutKind, LayoutNode, Trigger};

use super::{Wire, field, member, or};

impl Wire for Interface {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            title: field(json, "title")?,
            documentation: field(json, "documentation")?,
            endpoints: field(json, "endpoints")?,
            layout: or(json, "layout", Vec::new())?,
            events: or(json, "events", Vec::new())?,
        })
    }
}

impl Wire for Endpoint {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            name: field(json, "name")?,
            title: field(json, "title")?,
            documentation: field(json, "documentation")?,
            inputs: field(json, "inputs")?,
            outputs: field(json, "outputs")?,
            examples: or(json, "examples", Vec::new())?,
            streams: or(json, "streams", false)?,
        })
    }
}

impl Wire for Field {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            name: field(json, "name")?,
            label: field(json, "label")?,
            info: field(json, "info")?,
            component: field(json, "component")?,
            default: field(json, "default")?,
            optional: or(json, "optional", false)?,
        })
    }
}

impl Wire for Example {
    fn read(json: &Json) -> Option<Self> {
        Some(Self { title: field(json, "title")?, inputs: field(json, "inputs")?, cached: or(json, "cached", false)? })
    }
}

impl Wire for LayoutNode {
    fn read(json: &Json) -> Option<Self> {
        Some(Self { kind: Wire::read(json)?, parent: field(json, "parent")? })
    }
}

impl Wire for LayoutKind {
    fn read(json: &Json) -> Option<Self> {
        let text = || String::read(member(json, "value"));
        Some(match json.get("kind")?.as_str()? {
            "row" => Self::Row,
            "column" => Self::Column,
            "tabs" => Self::Tabs,
            "tab" => Self::Tab(text()?),
            "steps" => Self::Steps,
            "step" => Self::Step(text()?),
            "accordion" => Self::Accordion(text()?),
            "sidebar" => Self::Sidebar,
            "markdown" => Self::Markdown(text()?),
            "endpoint" => Self::Endpoint(text()?),
            "input" => Self::Input(text()?),
            "output" => Self::Output(text()?),
            _ => return None,
        })
    }
}

impl Wire for Event {
    fn read(json: &Json) -> Option<Self> {
        Some(Self { trigger: field(json, "trigger")?, endpoint: field(json, "endpoint")? })
    }
}

impl Wire for Trigger {
    fn read(json: &Json) -> Option<Self> {
        let value = member(json, "value");
        Some(match json.get("on")?.as_str()? {
            "submit" => Self::Submit,
            "change" => Self::Change(Wire::read(value)?),
            "load" => Self::Load,
            "timer" => Self::Timer(Wire::read(value)?),
            "select" => Self::Select(Wire::read(value)?),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use spaces::interface::Component;
    use spaces::value::{Cell, Column, Confidence, Dtype, Media, Tensor, Value};

    use super::*;

    #[test]
    fn an_interface_is_read_as_it_was_written() {
        let values = [
            Value::Null,
            Value::Boolean(true),
            Value::Integer(-3),
            Value::Number(2.5),
            Value::Text("t".into()),
            Value::Texts(vec!["a".into()]),
            Value::Json(serde_json::json!({ "a": [null] })),
            Value::Media(Media { bytes: vec![1, 2], mime_type: "image/png".into(), name: Some("n".into()) }),
            Value::Medias(vec![Media { bytes: vec![], mime_type: "a/b".into(), name: None }]),
            Value::Tensor(Tensor { dtype: Dtype::S64, shape: vec![1], bytes: vec![0; 8] }),
            Value::Table(vec![Column {
                name: "c".into(),
                cells: vec![
                    Cell::Null,
                    Cell::Boolean(true),
                    Cell::Integer(1),
                    Cell::Number(1.5),
                    Cell::Text("x".into()),
                ],
            }]),
            Value::Label(vec![
                Confidence { label: "l".into(), score: Some(0.5) },
                Confidence { label: "m".into(), score: None },
            ]),
        ];
        let field = |default: Option<Value>| Field {
            name: "x".into(),
            label: "X".into(),
            info: default.is_some().then(|| "info".into()),
            optional: default.is_none(),
            component: Component::Json,
            default,
        };
        let text = || "a.b".to_owned();
        let kinds = [
            LayoutKind::Row,
            LayoutKind::Column,
            LayoutKind::Tabs,
            LayoutKind::Tab(text()),
            LayoutKind::Steps,
            LayoutKind::Step(text()),
            LayoutKind::Accordion(text()),
            LayoutKind::Sidebar,
            LayoutKind::Markdown(text()),
            LayoutKind::Endpoint(text()),
            LayoutKind::Input(text()),
            LayoutKind::Output(text()),
        ];
        let triggers =
            [Trigger::Submit, Trigger::Change(text()), Trigger::Load, Trigger::Timer(500), Trigger::Select(text())];
        let endpoint = Endpoint {
            name: "e".into(),
            title: "E".into(),
            documentation: "d".into(),
            inputs: values.iter().cloned().map(|value| field(Some(value))).collect(),
            outputs: vec![field(None)],
            examples: vec![Example { title: None, inputs: values.to_vec(), cached: true }],
            streams: true,
        };
        let interface = Interface {
            title: "t".into(),
            documentation: "d".into(),
            endpoints: vec![endpoint, Endpoint { examples: vec![], streams: false, ..plain() }],
            layout: kinds.into_iter().map(|kind| LayoutNode { kind, parent: Some(1) }).collect(),
            events: triggers.map(|trigger| Event { trigger, endpoint: "e".into() }).to_vec(),
        };
        let written = serde_json::to_value(&interface).expect("it is written");
        assert_eq!(Interface::read(&written), Some(interface));
    }

    fn plain() -> Endpoint {
        Endpoint {
            name: "p".into(),
            title: String::new(),
            documentation: String::new(),
            inputs: vec![],
            outputs: vec![],
            examples: vec![],
            streams: false,
        }
    }
}
