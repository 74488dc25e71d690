//! What visitors have flagged, for the author.

/// Marked.
pub(crate) const OFF: &str = "Visitors cannot flag answers now. To let them, publish with \
    `flagging_mode = \"manual\"` in `space.toml`, and with `flagging_options = [\"wrong\", …]` to let them say why.";
pub(crate) const NONE: &str = "Nobody has flagged anything.";

pub(crate) fn n_flags(n: u64) -> String {
    match n {
        1 => "1 flag".to_owned(),
        n => format!("{n} flags"),
    }
}

pub(crate) const OLDER: &str = "Older flags";
pub(crate) const DOWNLOAD_CSV: &str = "Download CSV";
pub(crate) const DOWNLOAD_JSONL: &str = "Download JSONL";
pub(crate) const WHEN: &str = "When";
pub(crate) const REASON: &str = "Reason";
/// Of which endpoint and revision.
pub(crate) const OF: &str = "Of";
pub(crate) const INPUTS: &str = "Inputs";
pub(crate) const OUTPUTS: &str = "Outputs";

pub(crate) const DELETE: &str = "Delete";
pub(crate) const DELETE_ALL: &str = "Delete all";
/// Behind `DELETE_ALL`, for those who do not see where the button stands.
pub(crate) const DELETE_ALL_AFTER: &str = "of the flags";

/// Behind `DELETE`, for those who do not see where the button stands.
pub(crate) fn delete_after(moment: &str) -> String {
    format!("the flag of {moment}")
}
