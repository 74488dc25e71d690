//! What an author has dropped or chosen: one file, or the files of a folder; and the upload that is made of it.

use js_sys::{Array, Reflect, Uint8Array};
use send_wrapper::SendWrapper;
use spaces::manifest;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, FileList};

use super::zip::{self, Crc32, Entry};
use crate::texts::publisher as texts;

/// What is read at once, in bytes.
const CHUNK_BYTES: f64 = (4 << 20) as f64;
/// The most files of a folder; the server takes no more either.
const MAX_FILES: usize = 10_000;
/// Folders that hold no part of an app: the command line leaves out the same.
const SKIPPED: [&str; 4] = ["node_modules", "__pycache__", "__MACOSX", "target"];

/// Files of the author's machine. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Dropped {
    /// The file's or folder's name.
    pub name: String,
    /// With their paths below the folder.
    files: SendWrapper<Vec<(String, File)>>,
    is_folder: bool,
}

/// Something that is sent to the server.
#[derive(Debug, Clone)]
pub struct Upload {
    pub filename: String,
    pub body: SendWrapper<Blob>,
}

impl Dropped {
    /// The files of a picker. Of a folder's picker each brings its path.
    pub fn from_list(list: &FileList) -> Option<Self> {
        let files: Vec<File> = (0..list.length()).filter_map(|index| list.get(index)).collect();
        let path = |file: &File| text(file, "webkitRelativePath").filter(|path| !path.is_empty());
        let paths: Vec<(String, File)> =
            files.into_iter().map(|file| (path(&file).unwrap_or_else(|| file.name()), file)).collect();
        Self::new(paths)
    }

    /// What lies in a drop: files, or folders with all that is in them.
    pub async fn from_drop(entries: Vec<JsValue>, files: Option<FileList>) -> Option<Self> {
        let mut found = Vec::new();
        for entry in entries {
            walk(entry, &mut found).await;
        }
        // Not every drop has entries: one that a program has made has files only.
        if found.is_empty() {
            return Self::from_list(&files?);
        }
        Self::new(found)
    }

    fn new(mut files: Vec<(String, File)>) -> Option<Self> {
        let is_folder = files.len() > 1 || files.iter().any(|(path, _)| path.contains('/'));
        files.retain(|(path, _)| !path.split('/').any(|part| part.starts_with('.') || SKIPPED.contains(&part)));
        files.truncate(MAX_FILES);
        let first = files.first()?.0.clone();
        let folder = first.split_once('/').map(|(folder, _)| folder.to_owned());
        let prefix = folder.filter(|folder| files.iter().all(|(path, _)| path.starts_with(&format!("{folder}/"))));
        let name = match (&prefix, is_folder) {
            (Some(folder), _) => folder.clone(),
            (None, true) => "folder".to_owned(),
            (None, false) => first,
        };
        if let Some(folder) = prefix {
            for (path, _) in &mut files {
                path.drain(..=folder.len());
            }
        }
        Some(Self { name, files: SendWrapper::new(files), is_folder })
    }

    /// As it is, for a first look.
    ///
    /// # Errors
    /// A sentence for the author.
    pub async fn upload(&self) -> Result<Upload, String> {
        match self.files.first() {
            Some((_, file)) if !self.is_folder => {
                Ok(Upload { filename: self.name.clone(), body: SendWrapper::new(file.clone().unchecked_into()) })
            }
            _ => archive(&self.files, &[]).await.map(|body| self.as_zip(body)),
        }
    }

    /// With `manifest` as its `space.toml` and `more` files: what is published.
    ///
    /// # Errors
    /// A sentence for the author.
    pub async fn bundle(&self, manifest: &str, more: &[(String, File)]) -> Result<Upload, String> {
        let manifest = blob(&[Uint8Array::from(manifest.as_bytes()).into()])?;
        let mut given = vec![(manifest::FILE_NAME.to_owned(), manifest)];
        given.extend(more.iter().map(|(path, file)| (path.clone(), file.clone().unchecked_into())));
        match self.files.first() {
            Some((path, file)) if !self.is_folder && path.to_ascii_lowercase().ends_with(".zip") => {
                replaced(file, &given).await.map(|body| self.as_zip(body))
            }
            _ => archive(&self.files, &given).await.map(|body| self.as_zip(body)),
        }
    }

    fn as_zip(&self, body: Blob) -> Upload {
        let stem = self.name.rsplit_once('.').map_or(self.name.as_str(), |(stem, _)| stem);
        Upload { filename: format!("{stem}.zip"), body: SendWrapper::new(body) }
    }
}

/// Adds the file behind an entry of a drop, or all files of a folder.
async fn walk(entry: JsValue, found: &mut Vec<(String, File)>) {
    let mut waiting = vec![entry];
    while let Some(entry) = waiting.pop() {
        if found.len() > MAX_FILES {
            return;
        }
        if Reflect::get(&entry, &"isFile".into()).is_ok_and(|is| is.is_truthy()) {
            if let Some(file) = answered(&entry, "file").await {
                let path = text(&entry, "fullPath").unwrap_or_default();
                found.push((path.trim_start_matches('/').to_owned(), file.unchecked_into()));
            }
            continue;
        }
        let Some(reader) = method(&entry, "createReader").and_then(|make| make.call0(&entry).ok()) else { continue };
        // It gives some hundred at a time, and nothing at the end.
        while let Some(batch) = answered(&reader, "readEntries").await {
            let batch: Array = batch.unchecked_into();
            if batch.length() == 0 {
                break;
            }
            waiting.extend(batch.iter());
        }
    }
}

