//! The files of a space.

use leptos::prelude::*;
use spaces::SpaceId;
use spaces::view::FileView;

use crate::state::picked::{asset_url, size_text};
use crate::texts::{common, files as texts, publisher};

/// Each with its size, as a link.
#[component]
pub fn FileList(id: SpaceId, files: Vec<FileView>) -> impl IntoView {
    if files.is_empty() {
        return view! { <p class="nothing">{texts::NO_FILES}</p> }.into_any();
    }
    let n_bytes: u64 = files.iter().map(|file| file.size_bytes).sum();
    let count = texts::n_files(files.len(), &size_text(n_bytes));
    let row = |file: FileView| {
        view! {
            <tr>
                <td><a href=asset_url(&id, &file.path)>{file.path.clone()}</a></td>
                <td class="numeral">{size_text(file.size_bytes)}</td>
                <td class="wide">{file.mime_type}</td>
                <td class="wide"><code title=file.digest.to_string()>{file.digest.short()}</code></td>
            </tr>
        }
    };
    view! {
        <p class="muted found">{count}</p>
        <div class="scroll tall">
            <table>
                <thead><tr><th scope="col">{texts::FILE}</th><th scope="col" class="numeral">{publisher::SIZE}</th><th scope="col" class="wide">{common::TYPE}</th><th scope="col" class="wide">"SHA-256"</th></tr></thead>
                <tbody>{files.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
