//! Models: how clients name a space and its endpoints.
//!
//! The protocol has one flat name for what is a space with endpoints. `owner.name` is the space's endpoint `predict`,
//! or its first; `owner.name.endpoint` is any of them. A dot is in no owner, name or endpoint, and no client escapes
//! it. Clients that write `/` instead, escaped or not, mean the same.

use std::fmt;
use std::sync::Arc;

use axum::http::StatusCode;
use spaces::SpaceId;
use spaces::interface::Endpoint;

use crate::app::App;
use crate::auth::Caller;
use crate::http::access::{endpoint_index, usable_space};
use crate::http::error::ApiError;
use crate::live::LiveSpace;

/// The endpoint that a space's own name means, where it has one of that name.
const DEFAULT_ENDPOINT: &str = "predict";

/// One endpoint of a space, ready to be called.
#[derive(Clone)]
pub(super) struct Model {
    pub(super) space: Arc<LiveSpace>,
    /// The endpoint's index in the interface.
    pub(super) index: usize,
}

impl Model {
    /// Finds a model that this caller may use.
    ///
    /// # Errors
    /// 404 where there is none of that name and version, which is also what those hear who may not use it.
    pub(super) async fn find(
        app: &Arc<App>,
        caller: Caller,
        name: &str,
        version: Option<&str>,
    ) -> Result<Self, ApiError> {
        let ModelName { space, endpoint } = ModelName::parse(name)?;
        let space = usable_space(app, caller, &space).await?;
        let index = match endpoint {
            Some(endpoint) => endpoint_index(&space, endpoint)?,
            None => default_endpoint(&space),
        };
        let model = Self { space, index };
        match version {
            Some(version) if version != model.version() => Err(unknown_version(&model, version)),
            _ => Ok(model),
        }
    }

    pub(super) fn endpoint(&self) -> &Endpoint {
        &self.space.interface.endpoints[self.index]
    }

    /// The live revision's number: the only version that is served.
    pub(super) fn version(&self) -> String {
        self.space.revision.to_string()
    }
}

/// The name that answers carry.
impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LiveSpace { id, .. } = &*self.space;
        f.write_str(&space_name(id))?;
        if self.index == default_endpoint(&self.space) { Ok(()) } else { write!(f, ".{}", self.endpoint().name) }
    }
}

/// The name of a space as a model.
pub(super) fn space_name(id: &SpaceId) -> String {
    format!("{}.{}", id.owner(), id.name())
}

fn default_endpoint(space: &LiveSpace) -> usize {
    space.interface.endpoints.iter().position(|endpoint| endpoint.name == DEFAULT_ENDPOINT).unwrap_or(0)
}

fn unknown_version(model: &Model, version: &str) -> ApiError {
    let version: String = version.chars().filter(|c| !c.is_control()).take(20).collect();
    let message = format!("model `{model}` has no version `{version}`; it serves version {}", model.version());
    ApiError::new(StatusCode::NOT_FOUND, "unknown_version", message)
}

/// A name, taken apart.
#[derive(Debug, PartialEq, Eq)]
struct ModelName<'a> {
    space: SpaceId,
    endpoint: Option<&'a str>,
}

impl<'a> ModelName<'a> {
    fn parse(text: &'a str) -> Result<Self, ApiError> {
        let mut parts = text.split(if text.contains('/') { '/' } else { '.' });
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(owner), Some(name), endpoint, None) => {
                Ok(Self { space: SpaceId::new(owner, name)?, endpoint: endpoint.filter(|name| !name.is_empty()) })
            }
            _ => {
                let start: String = text.chars().filter(|c| !c.is_control()).take(80).collect();
                let message = format!("there is no model `{start}`; a name is of the form owner.name");
                Err(ApiError::new(StatusCode::NOT_FOUND, "unknown_model", message))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_a_space_and_perhaps_an_endpoint() {
        let check = |text: &str, expected: Option<(&str, Option<&str>)>| {
            let parsed = ModelName::parse(text).ok();
            let found = parsed.as_ref().map(|name| (name.space.to_string(), name.endpoint));
            assert_eq!(found, expected.map(|(space, endpoint)| (space.to_owned(), endpoint)), "{text}");
        };
        check("ada.iris", Some(("ada/iris", None)));
        check("ada/iris", Some(("ada/iris", None)));
        check("ada.work-bench.add_two", Some(("ada/work-bench", Some("add_two"))));
        check("ada/iris/predict", Some(("ada/iris", Some("predict"))));
        check("iris", None);
        check("", None);
        check("a.b.c.d", None);
        check("Ada.iris", None);
    }
}