/// What an old method gives to its first callback.
async fn answered(target: &JsValue, name: &str) -> Option<JsValue> {
    let method = method(target, name)?;
    let mut call = |resolve: js_sys::Function, reject: js_sys::Function| {
        let _ = method.call2(target, &resolve, &reject);
    };
    JsFuture::from(js_sys::Promise::new(&mut call)).await.ok()
}

fn method(target: &JsValue, name: &str) -> Option<js_sys::Function> {
    Reflect::get(target, &name.into()).ok()?.dyn_into().ok()
}

fn text(target: &JsValue, name: &str) -> Option<String> {
    Reflect::get(target, &name.into()).ok()?.as_string()
}

/// One archive of `files`, in which those of `given` take the place of others of their names.
async fn archive(files: &[(String, File)], given: &[(String, Blob)]) -> Result<Blob, String> {
    let kept = files.iter().filter(|(path, _)| !given.iter().any(|(other, _)| other == path));
    let all = kept.map(|(path, file)| (path.as_str(), file.as_ref() as &Blob));
    let all: Vec<(&str, &Blob)> = all.chain(given.iter().map(|(path, blob)| (path.as_str(), blob))).collect();
    let mut writer = Writer::default();
    for (path, blob) in all {
        writer.push(path, blob).await?;
    }
    writer.finish()
}

/// The archive `file` with the files of `given` in the place of those of their names.
async fn replaced(file: &File, given: &[(String, Blob)]) -> Result<Blob, String> {
    let size_bytes = file.size();
    let tail = read(file, (size_bytes - zip::MAX_END_BYTES as f64).max(0.0), size_bytes).await?;
    let place = zip::directory_place(&tail).ok_or(texts::NO_ARCHIVE)?;
    let (start, end) = (f64::from(place.start), f64::from(place.start) + f64::from(place.size_bytes));
    let directory = read(file, start, end).await?;
    let entries = zip::directory_entries(&directory).ok_or(texts::NO_ARCHIVE)?;
    let names: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
    let prefix = wrapper(&names);
    let mut writer =
        Writer { parts: vec![slice(file, 0.0, start)?.into()], offset: start, directory: Vec::new(), n_entries: 0 };
    for (name, header) in &entries {
        let is_replaced = given.iter().any(|(path, _)| *name == format!("{prefix}{path}"));
        if !is_replaced {
            writer.directory.extend_from_slice(header);
            writer.n_entries += 1;
        }
    }
    for (path, blob) in given {
        writer.push(&format!("{prefix}{path}"), blob).await?;
    }
    writer.finish()
}

/// The one folder that holds everything, with its slash, as the server takes it off.
fn wrapper(names: &[&str]) -> String {
    let is_kept = |name: &&&str| !name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
    let mut kept = names.iter().filter(is_kept);
    let Some((folder, _)) = kept.clone().find_map(|name| name.split_once('/')) else { return String::new() };
    let prefix = format!("{folder}/");
    if kept.all(|name| name.starts_with(&prefix)) { prefix } else { String::new() }
}

#[derive(Default)]
struct Writer {
    parts: Vec<JsValue>,
    offset: f64,
    directory: Vec<u8>,
    n_entries: u16,
}

impl Writer {
    async fn push(&mut self, name: &str, blob: &Blob) -> Result<(), String> {
        let too_large = || texts::too_large_for_archive(name);
        let size_bytes = blob.size();
        if size_bytes + self.offset > f64::from(u32::MAX) || self.n_entries == u16::MAX {
            return Err(too_large());
        }
        let crc32 = checksum(blob).await?;
        let entry = Entry { name, crc32, size_bytes: size_bytes as u32, start: self.offset as u32 };
        let header = entry.local_header();
        self.offset += header.len() as f64 + size_bytes;
        self.directory.extend(entry.directory_header());
        self.n_entries += 1;
        self.parts.push(Uint8Array::from(header.as_slice()).into());
        self.parts.push(blob.into());
        Ok(())
    }

    fn finish(mut self) -> Result<Blob, String> {
        let end = zip::end_record(self.n_entries, self.directory.len() as u32, self.offset as u32);
        self.parts.push(Uint8Array::from(self.directory.as_slice()).into());
        self.parts.push(Uint8Array::from(end.as_slice()).into());
        blob(&self.parts)
    }
}

async fn checksum(blob: &Blob) -> Result<u32, String> {
    let mut crc = Crc32::new();
    let (mut start, size_bytes) = (0.0, blob.size());
    while start < size_bytes {
        crc.push(&read(blob, start, (start + CHUNK_BYTES).min(size_bytes)).await?);
        start += CHUNK_BYTES;
    }
    Ok(crc.value())
}

async fn read(blob: &Blob, start: f64, end: f64) -> Result<Vec<u8>, String> {
    let unreadable = |_| texts::FILE_GONE.to_owned();
    let buffer = JsFuture::from(slice(blob, start, end)?.array_buffer()).await.map_err(unreadable)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn slice(blob: &Blob, start: f64, end: f64) -> Result<Blob, String> {
    blob.slice_with_f64_and_f64(start, end).map_err(|_| texts::UNREADABLE.to_owned())
}

fn blob(parts: &[JsValue]) -> Result<Blob, String> {
    let parts: Array = parts.iter().collect();
    Blob::new_with_u8_array_sequence(&parts).map_err(|_| texts::CANNOT_BUILD_UPLOAD.to_owned())
}

#[cfg(test)]
mod tests {
    use super::wrapper;

    #[test]
    fn the_folder_around_an_archive_is_found() {
        assert_eq!(wrapper(&["iris/", "iris/a.onnx", "iris/b/c.txt", "__MACOSX/x"]), "iris/");
        assert_eq!(wrapper(&["iris/a.onnx", "space.toml"]), "");
        assert_eq!(wrapper(&["a.onnx"]), "");
        assert_eq!(wrapper(&[]), "");
    }
}
