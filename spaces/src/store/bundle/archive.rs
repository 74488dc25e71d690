//! Reads ZIP archives of strangers.
//!
//! Our own reader of the small part that bundles need (stored and deflated files below 4 GiB), because the `zip`
//! package builds its whole directory before one can count the entries, and silently merges entries of one name.
//! Layout: APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.12 (directory) and 4.3.16 (end record).

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write as _};
use std::path::Path;

use flate2::Crc;
use flate2::read::DeflateDecoder;
use sha2::{Digest as _, Sha256};

use crate::Digest;
use crate::store::objects::StoredObject;

use super::error::BundleError;
use super::name;

const END_BYTES: usize = 22;
const DIRECTORY_HEADER_BYTES: usize = 46;
const LOCAL_HEADER_BYTES: usize = 30;

const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// Where the parts of an archive are.
#[derive(Debug)]
pub(super) struct Archive {
    /// Files lie before this offset.
    directory_start: u64,
}

/// A file in an archive, as its directory describes it.
#[derive(Debug)]
pub(super) struct Entry {
    /// Checked.
    pub(super) name: String,
    method: u16,
    crc32: u32,
    packed_bytes: u64,
    size_bytes: u64,
    header_start: u64,
}

/// Reads and checks the directory; folders are checked and left out.
pub(super) fn read_directory(file: &mut File, max_entries: usize) -> Result<(Archive, Vec<Entry>), BundleError> {
    let end = read_end(file)?;
    if end.n_entries > max_entries {
        return Err(BundleError::TooManyEntries { found: end.n_entries, max: max_entries });
    }
    file.seek(SeekFrom::Start(end.directory_start)).map_err(broken)?;
    let mut reader = BufReader::new(file.take(end.directory_bytes));
    let mut entries = Vec::with_capacity(end.n_entries);
    for _ in 0..end.n_entries {
        entries.extend(read_entry(&mut reader)?);
    }
    Ok((Archive { directory_start: end.directory_start }, entries))
}

impl Archive {
    /// Unpacks `entry` to the new file `target`; none if it has more than `max_bytes`.
    pub(super) fn extract(
        &self,
        file: &mut File,
        entry: &Entry,
        target: &Path,
        max_bytes: u64,
    ) -> Result<Option<StoredObject>, BundleError> {
        let broken = |reason| BundleError::BrokenEntry { entry: entry.name.clone(), reason };
        let failed = |source| BundleError::Io { path: target.to_owned(), source };
        let cut_off = |_| broken("its header is cut off");
        file.seek(SeekFrom::Start(entry.header_start)).map_err(cut_off)?;
        let mut header = [0; LOCAL_HEADER_BYTES];
        file.read_exact(&mut header).map_err(cut_off)?;
        if !header.starts_with(b"PK\x03\x04") {
            return Err(broken("its header is not where the directory says"));
        }
        let data_start = entry.header_start
            + LOCAL_HEADER_BYTES as u64
            + u64::from(u16_at(&header, 26))
            + u64::from(u16_at(&header, 28));
        if data_start + entry.packed_bytes > self.directory_start {
            return Err(broken("its data is cut off"));
        }
        file.seek(SeekFrom::Start(data_start)).map_err(cut_off)?;
        let packed = BufReader::new(file.take(entry.packed_bytes));
        let mut reader: Box<dyn Read + '_> = match entry.method {
            STORED => Box::new(packed),
            DEFLATED => Box::new(DeflateDecoder::new(packed)),
            method => {
                return Err(BundleError::Compression { entry: entry.name.clone(), method });
            }
        };

        let mut target = File::create_new(target).map_err(failed)?;
        let (mut hasher, mut crc, mut size_bytes) = (Sha256::new(), Crc::new(), 0_u64);
        let mut buffer = vec![0; 128 << 10];
        loop {
            let n_read = match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(n_read) => n_read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => return Err(broken("its compressed data is not valid")),
            };
            size_bytes += n_read as u64;
            // Both before writing: a bomb must not fill the disk, and a header that lies is no better than a bad checksum.
            if size_bytes > max_bytes {
                return Ok(None);
            }
            if size_bytes > entry.size_bytes {
                return Err(broken("it is larger than the directory says"));
            }
            let chunk = &buffer[..n_read];
            hasher.update(chunk);
            crc.update(chunk);
            target.write_all(chunk).map_err(failed)?;
        }
        if size_bytes != entry.size_bytes {
            return Err(broken("it is smaller than the directory says"));
        }
        if crc.sum() != entry.crc32 {
            return Err(broken("its checksum does not match"));
        }
        Ok(Some(StoredObject { digest: Digest::from_hasher(hasher), size_bytes }))
    }
}

