//! Every input and output that a space can have.
#![expect(clippy::too_many_arguments, reason = "each argument is an input of the page")]

pub mod fields;
pub mod pictures;
pub mod tables;
pub mod words;

#[guest_sdk::space]
pub mod app {
    //! Components
    //!
    //! Every input and output that a space can have, to try and to copy from.
    use guest_sdk::{
        Audio, Chat, Code, Color, Date, DateTime, Error, File, HighlightedText, Image, ImageSlider, Json, Map, Message,
        Model3D, Result, Selection, Stream, Table, Video,
    };

    use super::fields::{Fields, Size};
    use super::pictures::Pictures;
    use super::tables::Tables;
    use super::words::{Program, Words};

    /// Texts, numbers, choices, colours and dates.
    #[endpoint]
    #[example("A visit", name = "Ada", secret = "abc", size = Size::Large, country = "Norway")]
    pub fn fields(
        #[input(placeholder = "Ada", max_length = 40)] name: String,
        /// It is counted and not shown.
        #[input(type = "password", default = "")]
        secret: String,
        #[input(type = "email", default = "")] email: String,
        #[input(default = 3)] number: i64,
        #[input(minimum = 0, maximum = 1, default = 0.5, slider)] share: f64,
        #[input(default = true)] agreed: bool,
        #[input(default = Size::Medium)] size: Size,
        /// Type to search.
        #[input(choices = ["Austria", "Belgium", "Chile", "Denmark", "Egypt", "France", "Ghana", "Hungary", "India",
            "Japan", "Kenya", "Latvia", "Mexico", "Norway"], default = "Kenya")]
        country: String,
        /// Of the list, or your own.
        #[input(choices = ["reading", "music", "football"], allow_custom_value, default = ["music"])]
        interests: Vec<String>,
        #[input(default = "#1f77b4")] color: Color,
        #[input(default = "2026-11-28")] day: Date,
        #[input(timezone = "Europe/Oslo", default = "2026-11-28 16:00:00")] time: DateTime,
    ) -> Fields {
        let mut summary = format!("{name}, {size:?}, from {country}, likes {}.", interests.join(" and "));
        summary.push_str(&format!(" A secret of {} letters, {number} at {share}.", secret.chars().count()));
        if !email.is_empty() {
            summary.push_str(&format!(" Mail to {email}."));
        }
        Fields { summary, agreed, color, day, time }
    }

    /// Writes a program that calls functions by their names.
    #[endpoint]
    pub fn program(
        /// Which of them.
        #[input(default = [Size::Small])]
        sizes: Vec<Size>,
        #[input(language = "python", default = "def pack(size):\n    return size")] script: Code,
    ) -> Program {
        super::words::program(&sizes.iter().map(|size| format!("{size:?}")).collect::<Vec<_>>(), script)
    }

    /// Highlighted text, classification, metric, Markdown, HTML and JSON.
    #[endpoint]
    #[example("Two people", text = "Ada Lovelace met Charles Babbage in 1833.")]
    pub fn words(#[input(lines = 3)] text: String, #[input(default = "{\"a\": [1, 2]}")] document: Json) -> Words {
        super::words::look_at(&text, document)
    }

    /// Pictures with boxes and masks, two to compare, several in a gallery, one to keep.
    #[endpoint]
    #[example("A scene", image = "@scene.png")]
    pub fn pictures(#[input(sources = ["upload", "clipboard", "webcam"])] image: Image) -> Pictures {
        super::pictures::look_at(image)
    }

    /// Gives two pictures back, the second one first.
    #[endpoint]
    pub fn swap(pair: ImageSlider) -> ImageSlider {
        let (before, after) = pair.into_files();
        ImageSlider::new(after, before)
    }

    /// A table, and plots of it.
    #[endpoint]
    pub fn tables(
        #[input(headers = ["month", "sales", "region"], datatype = ["number", "number", "str"])] sales: Table,
    ) -> Tables {
        super::tables::draw(sales)
    }

    /// Gives files back as they came.
    #[endpoint(outputs = ["first", "sound", "film", "model"])]
    #[example("A model", model = "@tetrahedron.obj")]
    pub fn files(
        files: Option<Vec<File>>,
        #[input(sources = ["upload", "microphone"])] sound: Option<Audio>,
        film: Option<Video>,
        model: Option<Model3D>,
    ) -> (Option<File>, Option<Audio>, Option<Video>, Option<Model3D>) {
        (files.and_then(|files| files.into_iter().next()), sound, film, model)
    }

    /// Gives back what is entered by pointing: pictures, points on a map, marks in a text.
    #[endpoint(outputs = ["pictures", "places", "marks", "said"])]
    #[example(
        "A sentence",
        marks = "[{\"token\": \"Ada\", \"class_or_confidence\": \"person\"}, {\"token\": \" met Charles.\", \"class_or_confidence\": null}]"
    )]
    pub fn point(
        pictures: Option<Vec<Image>>,
        places: Option<Map>,
        marks: Option<HighlightedText>,
    ) -> (Option<Vec<Image>>, Option<Map>, Option<HighlightedText>, String) {
        let said = super::words::said(marks.as_ref());
        (pictures, places, marks, said)
    }

    /// Says which point of the developed picture was selected.
    #[endpoint]
    #[on(select = "develop.output")]
    pub fn pixel(selection: Selection) -> Result<String> {
        let (left, top) = selection.point().ok_or_else(|| Error::new("select a point of the picture"))?;
        Ok(format!("{left} from the left, {top} from the top"))
    }

    /// Says which bar was selected.
    #[endpoint]
    #[on(select = "tables.bars")]
    pub fn bar(selection: Selection) -> String {
        selection.value().to_string()
    }

    /// Counts the seconds that the page is open.
    #[endpoint]
    #[on(timer = 1000)]
    pub fn clock() -> i64 {
        super::words::tick()
    }

    /// Brightens a picture step by step.
    #[endpoint]
    #[example("A scene", image = "@scene.png")]
    pub fn develop(image: Image, stream: &mut Stream<Image>) -> Image {
        super::pictures::develop(image, |step| stream.emit(step))
    }

    /// Counts the primes below a number, and says how far it is.
    #[endpoint]
    pub fn primes(
        #[input(minimum = 10, maximum = 1000000000, default = 100000)] below: i64,
        stream: &mut Stream<i64>,
    ) -> i64 {
        super::words::primes(below, |fraction, n_primes| {
            stream.progress(fraction, format!("{n_primes} primes so far"));
        })
    }

    /// A conversation that answers word by word.
    #[endpoint]
    #[example("Hello", chat = "What can you do?")]
    pub fn converse(chat: Chat, stream: &mut Stream<Chat>) -> Result<Chat> {
        let question = chat.question().unwrap_or_default().to_owned();
        let answer = format!("You said **{question}**, which has {} letters.", question.chars().count());
        let said = |text: &str| Chat([chat.0.clone(), vec![Message::assistant(text)]].concat());
        let mut text = String::new();
        for word in answer.split_inclusive(' ') {
            text.push_str(word);
            stream.emit(said(&text));
        }
        Ok(said(&text))
    }
}
