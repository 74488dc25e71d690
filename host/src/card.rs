//! The picture that stands for a space where people share its address: 1200 × 630, as Open Graph wants it.
//!
//! Drawn here rather than by a browser, from texts that strangers may choose: nothing in them is markup. The font knows
//! Latin, Greek and Cyrillic letters and many signs; what it does not know is left out, and a title that it hardly knows
//! gives way to the space's name.

mod canvas;
mod text;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use spaces::Digest;
use spaces::manifest::Accent;
use spaces::view::SpaceSummary;

use self::canvas::{Canvas, Color};
use self::text::Face;
use crate::blocking;

/// Cards that are kept, each of some tens of kilobytes.
const MAX_KEPT: usize = 256;

const WHITE: Color = Color([255, 255, 255]);

const MARGIN: f32 = 80.0;
const TILE: f32 = 132.0;
const TITLE_PX: f32 = 72.0;
const SUMMARY_PX: f32 = 34.0;
const FOOT_PX: f32 = 30.0;

/// What a card says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Card {
    id: String,
    title: String,
    summary: String,
    emoji: Option<String>,
    accent: Option<Accent>,
}

/// A card as it is sent.
#[derive(Debug, Clone)]
pub(crate) struct DrawnCard {
    /// Of what it says, so it changes with it.
    pub(crate) digest: Digest,
    pub(crate) png: Bytes,
}

/// The cards that were asked for, so that each is drawn once.
#[derive(Default)]
pub(crate) struct Cards {
    // Locked for a look-up.
    kept: Mutex<HashMap<Digest, Bytes>>,
    /// One is drawn at a time: strangers ask for them, and each takes some hundredths of a second.
    drawing: tokio::sync::Mutex<()>,
}

impl Card {
    pub(crate) fn of(summary: &SpaceSummary) -> Self {
        Self {
            id: summary.id.to_string(),
            title: summary.title.clone(),
            summary: summary.summary.clone(),
            emoji: summary.emoji.clone(),
            accent: summary.accent,
        }
    }

    /// Changes with every word of the card.
    pub(crate) fn digest(&self) -> Digest {
        let Self { id, title, summary, emoji, accent } = self;
        Digest::of(serde_json::json!([id, title, summary, emoji, accent]).to_string().as_bytes())
    }

    /// The card as PNG.
    fn draw(&self) -> Vec<u8> {
        let (top, bottom) = colors(self.accent);
        let mut canvas = Canvas::gradient(1200, 630, top, bottom);
        let (bold, regular) = (Face::bold(), Face::regular());
        let width = canvas.width() - 2.0 * MARGIN;

        canvas.rounded([MARGIN, MARGIN, TILE, TILE], 32.0, WHITE, 0.14);
        let sign = bold.sign(self.emoji.as_deref()).unwrap_or_else(|| initial(&self.id));
        bold.centred(&mut canvas, &sign, [MARGIN + TILE / 2.0, MARGIN + TILE / 2.0], TILE * 0.62);

        let title = if bold.knows(&self.title) { self.title.as_str() } else { self.id.as_str() };
        let mut y = MARGIN + TILE + 40.0;
        for line in bold.lines(title, TITLE_PX, width, 2) {
            y += TITLE_PX * 1.15;
            bold.draw(&mut canvas, &line, [MARGIN, y - TITLE_PX * 0.2], TITLE_PX, 1.0);
        }
        y += 14.0;
        if regular.knows(&self.summary) {
            let room = (canvas.height() - MARGIN - 40.0 - y) / (SUMMARY_PX * 1.35);
            for line in regular.lines(&self.summary, SUMMARY_PX, width, (room as usize).min(3)) {
                y += SUMMARY_PX * 1.35;
                regular.draw(&mut canvas, &line, [MARGIN, y - SUMMARY_PX * 0.25], SUMMARY_PX, 0.82);
            }
        }
        let foot = canvas.height() - MARGIN + 24.0;
        regular.draw(&mut canvas, &self.id, [MARGIN, foot], FOOT_PX, 0.82);
        let name = "Vitrine";
        let at = MARGIN + width - bold.width(name, FOOT_PX);
        bold.draw(&mut canvas, name, [at, foot], FOOT_PX, 1.0);
        canvas.png()
    }
}

