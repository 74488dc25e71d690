//! The spans of a publish: one for all of it and one for each of its steps, as its events tell. The worker, which can
//! reach nobody, is heard as the client hears it.

use spaces::SpaceId;
use spaces::view::PublishEvent;

use crate::traces::{Span, Trace};

pub(super) struct PublishSpans {
    publish: Span,
    step: Span,
}

impl PublishSpans {
    pub(super) fn new(trace: &Trace, space: &SpaceId) -> Self {
        let publish = trace.span("publish");
        publish.set("vitrine.space", space.to_string());
        Self { publish, step: Span::default() }
    }

    /// The time until the worker's turn comes.
    pub(super) fn queue(&self) -> Span {
        self.publish.trace().span("queue")
    }

    pub(super) fn hear(&mut self, event: &PublishEvent) {
        match event {
            PublishEvent::Started { step } => self.step = self.publish.trace().span(format!("{step:?}").to_lowercase()),
            PublishEvent::Finished { .. } => self.step = Span::default(),
            PublishEvent::Log { .. } => {}
            PublishEvent::Failed { error, .. } => {
                self.step.fail(&error.code);
                self.step = Span::default();
                self.publish.fail(&error.code);
            }
            PublishEvent::Live { revision, .. } => self.publish.set("vitrine.revision", *revision as i64),
        }
    }
}
