//! What an author says of an app before it is published: the state of the form, and the manifest that it is.

use leptos::prelude::*;
use spaces::SpaceId;
use spaces::inspection::Inspection;
use spaces::manifest::{Accent, ExampleSpec, Manifest, Visibility};

use super::input_form::InputForm;
use super::output_form::OutputForm;
use crate::texts::publisher::form as texts;

/// A handle to the form; copies are handles to the same one.
#[derive(Clone, Copy)]
pub struct Form {
    pub owner: RwSignal<String>,
    pub name: RwSignal<String>,
    pub title: RwSignal<String>,
    pub description: RwSignal<String>,
    pub emoji: RwSignal<String>,
    pub accent: RwSignal<Option<Accent>>,
    /// As typed, with commas between them.
    pub tags: RwSignal<String>,
    pub task: RwSignal<String>,
    pub license: RwSignal<String>,
    pub visibility: RwSignal<Visibility>,
    pub inputs: StoredValue<Vec<InputForm>>,
    pub outputs: StoredValue<Vec<OutputForm>>,
    pub examples: RwSignal<Vec<ExampleSpec>>,
    /// What the form does not show, which stays as it was.
    base: StoredValue<Manifest>,
}

impl Form {
    /// The form as the inspection fills it in; `filename` gives a name where nothing else does.
    pub fn new(inspection: &Inspection, filename: &str) -> Self {
        let manifest = &inspection.manifest;
        let text = |text: &Option<String>| RwSignal::new(text.clone().unwrap_or_default());
        let (owner, name) = match &manifest.space {
            Some(id) => (id.owner().to_owned(), id.name().to_owned()),
            None => (String::new(), slug(filename)),
        };
        let title = manifest.title.clone().or_else(|| inspection.interface.as_ref().map(|found| found.title.clone()));
        Self {
            owner: RwSignal::new(owner),
            name: RwSignal::new(name),
            title: RwSignal::new(title.unwrap_or_default()),
            description: text(&manifest.description),
            emoji: text(&manifest.emoji),
            accent: RwSignal::new(manifest.accent),
            tags: RwSignal::new(manifest.tags.join(", ")),
            task: text(&manifest.task),
            license: text(&manifest.license),
            visibility: RwSignal::new(manifest.visibility.unwrap_or_default()),
            inputs: StoredValue::new(manifest.inputs.iter().map(InputForm::new).collect()),
            outputs: StoredValue::new(manifest.outputs.iter().map(OutputForm::new).collect()),
            examples: RwSignal::new(manifest.examples.clone()),
            base: StoredValue::new(manifest.clone()),
        }
    }

    /// Where the space will be; what is wrong with the name where it is none.
    pub fn id(self) -> Result<SpaceId, String> {
        let (owner, name) = (self.owner.get(), self.name.get());
        if owner.trim().is_empty() || name.trim().is_empty() {
            return Err(texts::OWNER_AND_NAME_FIRST.to_owned());
        }
        SpaceId::new(owner.trim(), name.trim()).map_err(|error| error.to_string())
    }

    /// What the form says.
    pub fn manifest(self) -> Manifest {
        let given = |signal: RwSignal<String>| Some(signal.get().trim().to_owned()).filter(|text| !text.is_empty());
        let tags = self.tags.get();
        let tags = tags.split(',').map(str::trim).filter(|tag| !tag.is_empty());
        Manifest {
            space: self.id().ok(),
            title: given(self.title),
            // As it was written, so that a file that nobody changed stays the same.
            description: Some(self.description.get()).filter(|text| !text.trim().is_empty()),
            emoji: given(self.emoji),
            accent: self.accent.get(),
            tags: tags.map(str::to_owned).collect(),
            task: given(self.task),
            license: given(self.license),
            visibility: Some(self.visibility.get()),
            inputs: self.inputs.with_value(|inputs| inputs.iter().map(|input| input.spec()).collect()),
            outputs: self.outputs.with_value(|outputs| outputs.iter().map(|output| output.spec()).collect()),
            examples: self.examples.get(),
            ..self.base.get_value()
        }
    }

    /// What is not right yet, for the author.
    pub fn problem(self) -> Option<String> {
        if let Err(problem) = self.id() {
            return Some(problem);
        }
        let typed = self.inputs.with_value(|inputs| inputs.iter().find_map(|input| input.problem()));
        typed.or_else(|| self.manifest().problem().map(|(key, problem)| format!("`{key}`: {problem}")))
    }
}

/// `My Model v2.onnx` → `my-model-v2`
fn slug(filename: &str) -> String {
    let stem = filename.rsplit_once('.').map_or(filename, |(stem, _)| stem);
    let mut slug = String::new();
    for c in stem.chars() {
        match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9') => slug.push(c),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.truncate(60);
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_file_names_its_space() {
        assert_eq!(slug("My Model_v2.onnx"), "my-model-v2");
        assert_eq!(slug("iris"), "iris");
        assert_eq!(slug("—.onnx"), "");
    }
}
