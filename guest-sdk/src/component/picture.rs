//! Outputs of several pictures: annotated ones, and two to compare.

use serde_json::{Value as Json, json};

use super::draw::Drawn;
use super::input::{Input, InputOptions};
use super::media::File;
use super::output::{Output, OutputOptions};
use super::unexpected;
use crate::Value;
use crate::bindings::vitrine::space::description::{Component, File as FileSpec};
use crate::bindings::vitrine::space::types::Media;

/// A picture with labelled boxes and masks over it.
///
/// ```
/// use guest_sdk::{AnnotatedImage, File};
/// # let picture = Vec::new();
/// let image = File::new("street.png", "image/png", picture);
/// let annotated = AnnotatedImage::new(image, 640, 480).bounding_box("car", [10.0, 20.0, 110.0, 80.0]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct AnnotatedImage {
    image: Media,
    /// In pixels.
    width: u32,
    height: u32,
    annotations: Vec<Json>,
    masks: Vec<Media>,
}

impl AnnotatedImage {
    /// A picture of this size in pixels, without annotations.
    pub fn new(image: impl Into<Media>, width: u32, height: u32) -> Self {
        Self { image: image.into(), width, height, annotations: Vec::new(), masks: Vec::new() }
    }

    /// Adds a box: left, top, right and bottom in pixels.
    #[must_use]
    pub fn bounding_box(mut self, label: impl Into<String>, corners: [f64; 4]) -> Self {
        self.annotations.push(json!({ "label": label.into(), "box": corners }));
        self
    }

    /// Adds a mask: a picture of the same size that is opaque where the label applies.
    #[must_use]
    pub fn mask(mut self, label: impl Into<String>, mask: impl Into<Media>) -> Self {
        self.annotations.push(json!({ "label": label.into(), "mask": self.masks.len() }));
        self.masks.push(mask.into());
        self
    }
}

#[cfg(feature = "image")]
impl From<super::Image> for AnnotatedImage {
    fn from(image: super::Image) -> Self {
        let (width, height) = (image.width(), image.height());
        Self::new(image, width, height)
    }
}

impl Output for AnnotatedImage {
    fn component() -> Component {
        Component::File(FileSpec { file_types: Vec::new(), multiple: true })
    }

    fn drawn(_: &OutputOptions) -> Option<Drawn> {
        Some(Drawn::new("annotated-image"))
    }

    fn into_value(self) -> Value {
        let said = json!({ "width": self.width, "height": self.height, "annotations": self.annotations });
        let said = Media {
            bytes: said.to_string().into_bytes(),
            mime_type: "application/json".to_owned(),
            name: Some("annotations.json".to_owned()),
        };
        Value::Medias([self.image, said].into_iter().chain(self.masks).collect())
    }
}

/// Two pictures of one thing, to compare.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageSlider {
    before: Media,
    after: Media,
}

impl ImageSlider {
    /// The two pictures.
    pub fn new(before: impl Into<Media>, after: impl Into<Media>) -> Self {
        Self { before: before.into(), after: after.into() }
    }

    /// The first one and the second one, as files.
    pub fn into_files(self) -> (File, File) {
        (self.before.into(), self.after.into())
    }
}

impl Input for ImageSlider {
    fn component(_: &InputOptions) -> Component {
        Component::Gallery
    }

    fn drawn(_: &InputOptions) -> Option<Drawn> {
        Some(Drawn::new("image-slider"))
    }

    fn from_value(value: Value) -> Result<Self, String> {
        let Value::Medias(medias) = value else { return Err(unexpected("two pictures", &value)) };
        let n_medias = medias.len();
        let pair: Result<[Media; 2], _> = medias.try_into();
        let [before, after] = pair.map_err(|_| format!("expected two pictures, got {n_medias}"))?;
        Ok(Self { before, after })
    }
}

impl Output for ImageSlider {
    fn component() -> Component {
        Component::Gallery
    }

    fn drawn(_: &OutputOptions) -> Option<Drawn> {
        Some(Drawn::new("image-slider"))
    }

    fn into_value(self) -> Value {
        Value::Medias(vec![self.before, self.after])
    }
}
