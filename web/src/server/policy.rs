//! What the browser is told that a page may load, and who may show it in a frame.

use http::HeaderValue;

/// Scripts, styles and connections only from this server; bytes that the page itself made (`data:`, `blob:`) as
/// media. Compiling the client is all the evaluation there is.
macro_rules! content_policy {
    ($frames:literal) => {
        concat!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; ",
            "media-src 'self' data: blob:; connect-src 'self' data: blob:; font-src 'self'; form-action 'self'; base-uri 'none'; ",
            "frame-ancestors ",
            $frames
        )
    };
}

/// For pages that only this site shows in frames.
pub(super) const CONTENT_POLICY: &str = content_policy!("'self'");
/// The same for pages that are made to be in a frame. No cookie comes along with them from another site.
pub(super) const EMBED_POLICY: &str = content_policy!("*");

/// The same where the owner has said whose frames.
pub(super) fn frame_policy(origins: &[String]) -> Option<HeaderValue> {
    if origins.is_empty() {
        return None;
    }
    HeaderValue::from_str(&format!("{CONTENT_POLICY} {}", origins.join(" "))).ok()
}
