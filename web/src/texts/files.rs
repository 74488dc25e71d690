//! The files of a space.

pub(crate) const FILE: &str = "File";
pub(crate) const NO_FILES: &str = "The space is one file, its app; it brings no others.";

/// How many files there are, and their size together.
pub(crate) fn n_files(n: usize, size: &str) -> String {
    match n {
        1 => format!("1 file, {size}"),
        n => format!("{n} files, {size}"),
    }
}
