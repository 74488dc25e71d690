//! Whole pages, drawn on the server.

pub mod error;
pub mod gallery;
pub mod owner;
pub mod shell;
pub mod space;

pub use error::ErrorPage;
pub use gallery::GalleryPage;
pub use owner::OwnerPage;
pub use shell::{Head, Shell};
pub use space::SpaceView;
