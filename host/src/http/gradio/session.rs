//! A client's session: the events that it has joined, and the one stream that tells of all of them.
//!
//! What happens before the client opens its stream is kept for it. A session that nobody listens to is given up after a
//! while, and its guests are stopped.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use dashmap::DashMap;
use futures::{Stream, stream};
use spaces::SpaceId;
use tokio::sync::{OwnedMutexGuard, mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::messages::{CLOSE, Content, HEARTBEAT, Message, Writer};

/// Sessions of all spaces at once.
const MAX_SESSIONS: usize = 50_000;
/// Events of one session at once.
const MAX_EVENTS: usize = 2_048;
/// Messages that wait for a slow client before its guests have to wait.
const BACKLOG: usize = 64;
/// How long nobody may listen to a session with calls under way.
const UNATTENDED: Duration = Duration::from_secs(30);
/// How long a session without calls is remembered, for a call that crosses its stream's end.
const IDLE: Duration = Duration::from_millis(500);
/// How often is looked for such sessions.
const SWEEP_INTERVAL: Duration = Duration::from_secs(1);
/// How often a silent stream shows that it lives.
const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(15);
/// The longest name that a client may give its session.
const MAX_HASH_BYTES: usize = 128;

/// How long a stream stays open with nothing to tell, where the next call is probably on its way.
const PYTHON_LINGER: Duration = Duration::from_millis(500);
const JAVASCRIPT_LINGER: Duration = Duration::from_millis(300);
/// For how long a session counts as called by several threads.
const BUSY_FOR: Duration = Duration::from_secs(1);
/// How long a client may take to hang up after it was told that its stream ends.
const FAREWELL: Duration = Duration::from_secs(3);
/// The same for clients that read a stream to its end, of which nothing is seen.
const CROSSING: Duration = Duration::from_millis(40);
/// Older Python clients note the end of their stream a little after they hang up.
const AFTER_FAREWELL: Duration = Duration::from_millis(20);

/// Who listens, by the `User-Agent`; what each does at the end of its stream was seen in its source and in tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Client {
    /// Its process cannot end before its stream does, so there the stream ends with the last call, except where several
    /// threads call. It hangs up when it has noted that its stream ends.
    Python,
    /// Likes to use its stream again; it hangs up as well.
    JavaScript,
    /// Reads to the end.
    Other,
}

impl Client {
    pub(super) fn of(user_agent: &str) -> Self {
        if user_agent.contains("gradio_client") {
            Self::Python
        } else if ["Mozilla", "node", "undici", "Deno", "Bun"].iter().any(|name| user_agent.starts_with(name)) {
            Self::JavaScript
        } else {
            Self::Other
        }
    }
}

/// All sessions.
pub(super) struct Sessions {
    sessions: DashMap<(SpaceId, String), Arc<Session>>,
}

/// Why an event is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum JoinError {
    #[error("the server has as many sessions as it can hold: try again in a moment")]
    Sessions,
    #[error("this session waits for {MAX_EVENTS} calls already: wait for some of them")]
    Events,
}

impl Sessions {
    /// The session of that name, if it has begun.
    pub(super) fn find(&self, space: &SpaceId, hash: &str) -> Option<Arc<Session>> {
        let session = Arc::clone(self.sessions.get(&(space.clone(), hash.to_owned()))?.value());
        // Looked at now, it is not swept away before it is used.
        session.touch().then_some(session)
    }

    /// The session of that name, begun if need be.
    ///
    /// # Errors
    /// [`JoinError::Sessions`].
    pub(super) fn open(&self, space: &SpaceId, hash: &str) -> Result<Arc<Session>, JoinError> {
        if let Some(session) = self.find(space, hash) {
            return Ok(session);
        }
        if self.sessions.len() >= MAX_SESSIONS {
            return Err(JoinError::Sessions);
        }
        let entry = self.sessions.entry((space.clone(), hash.to_owned()));
        Ok(Arc::clone(&*entry.or_insert_with(|| Arc::new(Session::new()))))
    }

