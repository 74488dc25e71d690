//! Resizing of 8-bit images with the numbers of Pillow's `Image.resize`.
//!
//! Models are trained and their reference outputs are made with Pillow, so this follows its
//! `src/libImaging/Resample.c` to the bit: filters widened by the scale (antialiasing), coefficients in fixed point with 22
//! fraction bits, two passes, each rounded and clipped to 8 bits.

use spaces::manifest::ResizeFilter;

/// Fraction bits of a coefficient: 32 less 8 for the pixel and 2 for overshoot.
const PRECISION_BITS: u32 = 32 - 8 - 2;

/// The weight of a source pixel by its distance.
type Kernel = fn(f64) -> f64;

/// An image of interleaved 8-bit channels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    pub width: usize,
    pub height: usize,
    /// Channels per pixel.
    pub channels: usize,
    /// Row by row, `width * height * channels` bytes.
    pub data: Vec<u8>,
}

impl Pixels {
    /// Cuts out the box with its upper left corner at (`left`, `top`).
    ///
    /// # Panics
    /// When the box is not inside the image.
    pub fn crop(&self, left: usize, top: usize, width: usize, height: usize) -> Self {
        let mut data = Vec::with_capacity(width * height * self.channels);
        for row in top..top + height {
            let start = (row * self.width + left) * self.channels;
            data.extend_from_slice(&self.data[start..start + width * self.channels]);
        }
        Self { width, height, channels: self.channels, data }
    }

    /// Resizes to `width` × `height` as Pillow does.
    pub fn resize(&self, width: usize, height: usize, filter: ResizeFilter) -> Self {
        let Some((kernel, support)) = kernel(filter) else {
            return self.nearest(width, height);
        };
        let wide = |pixels: &Self| match pixels.width == width {
            true => pixels.clone(),
            false => pixels.horizontal(width, kernel, support),
        };
        let high = |pixels: &Self| match pixels.height == height {
            true => pixels.clone(),
            false => pixels.vertical(height, kernel, support),
        };
        // The order shows in the rounding; this is the rule of Pillow 13.
        let (shrunk_x, shrunk_y) = (self.width as i64 - width as i64, self.height as i64 - height as i64);
        if shrunk_y > 0 && shrunk_y > 2 * shrunk_x { wide(&high(self)) } else { high(&wide(self)) }
    }

    fn nearest(&self, width: usize, height: usize) -> Self {
        let source = |size: usize, from: usize| -> Vec<usize> {
            let scale = from as f64 / size as f64;
            // A running sum, as Pillow does it: at whole numbers its rounding decides.
            let positions = std::iter::successors(Some(scale * 0.5), |position| Some(position + scale));
            positions.take(size).map(|position| (position as usize).min(from - 1)).collect()
        };
        let columns = source(width, self.width);
        let mut data = Vec::with_capacity(width * height * self.channels);
        for row in source(height, self.height) {
            for &column in &columns {
                let start = (row * self.width + column) * self.channels;
                data.extend_from_slice(&self.data[start..start + self.channels]);
            }
        }
        Self { width, height, channels: self.channels, data }
    }

    fn horizontal(&self, width: usize, kernel: Kernel, support: f64) -> Self {
        let windows = windows(self.width, width, kernel, support);
        let data = match self.channels {
            1 => self.narrowed::<1>(&windows),
            2 => self.narrowed::<2>(&windows),
            3 => self.narrowed::<3>(&windows),
            4 => self.narrowed::<4>(&windows),
            more => unreachable!("pictures have one to four channels, not {more}"),
        };
        Self { width, data, ..*self }
    }

