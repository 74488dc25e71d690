//! One hostile space beside the honest ones, and how its calls end.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::guest::Guest;
use crate::harness::Arena;
use crate::server::client;

/// The hostile space.
pub(crate) const EVE: &str = "eve/attack";

/// A shorter deadline than usual, so that the endless ones end soon.
pub(crate) const SHORT: &[&str] = &["--deadline", "1"];

/// How a call ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Arena {
    /// Publishes a hostile guest, which is taken: its harm is done in requests.
    #[track_caller]
    pub(crate) fn let_in(&self, guest: &Guest<'_>) {
        self.publish(EVE, "app.wasm", guest.component()).succeeded();
    }

    /// Calls the hostile space once.
    pub(crate) fn provoke(&self) -> Ended {
        let (status, body) = self.server.call(EVE, "predict", &json!({}));
        Ended { status, body }
    }

    /// Publishes a hostile guest, calls it once, and sees that nobody else is harmed.
    #[track_caller]
    pub(crate) fn suffer(&self, guest: &Guest<'_>) -> Ended {
        self.let_in(guest);
        let ended = self.provoke();
        self.unharmed();
        ended
    }

    /// Calls the hostile space with `accept: text/event-stream` and reads to the end: names and data.
    pub(crate) fn provoke_events(&self) -> Vec<(String, Value)> {
        let url = format!("{}/spaces/{EVE}/api/predict", self.server.url);
        let request = client().post(url).header("accept", "text/event-stream").json(&json!({}));
        let text = request.send().unwrap().text().unwrap();
        let events = text.split("\n\n").filter(|event| event.starts_with("event: "));
        let parse = |event: &str| {
            let (name, data) = event.split_once("\ndata: ").unwrap();
            (name.trim_start_matches("event: ").to_owned(), serde_json::from_str(data).unwrap())
        };
        events.map(parse).collect()
    }

    /// Opens a connection and sends bytes as they are.
    pub(crate) fn raw(&self, bytes: &[u8]) -> TcpStream {
        let mut connection = TcpStream::connect(self.server.url.trim_start_matches("http://")).unwrap();
        connection.write_all(bytes).unwrap();
        connection
    }

    /// What the server sends until it closes; the status, and all of it.
    pub(crate) fn raw_answer(&self, bytes: &[u8]) -> (u16, String) {
        read_to_end(self.raw(bytes))
    }
}

/// Reads an answer of HTTP/1.1 until the server closes the connection.
pub(crate) fn read_to_end(mut connection: TcpStream) -> (u16, String) {
    let mut bytes = Vec::new();
    // A reset after the answer is a way of closing, too.
    let _ = connection.read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, text)
}

impl Ended {
    /// Checks status, code, and a word of the message.
    #[track_caller]
    pub(crate) fn with(&self, status: u16, code: &str, word: &str) {
        let error = &self.body["error"];
        assert_eq!((self.status, error["code"].as_str()), (status, Some(code)), "{}", self.body);
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(word), "`{word}` is not in: {message}");
    }

    /// The one number of a call that worked.
    #[track_caller]
    pub(crate) fn number(&self) -> f64 {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body["data"][0].as_f64().unwrap()
    }
}
