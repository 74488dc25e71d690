//! An address as a QR code.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

use crate::escape::escaped;
use crate::texts::share as texts;

/// The empty frame that readers need, in modules.
const QUIET: usize = 4;

/// The code as SVG, dark on light in every theme, as readers expect it; none of an address that is too long for one.
pub(super) fn svg(url: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(url, EcLevel::M).ok()?;
    let (width, size) = (code.width(), code.width() + 2 * QUIET);
    let colors = code.to_colors();
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                let _ = write!(path, "M{} {}h{}v1h-{}z", x + QUIET, y + QUIET, run.len(), run.len());
            }
            x += run.len();
        }
    }
    let label = escaped(texts::QR_CODE);
    Some(format!(
        r##"<svg role="img" aria-label="{label}" viewBox="0 0 {size} {size}" shape-rendering="crispEdges"><rect width="{size}" height="{size}" fill="#fff"/><path d="{path}" fill="#000"/></svg>"##
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_drawn_unless_it_is_too_long() {
        let drawn = svg("https://demo.example/spaces/ada/iris").expect("it is short");
        // Each of the three corners begins with a bar of seven modules.
        assert!(["M4 4h7", "M26 4h7", "M4 26h7"].iter().all(|corner| drawn.contains(corner)), "{drawn}");
        assert!(!drawn.contains("demo"), "only modules");
        assert_eq!(svg(&"x".repeat(5000)), None);
    }
}
