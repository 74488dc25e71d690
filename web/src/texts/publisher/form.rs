//! What authors say of a space, its inputs, outputs and examples.

use spaces::manifest::Accent;

pub(crate) const SPACE: &str = "The space";
pub(crate) const OWNER: &str = "Owner";
pub(crate) const OWNER_HELP: &str = "A person or team.";
pub(crate) const NAME: &str = "Name";
pub(crate) const NAME_HELP: &str = "Lower case, with hyphens.";
pub(crate) const TITLE: &str = "Title";
pub(crate) const DESCRIPTION: &str = "Description";
pub(crate) const DESCRIPTION_HELP: &str = "Markdown. The first paragraph is on its card.";
pub(crate) const ACCENT: &str = "Colour";
/// The name of a colour; that of none is the site's own.
pub(crate) fn accent(accent: Option<Accent>) -> &'static str {
    match accent {
        None => "Vitrine’s own",
        Some(Accent::Red) => "Red",
        Some(Accent::Yellow) => "Yellow",
        Some(Accent::Green) => "Green",
        Some(Accent::Blue) => "Blue",
        Some(Accent::Indigo) => "Indigo",
        Some(Accent::Purple) => "Purple",
        Some(Accent::Pink) => "Pink",
        Some(Accent::Gray) => "Gray",
    }
}
pub(crate) const EMOJI: &str = "Emoji";
pub(crate) const EMOJI_HELP: &str = "One, for its card.";
pub(crate) const LICENCE: &str = "Licence";
pub(crate) const LICENCE_HELP: &str = "Such as Apache-2.0.";
pub(crate) const TASK: &str = "Task";
pub(crate) const TASK_HELP: &str = "Hugging Face's word for it.";
pub(crate) const TAGS: &str = "Tags";
pub(crate) const TAGS_HELP: &str = "With commas between them.";
pub(crate) const OWNER_AND_NAME_FIRST: &str = "A space needs an owner and a name.";

pub(crate) const INPUTS: &str = "Inputs";
pub(crate) const OUTPUTS: &str = "Outputs";
/// The name of an input or output.
pub(crate) const FIELD_NAME_HELP: &str = "For programs.";
pub(crate) const LABEL: &str = "Label";
pub(crate) const LABEL_HELP: &str = "For people.";
pub(crate) const HELP: &str = "Help";
/// How an input or output is shown.
pub(crate) const DRAWN_AS: &str = "Drawn as";

pub(crate) const NUMBER: &str = "Number";
pub(crate) const SLIDER: &str = "Slider";
pub(crate) const DROPDOWN: &str = "Dropdown";
pub(crate) const CHECKBOX: &str = "Checkbox";
pub(crate) const MINIMUM: &str = "Minimum";
pub(crate) const MAXIMUM: &str = "Maximum";
pub(crate) const STEP: &str = "Step";
pub(crate) const DEFAULT: &str = "Default";
pub(crate) const CHOICES: &str = "Choices";
pub(crate) const CHOICES_HELP: &str = "One a line. The model gets 0, 1, 2 …; or write: choice = number.";
/// Whether a tick is set at first.
pub(crate) const AT_FIRST: &str = "At first";
pub(crate) const OFF: &str = "Off";
pub(crate) const ON: &str = "On";

pub(crate) const PIXEL_VALUES: &str = "Pixel values";
pub(crate) const PIXELS_OF_FILE: &str = "As in space.toml";
pub(crate) const PIXELS_UNIT: &str = "0 to 1";
pub(crate) const PIXELS_SYMMETRIC: &str = "−1 to 1";
pub(crate) const PIXELS_IMAGENET: &str = "ImageNet's mean and deviation";
pub(crate) const PIXELS_BYTES: &str = "0 to 255";

/// `key` is that of `space.toml`.
pub(crate) fn not_a_number(input: &str, key: &str, typed: &str) -> String {
    format!("`{input}`: {key}: `{typed}` is not a number")
}

pub(crate) const CLASSES: &str = "Classes with their scores";
pub(crate) const TABLE: &str = "Table";
pub(crate) const PICTURE: &str = "Picture";
pub(crate) const RAW_TENSOR: &str = "Raw tensor";
/// Of classes or columns.
pub(crate) const NAMES: &str = "Names";
pub(crate) const NAMES_HELP: &str = "Of classes or columns, one a line; or @ and the file that lists them.";
pub(crate) const CLASSES_SHOWN: &str = "Classes shown";
pub(crate) const CLASSES_SHOWN_HELP: &str = "Empty: all.";
pub(crate) const GIVES_LOGITS: &str = "The model gives logits";

pub(crate) const EXAMPLES_HELP: &str =
    "Visitors load them with a click, and publishing calls the first one. Fill in the preview, then:";
pub(crate) const ADD_EXAMPLE: &str = "Add what the preview holds";

pub(crate) fn example_title(number: usize) -> String {
    format!("Title of example {number}")
}

pub(crate) fn remove_example(number: usize) -> String {
    format!("Remove example {number}")
}
