//! Paths below `/v2`.

use axum::http::Method;

/// What a path asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route {
    Server,
    Live,
    Ready,
    Model {
        name: String,
        version: Option<String>,
        action: Action,
    },
    AllStats,
    Index,
    Load {
        name: String,
    },
    Unload {
        name: String,
    },
    /// Parts of Triton that there are none of here.
    Unsupported,
}

/// What is asked of a model.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Action {
    Metadata,
    Ready,
    Config,
    Stats,
    Infer,
}

impl Route {
    /// Takes a decoded path apart, without its leading slash. In it an escaped slash is one: a name has none.
    pub(super) fn parse(path: &str) -> Option<Self> {
        let segments: Vec<&str> = path.trim_end_matches('/').split('/').collect();
        Some(match segments.as_slice() {
            [""] => Self::Server,
            ["health", "live"] => Self::Live,
            ["health", "ready"] => Self::Ready,
            ["models", "stats"] => Self::AllStats,
            ["repository", "index"] => Self::Index,
            ["repository", "models", name @ .., "load"] if !name.is_empty() => Self::Load { name: name.join("/") },
            ["repository", "models", name @ .., "unload"] if !name.is_empty() => Self::Unload { name: name.join("/") },
            ["models", .., "trace", "setting"]
            | ["trace", "setting"]
            | ["logging"]
            | ["systemsharedmemory" | "cudasharedmemory", ..] => Self::Unsupported,
            ["models", model @ .., "infer"] => Self::model(model, Action::Infer)?,
            ["models", model @ .., "ready"] => Self::model(model, Action::Ready)?,
            ["models", model @ .., "config"] => Self::model(model, Action::Config)?,
            ["models", model @ .., "stats"] => Self::model(model, Action::Stats)?,
            ["models", model @ ..] => Self::model(model, Action::Metadata)?,
            _ => return None,
        })
    }

    fn model(segments: &[&str], action: Action) -> Option<Self> {
        let (name, version) = match segments {
            [name @ .., "versions", version] => (name, Some((*version).to_owned())),
            name => (name, None),
        };
        if name.is_empty() { None } else { Some(Self::Model { name: name.join("/"), version, action }) }
    }

    /// The one method that the path takes; none where there is nothing at it.
    pub(super) fn method(&self) -> Option<Method> {
        match self {
            Self::Unsupported => None,
            Self::Server | Self::Live | Self::Ready | Self::AllStats => Some(Method::GET),
            Self::Model { action: Action::Infer, .. } => Some(Method::POST),
            Self::Model { action: Action::Metadata | Action::Ready | Action::Config | Action::Stats, .. } => {
                Some(Method::GET)
            }
            Self::Index | Self::Load { .. } | Self::Unload { .. } => Some(Method::POST),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_a_model_a_version_and_what_is_asked() {
        let model = |name: &str, version: Option<&str>, action| {
            Some(Route::Model { name: name.to_owned(), version: version.map(str::to_owned), action })
        };
        let check = |path: &str, expected: Option<Route>| assert_eq!(Route::parse(path), expected, "{path}");
        check("", Some(Route::Server));
        check("health/live", Some(Route::Live));
        check("models/stats", Some(Route::AllStats));
        check("models/ada.iris", model("ada.iris", None, Action::Metadata));
        check("models/ada/iris/infer", model("ada/iris", None, Action::Infer));
        check("models/ada.iris/versions/3/infer", model("ada.iris", Some("3"), Action::Infer));
        check("models/ada.iris/versions/3", model("ada.iris", Some("3"), Action::Metadata));
        check("models/ada.iris/stats", model("ada.iris", None, Action::Stats));
        check("repository/models/ada.iris/load", Some(Route::Load { name: "ada.iris".to_owned() }));
        check("models/ada.iris/trace/setting", Some(Route::Unsupported));
        check("systemsharedmemory/region/a/register", Some(Route::Unsupported));
        check("models/infer", None);
        check("models/versions/3", None);
        check("health", None);
        check("models//infer", model("", None, Action::Infer));
    }
}
