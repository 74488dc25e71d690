//! Reads JSON lines out of a stream of bytes.

use serde::de::DeserializeOwned;

/// Collects bytes and gives back what whole lines hold; a line that is none of `T` is left out.
#[derive(Debug, Default)]
pub(super) struct LineReader(Vec<u8>);

impl LineReader {
    /// Takes the next bytes; lines may begin and end anywhere in them.
    pub(super) fn push<T: DeserializeOwned>(&mut self, bytes: &[u8]) -> Vec<T> {
        self.0.extend_from_slice(bytes);
        let Some(end) = self.0.iter().rposition(|byte| *byte == b'\n') else { return Vec::new() };
        let whole: Vec<u8> = self.0.drain(..=end).collect();
        whole.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_arrive_whole_however_the_bytes_are_cut() {
        let stream = "1\n\"é\"\nnothing\n[2]\n3";
        for size in [1, 2, 5, stream.len()] {
            let mut reader = LineReader::default();
            let read: Vec<serde_json::Value> =
                stream.as_bytes().chunks(size).flat_map(|bytes| reader.push(bytes)).collect();
            assert_eq!(read, [1.into(), "é".into(), serde_json::json!([2])], "cut into pieces of {size}");
        }
    }
}