    /// One pixel per row and window; all channels of a pixel at once.
    fn narrowed<const CHANNELS: usize>(&self, windows: &[Window]) -> Vec<u8> {
        let mut data = Vec::with_capacity(windows.len() * self.height * CHANNELS);
        let (pixels, _) = self.data.as_chunks::<CHANNELS>();
        for row in pixels.chunks_exact(self.width) {
            for window in windows {
                let mut sums = [HALF; CHANNELS];
                for (pixel, weight) in row[window.first..].iter().zip(&window.weights) {
                    for (sum, value) in sums.iter_mut().zip(pixel) {
                        *sum = add_weighted(*sum, *value, *weight);
                    }
                }
                data.extend(sums.map(rounded));
            }
        }
        data
    }

    fn vertical(&self, height: usize, kernel: Kernel, support: f64) -> Self {
        let stride = self.width * self.channels;
        let mut data = Vec::with_capacity(stride * height);
        let mut sums = vec![HALF; stride];
        for window in windows(self.height, height, kernel, support) {
            sums.fill(HALF);
            // Row by row, so that neighbours are summed at once.
            for (row, weight) in self.data[window.first * stride..].chunks_exact(stride).zip(&window.weights) {
                for (sum, value) in sums.iter_mut().zip(row) {
                    *sum = add_weighted(*sum, *value, *weight);
                }
            }
            data.extend(sums.iter().copied().map(rounded));
        }
        Self { height, data, ..*self }
    }
}

/// The source pixels of one target pixel.
struct Window {
    first: usize,
    /// In fixed point, see [`PRECISION_BITS`].
    weights: Vec<i32>,
}

/// Where sums begin, so that cutting off the fraction rounds.
const HALF: i32 = 1 << (PRECISION_BITS - 1);

fn add_weighted(sum: i32, value: u8, weight: i32) -> i32 {
    sum.wrapping_add(i32::from(value).wrapping_mul(weight))
}

fn rounded(sum: i32) -> u8 {
    (sum >> PRECISION_BITS).clamp(0, 255) as u8
}

fn windows(from: usize, to: usize, kernel: Kernel, support: f64) -> Vec<Window> {
    let scale = from as f64 / to as f64;
    let filter_scale = scale.max(1.0);
    let support = support * filter_scale;
    let window = |target: usize| {
        let center = (target as f64 + 0.5) * scale;
        // Casts truncate towards zero as C does; a negative start is 0.
        let first = (center - support + 0.5).max(0.0) as usize;
        let last = ((center + support + 0.5) as usize).min(from);
        let raw: Vec<f64> =
            (first..last).map(|source| kernel((source as f64 - center + 0.5) * (1.0 / filter_scale))).collect();
        let total: f64 = raw.iter().sum();
        let weights = raw.iter().map(|weight| if total == 0.0 { *weight } else { weight / total });
        Window { first, weights: weights.map(fixed_point).collect() }
    };
    (0..to).map(window).collect()
}

fn fixed_point(weight: f64) -> i32 {
    let scaled = weight * f64::from(1_u32 << PRECISION_BITS);
    (if weight < 0.0 { scaled - 0.5 } else { scaled + 0.5 }) as i32
}

/// The filter function with its support in source pixels; none for nearest neighbour.
fn kernel(filter: ResizeFilter) -> Option<(Kernel, f64)> {
    match filter {
        ResizeFilter::Nearest => None,
        ResizeFilter::Bilinear => Some((triangle, 1.0)),
        ResizeFilter::Bicubic => Some((cubic, 2.0)),
        ResizeFilter::Lanczos => Some((lanczos, 3.0)),
    }
}

fn triangle(x: f64) -> f64 {
    (1.0 - x.abs()).max(0.0)
}

/// Keys' cubic with a = -0.5.
fn cubic(x: f64) -> f64 {
    const A: f64 = -0.5;
    let x = x.abs();
    if x < 1.0 {
        ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0
    } else if x < 2.0 {
        (((x - 5.0) * x + 8.0) * x - 4.0) * A
    } else {
        0.0
    }
}

fn lanczos(x: f64) -> f64 {
    if (-3.0..3.0).contains(&x) { sinc(x) * sinc(x / 3.0) } else { 0.0 }
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { (x * std::f64::consts::PI).sin() / (x * std::f64::consts::PI) }
}
