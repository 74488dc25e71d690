//! The files of a space.

use leptos::prelude::*;
use spaces::SpaceId;
use spaces::view::FileView;

use crate::state::picked::{asset_url, size_text};

/// Each with its size, as a link.
#[component]
pub fn FileList(id: SpaceId, files: Vec<FileView>) -> impl IntoView {
    if files.is_empty() {
        return view! { <p class="nothing">"The space is one file, its app; it brings no others."</p> }.into_any();
    }
    let n_bytes: u64 = files.iter().map(|file| file.size_bytes).sum();
    let count = match files.len() {
        1 => "1 file".to_owned(),
        n_files => format!("{n_files} files"),
    };
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
        <p class="muted found">{format!("{count}, {}", size_text(n_bytes))}</p>
        <div class="scroll tall">
            <table>
                <thead><tr><th scope="col">"File"</th><th scope="col" class="numeral">"Size"</th><th scope="col" class="wide">"Type"</th><th scope="col" class="wide">"SHA-256"</th></tr></thead>
                <tbody>{files.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