struct End {
    n_entries: usize,
    directory_start: u64,
    directory_bytes: u64,
}

/// Finds the end record: the last one whose comment ends with the file.
fn read_end(file: &mut File) -> Result<End, BundleError> {
    let file_bytes = file.seek(SeekFrom::End(0)).map_err(broken)?;
    let tail_bytes = file_bytes.min((END_BYTES + usize::from(u16::MAX)) as u64);
    file.seek(SeekFrom::Start(file_bytes - tail_bytes)).map_err(broken)?;
    let mut tail = Vec::new();
    file.take(tail_bytes).read_to_end(&mut tail).map_err(broken)?;
    let ends_with_file = |start: &usize| {
        let record = &tail[*start..];
        record.starts_with(b"PK\x05\x06") && END_BYTES + usize::from(u16_at(record, 20)) == record.len()
    };
    let start = (0..(tail.len() + 1).saturating_sub(END_BYTES))
        .rev()
        .find(ends_with_file)
        .ok_or(BundleError::BrokenArchive { reason: "it is not a ZIP file, or it was cut off" })?;

    let record = &tail[start..];
    if u16_at(record, 4) != 0 || u16_at(record, 6) != 0 || u16_at(record, 8) != u16_at(record, 10) {
        return Err(BundleError::BrokenArchive { reason: "it is one part of several" });
    }
    let end = End {
        n_entries: usize::from(u16_at(record, 10)),
        directory_bytes: u64::from(u32_at(record, 12)),
        directory_start: u64::from(u32_at(record, 16)),
    };
    if end.directory_start == u64::from(u32::MAX) || end.n_entries == usize::from(u16::MAX) {
        return Err(BundleError::BrokenArchive { reason: "it is in ZIP64 format; use plain ZIP, below 4 GiB" });
    }
    if end.directory_start + end.directory_bytes > file_bytes - tail_bytes + start as u64 {
        return Err(BundleError::BrokenArchive { reason: "its directory is cut off" });
    }
    Ok(end)
}

/// Reads one entry of the directory; none for a folder.
fn read_entry(reader: &mut impl Read) -> Result<Option<Entry>, BundleError> {
    let mut header = [0; DIRECTORY_HEADER_BYTES];
    reader.read_exact(&mut header).map_err(broken)?;
    if !header.starts_with(b"PK\x01\x02") {
        return Err(BundleError::BrokenArchive { reason: "its directory has fewer entries than it says" });
    }
    let mut name_bytes = vec![0; usize::from(u16_at(&header, 28))];
    reader.read_exact(&mut name_bytes).map_err(broken)?;
    let rest_bytes = u64::from(u16_at(&header, 30)) + u64::from(u16_at(&header, 32));
    if io::copy(&mut reader.take(rest_bytes), &mut io::sink()).map_err(broken)? != rest_bytes {
        return Err(BundleError::BrokenArchive { reason: "its directory is cut off" });
    }

    let name = name::check(&name_bytes).map_err(|reason| BundleError::entry_name(&name_bytes, reason))?.to_owned();
    let flags = u16_at(&header, 8);
    // Bit 0: encrypted; bit 13: names masked, which comes with encryption.
    if flags & 0x2001 != 0 {
        return Err(BundleError::Encrypted { entry: name });
    }
    // The upper half is a Unix mode where the entry was made on Unix (3) or a Mac (19).
    let mode = u32_at(&header, 38) >> 16;
    let has_mode = matches!(header[5], 3 | 19);
    if has_mode && !matches!(mode & 0o170_000, 0 | 0o100_000 | 0o040_000) {
        return Err(BundleError::NotAFile { entry: name });
    }
    if name.ends_with('/') {
        return Ok(None);
    }
    Ok(Some(Entry {
        name,
        method: u16_at(&header, 10),
        crc32: u32_at(&header, 16),
        packed_bytes: u64::from(u32_at(&header, 20)),
        size_bytes: u64::from(u32_at(&header, 24)),
        header_start: u64::from(u32_at(&header, 42)),
    }))
}

fn broken(_: io::Error) -> BundleError {
    BundleError::BrokenArchive { reason: "its directory is cut off" }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
