//! Writes a file under a name with its digest, and its compressed forms beside it.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

/// Hexadecimal digits of the digest in a name.
const DIGEST_DIGITS: usize = 12;
/// The best that brotli does.
const BROTLI_QUALITY: u32 = 11;
/// Base-2 logarithm of brotli's window: 4 MiB.
const BROTLI_WINDOW: u32 = 22;
const BUFFER_BYTES: usize = 4096;

/// Writes `stem-{digest}.extension` with its `.br` and `.gz` into `folder`; gives back the name.
pub(super) fn write(folder: &Path, stem: &str, extension: &str, bytes: &[u8]) -> Result<String> {
    let digest = hex::encode(Sha256::digest(bytes));
    let name = format!("{stem}-{}.{extension}", &digest[..DIGEST_DIGITS]);
    write_as(folder, &name, bytes)?;
    Ok(name)
}

/// Writes `name`, which has a digest already, with its `.br` and `.gz` into `folder`.
pub(super) fn write_as(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let save = |suffix: &str, bytes: &[u8]| {
        let path = folder.join(format!("{name}{suffix}"));
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
    };
    save("", bytes)?;

    let mut brotli = brotli::CompressorWriter::new(Vec::new(), BUFFER_BYTES, BROTLI_QUALITY, BROTLI_WINDOW);
    brotli.write_all(bytes)?;
    save(".br", &brotli.into_inner())?;

    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(bytes)?;
    save(".gz", &gzip.finish()?)
}
