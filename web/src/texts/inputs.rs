//! What a visitor enters.

/// `form` is `[1 × 3], f32`.
pub(crate) fn tensor_help(form: &str) -> String {
    format!("Numbers for a tensor of shape {form}, row by row.")
}

pub(crate) const MESSAGE_HINT: &str = "Write a message";
/// What is entered by pointing, as it is sent.
pub(crate) const AS_JSON: &str = "As JSON";
pub(crate) const ENTER_SENDS: &str = "Enter sends.";
pub(crate) const START_AGAIN: &str = "Start again";

pub(crate) fn n_messages(n: usize) -> String {
    format!("{n} messages so far.")
}

pub(crate) fn as_rrggbb(label: &str) -> String {
    format!("{label}, as #rrggbb")
}

pub(crate) fn as_number(label: &str) -> String {
    format!("{label}, as a number")
}

/// Behind a time of day: its zone, where the app names none.
pub(crate) const YOUR_TIME: &str = "your clock’s time";

pub(crate) const SEARCH_HINT: &str = "Type to search";
pub(crate) const SEARCH_OR_ADD_HINT: &str = "Type to search or add";

/// The list of what is chosen.
pub(crate) fn chosen(label: &str) -> String {
    format!("{label}, chosen")
}

pub(crate) fn add_to(label: &str) -> String {
    format!("Add to {label}")
}

pub(crate) const CHOOSE_IMAGE: &str = "Choose an image";
pub(crate) const CHOOSE_TWO_IMAGES: &str = "Choose two images";
pub(crate) const CHOOSE_MODEL3D: &str = "Choose a 3D model";
pub(crate) const CHOOSE_IMAGES: &str = "Choose images";
pub(crate) const CHOOSE_SOUND: &str = "Choose a sound";
pub(crate) const CHOOSE_VIDEO: &str = "Choose a video";
pub(crate) const CHOOSE_FILES: &str = "Choose files";

/// How a file gets here, with the size of the largest; so are the next.
pub(crate) fn drop_paste_or_choose(limit: &str) -> String {
    format!("Drop, paste or choose · up to {limit}")
}

pub(crate) fn drop_or_choose(limit: &str) -> String {
    format!("Drop or choose · up to {limit}")
}

pub(crate) fn paste(limit: &str) -> String {
    format!("Paste · up to {limit}")
}

pub(crate) fn record(limit: &str) -> String {
    format!("Record · up to {limit}")
}
