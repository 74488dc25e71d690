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

fn wrk(url: &str, script: &str, clients: u32, time: Duration) -> Result<Load> {
    let mut file = tempfile::NamedTempFile::with_suffix(".lua")?;
    file.write_all(script.as_bytes())?;
    let output = Command::new("wrk")
        .args(["--latency", "--threads", "1", "--connections", &clients.to_string()])
        .args(["--timeout", "30s", "--duration", &format!("{}s", time.as_secs()), "--script"])
        .arg(file.path())
        .arg(url)
        .output()
        .context("`wrk` does not run: install Debian's package `wrk`")?;
    let text = String::from_utf8(output.stdout)?;
    ensure!(!text.contains("Non-2xx"), "some answers of {url} were errors:\n{text}");
    ensure!(!text.contains("Socket errors"), "some connections to {url} broke:\n{text}");
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
