//! Passing a space on.

pub(crate) const SHARE: &str = "Share";
pub(crate) const TITLE: &str = "Share this space";
pub(crate) const OF_UNLISTED: &str = "Who has the link can use the space; the gallery does not show it.";
pub(crate) const OF_PRIVATE: &str =
    "The space is private: the link works for who has signed in, and a frame for nobody.";
pub(crate) const LINK: &str = "Link";
pub(crate) const FRAME: &str = "In a page of yours";
/// Behind “Copy”, for those who do not see where the button stands; so is the next.
pub(crate) const COPY_LINK_AFTER: &str = "the link";
pub(crate) const COPY_FRAME_AFTER: &str = "the frame";
pub(crate) const QR_CODE: &str = "The link as a QR code";

/// The picture that stands for a space where its link is previewed.
pub(crate) fn card_picture(title: &str) -> String {
    format!("{title}: a card with its description")
}
