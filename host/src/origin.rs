//! The request that a task serves: how the log calls it, and its trace.

use crate::traces::Trace;

tokio::task_local! {
    static CURRENT: Origin;
}

/// What asked for a piece of work.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    /// The id of the request, in logs, answers and for guests.
    pub(crate) id: String,
    /// Where the work's spans belong.
    pub(crate) trace: Trace,
}

impl Origin {
    /// A request that begins. Its id is ours always: one from outside could forge entries of the log.
    pub(crate) fn new(id: String, trace: Trace) -> Self {
        Self { id, trace }
    }

    /// An id for [`Self::new`].
    pub(crate) fn fresh_id() -> String {
        hex::encode(rand::random::<[u8; 8]>())
    }

    /// The request that this task serves; outside of any, one of its own without a trace.
    pub(crate) fn current() -> Self {
        CURRENT.try_with(Clone::clone).unwrap_or_else(|_| Self::new(Self::fresh_id(), Trace::default()))
    }

    /// The id of the request that this task serves.
    pub(crate) fn current_id() -> Option<String> {
        CURRENT.try_with(|origin| origin.id.clone()).ok()
    }

    /// The trace of the request that this task serves.
    pub(crate) fn current_trace() -> Trace {
        CURRENT.try_with(|origin| origin.trace.clone()).unwrap_or_default()
    }

    /// Runs `work` as a part of the request.
    pub(crate) async fn scope<T>(self, work: impl Future<Output = T>) -> T {
        CURRENT.scope(self, work).await
    }
}
