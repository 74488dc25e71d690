//! What only authors use: none of it is in the client that visitors load.

pub mod flag_delete;
pub mod log_view;
pub mod roll_back;
pub mod settings_form;

pub use flag_delete::FlagDelete;
pub use log_view::LogView;
pub use roll_back::RollBack;
pub use settings_form::SettingsForm;
