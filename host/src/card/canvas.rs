//! A picture that is painted on: what a card needs of one, and no more.

/// Red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Color(pub(super) [u8; 3]);

/// Pixels, row by row.
pub(super) struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Canvas {
    /// A canvas that goes from one colour above to another below.
    pub(super) fn gradient(width: usize, height: usize, top: Color, bottom: Color) -> Self {
        let mut pixels = Vec::with_capacity(width * height * 3);
        for y in 0..height {
            for x in 0..width {
                // Along the diagonal.
                let part = (x as f32 / width as f32 * 0.35 + y as f32 / height as f32 * 0.65).clamp(0.0, 1.0);
                pixels.extend((0..3).map(|channel| mix(top.0[channel], bottom.0[channel], part)));
            }
        }
        Self { width, height, pixels }
    }

    pub(super) fn width(&self) -> f32 {
        self.width as f32
    }

    pub(super) fn height(&self) -> f32 {
        self.height as f32
    }

    /// Lays a colour over one pixel; `share` of it is seen. What is outside is left out.
    pub(super) fn blend(&mut self, x: i32, y: i32, color: Color, share: f32) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        if x >= self.width || y >= self.height {
            return;
        }
        let first = (y * self.width + x) * 3;
        for (pixel, channel) in self.pixels[first..first + 3].iter_mut().zip(color.0) {
            *pixel = mix(*pixel, channel, share.clamp(0.0, 1.0));
        }
    }

    /// A rectangle (left, top, width, height) with round corners.
    pub(super) fn rounded(&mut self, [left, top, width, height]: [f32; 4], radius: f32, color: Color, share: f32) {
        let (half_width, half_height) = (width / 2.0, height / 2.0);
        for y in top as i32..=(top + height) as i32 {
            for x in left as i32..=(left + width) as i32 {
                // How far the middle of the pixel is outside.
                let dx = ((x as f32 + 0.5 - left - half_width).abs() - (half_width - radius)).max(0.0);
                let dy = ((y as f32 + 0.5 - top - half_height).abs() - (half_height - radius)).max(0.0);
                let covered = (radius - dx.hypot(dy) + 0.5).clamp(0.0, 1.0);
                self.blend(x, y, color, share * covered);
            }
        }
    }

    /// The picture as PNG.
    pub(super) fn png(&self) -> Vec<u8> {
        let mut png = Vec::new();
        let mut encoder = png::Encoder::new(&mut png, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().expect("memory takes all that is written to it");
        writer.write_image_data(&self.pixels).expect("there are as many pixels as were announced");
        drop(writer);
        png
    }
}

fn mix(from: u8, to: u8, part: f32) -> u8 {
    (f32::from(from) + (f32::from(to) - f32::from(from)) * part).round() as u8
}
