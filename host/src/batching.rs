//! Batching: concurrent calls of a space whose tensors agree are joined into one invocation.
//!
//! A model computes eight rows in little more time than one. A call waits for others until the batch is full or its
//! oldest call has waited for the space's delay. One invocation runs for all and its failure is everybody's, so only
//! spaces that ask for it have this: `[batching]` in `space.toml`. The calls share an instance for that one invocation;
//! it has a session of its own, so no visitor's is seen by another.

mod join;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use futures::FutureExt as _;
use futures::future::{join_all, select};
use spaces::manifest::Batching;
use spaces::manifest::batching::can_join;
use spaces::value::Value;
use tokio::sync::oneshot;

use self::join::Signature;
pub(crate) use self::join::SplitError;
use crate::app::App;
use crate::calling::{Call, CallError, Cost};
use crate::live::LiveSpace;
use crate::origin::Origin;

/// Calls of one space that wait at once; further ones run alone.
const MAX_WAITING: usize = 1024;

/// What a call of a batch hears: the failure of one is that of all.
type Answer = (Result<Vec<Value>, Arc<CallError>>, Cost);

/// The batches of a space that are being gathered.
pub(crate) struct Batcher {
    settings: Batching,
    /// Locked for a look-up only.
    gathering: Mutex<Gathering>,
    /// Calls that needed no invocation of their own.
    n_joined: AtomicU64,
}

#[derive(Default)]
struct Gathering {
    batches: HashMap<Signature, Batch>,
    n_waiting: usize,
    /// Tells batches with the same signature apart.
    n_batches: u64,
}

/// Calls that will run together.
struct Batch {
    number: u64,
    calls: Vec<Waiting>,
    n_rows: u64,
    n_bytes: u64,
}

struct Waiting {
    inputs: Vec<Value>,
    n_rows: u64,
    in_bytes: u64,
    origin: Origin,
    arrived: Instant,
    answer: oneshot::Sender<Answer>,
}

/// Runs a call, together with others where its space wants that.
pub(crate) async fn run(call: &Call, inputs: Vec<Value>) -> Answer {
    let Some(batcher) = call.space.batcher.as_ref().filter(|_| can_join(call.endpoint())) else {
        return alone(call, inputs).await;
    };
    let Some(signature) = Signature::of(call.endpoint, &inputs) else { return alone(call, inputs).await };
    let receiver = match batcher.submit(call, signature, inputs) {
        Ok(receiver) => receiver,
        Err(inputs) => return alone(call, inputs).await,
    };
    // The invocation itself is in the trace of one of the calls that it is for.
    let _span = call.origin.trace.span("batch");
    match receiver.await {
        Ok((result, cost)) => (result, Cost { total: call.arrived.elapsed(), in_bytes: call.in_bytes, ..cost }),
        // The task that runs the batch answers everybody unless the runtime stops under it.
        Err(_) => (Err(Arc::new(host_runtime::InvokeError::Stopping.into())), call.no_cost()),
    }
}

async fn alone(call: &Call, inputs: Vec<Value>) -> Answer {
    let (result, cost) = call.run(inputs).await;
    (result.map_err(Arc::new), cost)
}

impl Batcher {
    pub(crate) fn new(settings: Batching) -> Self {
        Self { settings, gathering: Mutex::default(), n_joined: AtomicU64::new(0) }
    }

    pub(crate) fn settings(&self) -> &Batching {
        &self.settings
    }

