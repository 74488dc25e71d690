//! What only authors use: none of it is in the client that visitors load.

pub mod feature_button;
pub mod flag_delete;
pub mod log_view;

pub use feature_button::FeatureButton;
pub use flag_delete::FlagDelete;
pub use log_view::LogView;
