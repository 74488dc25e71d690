//! A picture, brought to the model's size and numbers.

use spaces::interface::{Component, Field};
use spaces::manifest::{ImageChannels, ImageLayout, ImageSpec, InputSpec, ResizeFilter, ResizeRule};
use spaces::value::Value;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::prelude::{DatumType, Tensor};

use super::{Binding, FieldParts, InputError, Resolved, invalid, required};
use crate::graph::{Axis, Port};
use crate::model::datum_type;
use crate::picture::{decode_rgb, grey};
use crate::resample::Pixels;
use crate::runner::CallError;

/// The longest side of a model's picture, in pixels.
const MAX_SIDE: u32 = 4096;

/// One field that is one image tensor.
#[derive(Debug)]
pub(super) struct Picture {
    port: usize,
    field: usize,
    dtype: DatumType,
    shape: Vec<usize>,
    width: usize,
    height: usize,
    layout: ImageLayout,
    channels: ImageChannels,
    resize: ResizeRule,
    filter: ResizeFilter,
    scale: f32,
    /// One per channel.
    mean: Vec<f32>,
    /// One per channel.
    std: Vec<f32>,
    invert: bool,
}

/// What a port's shape says about pictures.
#[derive(Debug, Clone, Copy)]
pub(super) struct Geometry {
    pub(super) layout: ImageLayout,
    pub(super) channels: Option<u64>,
    /// Height and width.
    pub(super) size: Option<(u32, u32)>,
}

/// Reads a `[n, c, h, w]` or `[n, h, w, c]` shape, with or without the batch; none for other ranks.
pub(super) fn geometry(port: &Port, layout: Option<ImageLayout>) -> Option<Geometry> {
    let dims = match port.shape.as_slice() {
        [_, rest @ ..] if rest.len() == 3 => rest,
        dims if dims.len() == 3 => dims,
        _ => return None,
    };
    let fixed = |axis: &Axis| match axis {
        Axis::Fixed(size) => Some(*size),
        Axis::Named(_) | Axis::Free => None,
    };
    let [first, second, third] = [fixed(&dims[0]), fixed(&dims[1]), fixed(&dims[2])];
    let is_channels = |size: Option<u64>| matches!(size, Some(1 | 3));
    let layout =
        layout.unwrap_or(if is_channels(third) && !is_channels(first) { ImageLayout::Nhwc } else { ImageLayout::Nchw });
    let (channels, height, width) = match layout {
        ImageLayout::Nchw => (first, second, third),
        ImageLayout::Nhwc => (third, first, second),
    };
    if channels.is_some() && !is_channels(channels) {
        return None;
    }
    let side = |size: Option<u64>| u32::try_from(size?).ok();
    Some(Geometry { layout, channels, size: side(height).zip(side(width)) })
}

pub(super) fn resolve(
    (field, input): (usize, &InputSpec),
    spec: &ImageSpec,
    ports: &[Port],
    index: usize,
    resolved: &mut Resolved,
) -> Result<(Binding, Vec<FieldParts>), InputError> {
    let port = &ports[index];
    let refuse = |problem: String| InputError::BadField { field: input.name.clone(), problem };
    let geometry = geometry(port, spec.layout);
    let size = spec.size.map(|[height, width]| (height, width));
    let (height, width) = size.or(geometry.and_then(|geometry| geometry.size)).ok_or_else(|| {
        refuse(format!("set `size`: the shape of graph input `{}` does not tell height and width", port.name))
    })?;
    if !(1..=MAX_SIDE).contains(&height) || !(1..=MAX_SIDE).contains(&width) {
        return Err(refuse(format!("`size` [{height}, {width}] is not within 1 to {MAX_SIDE}")));
    }
    let layout = geometry.map_or(spec.layout.unwrap_or(ImageLayout::Nchw), |geometry| geometry.layout);
    let of_graph = match geometry.and_then(|geometry| geometry.channels) {
        Some(1) => Some(ImageChannels::Grayscale),
        Some(_) => Some(ImageChannels::Rgb),
        None => None,
    };
    let elements = usize::try_from(height * width).unwrap_or(usize::MAX);
    let flat = port.shape.last().is_some_and(|last| *last == Axis::Fixed(elements as u64));
    let channels =
        spec.channels.or(of_graph).unwrap_or(if flat { ImageChannels::Grayscale } else { ImageChannels::Rgb });
    let count = if channels == ImageChannels::Grayscale { 1 } else { 3 };
    let (height, width) = (height as usize, width as usize);
    let shape = match (geometry, layout) {
        (None, _) => flat_shape(port, height * width * count),
        (Some(_), ImageLayout::Nchw) => Some(vec![count, height, width]),
        (Some(_), ImageLayout::Nhwc) => Some(vec![height, width, count]),
    };
    let mismatch = || InputError::Mismatch {
        tensor: port.name.clone(),
        expected: format!("a tensor of shape {}", shape_text(port)),
        given: format!("a picture of {width} × {height} pixels with {count} channels"),
    };
    let mut shape = shape.ok_or_else(mismatch)?;
    if geometry.is_some() && port.shape.len() == 4 {
        shape.insert(0, 1);
    }
    let fits = shape.len() == port.shape.len()
        && shape.iter().zip(&port.shape).all(|(&size, axis)| match axis {
            Axis::Fixed(expected) => *expected == size as u64,
            Axis::Named(_) | Axis::Free => true,
        });
    if !fits {
        return Err(mismatch());
    }
    let sizes: Vec<Option<usize>> = shape.iter().copied().map(Some).collect();
    resolved.set(port, index, &sizes)?;
    let default_scale = if port.dtype == DataType::Uint8 { 1.0 } else { 1.0 / 255.0 };
    let picture = Picture {
        port: index,
        field,
        dtype: datum_type(port.dtype).unwrap_or(DatumType::F32),
        shape,
        width,
        height,
        layout,
        channels,
        resize: spec.resize,
        filter: spec.filter,
        scale: spec.scale.unwrap_or(default_scale),
        mean: per_channel(&spec.mean, count, 0.0).ok_or_else(|| refuse(counted("mean", count)))?,
        std: per_channel(&spec.std, count, 1.0)
            .filter(|std| std.iter().all(|std| *std != 0.0))
            .ok_or_else(|| refuse(counted("std", count)))?,
        invert: spec.invert,
    };
    Ok((Binding::Picture(picture), vec![(Component::image(), None)]))
}

