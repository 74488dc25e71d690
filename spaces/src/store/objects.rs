//! Immutable bytes, found by their digest.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{MultipartUpload as _, ObjectStoreExt as _};
use sha2::{Digest as _, Sha256};
use tokio::task::spawn_blocking;

use crate::Digest;

use super::error::PutError;

/// How much of a file is in memory while it is stored.
const CHUNK_BYTES: usize = 4 << 20;

/// Bytes in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredObject {
    pub digest: Digest,
    pub size_bytes: u64,
}

/// The folder of objects.
#[derive(Debug)]
pub(super) struct Objects {
    store: LocalFileSystem,
}

impl Objects {
    pub(super) fn open(root: &Path) -> Result<Self, object_store::Error> {
        Ok(Self { store: LocalFileSystem::new_with_prefix(root)?.with_fsync(true) })
    }

    /// Stores the bytes of `file`, unless they are there already.
    ///
    /// The caller has the file for itself: it must not change between hashing and copying.
    pub(super) async fn put_file(&self, file: &Path) -> Result<StoredObject, PutError> {
        let failed = |source| PutError::File { path: file.to_owned(), source };
        let stored = hash_in_background(file).await.map_err(failed)?;
        let digits = stored.digest.to_string();
        let location = ObjectPath::from_iter([&digits[..2], &digits[2..]]);
        match self.store.head(&location).await {
            Ok(_) => return Ok(stored),
            Err(object_store::Error::NotFound { .. }) => {}
            Err(source) => {
                return Err(PutError::Object { digest: stored.digest, source: source.into() });
            }
        }
        let refused = |source: object_store::Error| PutError::Object { digest: stored.digest, source: source.into() };
        let mut upload = self.store.put_multipart(&location).await.map_err(refused)?;
        let mut reader = Some(File::open(file).map_err(failed)?);
        while let Some(file) = reader.take() {
            let (chunk, rest) = read_chunk(file).await.map_err(failed)?;
            if chunk.is_empty() {
                break;
            }
            upload.put_part(chunk.into()).await.map_err(refused)?;
            reader = Some(rest);
        }
        // Dropped before this, the upload takes its staged file with it; killed, a sweep does.
        upload.complete().await.map_err(refused)?;
        Ok(stored)
    }
}

async fn read_chunk(file: File) -> io::Result<(Bytes, File)> {
    spawn_blocking(move || {
        let mut chunk = Vec::with_capacity(CHUNK_BYTES);
        (&file).take(CHUNK_BYTES as u64).read_to_end(&mut chunk)?;
        Ok((Bytes::from(chunk), file))
    })
    .await
    .map_err(io::Error::other)?
}

pub(super) async fn hash_in_background(path: &Path) -> io::Result<StoredObject> {
    let path: PathBuf = path.to_owned();
    spawn_blocking(move || hash_file(&path)).await.map_err(io::Error::other)?
}

/// Hashes a file; blocks.
pub(super) fn hash_file(path: &Path) -> io::Result<StoredObject> {
    let mut hasher = Sha256::new();
    let size_bytes = io::copy(&mut File::open(path)?, &mut hasher)?;
    debug_assert!(fs::metadata(path).is_ok_and(|metadata| metadata.len() == size_bytes));
    Ok(StoredObject { digest: Digest::from_hasher(hasher), size_bytes })
}
