//! The value of an annotated image: an image with labelled boxes and masks.
//!
//! A guest gives files, since bytes travel as bytes: the image, [`Annotations`] as `application/json`, then the masks. Each
//! mask is a picture of the image's size that is opaque where its label applies. Clients get one object, with the files
//! where they belong.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::problem::ValueError;
use super::{Media, media_type};

/// The most annotations of an image: the page draws each.
pub const MAX_ANNOTATIONS: usize = 1_000;

/// What a guest says of the image's parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Annotations {
    /// Of the image, in pixels.
    pub width: u32,
    pub height: u32,
    pub annotations: Vec<Annotation>,
}

/// A labelled part of an image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Annotation {
    Box {
        label: String,
        /// Left, top, right and bottom, in pixels.
        #[serde(rename = "box")]
        corners: [f64; 4],
    },
    Mask {
        label: String,
        /// Which of the masks, counted from 0.
        mask: usize,
    },
}

/// An annotated image with its files where they belong.
pub struct Parts<'a> {
    pub image: &'a Media,
    pub annotations: Annotations,
    pub masks: &'a [Media],
}

/// Takes the files of a guest's value apart.
///
/// # Errors
/// [`ValueError`] where they are not of the form above.
pub fn parts(medias: &[Media]) -> Result<Parts<'_>, ValueError> {
    let wrong = |problem| ValueError::Form { expected: "an image with annotations", problem };
    let [image, said, masks @ ..] = medias else {
        return Err(wrong("there are not an image and its annotations"));
    };
    let is_image = |media: &Media| media_type::matches("image/*", media);
    if !is_image(image) || !masks.iter().all(is_image) {
        return Err(wrong("the first file or a mask is no image"));
    }
    let annotations: Annotations =
        serde_json::from_slice(&said.bytes).map_err(|error| ValueError::Json { problem: error.to_string() })?;
    if annotations.width == 0 || annotations.height == 0 {
        return Err(wrong("its width or height is 0"));
    }
    if annotations.annotations.len() > MAX_ANNOTATIONS {
        return Err(wrong("it has more than 1000 annotations"));
    }
    for annotation in &annotations.annotations {
        match annotation {
            Annotation::Box { corners, .. } if corners.iter().any(|corner| !corner.is_finite()) => {
                return Err(wrong("a corner of a box is no finite number"));
            }
            Annotation::Mask { mask, .. } if *mask >= masks.len() => return Err(wrong("there is no such mask")),
            Annotation::Box { .. } | Annotation::Mask { .. } => {}
        }
    }
    Ok(Parts { image, annotations, masks })
}

/// What clients see; `file` encodes one of the files.
pub fn encode(parts: &Parts<'_>, mut file: impl FnMut(Media) -> Json) -> Json {
    let image = file(parts.image.clone());
    let Annotations { width, height, annotations } = &parts.annotations;
    let annotations = annotations.iter().map(|annotation| match annotation {
        Annotation::Box { label, corners } => json!({ "label": label, "box": corners }),
        Annotation::Mask { label, mask } => json!({ "label": label, "mask": file(parts.masks[*mask].clone()) }),
    });
    let annotations: Vec<Json> = annotations.collect();
    json!({ "image": image, "width": width, "height": height, "annotations": annotations })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn media(mime_type: &str, bytes: &[u8]) -> Media {
        Media { bytes: bytes.to_vec(), mime_type: mime_type.to_owned(), name: None }
    }

    #[test]
    fn files_are_put_where_they_belong() {
        let said = br#"{"width":4,"height":2,"annotations":[{"label":"a","box":[0,0,1,2]},{"label":"b","mask":0}]}"#;
        let medias = [media("image/png", b"i"), media("application/json", said), media("image/png", b"m")];
        let parts = parts(&medias).expect("it has the form");
        let encoded = encode(&parts, |media| json!(String::from_utf8(media.bytes).expect("a text")));
        assert_eq!(
            encoded,
            json!({ "image": "i", "width": 4, "height": 2, "annotations": [
                { "label": "a", "box": [0.0, 0.0, 1.0, 2.0] },
                { "label": "b", "mask": "m" },
            ]})
        );
    }

    #[test]
    fn what_belongs_nowhere_is_refused() {
        let check = |said: &str, expected: &str| {
            let medias = [media("image/png", b"i"), media("application/json", said.as_bytes())];
            let error = parts(&medias).err().expect("it has not the form").to_string();
            assert!(error.contains(expected), "{error}");
        };
        check(r#"{"width":4,"height":2,"annotations":[{"label":"b","mask":0}]}"#, "there is no such mask");
        check(r#"{"width":0,"height":2,"annotations":[]}"#, "its width or height is 0");
        check(r#"{"width":1,"height":2,"annotations":[{"label":"b"}]}"#, "not valid JSON");
        check("", "not valid JSON");
        let sound = [media("audio/wav", b"i"), media("application/json", b"{}")];
        assert!(parts(&sound).is_err());
        assert!(parts(&sound[..1]).is_err());
    }
}
