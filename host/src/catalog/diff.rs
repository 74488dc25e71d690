//! What a revision changes, of what visitors and owners see of it.

use spaces::SpaceId;
use spaces::diff::{self, Side};
use spaces::store::{ReadError, Revision, Store};
use spaces::view::{FileView, RevisionDiff};

/// Compares a revision with the one before it; none where there is no such revision.
///
/// # Errors
/// [`ReadError`] when the database cannot be read.
pub(crate) async fn diff(store: &Store, id: &SpaceId, number: u64) -> Result<Option<RevisionDiff>, ReadError> {
    let Some(after) = store.revision(id, number).await? else { return Ok(None) };
    let before = match number.checked_sub(1) {
        None | Some(0) => None,
        Some(before) => store.revision(id, before).await?,
    };
    let old_files = before.as_ref().map(files).unwrap_or_default();
    let (files, n_same_files) = diff::files(&old_files, &files(&after));
    Ok(Some(RevisionDiff {
        number,
        before: before.as_ref().map(|before| before.number),
        interface: diff::interfaces(before.as_ref().map(side), side(&after)),
        files,
        n_same_files,
    }))
}

fn side(revision: &Revision) -> Side<'_> {
    Side { manifest: &revision.manifest, interface: &revision.interface }
}

/// The files of the bundle, and the upload as a whole: of an app in the sandbox its own file is a part of that alone.
fn files(revision: &Revision) -> Vec<FileView> {
    let upload = FileView {
        path: "(the upload)".to_owned(),
        size_bytes: revision.bundle.size_bytes,
        mime_type: String::new(),
        digest: revision.bundle.digest,
    };
    std::iter::once(upload).chain(revision.assets.iter().map(super::file)).collect()
}
