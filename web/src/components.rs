//! The pieces of which pages are made. Islands (they come alive in the browser) say so in their docs.

pub mod api_panel;
// The server draws them, and who has signed in loads a client that has them.
#[cfg(any(feature = "ssr", feature = "authors"))]
pub mod authors;
pub mod copy_button;
pub mod copy_text;
pub mod endpoint_form;
pub mod examples;
pub mod flag_buttons;
pub mod layout;
pub mod marked;
mod outcome;
pub mod prose;
pub mod run_bar;
pub mod run_history;
pub mod space_app;
pub mod space_nav;
pub mod steps;
pub mod tabs;
pub mod theme_toggle;

pub use api_panel::ApiPanel;
pub use copy_button::CopyButton;
pub(crate) use copy_button::copy;
pub use copy_text::CopyText;
pub use endpoint_form::EndpointForm;
pub use examples::Examples;
pub use flag_buttons::FlagButtons;
pub use layout::Layout;
pub use marked::marked;
pub use prose::Prose;
pub use run_bar::RunBar;
pub use run_history::RunHistory;
pub use space_app::SpaceApp;
pub use space_nav::SpaceNav;
pub use steps::Steps;
pub use tabs::Tabs;
pub use theme_toggle::{THEME_COOKIE, ThemeToggle};
