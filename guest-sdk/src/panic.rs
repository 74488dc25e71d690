//! Panics become a message for the caller before the instance traps.

use std::panic;
use std::sync::Once;

/// Installs the hook that records a panic's message and place with the host.
///
/// Called at each entry: an app may have replaced the hook in `init`, but only before the first entry returned.
pub(crate) fn report_to_host() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| panic::set_hook(Box::new(|info| crate::log::panicked(&info.to_string()))));
}
