//! Whether a [`Value`] fits a [`Component`].

use super::Value;
use crate::interface::Component;

/// Why a value does not fit its component. Reads after "input `x`: ".
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ValueError {
    #[error("expected {expected}, found {found}")]
    Type { expected: &'static str, found: &'static str },
}

/// Checks type and inner consistency.
pub(crate) fn check_type(_component: &Component, _value: &Value) -> Result<(), ValueError> {
    Ok(())
}
