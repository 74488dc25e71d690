//! Labels the sentences of a text, one after the other.

use guest_sdk::{Error, Result, Table, Updates, session};

/// The most sentences of a text.
const MAX_SENTENCES: usize = 500;
/// The most labels.
const MAX_LABELS: usize = 20;

#[guest_sdk::space]
pub mod app {
    //! Sentence labels
    //!
    //! Labels the sentences of a text, for the training of a classifier.
    use guest_sdk::{Error, File, Layout, Result, Selection, Table, Updates};

    use super::Work;

    #[layout]
    pub fn layout() -> Layout {
        Layout::new().steps(|steps| {
            steps
                .step("Text", |step| step.input("split.text").input("split.labels").output("split.output"))
                .step("Labels", |step| {
                    step.row(|row| {
                        row.output("open.sentences").column(|column| {
                            column.output("open.progress").input("assign.sentence").input("assign.label")
                        })
                    })
                })
                .step("Export", |step| step.endpoint("export"))
        })
    }

    /// Shows what the visitor's session holds.
    #[endpoint(outputs = ["sentences", "progress", "updates"])]
    #[on(load)]
    pub fn open() -> (Table, String, Updates) {
        let work = Work::load();
        (work.table(), work.progress(), work.updates())
    }

    /// Splits a text into sentences. Labels of an earlier text go.
    #[endpoint]
    #[example("Reviews", text = "The room was clean. Breakfast was cold! Would I come back? Perhaps.")]
    pub fn split(
        #[input(lines = 8, placeholder = "Paste a text")] text: String,
        /// Between commas.
        #[input(default = "positive, negative, neutral")]
        labels: String,
    ) -> Result<Updates> {
        let work = Work::of_text(&text, &labels)?;
        work.store()?;
        Ok(work.updates())
    }

    /// Takes a row of the table to be labelled.
    #[endpoint]
    #[on(select = "open.sentences")]
    pub fn pick(selection: Selection) -> Result<Updates> {
        let mut work = Work::load();
        work.chosen = selection.row().ok_or_else(|| Error::new("choose a row of the table"))?;
        work.store()?;
        Ok(work.updates())
    }

    /// Labels the sentence, and goes on to the next one.
    #[endpoint]
    pub fn assign(
        #[input(lines = 3)] sentence: String,
        #[input(choices = ["positive", "negative", "neutral"], allow_custom_value)] label: String,
    ) -> Result<Updates> {
        let mut work = Work::load();
        work.assign(&sentence, &label)?;
        work.store()?;
        Ok(work.updates())
    }

    /// Gives all sentences with their labels as CSV.
    #[endpoint(outputs = ["csv"])]
    pub fn export() -> Result<File> {
        let work = Work::load();
        match work.rows.is_empty() {
            true => Err(Error::new("there are no sentences yet: split a text first")),
            false => Ok(File::new("sentences.csv", "text/csv", work.csv().into_bytes())),
        }
    }
}

/// What a visitor works on.
#[derive(Debug, Clone, Default, PartialEq)]
struct Work {
    labels: Vec<String>,
    /// Sentence and label; no label is empty.
    rows: Vec<(String, String)>,
    /// The row that is to be labelled.
    chosen: usize,
}

impl Work {
    fn of_text(text: &str, labels: &str) -> Result<Self> {
        let labels: Vec<String> =
            labels.split(',').map(|label| label.trim().to_owned()).filter(|label| !label.is_empty()).collect();
        if labels.is_empty() || labels.len() > MAX_LABELS {
            return Err(Error::invalid_input("labels", format!("write 1 to {MAX_LABELS} labels between commas")));
        }
        let rows: Vec<_> = sentences(text).into_iter().map(|sentence| (sentence, String::new())).collect();
        match rows.len() {
            0 => Err(Error::invalid_input("text", "write a text")),
            n if n > MAX_SENTENCES => {
                Err(Error::invalid_input("text", format!("the text has {n} sentences; at most {MAX_SENTENCES} fit")))
            }
            _ => Ok(Self { labels, rows, chosen: 0 }),
        }
    }

    /// One line for the labels, one for the chosen row, one a sentence.
    fn load() -> Self {
        let bytes = session::get("work").unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let mut lines = text.lines();
        let labels = lines.next().unwrap_or_default().split('\t').filter(|label| !label.is_empty());
        let labels = labels.map(str::to_owned).collect();
        let chosen = lines.next().and_then(|line| line.parse().ok()).unwrap_or_default();
        let row = |line: &str| line.split_once('\t').map(|(label, sentence)| (sentence.to_owned(), label.to_owned()));
        Self { labels, rows: lines.filter_map(row).collect(), chosen }
    }

