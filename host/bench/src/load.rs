//! Load from `wrk`, and what it saw.

use std::io::Write as _;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

/// What one run of the client saw.
pub(crate) struct Load {
    /// Microseconds.
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    pub(crate) per_second: f64,
}

/// Sends the same request again and again for five seconds over `clients` connections.
///
/// # Errors
/// When `wrk` is missing, or any answer is not a success.
pub(crate) fn post(url: &str, json: Option<&str>, clients: u32) -> Result<Load> {
    let script = json.map_or(String::new(), |json| {
        format!("wrk.method = 'POST'\nwrk.body = [[{json}]]\nwrk.headers['content-type'] = 'application/json'")
    });
    wrk(url, &script, clients, Duration::from_secs(5))
}

/// Calls the copies of iris that [`crate::scale`] makes, each time one at random.
///
/// # Errors
/// As [`post`].
pub(crate) fn post_to_many(server: &str, n_spaces: usize, clients: u32, time: Duration) -> Result<Load> {
    let script = format!(
        "wrk.method = 'POST'\nwrk.body = '{{}}'\nwrk.headers['content-type'] = 'application/json'\n\
         request = function()\n\
           return wrk.format(nil, '/spaces/many/iris-' .. math.random(0, {}) .. '/api/predict')\n\
         end",
        n_spaces - 1
    );
    wrk(server, &script, clients, time)
}

/// Calls the function of that index through Gradio's queue: each connection joins with a session of its own and reads
/// the session's stream to its end, again and again. What is counted are the requests, two for each call.
///
/// # Errors
/// As [`post`]; where it `may_break`, a connection that does is taken as it is, since Gradio's server breaks one now and
/// then.
pub(crate) fn queued(app: &str, function: u32, clients: u32, may_break: bool) -> Result<Load> {
    // A thread for each connection, so that what a thread asks is asked one after the other.
    let script = format!(
        "local threads = 0\n\
         function setup(thread) threads = threads + 1; thread:set('name', threads) end\n\
         function init() calls = 0; reads = true end\n\
         function request()\n\
           reads = not reads\n\
           local base = wrk.path:gsub('/$', '') .. '/gradio_api/queue/'\n\
           local headers = {{['content-type'] = 'application/json'}}\n\
           local session = 's' .. name .. 'x' .. calls\n\
           if reads then\n\
             calls = calls + 1\n\
             return wrk.format('GET', base .. 'data?session_hash=' .. session, headers)\n\
           end\n\
           local body = '{{\"data\": [1.5, 2.25], \"fn_index\": {function}, \"session_hash\": \"' .. session .. '\"}}'\n\
           return wrk.format('POST', base .. 'join', headers, body)\n\
         end"
    );
    let text = run_wrk(app, &script, clients, clients, Duration::from_secs(5))?;
    ensure!(may_break || !text.contains("Socket errors"), "some connections to {app} broke:\n{text}");
    read(&text)
}

fn wrk(url: &str, script: &str, clients: u32, time: Duration) -> Result<Load> {
    let text = run_wrk(url, script, clients, 1, time)?;
    ensure!(!text.contains("Socket errors"), "some connections to {url} broke:\n{text}");
    read(&text)
}

/// What `wrk` printed.
fn run_wrk(url: &str, script: &str, clients: u32, threads: u32, time: Duration) -> Result<String> {
    let mut file = tempfile::NamedTempFile::with_suffix(".lua")?;
    file.write_all(script.as_bytes())?;
    let output = Command::new("wrk")
        .args(["--latency", "--threads", &threads.to_string(), "--connections", &clients.to_string()])
        .args(["--timeout", "30s", "--duration", &format!("{}s", time.as_secs()), "--script"])
        .arg(file.path())
        .arg(url)
        .output()
        .context("`wrk` does not run: install Debian's package `wrk`")?;
    let text = String::from_utf8(output.stdout)?;
    ensure!(!text.contains("Non-2xx"), "some answers of {url} were errors:\n{text}");
    Ok(text)
}

fn read(text: &str) -> Result<Load> {
    let field = |name: &str| {
        let line = text.lines().map(str::trim).find(|line| line.starts_with(name));
        line.and_then(|line| line.split_whitespace().last()).with_context(|| format!("wrk printed no {name}:\n{text}"))
    };
    Ok(Load {
        p50_us: microseconds(field("50%")?)?,
        p99_us: microseconds(field("99%")?)?,
        per_second: field("Requests/sec:")?.parse()?,
    })
}

fn microseconds(text: &str) -> Result<f64> {
    let (number, factor) = if let Some(number) = text.strip_suffix("us") {
        (number, 1.0)
    } else if let Some(number) = text.strip_suffix("ms") {
        (number, 1e3)
    } else {
        (text.trim_end_matches('s'), 1e6)
    };
    Ok(number.parse::<f64>()? * factor)
}
