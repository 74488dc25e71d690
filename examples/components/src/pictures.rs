//! What can be shown of a picture.

use guest_sdk::{AnnotatedImage, DownloadButton, File, Image, ImageSlider, Outputs};

/// What is shown of a picture.
#[derive(Debug, PartialEq, Outputs)]
pub struct Pictures {
    /// The middle, and whatever is red.
    pub annotated: AnnotatedImage,
    /// As it was, and in negative.
    pub compared: ImageSlider,
    /// One for each channel.
    pub channels: Vec<Image>,
    pub file: DownloadButton,
}

pub(crate) fn look_at(image: Image) -> Pictures {
    let (width, height) = (image.width(), image.height());
    let (w, h) = (f64::from(width), f64::from(height));
    let map = |change: fn(&[u8]) -> [u8; 3]| {
        let pixels = image.pixels().chunks_exact(3).flat_map(change).collect();
        Image::from_pixels(width, height, pixels).expect("as many pixels as before")
    };
    let negative = map(|pixel| [255 - pixel[0], 255 - pixel[1], 255 - pixel[2]]);
    let channels = vec![map(|pixel| [pixel[0], 0, 0]), map(|pixel| [0, pixel[1], 0]), map(|pixel| [0, 0, pixel[2]])];
    let is_red = |pixel: &[u8]| u32::from(pixel[0]) > 2 * u32::from(pixel[1].max(pixel[2]));
    let red: Vec<bool> = image.pixels().chunks_exact(3).map(is_red).collect();
    Pictures {
        annotated: AnnotatedImage::from(image.clone())
            .bounding_box("middle", [w * 0.25, h * 0.25, w * 0.75, h * 0.75])
            .mask("red", File::new("red.svg", "image/svg+xml", mask(width, &red))),
        compared: ImageSlider::new(image.clone(), negative.clone()),
        channels,
        file: DownloadButton(png("negative.png", negative)),
    }
}

/// Shows the picture in steps, each brighter than the one before, and gives it as it is.
pub(crate) fn develop(image: Image, mut show: impl FnMut(Image)) -> Image {
    const N_STEPS: u32 = 4;
    for step in 1..N_STEPS {
        let darken = |channel: &u8| (u32::from(*channel) * step / N_STEPS) as u8;
        let pixels = image.pixels().iter().map(darken).collect();
        show(Image::from_pixels(image.width(), image.height(), pixels).expect("as many pixels as before"));
    }
    image
}

/// A picture that is opaque where `set` is true: one line for each row of the image.
fn mask(width: u32, set: &[bool]) -> String {
    let width = width as usize;
    let mut path = String::new();
    for (y, row) in set.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let length = row[x..].iter().take_while(|set| **set).count();
            if length > 0 {
                path.push_str(&format!("M{x} {y}h{length}v1h-{length}z"));
            }
            x += length + 1;
        }
    }
    let height = set.len() / width.max(1);
    format!(r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><path d="{path}"/></svg>"#)
}

fn png(name: &str, image: Image) -> File {
    let mut file = File::from(guest_sdk::bindings::vitrine::space::types::Media::from(image));
    file.name = Some(name.to_owned());
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_covers_what_is_set() {
        let svg = mask(3, &[true, true, false, false, false, true]);
        assert!(svg.contains(r#"d="M0 0h2v1h-2zM2 1h1v1h-1z""#), "{svg}");
    }
}
