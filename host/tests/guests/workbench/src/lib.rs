//! One endpoint for each thing that a client can do with a space.

use guest_sdk::Choice;

/// A unit of length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Unit {
    Metre,
    Foot,
}

#[guest_sdk::space]
pub mod app {
    //! Workbench
    //!
    //! Something of everything.
    use guest_sdk::{Audio, Error, File, Image, Json, Label, Result, Stream, Table, config, session};

    use super::Unit;

    /// Adds two numbers.
    #[endpoint]
    #[example("small", x = 1.5, y = 2.25)]
    pub fn add(x: f64, #[input(default = 3.0)] y: f64) -> f64 {
        x + y
    }

    /// Writes what it was given.
    #[endpoint]
    pub fn choose(
        #[input(minimum = 0, maximum = 10, default = 5, slider)] level: i64,
        #[input(default = false)] loud: bool,
        unit: Unit,
        units: Vec<Unit>,
    ) -> String {
        format!("{level} {loud} {unit:?} {units:?}")
    }

    /// Mirrors a picture, left to right.
    #[endpoint]
    pub fn mirror(image: Image) -> Image {
        let (width, height) = (image.width(), image.height());
        let pixels = image.pixels().chunks(width as usize * 3).flat_map(|row| row.chunks(3).rev().flatten().copied());
        Image::from_pixels(width, height, pixels.collect()).expect("as many pixels as before")
    }

    /// Gives a sound back.
    #[endpoint]
    pub fn replay(audio: Audio) -> Audio {
        audio
    }

    /// Joins files into one.
    #[endpoint]
    pub fn join(files: Vec<File>) -> File {
        let names: Vec<_> = files.iter().map(|file| file.name.clone().unwrap_or_default()).collect();
        let mut bytes = names.join("+").into_bytes();
        for file in files {
            bytes.push(b'\n');
            bytes.extend(file.bytes);
        }
        File::new("joined.txt", "text/plain", bytes)
    }

    /// Says how often a letter occurs.
    #[endpoint]
    pub fn classify(text: String) -> Label {
        let count = |letter| text.chars().filter(|other| *other == letter).count() as f32;
        let (a, b) = (count('a'), count('b'));
        let total = (a + b).max(1.0);
        Label::from_scores(&["a", "b"], &[a / total, b / total])
    }

    /// Gives a table back.
    #[endpoint]
    pub fn table(table: Table) -> Table {
        table
    }

    /// Gives a document back.
    #[endpoint]
    pub fn document(document: Json) -> Json {
        document
    }

    /// Counts, saying so at each step.
    #[endpoint]
    pub fn count(#[input(default = 3)] to: i64, stream: &mut Stream<String>) -> String {
        let mut text = String::new();
        for number in 1..=to {
            stream.progress(number as f64 / to as f64, format!("{number} of {to}"));
            if number > 1 {
                text.push(' ');
            }
            text.push_str(&number.to_string());
            stream.emit(text.clone());
        }
        text
    }

    /// Never ends, and tells that it has begun.
    #[endpoint]
    pub fn forever(#[input(default = 0.0)] seed: f64, stream: &mut Stream<String>) -> String {
        stream.emit("begun".to_owned());
        let mut number = seed;
        loop {
            number = (number + 1.0).sqrt();
            if number < 0.0 {
                return number.to_string();
            }
        }
    }

    /// Fails with a message.
    #[endpoint]
    pub fn fail(#[input(default = "it broke")] message: String) -> Result<String> {
        Err(Error::new(message))
    }

    /// Counts the visitor's calls.
    #[endpoint]
    pub fn visits() -> Result<i64> {
        let before = session::get("visits").and_then(|bytes| bytes.first().copied()).unwrap_or(0);
        session::set("visits", &[before + 1]).map_err(|error| Error::new(format!("{error:?}")))?;
        Ok(i64::from(before) + 1)
    }

    /// Tells a value that the owner has set.
    #[endpoint]
    pub fn setting(key: String) -> String {
        config::get(&key).unwrap_or_default()
    }

    /// Answers a message word by word, and remembers the one before.
    #[endpoint]
    pub fn chat(message: String, stream: &mut Stream<String>) -> Result<String> {
        let before = session::get("message").map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        session::set("message", message.as_bytes()).map_err(|error| Error::new(format!("{error:?}")))?;
        let answer = match before {
            Some(before) => format!("You said {message}, and before that {before}"),
            None => format!("You said {message}"),
        };
        let mut text = String::new();
        for word in answer.split_inclusive(' ') {
            text.push_str(word);
            stream.emit(text.clone());
        }
        Ok(answer)
    }
}
