//! JSON → [`Media`]: data URLs, base64 with a type, and files of the bundle.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value as Json};

use super::{AssetReader, json};
use crate::id::check_asset_path;
use crate::value::problem::{ValueError, quoted};
use crate::value::{Media, media_type};

/// The key that names a file of the bundle.
pub(super) const ASSET_KEY: &str = "asset";

/// The longest file name kept, in characters.
const MAX_FILE_NAME_CHARS: usize = 255;

/// `size` is what answers carry: it is read and ignored, so that an answer can be sent back as an input.
const KNOWN_KEYS: &str = "`asset`, `data`, `url`, `mime_type`, `name` and `size`";

/// Clients forget the padding; it carries nothing.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Decodes one file. It is not yet known to fit its component.
pub(super) fn decode(json: Json, assets: &dyn AssetReader) -> Result<Media, ValueError> {
    match json {
        Json::String(url) => decode_url(&url, None),
        Json::Object(object) => decode_object(object, assets),
        other => {
            let expected = "a data URL or an object with `data` and `mime_type`";
            Err(ValueError::Type { expected, found: json::found(&other) })
        }
    }
}

/// Reads a file of the bundle.
pub(super) fn read_asset(path: &str, assets: &dyn AssetReader) -> Result<Media, ValueError> {
    check_asset_path(path).map_err(|error| ValueError::Asset { problem: error.to_string() })?;
    let (bytes, mime_type) = assets.read(path).map_err(|problem| ValueError::Asset { problem })?;
    let name = file_name(path);
    let mime_type = settled(Some(mime_type), name.as_deref(), &bytes)?;
    Ok(Media { bytes, mime_type, name })
}

/// The bare name of a file that a stranger named: no folders, no control characters, not endless.
pub(super) fn file_name(text: &str) -> Option<String> {
    let bare = text.rsplit(['/', '\\']).next().unwrap_or("");
    let name: String = bare.chars().filter(|c| !c.is_control()).take(MAX_FILE_NAME_CHARS).collect();
    (!name.is_empty() && name != "." && name != "..").then_some(name)
}

/// The normalised media type, guessed where it is missing.
pub(super) fn settled(given: Option<String>, name: Option<&str>, bytes: &[u8]) -> Result<String, ValueError> {
    media_type::settled(given.as_deref(), name, bytes)
        .ok_or_else(|| ValueError::MediaTypeForm { given: quoted(&given.unwrap_or_default()) })
}

/// Decodes base64; `key` is for the message.
pub(super) fn decode_base64(key: &'static str, text: &str) -> Result<Vec<u8>, ValueError> {
    BASE64.decode(text).map_err(|error| ValueError::Base64 { key, problem: error.to_string() })
}

fn decode_url(url: &str, name: Option<String>) -> Result<Media, ValueError> {
    let (head, payload) = url.strip_prefix("data:").and_then(|rest| rest.split_once(',')).ok_or(ValueError::DataUrl)?;
    let media_type = head.strip_suffix(";base64").ok_or(ValueError::DataUrl)?;
    let bytes = decode_base64("data:", payload)?;
    let given = (!media_type.is_empty()).then(|| media_type.to_owned());
    let mime_type = settled(given, name.as_deref(), &bytes)?;
    Ok(Media { bytes, mime_type, name })
}

fn decode_object(mut object: Map<String, Json>, assets: &dyn AssetReader) -> Result<Media, ValueError> {
    let mut take = |key: &str| match object.remove(key) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text)),
        Some(other) => Err(ValueError::Type { expected: "a file whose keys are strings", found: json::found(&other) }),
    };
    let asset = take(ASSET_KEY)?;
    let data = take("data")?;
    let url = take("url")?;
    let mime_type = take("mime_type")?;
    let name = take("name")?.as_deref().and_then(file_name);
    object.remove("size");
    if let Some(given) = object.keys().next() {
        return Err(ValueError::UnknownKey { given: quoted(given), known: KNOWN_KEYS });
    }
    match (asset, data, url) {
        (Some(path), None, None) => read_asset(&path, assets),
        (None, None, Some(url)) => decode_url(&url, name),
        (None, Some(data), None) => {
            let bytes = decode_base64("data", &data)?;
            let mime_type = settled(mime_type, name.as_deref(), &bytes)?;
            Ok(Media { bytes, mime_type, name })
        }
        (None, None, None) => Err(ValueError::Key { key: "data" }),
        _ => Err(ValueError::Type { expected: "one of `asset`, `data` and `url`", found: "several" }),
    }
}
