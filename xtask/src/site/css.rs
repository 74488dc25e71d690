//! Takes out of a style sheet what only people need.

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