impl Cards {
    /// The card, drawn if need be.
    pub(crate) async fn get(&self, card: Card) -> DrawnCard {
        let digest = card.digest();
        if let Some(png) = self.find(&digest) {
            return DrawnCard { digest, png };
        }
        let _turn = self.drawing.lock().await;
        if let Some(png) = self.find(&digest) {
            return DrawnCard { digest, png };
        }
        let png: Bytes = blocking::run(move || card.draw()).await.into();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MAX_KEPT {
            // Whichever: drawing one again costs little, and nobody asks for so many by chance.
            if let Some(digest) = kept.keys().next().copied() {
                kept.remove(&digest);
            }
        }
        kept.insert(digest, png.clone());
        DrawnCard { digest, png }
    }

    fn find(&self, digest: &Digest) -> Option<Bytes> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(digest).cloned()
    }
}

/// The colours at the top and at the bottom: white can be read on both. Those of `--accent` and `--accent-hover` of the
/// pages in light, the second one darker still.
fn colors(accent: Option<Accent>) -> (Color, Color) {
    let (top, bottom) = match accent {
        None => ([15, 118, 110], [8, 56, 58]),
        Some(Accent::Red) => ([185, 28, 28], [84, 16, 16]),
        Some(Accent::Yellow) => ([133, 77, 14], [66, 36, 8]),
        Some(Accent::Green) => ([22, 101, 52], [10, 46, 24]),
        Some(Accent::Blue) => ([29, 78, 216], [18, 38, 104]),
        Some(Accent::Indigo) => ([67, 56, 202], [34, 30, 98]),
        Some(Accent::Purple) => ([126, 34, 206], [60, 20, 98]),
        Some(Accent::Pink) => ([190, 24, 93], [92, 14, 48]),
        Some(Accent::Gray) => ([55, 65, 81], [24, 29, 38]),
    };
    (Color(top), Color(bottom))
}

/// Of the space's own name, in which there are only letters, digits and a few signs.
fn initial(id: &str) -> String {
    let name = id.rsplit('/').next().unwrap_or(id);
    name.chars().take(1).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(title: &str, summary: &str, emoji: Option<&str>) -> Card {
        let emoji = emoji.map(str::to_owned);
        Card { id: "ada/iris".into(), title: title.into(), summary: summary.into(), emoji, accent: None }
    }

    #[test]
    fn every_text_gives_a_card_of_the_right_size() {
        let long = "many words ".repeat(60);
        let endless = "x".repeat(5000);
        for (title, summary) in [
            ("", ""),
            ("Iris species", "Tells irises apart."),
            (&long, &long),
            (&endless, &endless),
            ("虹膜の分類", "花"),
            ("<b>&\u{202e}\0", "\n\n"),
        ] {
            for emoji in [None, Some("🌸"), Some("☀"), Some("")] {
                let png = card(title, summary, emoji).draw();
                let reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().expect("a picture");
                assert_eq!((reader.info().width, reader.info().height), (1200, 630), "{title}");
            }
        }
    }

    #[tokio::test]
    async fn a_card_is_drawn_once_and_changes_with_its_words() {
        let cards = Cards::default();
        let first = cards.get(card("Iris", "One.", None)).await;
        let again = cards.get(card("Iris", "One.", None)).await;
        assert_eq!((first.digest, first.png.as_ptr()), (again.digest, again.png.as_ptr()), "it is kept");
        let other = cards.get(card("Iris", "Two.", None)).await;
        assert_ne!((first.digest, &first.png), (other.digest, &other.png));
        let unknown = cards.get(card("虹膜", "One.", None)).await;
        let name = cards.get(card("ada/iris", "One.", None)).await;
        assert_eq!(unknown.png, name.png, "a title that the font does not know gives way to the name");
    }
}
