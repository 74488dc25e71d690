//! Media types: their form, what accepts them, and what a file without one probably is.

use super::Media;

/// RFC 6838 section 4.2: each half at most 127 characters.
const MAX_MEDIA_TYPE_BYTES: usize = 255;

/// What a file is when nothing else is known.
const UNKNOWN: &str = "application/octet-stream";

/// First bytes by which formats are told.
const SIGNATURES: &[(usize, &[u8], &str)] = &[
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"%PDF-", "application/pdf"),
];

const EXTENSIONS: &[(&str, &str)] = &[
    ("bmp", "image/bmp"),
    ("csv", "text/csv"),
    ("flac", "audio/flac"),
    ("gif", "image/gif"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("json", "application/json"),
    ("m4a", "audio/mp4"),
    ("md", "text/markdown"),
    ("mov", "video/quicktime"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("ogg", "audio/ogg"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
    ("tsv", "text/tab-separated-values"),
    ("txt", "text/plain"),
    ("wav", "audio/wav"),
    ("webm", "video/webm"),
    ("webp", "image/webp"),
    ("xml", "application/xml"),
    ("zip", "application/zip"),
];

/// The usual ending of a file of this type, without the dot.
pub fn extension(media_type: &str) -> Option<&'static str> {
    // Of several, the one that people write.
    let usual = [("image/jpeg", "jpg"), ("text/html", "html"), ("image/tiff", "tif")];
    let pairs = EXTENSIONS.iter().map(|(extension, media_type)| (*media_type, *extension));
    usual.into_iter().chain(pairs).find_map(|(known, extension)| (known == media_type).then_some(extension))
}

/// The media type of a file that came without one, from its first bytes, else from its name.
pub fn guess(name: Option<&str>, bytes: &[u8]) -> &'static str {
    for (offset, signature, media_type) in SIGNATURES {
        if bytes.get(*offset..).is_some_and(|rest| rest.starts_with(signature)) {
            return media_type;
        }
    }
    let extension = name.and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.and_then(|extension| EXTENSIONS.iter().find(|(known, _)| *known == extension)) {
        Some((_, media_type)) => media_type,
        None => UNKNOWN,
    }
}

/// `type/subtype` in lower case, without parameters; none where it has not that form.
///
/// The result goes into headers and attributes, so only the characters of RFC 6838 pass.
pub(crate) fn normalized(text: &str) -> Option<String> {
    let essence = text.split(';').next().unwrap_or("").trim();
    let (family, subtype) = essence.split_once('/')?;
    let is_token = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    let fits = essence.len() <= MAX_MEDIA_TYPE_BYTES && is_token(family) && is_token(subtype);
    fits.then(|| essence.to_ascii_lowercase())
}

/// As [`normalized`], but a missing or meaningless type is guessed.
pub(crate) fn settled(given: Option<&str>, name: Option<&str>, bytes: &[u8]) -> Option<String> {
    match given {
        Some(given) => {
            let media_type = normalized(given)?;
            Some(if media_type == UNKNOWN { guess(name, bytes).to_owned() } else { media_type })
        }
        None => Some(guess(name, bytes).to_owned()),
    }
}

/// Whether `media` is what `pattern` accepts: `image/*`, `text/csv`, `.csv`, or Gradio's bare `image`.
pub(crate) fn matches(pattern: &str, media: &Media) -> bool {
    let pattern = pattern.trim().to_ascii_lowercase();
    let media_type = normalized(&media.mime_type).unwrap_or_default();
    if pattern == "*" || pattern == "*/*" || pattern == "file" {
        return true;
    }
    if pattern.starts_with('.') {
        return media.name.as_ref().is_some_and(|name| name.to_ascii_lowercase().ends_with(&pattern));
    }
    let family = pattern.strip_suffix("/*").unwrap_or(&pattern);
    if family.contains('/') {
        return media_type == pattern;
    }
    media_type.split_once('/').is_some_and(|(given, _)| given == family)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_are_normalized_or_refused() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(normalized(text).as_deref(), expected, "{text}");
        check("Image/PNG", Some("image/png"));
        check("text/csv; charset=utf-8", Some("text/csv"));
        check("image/svg+xml", Some("image/svg+xml"));
        check("image", None);
        check("image/", None);
        check("image/png\r\nx: y", None);
        check("image/\"><script>", None);
    }

    #[test]
    fn patterns_accept_by_type_or_name() {
        let check = |pattern: &str, mime_type: &str, name: &str, expected: bool| {
            let media = Media { bytes: Vec::new(), mime_type: mime_type.to_owned(), name: Some(name.to_owned()) };
            assert_eq!(matches(pattern, &media), expected, "{pattern} {mime_type} {name}");
        };
        check("image/*", "image/png", "x", true);
        check("image", "image/png", "x", true);
        check("image/*", "imagery/png", "x", false);
        check(".csv", "application/octet-stream", "data.CSV", true);
        check(".csv", "text/csv", "data.txt", false);
        check("text/csv", "text/csv", "x", true);
        check("text/csv", "text/plain", "x", false);
    }

    #[test]
    fn unknown_files_are_guessed_by_content_then_name() {
        let check = |name: Option<&str>, bytes: &[u8], expected: &str| assert_eq!(guess(name, bytes), expected);
        check(Some("x.jpg"), b"\x89PNG\r\n\x1a\n....", "image/png");
        check(Some("x.JPG"), b"", "image/jpeg");
        check(Some("jpg"), b"", "application/octet-stream");
        check(None, b"RIFF....WEBPVP8 ", "image/webp");
        check(None, b"?", "application/octet-stream");
    }
}
