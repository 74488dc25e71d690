//! What the owner of a space may change.

pub(crate) const SAVED: &str = "Saved.";

pub(crate) const DETAILS: &str = "Title and description";
pub(crate) const SAVE_DETAILS: &str = "Save title and description";
pub(crate) const DETAILS_HELP: &str = "Over what the live revision says, at once and without a new publish. \
    An empty field shows the revision's own.";
pub(crate) const TITLE: &str = "Title";
pub(crate) const TITLE_HELP: &str = "On the page, in the gallery and for programs.";
pub(crate) const TITLE_NONE: &str = "The name of the space";
pub(crate) const DESCRIPTION: &str = "Description";
pub(crate) const DESCRIPTION_HELP: &str = "Markdown. Its first paragraph is the text of the card.";
pub(crate) const TAGS: &str = "Tags";
pub(crate) const TAGS_HELP: &str = "Separated by commas; a single dash for none.";
pub(crate) const TAGS_NONE: &str = "None";

pub(crate) const SAVE_VISIBILITY: &str = "Save visibility";
pub(crate) const PUBLIC_MEANS: &str = "Everybody finds it in the gallery.";
pub(crate) const UNLISTED_MEANS: &str = "Who knows its address can use it; the gallery does not show it.";
pub(crate) const PRIVATE_MEANS: &str = "Only who has signed in, or has the token, can use it.";

pub(crate) const LIMITS: &str = "Limits";
pub(crate) const SAVE_LIMITS: &str = "Save limits";
pub(crate) const LIMITS_HELP: &str = "In force at the next call. Sizes with a unit, such as 512 MiB. \
    An empty field takes what the revision asks for, or else this server’s default.";
pub(crate) const MEMORY: &str = "Memory of one instance";
pub(crate) const DEADLINE: &str = "Deadline of a call, in seconds";
pub(crate) const CONCURRENCY: &str = "Calls that run at once";
pub(crate) const MAX_BODY: &str = "Largest body of a request";
pub(crate) const MAX_LOG: &str = "Log kept of a call";

/// `maximum` comes with its unit.
pub(crate) fn limit_help(maximum: &str) -> String {
    format!("This server gives at most {maximum}.")
}

pub(crate) const CONFIG: &str = "Config and secrets";
pub(crate) const CONFIG_HELP: &str = "What the app reads through its config interface, in force at the next call. \
    A secret is never shown again, not to you either.";
pub(crate) const CONFIG_NONE: &str = "Nothing is set.";
pub(crate) const SECRET_VALUE: &str = "secret, never shown";
pub(crate) const REMOVE: &str = "Remove";
pub(crate) const SET_VALUE: &str = "Set a value";
pub(crate) const SAVE_VALUE: &str = "Save value";
pub(crate) const KEY: &str = "Key";
pub(crate) const KEY_HELP: &str = "A key that is there gets the new value.";
pub(crate) const VALUE: &str = "Value";
pub(crate) const VALUE_HELP: &str = "At most 16 KiB.";
pub(crate) const IS_SECRET: &str = "It is a secret";

pub(crate) const FRAMES: &str = "Embedding";
pub(crate) const SAVE_FRAMES: &str = "Save origins";
pub(crate) const FRAME_ORIGINS: &str = "Sites that may show it in a frame";
pub(crate) const FRAME_ORIGINS_HELP: &str =
    "One a line, such as https://example.org or https://*.example.org. Empty: every site.";
pub(crate) const FRAME_ORIGINS_NONE: &str = "Every site";

pub(crate) const DUPLICATE_SPACE: &str = "Duplicate the space";
pub(crate) const DUPLICATE_HELP: &str = "The live revision under another name, ready at once. \
    Config and secrets stay here; the copy is private until you say otherwise.";
pub(crate) const NEW_ID: &str = "New owner and name";
pub(crate) const NEW_ID_HELP: &str = "OWNER/NAME, of which there is no space yet.";

pub(crate) const DELETE_SPACE: &str = "Delete the space";
pub(crate) const DELETE_HELP: &str = "All its revisions, files, logs and metrics go, for good.";
pub(crate) const DELETE: &str = "Delete";

/// Marked: what must be typed before a space is deleted.
pub(crate) fn type_to_delete(id: &str) -> String {
    format!("Type `{id}` to go on")
}

/// The same in short, when something else was typed.
pub(crate) fn type_id(id: &str) -> String {
    format!("Type {id}")
}
