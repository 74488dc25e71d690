//! What the page of a space knows while somebody uses it.

pub mod chat;
pub mod changes;
pub mod draft;
pub mod endpoint;
pub mod events;
pub mod grid;
pub mod history;
pub mod page;
pub mod permalink;
pub mod picked;
pub mod plain;
pub mod progress;
pub mod selection;
pub mod tab;

pub use changes::FieldChange;
pub use chat::Chat;
pub use draft::{Draft, Part};
pub use endpoint::{EndpointState, Kept, Phase};
pub use grid::Grid;
pub use history::Run;
pub use page::{PageState, SpacePage};
pub use picked::Picked;
pub use plain::plain;
pub use progress::Progress;
pub use tab::SpaceTab;
