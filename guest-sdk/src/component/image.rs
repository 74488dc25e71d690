//! Pictures.

use std::io::Cursor;

use image::imageops::{self, FilterType};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};

use super::draw::Drawn;
use super::input::{Input, InputOptions, Literal, Sourced};
use super::media::{asset, from_sources};
use super::output::Output;
use super::unexpected;
use crate::Value;
use crate::bindings::vitrine::space::description::Component;
use crate::bindings::vitrine::space::types::Media;

/// The most pixels on a side; with three bytes a pixel a picture then stays inside a guest's memory.
const MAX_SIDE_PIXELS: u32 = 8192;

/// The most bytes that a decoder may ask for.
const MAX_DECODER_BYTES: u64 = 256 * 1024 * 1024;

/// A decoded RGB picture, upright whatever the camera's orientation tag says. PNG, JPEG and WebP are read.
#[derive(Debug, Clone, PartialEq)]
pub struct Image(RgbImage);

impl Image {
    /// Decodes a PNG, JPEG or WebP file; transparency is dropped.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn decode(bytes: &[u8]) -> Result<Self, String> {
        let unreadable = |error: image::ImageError| format!("the picture cannot be read: {error}");
        let mut reader =
            ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|error| error.to_string())?;
        if reader.format().is_none() {
            return Err("the file is not a PNG, JPEG or WebP picture".to_owned());
        }
        let mut limits = Limits::default();
        limits.max_image_width = Some(MAX_SIDE_PIXELS);
        limits.max_image_height = Some(MAX_SIDE_PIXELS);
        limits.max_alloc = Some(MAX_DECODER_BYTES);
        reader.limits(limits);
        let mut decoder = reader.into_decoder().map_err(unreadable)?;
        let orientation = decoder.orientation().map_err(unreadable)?;
        let mut picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
        picture.apply_orientation(orientation);
        Ok(Self(picture.into_rgb8()))
    }

    /// A picture from its pixels: RGB, row by row, `3 * width * height` bytes; none where the length does not fit.
    pub fn from_pixels(width: u32, height: u32, rgb: Vec<u8>) -> Option<Self> {
        RgbImage::from_raw(width, height, rgb).map(Self)
    }

    /// In pixels.
    pub fn width(&self) -> u32 {
        self.0.width()
    }

    /// In pixels.
    pub fn height(&self) -> u32 {
        self.0.height()
    }

    /// RGB, row by row, `3 * width * height` bytes.
    pub fn pixels(&self) -> &[u8] {
        self.0.as_raw()
    }

    /// The largest square around the centre.
    #[must_use]
    pub fn center_square(&self) -> Self {
        let side = self.width().min(self.height());
        let (x, y) = ((self.width() - side) / 2, (self.height() - side) / 2);
        Self(imageops::crop_imm(&self.0, x, y, side, side).to_image())
    }

    /// Resampled to the given size (bicubic), without keeping the aspect ratio.
    #[must_use]
    pub fn resize(&self, width: u32, height: u32) -> Self {
        Self(imageops::resize(&self.0, width, height, FilterType::CatmullRom))
    }

    /// `(x / 255 - mean) / std` per channel: `3 * height * width` numbers, channel by channel (CHW).
    pub fn to_chw(&self, mean: [f32; 3], std: [f32; 3]) -> Vec<f32> {
        let channel = |index: usize| {
            self.pixels()
                .iter()
                .skip(index)
                .step_by(3)
                .map(move |value| (f32::from(*value) / 255.0 - mean[index]) / std[index])
        };
        (0..3).flat_map(channel).collect()
    }

    /// Brightness in 0..1, row by row: `height * width` numbers.
    pub fn to_gray(&self) -> Vec<f32> {
        imageops::grayscale(&self.0).as_raw().iter().map(|value| f32::from(*value) / 255.0).collect()
    }

    /// The picture as a PNG file.
    fn encode(&self) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        self.0.write_to(&mut bytes, ImageFormat::Png).expect("a vector takes all bytes of an RGB picture");
        bytes.into_inner()
    }
}

// The notes of `Input` and `Output` name pictures; so messages are the same with and without the feature.
#[diagnostic::do_not_recommend]
impl Input for Image {
    fn component(_: &InputOptions) -> Component {
        Component::Image
    }

    fn drawn(options: &InputOptions) -> Option<Drawn> {
        from_sources("image", options)
    }

    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Media(media) => Self::decode(&media.bytes),
            other => Err(unexpected("a picture", &other)),
        }
    }
}

#[diagnostic::do_not_recommend]
impl Input for Vec<Image> {
    fn component(_: &InputOptions) -> Component {
        Component::Gallery
    }

    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Medias(medias) => medias.iter().map(|media| Image::decode(&media.bytes)).collect(),
            other => Err(unexpected("a list of pictures", &other)),
        }
    }
}

#[diagnostic::do_not_recommend]
impl Output for Image {
    fn component() -> Component {
        Component::Image
    }

    fn into_value(self) -> Value {
        Value::Media(self.into())
    }
}

#[diagnostic::do_not_recommend]
impl Output for Vec<Image> {
    fn component() -> Component {
        Component::Gallery
    }

    fn into_value(self) -> Value {
        Value::Medias(self.into_iter().map(Media::from).collect())
    }
}

impl From<Image> for Media {
    fn from(image: Image) -> Self {
        Self { bytes: image.encode(), mime_type: "image/png".to_owned(), name: None }
    }
}

impl Sourced for Image {}

impl Literal<&str> for Image {
    fn literal(literal: &str) -> Value {
        asset(literal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_survive_the_way_out_and_in() {
        let image = Image::from_pixels(2, 1, vec![255, 0, 0, 0, 0, 255]).unwrap();
        assert_eq!(Image::from_value(image.clone().into_value()), Ok(image.clone()));
        assert_eq!(image.to_chw([0.0; 3], [1.0; 3]), [1.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
        assert_eq!(image.center_square().pixels(), [255, 0, 0]);
    }

    #[test]
    fn other_files_are_refused() {
        assert_eq!(
            Image::decode(b"GIF89a"),
            Err("the picture cannot be read: The image format Gif is not supported".into())
        );
        assert_eq!(Image::decode(b"hello"), Err("the file is not a PNG, JPEG or WebP picture".into()));
    }
}
