//! What the freshness of instances costs: calls in fresh ones, and the same calls one after the other in a single one,
//! which no visitor ever gets. For the benchmark.

use std::time::{Duration, Instant};

use crate::guest::{Stage, store};
use crate::invoke::{Invocation, InvokeError, Usage};
use crate::sandbox::{App, Sandbox};
use crate::state::GuestEnv;
use crate::wit::Context;

/// How long calls took, one number a call.
#[derive(Debug, Default)]
pub struct Reuse {
    /// Making the instance, the call, and dropping the instance.
    pub fresh: Vec<Duration>,
    /// The call alone, in an instance that has served others before.
    pub reused: Vec<Duration>,
}

impl Sandbox {
    /// Makes `n_calls` of each kind by turns, so that whatever else the machine does slows both, on this thread.
    ///
    /// # Errors
    /// [`InvokeError`] of the first call that fails.
    pub fn compare_with_reuse(
        &self,
        app: &App,
        n_calls: usize,
        make: impl Fn() -> Invocation,
    ) -> Result<Reuse, InvokeError> {
        self.block_on(async {
            let Invocation { limits, assets, config, session, inference, events, log, .. } = make();
            let (session_id, session) = session.unzip();
            let deadline = Instant::now() + limits.deadline;
            let env = GuestEnv { assets, config, session, inference, events, log };
            let mut one = store(self.engine(), &limits, env, deadline);
            let explain = |failure: crate::guest::Failure| failure.explain(&limits, None);
            let call = app.program().instantiate(&mut one).await.map_err(explain)?;
            let mut reuse = Reuse::default();
            for turn in 0..=n_calls {
                let invocation = make();
                let since = Instant::now();
                let deadline = since + limits.deadline;
                app.program().run(self.engine(), invocation, deadline, Usage::default()).await.result?;
                let fresh = since.elapsed();

                let Invocation { id, endpoint, inputs, .. } = make();
                let context = Context {
                    invocation_id: id,
                    session: session_id.clone(),
                    deadline_ms: u64::try_from(limits.deadline.as_millis()).unwrap_or(u64::MAX),
                };
                let since = Instant::now();
                one.data_mut().deadline = since + limits.deadline;
                one.set_hostcall_fuel(limits.max_transfer_bytes);
                one.set_epoch_deadline(1);
                let called = crate::guest::typed(call).call_async(&mut one, (&endpoint, &inputs, &context)).await;
                let (outputs,) = called.map_err(|error| explain(Stage::Call.fail(error)))?;
                let reused = since.elapsed();
                outputs.map_err(|error| InvokeError::Failed { message: format!("{error:?}") })?;
                // The first turn warms both up.
                if turn > 0 {
                    reuse.fresh.push(fresh);
                    reuse.reused.push(reused);
                }
            }
            Ok(reuse)
        })
    }
}
