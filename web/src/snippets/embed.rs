//! What another site's page needs to show a space in a frame.

use spaces::SpaceId;

/// A frame, and the script that gives it the height of what it shows.
pub fn embed(origin: &str, id: &SpaceId) -> String {
    format!(
        "<iframe src=\"{origin}/embed/{id}\" title=\"{id}\" width=\"100%\" height=\"500\" style=\"border: 0\"></iframe>\n\
         <script src=\"{origin}/embed.js\" async></script>"
    )
}
