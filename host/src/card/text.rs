//! Text on a canvas, in the font that the binary carries: DejaVu Sans, cut down to what is common.

use std::sync::LazyLock;

use ab_glyph::{Font as _, FontRef, GlyphId, PxScale, ScaleFont as _, point};

use super::canvas::{Canvas, Color};

const WHITE: Color = Color([255, 255, 255]);

/// The longest text that is looked at, in characters: no card shows more.
const MAX_CHARS: usize = 600;

/// A weight of the font.
#[derive(Clone, Copy)]
pub(super) struct Face(&'static FontRef<'static>);

impl Face {
    pub(super) fn regular() -> Self {
        static FONT: LazyLock<FontRef<'static>> = LazyLock::new(|| {
            FontRef::try_from_slice(include_bytes!("../../assets/fonts/DejaVuSans.ttf")).expect("the font is one")
        });
        Self(&FONT)
    }

    pub(super) fn bold() -> Self {
        static FONT: LazyLock<FontRef<'static>> = LazyLock::new(|| {
            FontRef::try_from_slice(include_bytes!("../../assets/fonts/DejaVuSans-Bold.ttf")).expect("the font is one")
        });
        Self(&FONT)
    }

    /// True where most of a text can be shown.
    pub(super) fn knows(self, text: &str) -> bool {
        let (mut n_known, mut n_letters) = (0, 0);
        for letter in text.chars().take(MAX_CHARS).filter(|c| !c.is_whitespace() && !c.is_control()) {
            n_letters += 1;
            n_known += usize::from(self.glyph(letter).is_some());
        }
        n_letters > 0 && n_known * 4 >= n_letters * 3
    }

    /// An emoji that the font has as a sign; it has none of those with colours.
    pub(super) fn sign(self, emoji: Option<&str>) -> Option<String> {
        let sign = emoji?.chars().next()?;
        self.glyph(sign).map(|_| sign.to_string())
    }

    pub(super) fn width(self, text: &str, px: f32) -> f32 {
        self.placed(text, px).last().map_or(0.0, |(_, x, advance)| x + advance)
    }

    /// Breaks a text at spaces; what does not fit into `max_lines` ends with an ellipsis.
    pub(super) fn lines(self, text: &str, px: f32, width: f32, max_lines: usize) -> Vec<String> {
        let text: String =
            text.chars().take(MAX_CHARS).filter(|c| c.is_whitespace() || self.glyph(*c).is_some()).collect();
        let mut words = text.split_whitespace().peekable();
        let mut lines: Vec<String> = Vec::new();
        while words.peek().is_some() && lines.len() < max_lines {
            let mut line = String::new();
            while let Some(word) = words.peek() {
                let longer = if line.is_empty() { (*word).to_owned() } else { format!("{line} {word}") };
                if !line.is_empty() && self.width(&longer, px) > width {
                    break;
                }
                line = longer;
                words.next();
            }
            let is_cut = words.peek().is_some() && lines.len() + 1 == max_lines;
            lines.push(self.fitted(line, px, width, is_cut));
        }
        lines
    }

    /// Draws one line; `at` is where its baseline begins.
    pub(super) fn draw(self, canvas: &mut Canvas, text: &str, at: [f32; 2], px: f32, share: f32) {
        for (glyph, x, _) in self.placed(text, px) {
            let glyph = glyph.with_scale_and_position(PxScale::from(px), point(at[0] + x, at[1]));
            let Some(outline) = self.0.outline_glyph(glyph) else { continue };
            let bounds = outline.px_bounds();
            outline.draw(|x, y, covered| {
                canvas.blend(bounds.min.x as i32 + x as i32, bounds.min.y as i32 + y as i32, WHITE, covered * share);
            });
        }
    }

    /// Draws one sign around a point.
    pub(super) fn centred(self, canvas: &mut Canvas, text: &str, [x, y]: [f32; 2], px: f32) {
        let width = self.width(text, px);
        // Capitals are about 0.73 of the size high.
        self.draw(canvas, text, [x - width / 2.0, y + px * 0.36], px, 1.0);
    }

    /// Shortens a line that is too wide, or goes on where nobody sees it.
    fn fitted(self, mut line: String, px: f32, width: f32, is_cut: bool) -> String {
        if !is_cut && self.width(&line, px) <= width {
            return line;
        }
        while !line.is_empty() && self.width(&format!("{line}…"), px) > width {
            line.pop();
        }
        format!("{}…", line.trim_end())
    }

    /// Each glyph with its place on the line and its width. What the font does not know is left out.
    fn placed(self, text: &str, px: f32) -> Vec<(GlyphId, f32, f32)> {
        let font = self.0.as_scaled(PxScale::from(px));
        let (mut x, mut last) = (0.0, None);
        let mut placed = Vec::new();
        for glyph in text.chars().filter_map(|letter| self.glyph(letter)) {
            x += last.map_or(0.0, |last| font.kern(last, glyph));
            let advance = font.h_advance(glyph);
            placed.push((glyph, x, advance));
            x += advance;
            last = Some(glyph);
        }
        placed
    }

    fn glyph(self, letter: char) -> Option<GlyphId> {
        Some(self.0.glyph_id(letter)).filter(|glyph| glyph.0 != 0)
    }
}
