//! Names in a bundle.

/// The longest name of an entry, in bytes: what file systems allow for one part.
const MAX_NAME_BYTES: usize = 255;

/// Folders and files that systems and tools leave behind, none of which an app needs.
const LITTER: &[&str] = &["__MACOSX", "__pycache__", "node_modules", "Thumbs.db", "desktop.ini"];

/// Checks the name of a file or folder in an archive and returns it without a leading `./`.
///
/// A folder's name may end in `/`. The error completes the sentence "the name …".
pub(super) fn check(bytes: &[u8]) -> Result<&str, &'static str> {
    if bytes.len() > MAX_NAME_BYTES {
        return Err("is longer than 255 bytes");
    }
    let name = std::str::from_utf8(bytes).map_err(|_| "is not UTF-8")?;
    if name.chars().any(char::is_control) {
        return Err("contains a control character");
    }
    if name.contains('\\') {
        return Err("contains a backslash: use `/` between folders");
    }
    if name.starts_with('/') {
        return Err("is absolute");
    }
    // `C:…`
    if name.as_bytes().get(1) == Some(&b':') {
        return Err("begins with a drive letter");
    }
    let name = name.strip_prefix("./").unwrap_or(name);
    for part in name.strip_suffix('/').unwrap_or(name).split('/') {
        match part {
            "" => return Err("has an empty part"),
            "." => return Err("contains `.` as a part"),
            ".." => return Err("contains `..`, which leads out of the bundle"),
            _ => {}
        }
    }
    Ok(name)
}

/// Whether an entry is left out: hidden files (`.git`, `.DS_Store`, and `.env`, which would publish a secret) and litter.
pub(super) fn is_skipped(name: &str) -> bool {
    name.split('/').any(|part| part.starts_with('.') || LITTER.contains(&part))
}

/// The one folder that holds everything, if there is one.
pub(super) fn wrapping_folder<'a>(mut names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let (folder, _) = names.next()?.split_once('/')?;
    names.all(|name| name.split_once('/').is_some_and(|(first, _)| first == folder)).then_some(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_pass_or_say_why_not() {
        assert_eq!(check(b"a/b.onnx"), Ok("a/b.onnx"));
        assert_eq!(check(b"./a/"), Ok("a/"));
        assert_eq!(check("été.png".as_bytes()), Ok("été.png"));
        for (name, reason) in [
            (&b"../a"[..], "contains `..`, which leads out of the bundle"),
            (b"a/../../b", "contains `..`, which leads out of the bundle"),
            (b"/etc/passwd", "is absolute"),
            (b"..\\a", "contains a backslash: use `/` between folders"),
            (b"C:a", "begins with a drive letter"),
            (b"a//b", "has an empty part"),
            (b"", "has an empty part"),
            (b"a/./b", "contains `.` as a part"),
            (b"a\0.onnx", "contains a control character"),
            (b"a\x1b[2J", "contains a control character"),
            (b"\xff", "is not UTF-8"),
            (&[b'x'; 256], "is longer than 255 bytes"),
        ] {
            assert_eq!(check(name), Err(reason), "{}", name.escape_ascii());
        }
    }

    #[test]
    fn a_wrapping_folder_holds_everything() {
        assert_eq!(wrapping_folder(["a/x", "a/b/y"].into_iter()), Some("a"));
        assert_eq!(wrapping_folder(["a/x", "y"].into_iter()), None);
        assert_eq!(wrapping_folder(["a/x", "ab/y"].into_iter()), None);
        assert_eq!(wrapping_folder([].into_iter()), None);
    }
}
