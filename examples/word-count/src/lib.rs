//! Counts the words of a text, showing the table as it grows.

use std::collections::HashMap;

use guest_sdk::{File, Outputs, Table};

/// The most partial tables that a run sends, whatever the length of the text.
const MAX_UPDATES: usize = 20;

/// What the page shows.
#[derive(Debug, PartialEq, Outputs)]
pub struct Counts {
    /// The most frequent words; equally frequent ones in alphabetical order.
    pub words: Table,
    /// All words, repeated ones included.
    pub total: usize,
    /// Words that differ.
    pub distinct: usize,
}

#[guest_sdk::space]
pub mod app {
    //! Word count
    //!
    //! Counts the words of a text or of a plain text file. A word is a run of letters and digits; capital letters
    //! count as small ones. The table grows while the text is read.
    use guest_sdk::{Error, File, Result, Stream};

    use super::Counts;

    /// Write or paste a text, or choose a file. The file wins where both are given.
    #[endpoint]
    #[example(
        "Carroll",
        text = "“But I don’t want to go among mad people,” Alice remarked. “Oh, you can’t help that,” said the Cat: “we’re all mad here. I’m mad. You’re mad.”",
        top = 5
    )]
    pub fn count(
        #[input(lines = 8, placeholder = "To be, or not to be", default = "")] text: String,
        /// UTF-8 text.
        #[input(file_types = [".txt", "text/plain"])]
        file: Option<File>,
        /// How many words the table shows.
        #[input(minimum = 1, maximum = 100, default = 20, slider)]
        top: usize,
        stream: &mut Stream<Counts>,
    ) -> Result<Counts> {
        let text = file.map_or(Ok(text), super::decode)?;
        if text.trim().is_empty() {
            return Err(Error::invalid_input("text", "write a text or choose a file"));
        }
        Ok(super::count(&text, top, stream))
    }
}

fn decode(file: File) -> guest_sdk::Result<String> {
    String::from_utf8(file.bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        guest_sdk::Error::invalid_input("file", format!("the file is not UTF-8 text (byte {place})"))
    })
}

fn count(text: &str, top: usize, stream: &mut guest_sdk::Stream<Counts>) -> Counts {
    let lines: Vec<&str> = text.lines().collect();
    let lines_per_update = lines.len().div_ceil(MAX_UPDATES).max(1);
    let mut counts = HashMap::new();
    for (index, lines_read) in lines.chunks(lines_per_update).enumerate() {
        for line in lines_read {
            for word in line.to_lowercase().split(|letter: char| !letter.is_alphanumeric()) {
                if !word.is_empty() {
                    *counts.entry(word.to_owned()).or_insert(0) += 1;
                }
            }
        }
        let n_read = lines.len().min((index + 1) * lines_per_update);
        stream.progress(n_read as f64 / lines.len() as f64, format!("{n_read} of {} lines", lines.len()));
        stream.emit(summarise(&counts, top));
    }
    summarise(&counts, top)
}

fn summarise(counts: &HashMap<String, usize>, top: usize) -> Counts {
    let mut words: Vec<(&str, usize)> = counts.iter().map(|(word, count)| (word.as_str(), *count)).collect();
    words.sort_by(|(word, count), (other_word, other_count)| other_count.cmp(count).then(word.cmp(other_word)));
    Counts {
        total: counts.values().sum(),
        distinct: counts.len(),
        words: Table::new(["word", "count"], words.into_iter().take(top)),
    }
}
