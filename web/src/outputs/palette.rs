//! Colours by which classes are told apart: the classes `hue-0`, … of the style sheet.

/// How many hues there are; further classes share them, and are told apart by their names.
const N_HUES: usize = 8;

/// Classes in the order in which they came.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Palette(Vec<String>);

impl Palette {
    /// The style class of a class; a new one gets the next hue.
    pub(super) fn hue(&mut self, class: &str) -> String {
        let position = self.0.iter().position(|known| known == class).unwrap_or_else(|| {
            self.0.push(class.to_owned());
            self.0.len() - 1
        });
        format!("hue-{}", position % N_HUES)
    }

    /// Each class with its style class.
    pub(super) fn legend(&self) -> impl Iterator<Item = (String, String)> {
        self.0.iter().enumerate().map(|(position, class)| (class.clone(), format!("hue-{}", position % N_HUES)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_keeps_its_hue() {
        let mut palette = Palette::default();
        assert_eq!(palette.hue("a"), "hue-0");
        assert_eq!(palette.hue("b"), "hue-1");
        assert_eq!(palette.hue("a"), "hue-0");
        for class in 0..7 {
            palette.hue(&class.to_string());
        }
        assert_eq!(palette.hue("last"), "hue-1");
        assert_eq!(palette.legend().count(), 10);
    }
}
