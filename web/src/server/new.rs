//! Answers for the page on which a space is published.

use http::{Response, StatusCode};
use leptos::prelude::*;
use spaces::catalog::Audience;

use super::Pages;
use super::visitor::Visitor;
use crate::pages::NewPage;
use crate::texts::pages as texts;

/// Tasks that are suggested, of those that Hugging Face has.
const TASKS: [&str; 14] = [
    "audio-classification",
    "automatic-speech-recognition",
    "feature-extraction",
    "image-classification",
    "image-segmentation",
    "image-to-image",
    "object-detection",
    "sentence-similarity",
    "tabular-classification",
    "tabular-regression",
    "text-classification",
    "text-generation",
    "time-series-forecasting",
    "translation",
];

impl Pages {
    /// For who has signed in; others do that first.
    pub(super) async fn new_space(&self, visitor: &Visitor) -> Response<String> {
        if visitor.audience == Audience::Anyone {
            return self.sign_in_first(visitor);
        }
        let facets = match self.catalog.facets(None, visitor.audience).await {
            Ok(facets) => facets,
            Err(error) => return self.catalog_error(visitor, &error),
        };
        let used = facets.tasks.into_iter().map(|facet| facet.name);
        let mut tasks: Vec<String> = used.chain(TASKS.map(str::to_owned)).collect();
        tasks.sort();
        tasks.dedup();
        self.page(visitor, StatusCode::OK, &texts::page_title(texts::NEW_SPACE), "", move || {
            view! { <NewPage tasks=tasks /> }.into_any()
        })
    }
}