    fn store(&self) -> Result<()> {
        let mut text = format!("{}\n{}\n", self.labels.join("\t"), self.chosen);
        for (sentence, label) in &self.rows {
            text.push_str(&format!("{label}\t{sentence}\n"));
        }
        match session::set("work", text.as_bytes()) {
            // A program without a session gets what has changed, and keeps it itself.
            Ok(()) | Err(session::Error::NoSession) => Ok(()),
            Err(session::Error::TooLarge(_)) => Err(Error::new("there is no room to keep so long a text")),
        }
    }

    fn assign(&mut self, sentence: &str, label: &str) -> Result<()> {
        if !self.labels.iter().any(|known| known == label) {
            return Err(Error::invalid_input("label", format!("choose one of {}", self.labels.join(", "))));
        }
        let row = self.rows.get_mut(self.chosen).filter(|(shown, _)| shown == sentence.trim());
        let row = row.ok_or_else(|| Error::invalid_input("sentence", "choose a row of the table first"))?;
        label.clone_into(&mut row.1);
        let is_open = |(_, label): &(String, String)| label.is_empty();
        let after = self.rows.iter().skip(self.chosen).position(is_open).map(|offset| self.chosen + offset);
        self.chosen = after.or_else(|| self.rows.iter().position(is_open)).unwrap_or(self.chosen);
        Ok(())
    }

    fn table(&self) -> Table {
        Table::new(["sentence", "label"], self.rows.iter().map(|(sentence, label)| (sentence.as_str(), label.as_str())))
    }

    fn progress(&self) -> String {
        let n_done = self.rows.iter().filter(|(_, label)| !label.is_empty()).count();
        match self.rows.len() {
            0 => "No sentences yet: go back and split a text.".to_owned(),
            n => format!("{n_done} of {n} sentences have a label."),
        }
    }

    /// What the page is to show now.
    fn updates(&self) -> Updates {
        let updates = Updates::new().value("open.sentences", self.table()).value("open.progress", self.progress());
        let updates = updates.choices("assign.label", self.labels.clone());
        match self.rows.get(self.chosen) {
            None => updates.hide("assign.sentence").hide("assign.label").hide("open.sentences"),
            Some((sentence, label)) => updates
                .show("open.sentences")
                .show("assign.sentence")
                .show("assign.label")
                .value("assign.sentence", sentence.as_str())
                .value("assign.label", if label.is_empty() { self.labels[0].as_str() } else { label.as_str() }),
        }
    }

    fn csv(&self) -> String {
        let mut csv = "sentence,label\r\n".to_owned();
        for (sentence, label) in &self.rows {
            csv.push_str(&format!("{},{}\r\n", cell(sentence), cell(label)));
        }
        csv
    }
}

/// The sentences of a text, without the blanks around them.
fn sentences(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    for line in text.lines() {
        let mut rest = line.replace('\t', " ");
        while let Some(end) = end_of_sentence(&rest) {
            let after = rest.split_off(end);
            sentences.push(std::mem::replace(&mut rest, after));
        }
        sentences.push(rest);
    }
    sentences.into_iter().map(|sentence| sentence.trim().to_owned()).filter(|sentence| !sentence.is_empty()).collect()
}

/// Behind the first `.`, `!` or `?` before a blank.
fn end_of_sentence(text: &str) -> Option<usize> {
    let mut letters = text.char_indices().peekable();
    while let Some((_, letter)) = letters.next() {
        if let ('.' | '!' | '?', Some((next, ' '))) = (letter, letters.peek().copied()) {
            return Some(next);
        }
    }
    None
}

/// A cell of CSV that no spreadsheet computes.
fn cell(text: &str) -> String {
    let mark = if text.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    format!("\"{mark}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_split_and_labelled_to_its_end() {
        assert_eq!(sentences("It is 3.5 m. Is it? \n\nYes!No."), ["It is 3.5 m.", "Is it?", "Yes!No."]);
        let mut work = Work::of_text("One. Two. Three.", "a, b,").expect("a text");
        assert!(work.assign("Two.", "a").is_err(), "it is not the chosen one");
        work.chosen = 1;
        assert!(work.assign("Two.", "c").is_err(), "there is no such label");
        work.assign("Two.", "a").expect("a label");
        assert_eq!(work.chosen, 2);
        work.assign("Three.", "b").expect("a label");
        assert_eq!(work.chosen, 0, "what was left out comes in the end");
        work.assign("One.", "b").expect("a label");
        assert_eq!(work.progress(), "3 of 3 sentences have a label.");
        assert_eq!(work.csv(), "sentence,label\r\n\"One.\",\"b\"\r\n\"Two.\",\"a\"\r\n\"Three.\",\"b\"\r\n");
    }
}
