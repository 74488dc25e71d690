//! Writes archives of files that stay where they are: only what stands around their bytes is made here.
//!
//! Layout: APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.12 (directory) and 4.3.16 (end record). Files are
//! stored as they are: weights hardly shrink, and the browser need not hold them in memory.

const LOCAL_HEADER: u32 = 0x0403_4b50;
const DIRECTORY_HEADER: u32 = 0x0201_4b50;
const END_RECORD: u32 = 0x0605_4b50;

/// The end record, and the longest comment behind it.
pub const MAX_END_BYTES: u64 = 22 + 65_535;

const END_BYTES: usize = 22;
const DIRECTORY_HEADER_BYTES: usize = 46;
/// 2.0, the first with folders.
const VERSION: u16 = 20;
/// The name is UTF-8.
const FLAGS: u16 = 1 << 11;
/// 1 January 1980, so that the same files make the same archive.
const DATE: u16 = 0x0021;

/// A file of an archive.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub name: &'a str,
    pub crc32: u32,
    pub size_bytes: u32,
    /// Where its local header begins.
    pub start: u32,
}

impl Entry<'_> {
    /// What stands before the file's bytes.
    pub fn local_header(&self) -> Vec<u8> {
        let mut header = Vec::with_capacity(30 + self.name.len());
        header.extend(LOCAL_HEADER.to_le_bytes());
        self.push_common(&mut header);
        header.extend(self.name.as_bytes());
        header
    }

    /// Its part of the directory.
    pub fn directory_header(&self) -> Vec<u8> {
        let mut header = Vec::with_capacity(DIRECTORY_HEADER_BYTES + self.name.len());
        header.extend(DIRECTORY_HEADER.to_le_bytes());
        header.extend(VERSION.to_le_bytes());
        self.push_common(&mut header);
        // Comment, disk, attributes inside and outside.
        header.extend([0; 10]);
        header.extend(self.start.to_le_bytes());
        header.extend(self.name.as_bytes());
        header
    }

    fn push_common(&self, header: &mut Vec<u8>) {
        let name_bytes = u16::try_from(self.name.len()).unwrap_or(u16::MAX);
        // Version, flags, method (stored), time, date.
        for number in [VERSION, FLAGS, 0, 0, DATE] {
            header.extend(number.to_le_bytes());
        }
        for number in [self.crc32, self.size_bytes, self.size_bytes] {
            header.extend(number.to_le_bytes());
        }
        // Name, and no further fields.
        for number in [name_bytes, 0] {
            header.extend(number.to_le_bytes());
        }
    }
}

/// What stands at the end of an archive.
pub fn end_record(n_entries: u16, directory_bytes: u32, directory_start: u32) -> Vec<u8> {
    let mut record = Vec::with_capacity(END_BYTES);
    record.extend(END_RECORD.to_le_bytes());
    for number in [0, 0, n_entries, n_entries] {
        record.extend(number.to_le_bytes());
    }
    for number in [directory_bytes, directory_start] {
        record.extend(number.to_le_bytes());
    }
    record.extend([0; 2]);
    record
}

/// Where the directory of an archive lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DirectoryPlace {
    pub start: u32,
    pub size_bytes: u32,
}

/// Finds the directory in the last bytes of an archive; none where there is none, or one of the kind for huge archives.
pub fn directory_place(tail: &[u8]) -> Option<DirectoryPlace> {
    let last = tail.len().checked_sub(END_BYTES)?;
    let end = (0..=last).rev().find(|at| tail[*at..].starts_with(&END_RECORD.to_le_bytes()))?;
    let place = DirectoryPlace { size_bytes: u32_at(tail, end + 12)?, start: u32_at(tail, end + 16)? };
    (place.start != u32::MAX && place.size_bytes != u32::MAX).then_some(place)
}

/// The entries of a directory: the name and the bytes of each.
pub fn directory_entries(directory: &[u8]) -> Option<Vec<(String, &[u8])>> {
    let mut entries = Vec::new();
    let mut rest = directory;
    while rest.starts_with(&DIRECTORY_HEADER.to_le_bytes()) {
        let name_bytes = usize::from(u16_at(rest, 28)?);
        let more = usize::from(u16_at(rest, 30)?) + usize::from(u16_at(rest, 32)?);
        let (entry, behind) = rest.split_at_checked(DIRECTORY_HEADER_BYTES + name_bytes + more)?;
        let name = entry.get(DIRECTORY_HEADER_BYTES..DIRECTORY_HEADER_BYTES + name_bytes)?;
        entries.push((String::from_utf8_lossy(name).into_owned(), entry));
        rest = behind;
    }
    Some(entries)
}

/// The checksum of an archive's file, taken piece by piece.
#[derive(Debug, Clone, Copy)]
pub struct Crc32(u32);

impl Crc32 {
    pub fn new() -> Self {
        Self(u32::MAX)
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = CRC_TABLE[usize::from(self.0 as u8 ^ byte)] ^ (self.0 >> 8);
        }
    }

    /// The checksum of all bytes so far.
    pub fn value(self) -> u32 {
        !self.0
    }
}

impl Default for Crc32 {
    fn default() -> Self {
        Self::new()
    }
}

const CRC_TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut value = index as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { 0xedb8_8320 ^ (value >> 1) } else { value >> 1 };
            bit += 1;
        }
        table[index] = value;
        index += 1;
    }
    table
};

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_archives() {
        let mut crc = Crc32::new();
        crc.push(b"1234");
        crc.push(b"56789");
        assert_eq!(crc.value(), 0xcbf4_3926);
        assert_eq!(Crc32::new().value(), 0);
    }

    #[test]
    fn a_directory_is_found_and_read() {
        let entry = |name, start| Entry { name, crc32: 7, size_bytes: 5, start };
        let directory = [entry("a/ü.txt", 0).directory_header(), entry("space.toml", 42).directory_header()].concat();
        let size_bytes = u32::try_from(directory.len()).unwrap();
        let archive = [vec![b'x'; 100], directory.clone(), end_record(2, size_bytes, 100), b"".to_vec()].concat();
        let place = directory_place(&archive).unwrap();
        assert_eq!(place, DirectoryPlace { start: 100, size_bytes });
        let entries = directory_entries(&directory).unwrap();
        let names: Vec<_> = entries.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["a/ü.txt", "space.toml"]);
        assert_eq!(entries[1].1, entry("space.toml", 42).directory_header());
        assert_eq!(directory_place(b"no archive at all, but long enough"), None);
        assert_eq!(directory_place(&end_record(1, 5, u32::MAX)), None);
        assert_eq!(directory_entries(&directory[..50]), None);
    }
}
