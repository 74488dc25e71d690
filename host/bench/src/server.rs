//! Servers under measurement; each ends with its value.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::Paths;

const TOKEN: &str = "a-token-for-benchmarks";

/// A process that listens.
pub(crate) struct Server {
    pub(crate) url: String,
    process: Child,
}

impl Server {
    /// Starts a program that prints `Vitrine serves at URL`.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let stdout = process.stdout.take().context("no pipe")?;
        let url = BufReader::new(stdout)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("Vitrine serves at ").map(str::to_owned));
        Ok(Self { url: url.context("the server did not start")?, process })
    }

    /// Starts Vitrine on a folder, its request log off as the references have none.
    pub(crate) fn vitrine(paths: &Paths, data: &Path) -> Result<Self> {
        Self::start(
            Command::new(&paths.vitrine)
                .args(["serve", "--listen", "127.0.0.1:0", "--data"])
                .arg(data)
                .env("VITRINE_ADMIN_TOKEN", TOKEN)
                .env("RUST_LOG", "warn,guest=off"),
        )
    }

    /// Takes a process whose URL is known.
    pub(crate) fn known(process: Child, url: String) -> Self {
        Self { url, process }
    }

    /// Publishes a file or folder.
    pub(crate) fn publish(&self, paths: &Paths, path: &Path, space: &str) -> Result<()> {
        let output = Command::new(&paths.vitrine)
            .args(["publish", "--to", space, "--server", &self.url, "--token", TOKEN])
            .arg(path)
            .stdin(Stdio::null())
            .output()?;
        ensure!(output.status.success(), "publish failed: {}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    /// Uploads a file; the seconds from its last byte's arrival to the revision's being live.
    pub(crate) fn publish_from_last_byte(&self, file: &Path, space: &str) -> Result<f64> {
        let name = file.file_name().and_then(|name| name.to_str()).context("a file has a name")?;
        let url = format!("{}/api/v1/spaces/{space}/revisions?filename={name}", self.url);
        let request = reqwest::blocking::Client::new().post(url).bearer_auth(TOKEN).body(std::fs::File::open(file)?);
        let mut received = None;
        for line in BufReader::new(request.send()?.error_for_status()?).lines() {
            let event: serde_json::Value = serde_json::from_str(&line?)?;
            match (event["event"].as_str(), event["step"].as_str(), received) {
                (Some("finished"), Some("receive"), _) => received = Some(std::time::Instant::now()),
                (Some("live"), _, Some(since)) => return Ok(since.elapsed().as_secs_f64()),
                (Some("failed"), ..) => anyhow::bail!("publish failed: {event}"),
                _ => {}
            }
        }
        anyhow::bail!("the publish ended without a word")
    }

    /// What the process holds now.
    pub(crate) fn kept(&self) -> Result<Kept> {
        let folder = Path::new("/proc").join(self.process.id().to_string());
        let status = std::fs::read_to_string(folder.join("status"))?;
        let mib = |key: &str| -> Result<f64> {
            let line = status.lines().find(|line| line.starts_with(key)).with_context(|| format!("no {key}"))?;
            Ok(line.split_whitespace().nth(1).context("no number")?.parse::<f64>()? / 1024.0)
        };
        Ok(Kept {
            resident_mib: mib("VmRSS:")?,
            anonymous_mib: mib("RssAnon:")?,
            descriptors: std::fs::read_dir(folder.join("fd"))?.count(),
            mappings: std::fs::read_to_string(folder.join("maps"))?.lines().count(),
        })
    }
}

/// What a process holds.
pub(crate) struct Kept {
    pub(crate) resident_mib: f64,
    /// Without pages of files, which the kernel can drop.
    pub(crate) anonymous_mib: f64,
    pub(crate) descriptors: usize,
    pub(crate) mappings: usize,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