impl Picture {
    pub(super) fn feed(
        &self,
        values: &[Value],
        fields: &[Field],
        tensors: &mut [Option<Tensor>],
    ) -> Result<(), CallError> {
        let field = &fields[self.field];
        let media = match &values[self.field] {
            Value::Media(media) => media,
            Value::Null => return Err(required(field)),
            _ => return Err(invalid(field, "a picture is required")),
        };
        let rgb = decode_rgb(&media.bytes).map_err(|error| invalid(field, error.to_string()))?;
        let pixels = if self.channels == ImageChannels::Grayscale { grey(&rgb) } else { rgb };
        let pixels = fit(&pixels, self.width, self.height, self.resize, self.filter);
        let tensor = Tensor::from_shape(&self.shape, &self.numbers(&pixels))
            .and_then(|tensor| Ok(tensor.cast_to_dt(self.dtype)?.into_owned()));
        tensors[self.port] = Some(tensor.map_err(|error| CallError::Failed(format!("{error:#}")))?);
        Ok(())
    }

    /// The pixels as numbers, in the tensor's order.
    fn numbers(&self, pixels: &Pixels) -> Vec<f32> {
        let count = pixels.channels;
        let area = self.width * self.height;
        let mut numbers = vec![0.0; area * count];
        for (position, pixel) in pixels.data.chunks_exact(count).enumerate() {
            for channel in 0..count {
                let source = if self.channels == ImageChannels::Bgr { count - 1 - channel } else { channel };
                let byte = if self.invert { 255 - pixel[source] } else { pixel[source] };
                let number = (f32::from(byte) * self.scale - self.mean[channel]) / self.std[channel];
                match self.layout {
                    ImageLayout::Nchw => numbers[channel * area + position] = number,
                    ImageLayout::Nhwc => numbers[position * count + channel] = number,
                }
            }
        }
        numbers
    }
}

/// Brings a picture to the size, by the rule.
pub(crate) fn fit(pixels: &Pixels, width: usize, height: usize, rule: ResizeRule, filter: ResizeFilter) -> Pixels {
    match rule {
        ResizeRule::Stretch => pixels.resize(width, height, filter),
        ResizeRule::Crop => {
            let (wide, high) = (pixels.width, pixels.height);
            let (crop_width, crop_height) = if wide * height > high * width {
                ((high * width / height).max(1), high)
            } else {
                (wide, (wide * height / width).max(1))
            };
            let cropped = pixels.crop((wide - crop_width) / 2, (high - crop_height) / 2, crop_width, crop_height);
            cropped.resize(width, height, filter)
        }
        ResizeRule::Pad => {
            // As `PIL.ImageOps.pad`, whose rounding is Python's: half to even.
            let scale = (width as f64 / pixels.width as f64).min(height as f64 / pixels.height as f64);
            let side = |size: usize, limit: usize| ((size as f64 * scale).round_ties_even() as usize).clamp(1, limit);
            let small = pixels.resize(side(pixels.width, width), side(pixels.height, height), filter);
            let margin = |outer: usize, inner: usize| ((outer - inner) as f64 * 0.5).round_ties_even() as usize;
            let (left, top) = (margin(width, small.width), margin(height, small.height));
            let channels = small.channels;
            let mut data = vec![0; width * height * channels];
            for (row, line) in small.data.chunks_exact(small.width * channels).enumerate() {
                let start = ((top + row) * width + left) * channels;
                data[start..start + line.len()].copy_from_slice(line);
            }
            Pixels { width, height, channels, data }
        }
    }
}

/// The shape of a port that takes the pixels as one row, or none where it does not.
fn flat_shape(port: &Port, elements: usize) -> Option<Vec<usize>> {
    match port.shape.as_slice() {
        [Axis::Fixed(size)] | [_, Axis::Fixed(size)] if *size == elements as u64 => {
            Some(if port.shape.len() == 1 { vec![elements] } else { vec![1, elements] })
        }
        _ => None,
    }
}

fn per_channel(values: &[f32], count: usize, default: f32) -> Option<Vec<f32>> {
    match values {
        [] => Some(vec![default; count]),
        [value] => Some(vec![*value; count]),
        values => (values.len() == count).then(|| values.to_vec()),
    }
}

fn counted(key: &str, count: usize) -> String {
    format!("`{key}` needs one number, or one for each of the {count} channels; `std` may not be 0")
}

fn shape_text(port: &Port) -> String {
    let sizes = port.shape.iter().map(|axis| match axis {
        Axis::Fixed(size) => size.to_string(),
        Axis::Named(name) => name.clone(),
        Axis::Free => "?".to_owned(),
    });
    format!("[{}]", sizes.collect::<Vec<_>>().join(", "))
}
