//! Decoding and encoding of pictures.
//!
//! Follows Pillow's `Image.open(…).convert("RGB")` or `convert("L")`: transparency is dropped, and grey is the
//! weighted sum of ITU-R 601 in 16-bit fixed point. Beyond Pillow, the orientation written by cameras is applied.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, ImageDecoder as _, ImageEncoder as _, ImageFormat, ImageReader, Limits};

use crate::resample::Pixels;

/// The most pixels of a picture, checked before it is decoded.
pub const MAX_PIXELS: u64 = 64_000_000;

/// The most bytes that a decoder may allocate besides its output.
const MAX_DECODER_BYTES: u64 = 512 << 20;

/// Why a picture cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    #[error("it is not a PNG, JPEG or WebP picture")]
    UnknownFormat,
    #[error("the picture is damaged: {0}")]
    Damaged(String),
    #[error("the picture has {width} × {height} pixels, more than {MAX_PIXELS}; send a smaller one")]
    TooLarge { width: u32, height: u32 },
}

/// Decodes a picture to RGB, three channels.
///
/// # Errors
/// [`PictureError`] when it is no picture, damaged or too large.
pub fn decode_rgb(bytes: &[u8]) -> Result<Pixels, PictureError> {
    let format = image::guess_format(bytes).map_err(|_| PictureError::UnknownFormat)?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP) {
        return Err(PictureError::UnknownFormat);
    }
    let damaged = |error: image::ImageError| PictureError::Damaged(error.to_string());
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(PictureError::TooLarge { width, height });
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    picture.apply_orientation(orientation);
    let rgb = picture.into_rgb8();
    Ok(Pixels { width: rgb.width() as usize, height: rgb.height() as usize, channels: 3, data: rgb.into_raw() })
}

/// Turns RGB into grey, one channel.
pub fn grey(rgb: &Pixels) -> Pixels {
    let luma = |pixel: &[u8; 3]| {
        let [red, green, blue] = pixel.map(u32::from);
        ((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16) as u8
    };
    let data = rgb.data.as_chunks::<3>().0.iter().map(luma).collect();
    Pixels { channels: 1, data, ..*rgb }
}

/// Encodes grey (one channel) or RGB (three) as PNG.
///
/// # Errors
/// [`PictureError::Damaged`] when the pixels do not fit the size.
pub fn encode_png(pixels: &Pixels) -> Result<Vec<u8>, PictureError> {
    let color = if pixels.channels == 1 { ExtendedColorType::L8 } else { ExtendedColorType::Rgb8 };
    let size = |length: usize| u32::try_from(length).map_err(|_| PictureError::Damaged("it is too large".to_owned()));
    let mut bytes = Vec::new();
    image::codecs::png::PngEncoder::new(&mut bytes)
        .write_image(&pixels.data, size(pixels.width)?, size(pixels.height)?, color)
        .map_err(|error| PictureError::Damaged(error.to_string()))?;
    Ok(bytes)
}
