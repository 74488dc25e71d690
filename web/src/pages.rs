//! Whole pages, drawn on the server.

pub mod age;
pub mod diff;
pub mod embed;
pub mod error;
pub mod files;
pub mod flags;
pub mod gallery;
pub mod login;
pub mod metrics;
pub mod new;
pub mod revisions;
pub mod settings;
pub mod share;
pub mod shell;
pub mod space;

pub use diff::DiffView;
pub use embed::EmbedView;
pub use error::ErrorPage;
pub use files::FileList;
pub use flags::FlagList;
pub use gallery::GalleryPage;
pub use login::LoginPage;
pub use metrics::MetricsCharts;
pub use new::NewPage;
pub use revisions::{PreviewBar, RevisionList};
pub use settings::{SentForm, SettingsForms};
pub use share::{ShareHead, SharePanel, ShareTags};
pub use shell::{Head, ICON, Shell};
pub use space::{SpaceContent, SpaceView};
