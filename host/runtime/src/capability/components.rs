//! `vitrine:space/components`.

use crate::limits::MAX_DRAWN_BYTES;
use crate::state::{GuestState, LogLevel};
use crate::wit::components::{Host, Side};

/// A field that a guest draws otherwise than its description says: not yet checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawnComponent {
    pub endpoint: String,
    /// False for an output.
    pub is_input: bool,
    pub field: String,
    /// JSON, as the guest wrote it.
    pub component: String,
}

impl DrawnComponent {
    fn size_bytes(&self) -> usize {
        size_of::<Self>() + self.endpoint.len() + self.field.len() + self.component.len()
    }
}

impl Host for GuestState {
    fn draw(&mut self, endpoint: String, side: Side, field: String, component: String) {
        // None but while `describe` runs.
        let Some(drawn) = &mut self.drawn else { return };
        let component = DrawnComponent { endpoint, is_input: matches!(side, Side::Input), field, component };
        let used_bytes: usize = drawn.iter().map(DrawnComponent::size_bytes).sum();
        if used_bytes + component.size_bytes() > MAX_DRAWN_BYTES {
            let message = format!("`{}` is not drawn otherwise: the components take too many bytes", component.field);
            return self.log.write(LogLevel::Warn, &message);
        }
        drawn.push(component);
    }
}
