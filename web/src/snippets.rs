//! Calls of an endpoint to paste elsewhere, with the values that a form has now.

use crate::texts::api as texts;

mod curl;
mod embed;
mod given;
mod gradio;
mod javascript;
mod python;
mod requests;

pub use embed::embed;
pub use given::{File, Given, Sent, given};

/// The languages, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Curl,
    /// With Gradio's client.
    Python,
    /// With Gradio's client.
    JavaScript,
    /// Python with nothing but `requests`.
    Requests,
}

impl Language {
    pub const ALL: [Self; 4] = [Self::Curl, Self::Python, Self::JavaScript, Self::Requests];

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::Python => "Python",
            Self::JavaScript => "JavaScript",
            Self::Requests => texts::PLAIN_PYTHON,
        }
    }

    /// What must be installed first.
    pub fn install(self) -> Option<&'static str> {
        match self {
            Self::Curl => None,
            Self::Python => Some("pip install gradio_client"),
            Self::JavaScript => Some("npm install @gradio/client"),
            Self::Requests => Some("pip install requests"),
        }
    }
}

/// What is called.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// `https://example.org/spaces/ada/iris`
    pub space_url: &'a str,
    pub endpoint: &'a str,
    /// Whether it answers in parts where nothing else is asked for.
    pub streams: bool,
}

impl Target<'_> {
    fn api_url(&self) -> String {
        format!("{}/api/{}", self.space_url, self.endpoint)
    }

    /// Where Gradio's clients find a file of the bundle.
    fn asset_url(&self, name: &str) -> String {
        let escaped = crate::state::picked::escaped(name);
        format!("{}/gradio_api/file=asset/{escaped}", self.space_url)
    }
}

/// A program that makes the call and prints the answer.
pub fn snippet(language: Language, target: Target<'_>, given: &[Given]) -> String {
    match language {
        Language::Curl => curl::command(target, given),
        Language::Python => python::program(target, given),
        Language::JavaScript => javascript::program(target, given),
        Language::Requests => requests::program(target, given),
    }
}

#[cfg(test)]
mod tests;
