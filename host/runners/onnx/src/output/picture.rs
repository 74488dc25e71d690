//! A picture from a tensor.

use spaces::manifest::ImageLayout;
use spaces::value::{Media, Value};
use tract_onnx::prelude::Tensor;

use super::tensor;
use crate::model;
use crate::picture::encode_png;
use crate::resample::Pixels;

/// The most pixels of an answer's picture.
const MAX_PIXELS: usize = 16_000_000;

#[derive(Debug)]
pub(super) struct Picture {
    layout: ImageLayout,
    scale: f64,
}

impl Picture {
    pub(super) fn resolve(
        layout: Option<ImageLayout>,
        scale: Option<f32>,
        output: &model::OutputSpec,
    ) -> Result<Self, String> {
        let (first, last) = match output.shape.as_slice() {
            [_, first, _, last] | [first, _, last] => (*first, *last),
            _ => {
                return Err(format!(
                    "graph output `{}` has {} dimensions, not 3 or 4",
                    output.name,
                    output.shape.len()
                ));
            }
        };
        let is_channels = |size: Option<usize>| matches!(size, Some(1 | 3));
        let last_is_channels = is_channels(last) && !is_channels(first);
        let layout = layout.unwrap_or(if last_is_channels { ImageLayout::Nhwc } else { ImageLayout::Nchw });
        Ok(Self { layout, scale: f64::from(scale.unwrap_or(255.0)) })
    }

    pub(super) fn read(&self, value: &Tensor) -> Result<Value, String> {
        let numbers = tensor::numbers(value)?;
        let dims = match value.shape() {
            [1, dims @ ..] if dims.len() == 3 => dims,
            dims => dims,
        };
        let (channels, height, width) = match (self.layout, dims) {
            (ImageLayout::Nchw, &[channels, height, width]) | (ImageLayout::Nhwc, &[height, width, channels]) => {
                (channels, height, width)
            }
            _ => {
                return Err(format!("the model gave the shape {:?}, which is no picture", value.shape()));
            }
        };
        let area = height * width;
        if !matches!(channels, 1 | 3) || area == 0 || area > MAX_PIXELS {
            return Err(format!("{width} × {height} pixels with {channels} channels are no picture"));
        }
        let byte = |number: f64| (number * self.scale).round().clamp(0.0, 255.0) as u8;
        let mut data = Vec::with_capacity(area * channels);
        for position in 0..area {
            for channel in 0..channels {
                data.push(byte(match self.layout {
                    ImageLayout::Nchw => numbers[channel * area + position],
                    ImageLayout::Nhwc => numbers[position * channels + channel],
                }));
            }
        }
        let bytes = encode_png(&Pixels { width, height, channels, data }).map_err(|error| error.to_string())?;
        Ok(Value::Media(Media { bytes, mime_type: "image/png".to_owned(), name: None }))
    }
}
