//! Who may see a space.

pub(crate) const WHO_MAY_SEE: &str = "Who may see it";
pub(crate) const PUBLIC: &str = "Public";
pub(crate) const UNLISTED: &str = "Unlisted";
pub(crate) const PRIVATE: &str = "Private";
