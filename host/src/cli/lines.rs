//! A response, line by line, as it comes.

use reqwest::Response;

use super::error::CliError;

/// The longest line taken: an event may carry pictures as base64.
const MAX_LINE_BYTES: usize = 256 << 20;

/// The lines of a response's body.
#[derive(Debug)]
pub(crate) struct Lines {
    response: Response,
    splitter: Splitter,
}

impl Lines {
    pub(crate) fn new(response: Response) -> Self {
        Self { response, splitter: Splitter::default() }
    }

    /// The next line without its end; none where the body ends. A last line without an end is dropped: it was cut.
    ///
    /// # Errors
    /// [`CliError`] where the connection breaks or the line is no text.
    pub(crate) async fn next(&mut self) -> Result<Option<String>, CliError> {
        loop {
            if let Some(line) = self.splitter.pop() {
                return match String::from_utf8(line) {
                    Ok(line) => Ok(Some(line)),
                    Err(_) => Err(CliError::Answer { problem: "a line is not UTF-8".to_owned() }),
                };
            }
            match self.response.chunk().await.map_err(|source| CliError::connection(&source))? {
                Some(chunk) => self.splitter.push(&chunk)?,
                None => return Ok(None),
            }
        }
    }
}

/// Cuts chunks into lines.
#[derive(Debug, Default)]
struct Splitter {
    buffer: Vec<u8>,
    /// Before this index there is no line feed.
    searched: usize,
}

impl Splitter {
    fn push(&mut self, chunk: &[u8]) -> Result<(), CliError> {
        if self.buffer.len() + chunk.len() > MAX_LINE_BYTES {
            return Err(CliError::Answer { problem: format!("a line is longer than {MAX_LINE_BYTES} bytes") });
        }
        self.buffer.extend_from_slice(chunk);
        Ok(())
    }

    fn pop(&mut self) -> Option<Vec<u8>> {
        let Some(length) = self.buffer[self.searched..].iter().position(|byte| *byte == b'\n') else {
            self.searched = self.buffer.len();
            return None;
        };
        let end = self.searched + length;
        let rest = self.buffer.split_off(end + 1);
        let mut line = std::mem::replace(&mut self.buffer, rest);
        self.searched = 0;
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_do_not_depend_on_the_chunks() {
        let text = b"one\n\ntwo\r\nthree";
        for size in 1..=text.len() {
            let mut splitter = Splitter::default();
            let mut lines = Vec::new();
            for chunk in text.chunks(size) {
                splitter.push(chunk).expect("short");
                while let Some(line) = splitter.pop() {
                    lines.push(String::from_utf8(line).expect("ASCII"));
                }
            }
            assert_eq!(lines, ["one", "", "two"], "chunks of {size}");
        }
    }
}
