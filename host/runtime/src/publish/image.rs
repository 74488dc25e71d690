//! How large a component's memory image is, before the engine makes it.
//!
//! The engine lays the data of a memory out from its first byte to its last, so two bytes far apart become an image
//! of all that is between: a file of a gigabyte from an upload of a kilobyte.

use wasmparser::{DataKind, Operator, Parser, Payload};

use super::PublishError;

/// An image up to this size may be as sparse as it likes.
const MAX_SPARSE_BYTES: u64 = 64 << 20;
/// A larger one must have at least this part of its bytes in data segments: programs with a heap are well above.
const MIN_DENSITY: u64 = 4;

/// Refuses a component whose image would be larger than `max_bytes`, or large and mostly empty.
///
/// # Errors
/// [`PublishError::ImageTooLarge`], [`PublishError::SparseImage`], or [`PublishError::Invalid`] for bytes that have
/// not been validated.
pub(super) fn check(component: &[u8], max_bytes: usize) -> Result<(), PublishError> {
    let Image { span_bytes, data_bytes } =
        measure(component).map_err(|error| PublishError::Invalid { message: error.to_string() })?;
    if span_bytes > max_bytes as u64 {
        let bytes = usize::try_from(span_bytes).unwrap_or(usize::MAX);
        return Err(PublishError::ImageTooLarge { bytes, max_bytes });
    }
    if span_bytes > MAX_SPARSE_BYTES && data_bytes < span_bytes / MIN_DENSITY {
        return Err(PublishError::SparseImage { span_bytes, data_bytes });
    }
    Ok(())
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Image {
    /// From the first byte to the last, summed over all modules.
    span_bytes: u64,
    /// In data segments.
    data_bytes: u64,
}

fn measure(component: &[u8]) -> wasmparser::Result<Image> {
    let mut image = Image::default();
    for payload in Parser::new(0).parse_all(component) {
        // A module has one data section and one memory, since several are refused.
        let Payload::DataSection(section) = payload? else { continue };
        let (mut first, mut end) = (u64::MAX, 0);
        for data in section {
            let data = data?;
            let DataKind::Active { offset_expr, .. } = &data.kind else { continue };
            // Another expression is evaluated at run time, and its data is no part of an image.
            let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else { continue };
            let (offset, n_bytes) = (u64::from(value.cast_unsigned()), data.data.len() as u64);
            first = first.min(offset);
            end = end.max(offset + n_bytes);
            image.data_bytes += n_bytes;
        }
        image.span_bytes += end.saturating_sub(first);
    }
    Ok(image)
}
