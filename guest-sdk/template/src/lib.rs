#[guest_sdk::space]
pub mod app {
    //! my-space
    //!
    //! Says how bright a photo is, and shows it in shades of grey.
    use guest_sdk::{Image, Result};

    /// Choose a photo. It is looked at inside the sandbox and not kept.
    #[endpoint(outputs = ["brightness", "grey"])]
    pub fn predict(
        /// PNG, JPEG or WebP.
        photo: Image,
        /// Multiplies the brightness of each pixel.
        #[input(minimum = 0.1, maximum = 4, step = 0.1, default = 1, slider)]
        gain: f32,
    ) -> Result<(f32, Option<Image>)> {
        let pixels: Vec<f32> = photo.to_gray().iter().map(|value| (value * gain).min(1.0)).collect();
        let brightness = pixels.iter().sum::<f32>() / pixels.len() as f32;
        let rgb = pixels.iter().flat_map(|value| [(value * 255.0).round() as u8; 3]).collect();
        Ok((brightness, Image::from_pixels(photo.width(), photo.height(), rgb)))
    }
}

#[cfg(test)]
mod tests {
    use guest_sdk::Image;

    #[test]
    fn white_is_bright() {
        let white = Image::from_pixels(2, 1, vec![255; 6]).expect("two pixels");
        let (brightness, _) = super::app::predict(white, 1.0).expect("a picture");
        assert_eq!(brightness, 1.0);
    }
}
