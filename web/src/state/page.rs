//! The state of a whole space page: one [`EndpointState`] for each endpoint.

use leptos::prelude::*;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value as Json;
use spaces::SpaceId;
use spaces::interface::{Field, Interface, Trigger};
use spaces::limits::Limits;
use spaces::value::Value;
use spaces::view::Flagging;

use super::{Draft, EndpointState, SpaceTab};
use crate::wire::{Wire, field};

/// What the server hands to the browser: the space as the visitor sees it.
#[derive(Debug, Clone, Serialize)]
pub struct SpacePage {
    pub id: SpaceId,
    pub interface: Interface,
    pub limits: Limits,
    /// How visitors may flag answers; none where they may not.
    pub flagging: Option<Flagging>,
    /// The address of this server as the visitor sees it: `https://example.org`.
    pub origin: String,
    /// The view with which the page begins.
    pub tab: SpaceTab,
    /// Whether the visitor has signed in.
    pub admin: bool,
    /// Whether the page is in a frame of another site, and shows the app alone.
    pub embedded: bool,
    /// The revision that is looked at before it serves; none shows the live one.
    pub preview: Option<u64>,
}

impl<'de> Deserialize<'de> for SpacePage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(&Json::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("it is no page of a space"))
    }
}

impl Wire for SpacePage {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            id: field::<String>(json, "id")?.parse().ok()?,
            interface: field(json, "interface")?,
            limits: field(json, "limits")?,
            flagging: field(json, "flagging")?,
            origin: field(json, "origin")?,
            tab: SpaceTab::parse(Some(&field::<String>(json, "tab")?))?,
            admin: field(json, "admin")?,
            embedded: field(json, "embedded")?,
            preview: field(json, "preview")?,
        })
    }
}

impl Wire for Flagging {
    fn read(json: &Json) -> Option<Self> {
        Some(Self { options: field(json, "options")? })
    }
}

impl SpacePage {
    /// The address of the space, which is that of its API.
    pub fn url(&self) -> String {
        format!("{}/spaces/{}", self.origin, self.id)
    }

    /// Below which the page finds endpoints and files on its own server.
    pub fn base(&self) -> String {
        match self.preview {
            None => format!("/spaces/{}", self.id),
            Some(number) => format!("/spaces/{}/revisions/{number}", self.id),
        }
    }
}

/// The page's state, put into context once; copies are handles to the same state.
#[derive(Clone, Copy)]
pub struct PageState {
    page: StoredValue<SpacePage>,
    endpoints: StoredValue<Vec<EndpointState>>,
    /// False until the browser has taken over: buttons do nothing before.
    pub ready: RwSignal<bool>,
}

impl PageState {
    /// The state with which a page begins: defaults filled in, nothing called.
    pub fn new(page: SpacePage) -> Self {
        let endpoints = page.interface.endpoints.iter().map(EndpointState::new).collect();
        Self { page: StoredValue::new(page), endpoints: StoredValue::new(endpoints), ready: RwSignal::new(false) }
    }

    /// The space's id.
    pub fn id(self) -> SpaceId {
        self.page.with_value(|page| page.id.clone())
    }

    /// Below which endpoints and files are found.
    pub fn base(self) -> String {
        self.with(SpacePage::base)
    }

    /// A part of the page's description.
    pub fn with<T>(self, read: impl FnOnce(&SpacePage) -> T) -> T {
        self.page.with_value(read)
    }

    /// The state of the endpoint called `name`.
    pub fn endpoint(self, name: &str) -> Option<EndpointState> {
        let position = self.with(|page| page.interface.endpoints.iter().position(|endpoint| endpoint.name == name))?;
        self.endpoints.with_value(|endpoints| endpoints.get(position).copied())
    }

    /// All endpoints, in the interface's order.
    pub fn endpoints(self) -> Vec<EndpointState> {
        self.endpoints.get_value()
    }

    /// The input or output that a layout or an event names as `endpoint.field`.
    pub fn locate(self, path: &str) -> Option<(EndpointState, String)> {
        let (endpoint, field) = path.split_once('.')?;
        Some((self.endpoint(endpoint)?, field.to_owned()))
    }

    /// True where something can be selected in the output at `path`.
    pub fn has_select(self, path: &str) -> bool {
        let is_select = |trigger: &Trigger| matches!(trigger, Trigger::Select(output) if output == path);
        self.with(|page| page.interface.events.iter().any(|event| is_select(&event.trigger)))
    }

    /// True where a selection calls `endpoint`, so that nobody enters one.
    pub fn is_called_by_select(self, endpoint: &str) -> bool {
        let events = |page: &SpacePage| page.interface.events.clone();
        self.with(events).iter().any(|event| event.endpoint == endpoint && matches!(event.trigger, Trigger::Select(_)))
    }

    /// True where a visitor starts `endpoint` with a button.
    pub fn has_submit(self, endpoint: &str) -> bool {
        self.with(|page| {
            let events = &page.interface.events;
            events.is_empty()
                || events.iter().any(|event| event.trigger == Trigger::Submit && event.endpoint == endpoint)
        })
    }
}

/// Fills the inputs of an endpoint from an example; inputs that the example leaves out are cleared.
pub fn load_example(state: EndpointState, fields: &[Field], values: &[Value]) {
    for (position, field) in fields.iter().enumerate() {
        let value = values.get(position).unwrap_or(&Value::Null);
        let draft = match value {
            Value::Null => Draft::initial(field),
            value => Draft::from_value(field, value),
        };
        if let Some(input) = state.input(position) {
            input.set(draft);
        }
    }
}
