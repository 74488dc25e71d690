//! What the app answers.

/// In the place of an answer, before the first one; so are the next.
pub(crate) const ANSWER_TO_COME: &str = "The answer will appear here.";
pub(crate) const IMAGE_TO_COME: &str = "The image will appear here.";
pub(crate) const TABLE_TO_COME: &str = "The table will appear here.";
pub(crate) const CLASSES_TO_COME: &str = "The answer will appear here, most likely first.";
pub(crate) const CONVERSATION_TO_COME: &str = "The conversation will appear here.";

/// Behind “Copy”, for those who do not see where the button stands; so are the next.
pub(crate) const COPY_TEXT_AFTER: &str = "the text";
pub(crate) const COPY_CODE_AFTER: &str = "the code";
pub(crate) const COPY_JSON_AFTER: &str = "the JSON";
pub(crate) const COPY_VALUES_AFTER: &str = "the values";
pub(crate) const COPY_COLOR_AFTER: &str = "the colour";
pub(crate) const COPY_MESSAGE_AFTER: &str = "the message";

/// Shows a password.
pub(crate) const SHOW: &str = "Show";
pub(crate) const YES: &str = "Yes";
pub(crate) const NO: &str = "No";

pub(crate) fn download(name: &str) -> String {
    format!("Download {name}")
}

pub(crate) fn n_annotations(n: usize) -> String {
    match n {
        1 => "Image with 1 annotation".to_owned(),
        n => format!("Image with {n} annotations"),
    }
}

pub(crate) const LABELS: &str = "Labels, press to hide";
/// The classes of parts of a text.
pub(crate) const CLASSES: &str = "Classes";

pub(crate) const CONVERSATION: &str = "Conversation";
pub(crate) const USER: &str = "You";
pub(crate) const ASSISTANT: &str = "Assistant";
pub(crate) const SYSTEM: &str = "System";
pub(crate) const RETRY: &str = "Retry";

/// Of two images.
pub(crate) const BEFORE: &str = "Before";
pub(crate) const AFTER: &str = "After";
pub(crate) const SHARE_OF_FIRST: &str = "How much of the first image is shown";

/// An image without a name.
pub(crate) fn image(number: usize) -> String {
    format!("Image {number}")
}

/// Before the name of an image, for those who do not see that it is a button.
pub(crate) const SHOW_LARGE_BEFORE: &str = "Show large: ";
pub(crate) const LARGE_IMAGE: &str = "Image, large";
pub(crate) const PREVIOUS_IMAGE: &str = "Previous image";
pub(crate) const NEXT_IMAGE: &str = "Next image";

/// Which image is shown large; the element that shows it fills in its number and then how many there are.
pub(crate) const IMAGE_OF: &str = "{} of {}";

/// Members of a JSON value that are not drawn.
pub(crate) fn n_more_members(n: usize) -> String {
    format!("… and {n} more")
}

/// Before the change of a number, for those who do not see the arrow.
pub(crate) const LEVEL_BEFORE: &str = "Unchanged by";
pub(crate) const DOWN_BEFORE: &str = "Down by";
pub(crate) const UP_BEFORE: &str = "Up by";

/// Facts of a tensor.
pub(crate) const MINIMUM: &str = "min";
pub(crate) const MEAN: &str = "mean";
pub(crate) const MAXIMUM: &str = "max";
pub(crate) const SHAPE: &str = "shape";
pub(crate) const TYPE: &str = "type";
pub(crate) const VALUES: &str = "values";

/// Behind the first values of a tensor.
pub(crate) fn n_more_values(n: usize) -> String {
    format!(" … {n} more")
}
