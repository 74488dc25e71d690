//! What the page of a space knows while somebody uses it.

pub mod chat;
pub mod draft;
pub mod endpoint;
pub mod events;
pub mod page;
pub mod permalink;
pub mod picked;
pub mod tab;

pub use chat::Chat;
pub use draft::{Draft, Grid, Part};
pub use endpoint::{EndpointState, Phase};
pub use page::{PageState, SpacePage};
pub use picked::Picked;
pub use tab::SpaceTab;