    /// No sessions yet; those that are over are forgotten, and those that nobody listens to are given up.
    pub(super) fn start() -> Arc<Self> {
        let sessions = Arc::new(Self { sessions: DashMap::new() });
        let swept = Arc::downgrade(&sessions);
        tokio::spawn(async move {
            let mut turns = tokio::time::interval(SWEEP_INTERVAL);
            while let Some(sessions) = swept.upgrade() {
                sessions.sessions.retain(|_, session| !session.is_over());
                drop(sessions);
                turns.tick().await;
            }
        });
        sessions
    }
}

/// A name that a client may give its session.
pub(super) fn is_hash(text: &str) -> bool {
    (1..=MAX_HASH_BYTES).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// One client of one space.
pub(super) struct Session {
    sender: mpsc::Sender<Message>,
    receiver: Arc<tokio::sync::Mutex<mpsc::Receiver<Message>>>,
    state: Mutex<State>,
    /// Counts the streams: the newest one is told everything.
    streams: watch::Sender<u64>,
    /// True while a client was told that its stream ends and has not hung up.
    farewells: watch::Sender<bool>,
    /// Nobody will read any more.
    given_up: CancellationToken,
}

struct State {
    /// Joined, and not yet told that they have ended.
    events: HashMap<String, Event>,
    /// When it was last seen that several threads call: two events were under way at once.
    busy_at: Option<Instant>,
    /// When the last stream ended for want of events whose client reads to the end.
    closed_at: Option<Instant>,
    /// Since when nobody listens.
    left_at: Option<Instant>,
}

impl State {
    fn is_busy(&self) -> bool {
        self.busy_at.is_some_and(|at| at.elapsed() < BUSY_FOR)
    }
}

struct Event {
    endpoint: Option<usize>,
    stop: CancellationToken,
}

impl Session {
    fn new() -> Self {
        let (sender, receiver) = mpsc::channel(BACKLOG);
        let state = State { events: HashMap::new(), busy_at: None, closed_at: None, left_at: Some(Instant::now()) };
        Self {
            sender,
            receiver: Arc::new(tokio::sync::Mutex::new(receiver)),
            state: Mutex::new(state),
            streams: watch::Sender::new(0),
            farewells: watch::Sender::new(false),
            given_up: CancellationToken::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers the session from now on; false where it has been given up.
    fn touch(&self) -> bool {
        let mut state = self.state();
        if state.left_at.is_some() {
            state.left_at = Some(Instant::now());
        }
        !self.given_up.is_cancelled()
    }

    /// True where nobody will come for it. Guests that still run for it are stopped.
    fn is_over(&self) -> bool {
        let state = self.state();
        let Some(left_at) = state.left_at else { return false };
        let patience = if state.events.is_empty() { IDLE } else { UNATTENDED };
        let is_over = left_at.elapsed() > patience;
        if is_over {
            for event in state.events.values() {
                event.stop.cancel();
            }
            self.given_up.cancel();
        }
        is_over
    }

    /// Takes an event; whoever works on it stops when the token says so.
    ///
    /// # Errors
    /// [`JoinError::Events`].
    pub(super) fn join(&self, event: &str, endpoint: Option<usize>) -> Result<CancellationToken, JoinError> {
        let mut state = self.state();
        if state.events.len() >= MAX_EVENTS {
            return Err(JoinError::Events);
        }
        let stop = CancellationToken::new();
        state.events.insert(event.to_owned(), Event { endpoint, stop: stop.clone() });
        if state.events.len() >= 2 {
            state.busy_at = Some(Instant::now());
        }
        if state.left_at.is_some() {
            state.left_at = Some(Instant::now());
        }
        Ok(stop)
    }

    /// Waits, before a call is answered, until its client knows whether it needs a new stream.
    ///
    /// A call may cross the end of the stream on its way: its client would wait for ever on a stream that has ended. So
    /// the answer waits until the client has hung up, which it does when it has noted the end.
    pub(super) async fn cross(&self) {
        let mut farewells = self.farewells.subscribe();
        if *farewells.borrow_and_update() {
            let _ = tokio::time::timeout(FAREWELL, farewells.wait_for(|waiting| !waiting)).await;
            tokio::time::sleep(AFTER_FAREWELL).await;
            return;
        }
        let closed_at = self.state().closed_at;
        // A sleep of nothing lasts until the timer's next millisecond.
        if let Some(left) = closed_at.and_then(|at| CROSSING.checked_sub(at.elapsed())) {
            tokio::time::sleep(left).await;
        }
    }

    /// Tells the client; waits while it is slow. What nobody will read is dropped.
    pub(super) async fn tell(&self, event: &str, content: Content) {
        let sent = self.sender.send(Message { event: event.to_owned(), content });
        let _ = self.given_up.run_until_cancelled(sent).await;
    }

    /// Stops an event, or for clients that name none all of that endpoint.
    pub(super) fn cancel(&self, event: Option<&str>, endpoint: Option<usize>) {
        for (id, running) in &self.state().events {
            if event.map_or(running.endpoint == endpoint, |event| event == id) {
                running.stop.cancel();
            }
        }
    }

    /// The stream of all events; an older one ends.
    pub(super) fn listen(self: Arc<Self>, client: Client) -> impl Stream<Item = Bytes> + Send {
        let mut number = 0;
        self.streams.send_modify(|streams| {
            *streams += 1;
            number = *streams;
        });
        self.state().left_at = None;
        let newest = self.streams.subscribe();
        let listener =
            Listener { session: self, number, newest, client, receiver: None, writer: Writer::default(), ended: false };
        stream::unfold(listener, Listener::next)
    }

    /// The messages of one event only, for a client that asked for that one.
    pub(super) async fn next(&self) -> Option<Message> {
        let message = self.receiver.lock().await.recv().await?;
        self.delivered(&message);
        Some(message)
    }

    /// Marks that somebody reads the messages of the session.
    pub(super) fn attend(&self) {
        self.state().left_at = None;
    }

    pub(super) fn leave(&self) {
        self.state().left_at = Some(Instant::now());
    }

    fn delivered(&self, message: &Message) {
        if matches!(message.content, Content::Completed(_)) {
            let mut state = self.state();
            if state.events.len() >= 2 {
                state.busy_at = Some(Instant::now());
            }
            state.events.remove(&message.event);
        }
    }

    /// How long a stream waits for the next event; none while there are some.
    fn linger(&self, client: Client) -> Option<Duration> {
        let state = self.state();
        if !state.events.is_empty() {
            return None;
        }
        Some(match client {
            Client::Python if state.is_busy() => PYTHON_LINGER,
            Client::JavaScript => JAVASCRIPT_LINGER,
            Client::Python | Client::Other => Duration::ZERO,
        })
    }

    /// Ends the stream if there is still nothing under way.
    fn close(&self, client: Client) -> bool {
        let mut state = self.state();
        if !state.events.is_empty() {
            return false;
        }
        match client {
            Client::Python | Client::JavaScript => {
                self.farewells.send_replace(true);
            }
            Client::Other => state.closed_at = Some(Instant::now()),
        }
        true
    }
}

/// One open stream.
struct Listener {
    session: Arc<Session>,
    number: u64,
    newest: watch::Receiver<u64>,
    client: Client,
    receiver: Option<OwnedMutexGuard<mpsc::Receiver<Message>>>,
    writer: Writer,
    ended: bool,
}

impl Listener {
    async fn next(mut self) -> Option<(Bytes, Self)> {
        if self.ended {
            if self.client != Client::Other {
                // It hangs up, which ends this.
                tokio::time::sleep(FAREWELL).await;
            }
            return None;
        }
        let mut receiver = match self.receiver.take() {
            Some(receiver) => receiver,
            // The older stream lets it go when it sees that there is a newer one.
            None => Arc::clone(&self.session.receiver).lock_owned().await,
        };
        let mut text = Vec::new();
        let number = self.number;
        while text.is_empty() {
            let linger = self.session.linger(self.client);
            tokio::select! {
                biased;
                _ = self.newest.wait_for(|newest| *newest != number) => return None,
                message = receiver.recv() => {
                    let mut message = Some(message?);
                    // What has come meanwhile goes out with it.
                    while let Some(next) = message {
                        self.session.delivered(&next);
                        self.writer.write(next, &mut text);
                        message = receiver.try_recv().ok();
                    }
                    let ends = self.session.linger(self.client).is_some_and(|linger| linger.is_zero());
                    if ends && self.session.close(self.client) {
                        self.ended = true;
                        text.extend_from_slice(CLOSE.as_bytes());
                    }
                }
                () = tokio::time::sleep(linger.unwrap_or(HEARTBEAT_INTERVAL)) => {
                    if linger.is_none() {
                        text.extend_from_slice(HEARTBEAT.as_bytes());
                    } else if self.session.close(self.client) {
                        self.ended = true;
                        text.extend_from_slice(CLOSE.as_bytes());
                    }
                }
            }
        }
        // A stream that has ended leaves the messages to the next one.
        self.receiver = (!self.ended).then_some(receiver);
        Some((text.into(), self))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if self.ended {
            self.session.farewells.send_replace(false);
        }
        if *self.session.streams.borrow() == self.number {
            self.session.leave();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::StreamExt as _;

    use super::*;
    use crate::http::gradio::messages::Failure;

    fn text(bytes: Option<Bytes>) -> String {
        String::from_utf8(bytes.expect("the stream is open").to_vec()).expect("text")
    }

    fn end() -> Content {
        Content::Completed(Err(Failure::cancelled()))
    }

    #[tokio::test]
    async fn what_came_before_the_stream_is_told_and_the_stream_ends_with_the_last_event() {
        let session = Arc::new(Session::new());
        session.join("a", Some(0)).expect("room");
        session.tell("a", Content::Starts).await;
        session.tell("a", end()).await;
        let mut stream = Box::pin(Arc::clone(&session).listen(Client::Python));
        let first = text(stream.next().await);
        assert!(first.contains("process_starts") && first.contains("process_completed"), "{first}");
        assert!(first.ends_with(CLOSE), "{first}");
        // A call that crosses the end is answered when the client has hung up.
        let mut crossing = std::pin::pin!(session.cross());
        assert!(futures::poll!(crossing.as_mut()).is_pending());
        drop(stream);
        crossing.await;
        assert!(!*session.farewells.borrow());
    }

    #[tokio::test]
    async fn a_newer_stream_takes_over() {
        let session = Arc::new(Session::new());
        session.join("a", Some(0)).expect("room");
        let mut older = Box::pin(Arc::clone(&session).listen(Client::JavaScript));
        session.tell("a", Content::Starts).await;
        assert!(text(older.next().await).contains("process_starts"));
        let mut newer = Box::pin(Arc::clone(&session).listen(Client::JavaScript));
        assert!(older.next().await.is_none());
        drop(older);
        assert!(session.state().left_at.is_none(), "the newer one listens");
        session.tell("a", end()).await;
        assert!(text(newer.next().await).contains("process_completed"));
        drop(newer);
        assert!(session.state().left_at.is_some());
    }

    #[tokio::test]
    async fn a_session_is_bounded_and_can_be_cancelled() {
        let session = Session::new();
        let stops: Vec<_> = (0..MAX_EVENTS).map(|n| session.join(&n.to_string(), Some(n % 2)).expect("room")).collect();
        assert_eq!(session.join("more", None).err(), Some(JoinError::Events));
        session.cancel(Some("3"), None);
        assert_eq!(stops.iter().filter(|stop| stop.is_cancelled()).count(), 1);
        session.cancel(None, Some(1));
        assert_eq!(stops.iter().filter(|stop| stop.is_cancelled()).count(), MAX_EVENTS / 2);
    }

    #[tokio::test]
    async fn what_nobody_reads_is_given_up() {
        let session = Session::new();
        let stop = session.join("a", Some(0)).expect("room");
        for _ in 0..BACKLOG {
            session.tell("a", Content::Starts).await;
        }
        session.state().left_at = Instant::now().checked_sub(UNATTENDED + IDLE);
        assert!(session.is_over() && stop.is_cancelled());
        // Whoever works for it is not held up by those who do not read.
        session.tell("a", end()).await;
    }

    #[test]
    fn clients_are_told_apart() {
        assert_eq!(Client::of("gradio_client/2.7.2; gradio/6.31.0; python/3.11"), Client::Python);
        assert_eq!(Client::of("node"), Client::JavaScript);
        assert_eq!(Client::of("Mozilla/5.0 (X11; Linux x86_64)"), Client::JavaScript);
        assert_eq!(Client::of("curl/8.5.0"), Client::Other);
    }

    #[test]
    fn names_of_sessions_are_plain() {
        assert!(is_hash("2b1d5c7e-8f") && is_hash("x9k2"));
        assert!(!is_hash("") && !is_hash("a b") && !is_hash(&"x".repeat(MAX_HASH_BYTES + 1)));
    }
}
