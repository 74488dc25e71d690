//! Whole pages, drawn on the server.

pub mod embed;
pub mod error;
pub mod files;
pub mod flags;
pub mod gallery;
pub mod login;
pub mod owner;
pub mod revisions;
pub mod shell;
pub mod space;

pub use embed::EmbedView;
pub use error::ErrorPage;
pub use files::FileList;
pub use flags::FlagList;
pub use gallery::GalleryPage;
pub use login::LoginPage;
pub use owner::OwnerPage;
pub use revisions::RevisionList;
pub use shell::{Head, ICON, Shell};
pub use space::{SpaceContent, SpaceView};