    /// Calls that were answered without an invocation of their own.
    pub(crate) fn n_joined(&self) -> u64 {
        self.n_joined.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, Gathering> {
        self.gathering.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a call to a batch, and runs each batch that is full by it.
    ///
    /// # Errors
    /// Gives the inputs back where the call is better run alone: it fills a batch, or too many wait.
    fn submit(
        &self,
        call: &Call,
        signature: Signature,
        inputs: Vec<Value>,
    ) -> Result<oneshot::Receiver<Answer>, Vec<Value>> {
        let n_rows = join::n_rows(&inputs);
        let n_bytes = join::n_bytes(&inputs);
        let max_rows = u64::from(self.settings.max_size);
        let max_bytes = call.space.limits.max_body_bytes;
        if n_rows == 0 || n_rows >= max_rows || n_bytes > max_bytes {
            return Err(inputs);
        }
        let mut gathering = self.lock();
        if gathering.n_waiting >= MAX_WAITING {
            return Err(inputs);
        }
        let fits = |batch: &Batch| batch.n_rows + n_rows <= max_rows && batch.n_bytes + n_bytes <= max_bytes;
        let overfull = gathering.batches.get(&signature).is_some_and(|batch| !fits(batch));
        let before = if overfull { gathering.take(&signature, None) } else { None };
        let (answer, receiver) = oneshot::channel();
        let waiting = Waiting {
            inputs,
            n_rows,
            in_bytes: call.in_bytes,
            origin: call.origin.clone(),
            arrived: call.arrived,
            answer,
        };
        let (number, begun, full) = gathering.add(&signature, waiting, n_bytes, max_rows);
        let full = if full { gathering.take(&signature, None) } else { None };
        drop(gathering);
        let runs = |batch: Vec<Waiting>| {
            tokio::spawn(run_batch(Arc::clone(&call.app), Arc::clone(&call.space), call.endpoint, batch));
        };
        let still_waits = begun && full.is_none();
        before.into_iter().chain(full).for_each(runs);
        if still_waits {
            let (app, space, endpoint) = (Arc::clone(&call.app), Arc::clone(&call.space), call.endpoint);
            let delay = self.settings.delay();
            tokio::spawn(async move {
                tokio::time::sleep(delay).await;
                let batch = space.batcher.as_ref().and_then(|batcher| batcher.lock().take(&signature, Some(number)));
                if let Some(batch) = batch {
                    run_batch(app, space, endpoint, batch).await;
                }
            });
        }
        Ok(receiver)
    }
}

impl Gathering {
    /// Adds a call; the batch's number, whether it has begun with it, and whether it is full.
    fn add(&mut self, signature: &Signature, waiting: Waiting, n_bytes: u64, max_rows: u64) -> (u64, bool, bool) {
        self.n_waiting += 1;
        let begun = !self.batches.contains_key(signature);
        if begun {
            self.n_batches += 1;
            let batch = Batch { number: self.n_batches, calls: Vec::new(), n_rows: 0, n_bytes: 0 };
            self.batches.insert(signature.clone(), batch);
        }
        let Some(batch) = self.batches.get_mut(signature) else { return (0, false, false) };
        batch.n_rows += waiting.n_rows;
        batch.n_bytes += n_bytes;
        batch.calls.push(waiting);
        (batch.number, begun, batch.n_rows >= max_rows)
    }

    /// Takes a batch out; with a number, only that one.
    fn take(&mut self, signature: &Signature, number: Option<u64>) -> Option<Vec<Waiting>> {
        self.batches.get(signature).filter(|batch| number.is_none_or(|number| batch.number == number))?;
        let batch = self.batches.remove(signature)?;
        self.n_waiting -= batch.calls.len();
        Some(batch.calls)
    }
}

/// Runs the calls of a batch as one. Those whose clients have gone are left out; when the last one goes, the guest
/// stops.
async fn run_batch(app: Arc<App>, space: Arc<LiveSpace>, endpoint: usize, mut calls: Vec<Waiting>) {
    calls.retain(|waiting| !waiting.answer.is_closed());
    let Some(first) = calls.first() else { return };
    let traced = calls.iter().find(|waiting| waiting.origin.trace.is_recorded()).unwrap_or(first);
    let call = Call {
        session: hex::encode(rand::random::<[u8; 16]>()),
        origin: traced.origin.clone(),
        arrived: calls.iter().map(|waiting| waiting.arrived).min().unwrap_or(first.arrived),
        in_bytes: calls.iter().map(|waiting| waiting.in_bytes).sum(),
        app,
        space,
        endpoint,
    };
    let rows: Vec<u64> = calls.iter().map(|waiting| waiting.n_rows).collect();
    let inputs = join::join(calls.iter_mut().map(|waiting| std::mem::take(&mut waiting.inputs)).collect());
    let gone = join_all(calls.iter_mut().map(|waiting| waiting.answer.closed().boxed()));
    let (result, cost) = match select(Box::pin(call.run(inputs)), gone).await {
        futures::future::Either::Left((answer, _)) => answer,
        futures::future::Either::Right(_) => return,
    };
    let result = result.and_then(|outputs| join::split(outputs, &rows).map_err(CallError::from));
    if let Some(batcher) = &call.space.batcher {
        batcher.n_joined.fetch_add(calls.len() as u64 - 1, Ordering::Relaxed);
    }
    // The joined call has counted as one.
    for waiting in calls.iter().skip(1) {
        call.space.usage.record(result.is_ok(), waiting.arrived.elapsed(), &cost.used);
    }
    match result {
        Ok(parts) => {
            for (waiting, part) in calls.into_iter().zip(parts) {
                let _ = waiting.answer.send((Ok(part), cost));
            }
        }
        Err(error) => {
            let error = Arc::new(error);
            for waiting in calls {
                let _ = waiting.answer.send((Err(Arc::clone(&error)), cost));
            }
        }
    }
}
