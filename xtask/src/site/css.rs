//! One style sheet of several files, without what only people need.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

/// The style sheets in `folder` in the order of their names: the number in front says what comes first.
///
/// # Errors
/// When there is none, or one cannot be read.
pub(super) fn joined(folder: &Path) -> Result<String> {
    let cannot_list = || format!("cannot list {}", folder.display());
    let entries = fs::read_dir(folder).with_context(cannot_list)?.collect::<Result<Vec<_>, _>>();
    let mut paths: Vec<_> = entries.with_context(cannot_list)?.into_iter().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "css"));
    paths.sort();
    ensure!(!paths.is_empty(), "{} holds no style sheet", folder.display());
    let read = |path| fs::read_to_string(path).with_context(|| format!("cannot read {}", Path::display(path)));
    paths.iter().map(|path| read(path)).collect()
}

/// The style sheet without comments, indentation and empty lines; strings stay as they are because none of ours
/// spans lines or holds a comment.
pub(super) fn squeezed(style: &str) -> String {
    let mut out = String::with_capacity(style.len());
    let mut rest = style;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::squeezed;

    #[test]
    fn comments_and_indentation_go() {
        assert_eq!(squeezed("/* a\n b */\na {\n  b: c; /* d */\n\n}\n"), "a {\nb: c;\n}");
    }
}
