//! The clock that interrupts guests.
//!
//! An operating-system thread advances the engine's epoch every [`TICK`] while a guest runs. It is no tokio
//! task, since busy guests could starve that; and it sleeps while no guest runs, so an idle server wakes nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, Thread};
use std::time::Duration;

use wasmtime::Engine;

/// How often a running guest yields, at most.
pub(crate) const TICK: Duration = Duration::from_millis(1);
/// Ticks without a guest after which the thread parks: waking it costs more than a few idle ticks.
const IDLE_TICKS: u32 = 100;

/// Starts and stops the ticks.
pub(crate) struct Ticker {
    shared: Arc<Shared>,
    thread: Thread,
}

struct Shared {
    running: AtomicUsize,
    parked: AtomicBool,
    stopped: AtomicBool,
}

/// A guest that runs: ticks go on until it is dropped.
pub(crate) struct Running {
    shared: Arc<Shared>,
}

impl Ticker {
    /// Starts the thread for `engine`.
    pub(crate) fn start(engine: Engine) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            running: AtomicUsize::new(0),
            parked: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
        });
        let inner = Arc::clone(&shared);
        let handle = thread::Builder::new().name("epoch-ticker".to_owned()).spawn(move || inner.tick(&engine))?;
        Ok(Self { shared, thread: handle.thread().clone() })
    }

    /// Keeps the ticks going while the result lives.
    pub(crate) fn run(&self) -> Running {
        // Sequential consistency on both flags: either this sees `parked` and wakes the thread, or the thread
        // sees `running` after it has set `parked` and does not sleep.
        self.shared.running.fetch_add(1, Ordering::SeqCst);
        if self.shared.parked.load(Ordering::SeqCst) {
            self.thread.unpark();
        }
        Running { shared: Arc::clone(&self.shared) }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        self.thread.unpark();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shared.running.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Shared {
    fn tick(&self, engine: &Engine) {
        let mut idle = 0;
        while !self.stopped.load(Ordering::SeqCst) {
            if self.running.load(Ordering::SeqCst) > 0 {
                idle = 0;
            } else {
                idle += 1;
            }
            if idle > IDLE_TICKS {
                self.parked.store(true, Ordering::SeqCst);
                if self.running.load(Ordering::SeqCst) == 0 && !self.stopped.load(Ordering::SeqCst) {
                    thread::park();
                }
                self.parked.store(false, Ordering::SeqCst);
                idle = 0;
            }
            thread::sleep(TICK);
            engine.increment_epoch();
        }
    }
}
