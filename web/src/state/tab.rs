//! The views of a space's page.

use serde::Serialize;
use spaces::SpaceId;

use crate::texts::space as texts;

/// Each has an address of its own: `?tab=…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SpaceTab {
    App,
    Api,
    Files,
    Revisions,
    Flags,
    Logs,
    Metrics,
    Settings,
}

impl SpaceTab {
    pub const ALL: [Self; 8] =
        [Self::App, Self::Api, Self::Files, Self::Revisions, Self::Flags, Self::Logs, Self::Metrics, Self::Settings];

    /// What people see.
    pub fn title(self) -> &'static str {
        match self {
            Self::App => texts::APP,
            Self::Api => texts::API,
            Self::Files => texts::FILES,
            Self::Revisions => texts::REVISIONS,
            Self::Flags => texts::FLAGS,
            Self::Logs => texts::LOGS,
            Self::Metrics => texts::METRICS,
            Self::Settings => texts::SETTINGS,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Api => "api",
            Self::Files => "files",
            Self::Revisions => "revisions",
            Self::Flags => "flags",
            Self::Logs => "logs",
            Self::Metrics => "metrics",
            Self::Settings => "settings",
        }
    }

    /// The tab that an address names; none where there is no such tab.
    pub fn parse(name: Option<&str>) -> Option<Self> {
        match name {
            None => Some(Self::App),
            Some(name) => Self::ALL.into_iter().find(|tab| tab.name() == name),
        }
    }

    /// The tab of a query such as `?tab=api&x=1`.
    pub fn of_query(query: &str) -> Option<Self> {
        Self::parse(query.trim_start_matches('?').split('&').find_map(|pair| pair.strip_prefix("tab=")))
    }

    /// True for the two that show one state and change without a new page.
    pub fn is_app(self) -> bool {
        matches!(self, Self::App | Self::Api)
    }

    /// True for those that only who has signed in may see.
    pub fn is_for_admins(self) -> bool {
        matches!(self, Self::Flags | Self::Logs | Self::Metrics | Self::Settings)
    }

    /// The address of the tab.
    pub fn url(self, space: &SpaceId) -> String {
        match self {
            Self::App => format!("/spaces/{space}"),
            tab => format!("/spaces/{space}?tab={}", tab.name()),
        }
    }
}
