//! What stands above each view of a space.

pub(crate) const NOT_LISTED: &str = "not listed";
pub(crate) const PRIVATE: &str = "private";
pub(crate) const DUPLICATE: &str = "Duplicate";
/// Before a date.
pub(crate) const UPDATED_BEFORE: &str = "updated ";

pub(crate) fn revision(number: u64) -> String {
    format!("revision {number}")
}
