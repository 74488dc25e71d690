//! Texts, choices, colours and dates.

use guest_sdk::{Choice, Color, Date, DateTime, Outputs};

/// A size of clothes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Size {
    Small,
    Medium,
    Large,
}

/// What came in.
#[derive(Debug, PartialEq, Outputs)]
pub struct Fields {
    #[output(copy)]
    pub summary: String,
    pub agreed: bool,
    pub color: Color,
    pub day: Date,
    /// In Oslo.
    pub time: DateTime,
}
