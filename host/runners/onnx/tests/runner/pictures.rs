//! Pictures against Pillow's pixels and ONNX Runtime's answers.

use onnx_runner::picture::{decode_rgb, grey};
use onnx_runner::resample::Pixels;
use spaces::manifest::ResizeFilter;
use spaces::value::{Media, Value};

use crate::support::{Bundle, numbers, read, read_json};

#[test]
fn resizing_equals_pillow_to_the_bit() {
    let rgb = decode_rgb(&read("images/photo.png")).expect("a picture");
    for case in read_json("images/resized.json").as_array().expect("a list of cases") {
        let filter = match case["filter"].as_str().expect("a name") {
            "nearest" => ResizeFilter::Nearest,
            "bilinear" => ResizeFilter::Bilinear,
            "bicubic" => ResizeFilter::Bicubic,
            _ => ResizeFilter::Lanczos,
        };
        let size = numbers(&case["size"]);
        let pixels = if case["mode"] == "L" { grey(&rgb) } else { rgb.clone() };
        let resized = pixels.resize(size[0] as usize, size[1] as usize, filter);
        let head: Vec<f64> = resized.data.iter().take(64).map(|&byte| f64::from(byte)).collect();
        assert_eq!(head, numbers(&case["head"]), "{} {} {size:?}", case["filter"], case["mode"]);
        assert_eq!(
            Some(u64::from(crc32(&resized.data))),
            case["crc32"].as_u64(),
            "{} {}",
            case["filter"],
            case["mode"]
        );
    }
}

#[test]
fn all_formats_decode_alike() {
    let png = decode_rgb(&read("images/photo.png")).expect("a picture");
    let webp = decode_rgb(&read("images/photo.webp")).expect("a picture");
    assert_eq!(png, webp);
    let jpeg = decode_rgb(&read("images/photo.jpg")).expect("a picture");
    let pillow = decode_rgb(&read("images/photo_jpg_decoded.png")).expect("a picture");
    let (greatest, mean) = difference(&jpeg, &pillow);
    // Decoders of JPEG are free in how they round and upsample colour.
    assert!(greatest <= 40 && mean < 0.5, "greatest {greatest}, mean {mean}");
}

#[test]
fn the_camera_orientation_is_applied() {
    let upright = decode_rgb(&read("images/photo.jpg")).expect("a picture");
    let rotated = decode_rgb(&read("images/rotated.jpg")).expect("a picture");
    assert_eq!((rotated.width, rotated.height), (upright.height, upright.width));
}

#[test]
fn transparency_is_dropped_as_pillow_does() {
    let picture = decode_rgb(&read("images/transparent.png")).expect("a picture");
    assert_eq!(picture.data[..3], [200, 100, 50]);
}

#[test]
fn a_picture_of_too_many_pixels_is_refused_by_its_header() {
    let mut bomb = read("images/photo.png");
    // Width and height in the header chunk, whose checksum is then made right.
    bomb[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    let crc = crc32(&bomb[12..29]).to_be_bytes();
    bomb[29..33].copy_from_slice(&crc);
    let error = decode_rgb(&bomb).expect_err("too many pixels").to_string();
    assert!(error.contains("65536 × 65536"), "{error}");
    assert!(decode_rgb(b"GIF89a").is_err());
    assert!(decode_rgb(&read("images/photo.png")[..3000]).is_err(), "a truncated PNG is refused");
    // The decoder fills up what is missing of a JPEG, where Pillow would refuse it.
    assert!(decode_rgb(&read("images/photo.jpg")[..3000]).is_ok());
}

#[test]
fn a_convolutional_net_answers_as_onnx_runtime() {
    let manifest = r#"
        app = "model.onnx"
        [[inputs]]
        name = "photo"
        kind = "image"
        filter = "bicubic"
        mean = [0.5]
        std = [0.2, 0.25, 0.3]
        [[outputs]]
        name = "classes"
        kind = "label"
        labels = ["a", "b", "c", "d", "e"]
        top = 3
    "#;
    let runner = Bundle::of("conv").with_manifest(manifest).load().expect("the model loads");
    for case in read_json("models/conv.json").as_array().expect("a list of cases") {
        let name = case["image"].as_str().expect("a name");
        let expected = numbers(&case["probabilities"]);
        let outputs = runner.call("predict", &[picture(&read(&format!("images/{name}")))]).expect("the call succeeds");
        let [Value::Label(confidences)] = &outputs[..] else { panic!("not a label") };
        assert_eq!(confidences.len(), 3);
        for confidence in confidences {
            let index = "abcde".find(&confidence.label).expect("a known class");
            let score = confidence.score.expect("a score");
            // A JPEG's pixels differ a little between decoders.
            let tolerance = if name.ends_with(".jpg") { 1e-3 } else { 1e-6 };
            assert!((score - expected[index]).abs() < tolerance, "{name}: {score} is not {}", expected[index]);
        }
    }
}

#[test]
fn what_is_no_picture_names_the_field() {
    let runner = Bundle::of("conv").load().expect("the model loads");
    let error = runner.call("predict", &[picture(b"hello")]).expect_err("no picture").to_string();
    assert_eq!(error, "input `pixels`: it is not a PNG, JPEG or WebP picture");
}

fn picture(bytes: &[u8]) -> Value {
    Value::Media(Media { bytes: bytes.to_vec(), mime_type: "image/png".to_owned(), name: None })
}

/// The greatest and the mean difference of two pictures of one size.
fn difference(left: &Pixels, right: &Pixels) -> (u8, f64) {
    assert_eq!((left.width, left.height), (right.width, right.height));
    let differences: Vec<u8> = left.data.iter().zip(&right.data).map(|(left, right)| left.abs_diff(*right)).collect();
    let total: f64 = differences.iter().map(|&difference| f64::from(difference)).sum();
    (differences.iter().copied().max().unwrap_or_default(), total / differences.len() as f64)
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    })
}
