//! What the operator decides, read once at start.
//!
//! Every option is a command-line flag and an environment variable `VITRINE_…`; clap checks each value before
//! the port is bound.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use spaces::limits::{LimitPolicy, Limits};

use crate::base_url::BaseUrl;
use crate::inference::NativePolicy;
use crate::temporary::TemporaryLimits;

/// Options of `vitrine serve`.
#[derive(Debug, Clone, Args)]
pub(crate) struct ServeArgs {
    /// The folder that holds everything: a backup is a copy of it
    #[arg(long, env = "VITRINE_DATA", default_value = "vitrine-data", value_name = "DIR")]
    pub(crate) data: PathBuf,

    /// The address to listen on
    #[arg(long, env = "VITRINE_LISTEN", default_value = "127.0.0.1:7860", value_name = "ADDR")]
    pub(crate) listen: SocketAddr,

    /// The address to serve the Open Inference Protocol at over gRPC, such as 127.0.0.1:8001; default: nowhere
    #[arg(long, env = "VITRINE_GRPC_LISTEN", value_name = "ADDR")]
    pub(crate) grpc_listen: Option<SocketAddr>,

    /// The URL under which people reach the server; default: http:// and the address
    #[arg(long, env = "VITRINE_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<String>,

    /// The admin token; default: made at the first start and printed once
    #[arg(long, env = "VITRINE_ADMIN_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub(crate) admin_token: Option<Secret>,

    /// Invocations that run at once
    #[arg(long, env = "VITRINE_MAX_RUNNING", default_value_t = 64, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) max_running: u32,

    /// Invocations that wait for a free instance; further ones get 503
    #[arg(long, env = "VITRINE_MAX_WAITING", default_value_t = 512, value_name = "N")]
    pub(crate) max_waiting: u32,

    /// Threads for guests that compute for longer than a millisecond; default: one for each processor
    #[arg(long, env = "VITRINE_GUEST_THREADS", value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) guest_threads: Option<u16>,

    /// Spaces that stay ready to be called; those that nobody calls for longest are loaded anew at their next call,
    /// which takes milliseconds; default: what an eighth of the memory and three quarters of the mappings of a process allow
    #[arg(long, env = "VITRINE_MAX_LOADED", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) max_loaded: Option<u32>,

    /// The most memory of the bodies of all requests together, in MiB
    #[arg(long, env = "VITRINE_MAX_BODIES", default_value_t = 1024, value_name = "MIB", value_parser = clap::value_parser!(u32).range(1..=1_048_576))]
    pub(crate) max_bodies: u32,

    #[command(flatten)]
    pub(crate) temporary: TemporaryArgs,

    #[command(flatten)]
    pub(crate) limits: LimitArgs,

    /// The largest upload and the largest unpacked bundle, in MiB
    #[arg(long, env = "VITRINE_MAX_UPLOAD", default_value_t = 512, value_name = "MIB", value_parser = clap::value_parser!(u32).range(1..=16384))]
    pub(crate) max_upload: u32,

    /// Seconds after which a publish is stopped
    #[arg(long, env = "VITRINE_PUBLISH_DEADLINE", default_value_t = 180, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) publish_deadline: u64,

    /// The most memory of one publish, in MiB
    #[arg(long, env = "VITRINE_PUBLISH_MEMORY", default_value_t = 3072, value_name = "MIB", value_parser = clap::value_parser!(u64).range(256..=1_048_576))]
    pub(crate) publish_memory: u64,

    /// Publishes that run at once, each of another owner
    #[arg(long, env = "VITRINE_PUBLISH_WORKERS", default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(crate) publish_workers: u32,

    /// The id of the user and group that runs publishes where the server runs as root; the default is `nobody`
    #[arg(long, env = "VITRINE_PUBLISH_USER", default_value_t = 65_534, value_name = "UID", value_parser = clap::value_parser!(u32).range(1..=0x7fff_fffe))]
    pub(crate) publish_user: u32,
    #[command(flatten)]
    pub(crate) native: NativeArgs,

    #[command(flatten)]
    pub(crate) traces: TraceArgs,

    /// Log as JSON lines
    #[arg(long, env = "VITRINE_LOG_JSON")]
    pub(crate) log_json: bool,
}

impl ServeArgs {
    pub(crate) fn max_upload_bytes(&self) -> u64 {
        u64::from(self.max_upload) << 20
    }

    pub(crate) fn publish_deadline(&self) -> Duration {
        Duration::from_secs(self.publish_deadline)
    }
}

/// Files that visitors send ahead of a call, and that calls answer with.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Temporary files")]
pub(crate) struct TemporaryArgs {
    /// Seconds that such a file is kept
    #[arg(long, env = "VITRINE_FILES_TTL", default_value_t = 3600, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=604_800))]
    files_ttl: u32,

    /// The most of one visitor, in MiB; beyond it that visitor's oldest files go
    #[arg(long, env = "VITRINE_FILES_PER_VISITOR", default_value_t = 512, value_name = "MIB", value_parser = clap::value_parser!(u32).range(1..=1_048_576))]
    files_per_visitor: u32,

    /// The most of all visitors, in MiB
    #[arg(long, env = "VITRINE_FILES_TOTAL", default_value_t = 8192, value_name = "MIB", value_parser = clap::value_parser!(u32).range(1..=16_777_216))]
    files_total: u32,

    /// The header in which a reverse proxy of yours tells a visitor's address; without it, visitors are told apart by
    /// the address of their connection
    #[arg(long, env = "VITRINE_VISITOR_HEADER", value_name = "HEADER")]
    pub(crate) visitor_header: Option<String>,
}

impl TemporaryArgs {
    pub(crate) fn limits(&self) -> TemporaryLimits {
        TemporaryLimits {
            ttl: Duration::from_secs(u64::from(self.files_ttl)),
            visitor_bytes: u64::from(self.files_per_visitor) << 20,
            total_bytes: u64::from(self.files_total) << 20,
        }
    }
}

/// What a space gets that asks for nothing, and the most that a space may ask for in `[limits]` of `space.toml`.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Limits of a space")]
pub(crate) struct LimitArgs {
    /// Seconds after which a running invocation is stopped
    #[arg(long, env = "VITRINE_DEADLINE", default_value_t = 30, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub(crate) deadline: u32,

    /// The longest deadline that a space may ask for
    #[arg(long, env = "VITRINE_MAX_DEADLINE", default_value_t = 300, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub(crate) max_deadline: u32,

    /// The most memory of one instance, in MiB
    #[arg(long, env = "VITRINE_MEMORY", default_value_t = 1024, value_name = "MIB", value_parser = clap::value_parser!(u32).range(1..=4095))]
    pub(crate) memory: u32,

    /// The most memory that a space may ask for, in MiB
    #[arg(long, env = "VITRINE_MAX_MEMORY", default_value_t = 2048, value_name = "MIB", value_parser = clap::value_parser!(u32).range(1..=4095))]
    pub(crate) max_memory: u32,

    /// Invocations of one space that run at once
    #[arg(long, env = "VITRINE_CONCURRENCY", default_value_t = 16, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) concurrency: u32,

    /// The most of them that a space may ask for
    #[arg(long, env = "VITRINE_MAX_CONCURRENCY", default_value_t = 64, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) max_concurrency: u32,

    /// The largest request body of a call, in MiB
    #[arg(long, env = "VITRINE_BODY", default_value_t = 32, value_name = "MIB", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) body: u32,

    /// The largest that a space may ask for, in MiB
    #[arg(long, env = "VITRINE_MAX_BODY", default_value_t = 128, value_name = "MIB", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) max_body: u32,

    /// The most log kept of one invocation, in KiB
    #[arg(long, env = "VITRINE_LOG", default_value_t = 256, value_name = "KIB", value_parser = clap::value_parser!(u32).range(1..=65536))]
    pub(crate) log: u32,

    /// The most that a space may ask for, in KiB
    #[arg(long, env = "VITRINE_MAX_LOG", default_value_t = 1024, value_name = "KIB", value_parser = clap::value_parser!(u32).range(1..=65536))]
    pub(crate) max_log: u32,
}

impl LimitArgs {
    /// Defaults and maxima.
    pub(crate) fn policy(&self) -> LimitPolicy {
        LimitPolicy {
            defaults: limits(self.memory, self.deadline, self.concurrency, self.body, self.log),
            maxima: limits(self.max_memory, self.max_deadline, self.max_concurrency, self.max_body, self.max_log),
        }
    }
}

fn limits(memory_mib: u32, deadline: u32, concurrency: u32, body_mib: u32, log_kib: u32) -> Limits {
    Limits {
        memory_bytes: u64::from(memory_mib) << 20,
        deadline_seconds: f64::from(deadline),
        concurrency,
        max_body_bytes: u64::from(body_mib) << 20,
        max_log_bytes: u64::from(log_kib) << 10,
    }
}

/// Options of native inference.
#[derive(Debug, Clone, Args)]
pub(crate) struct NativeArgs {
    /// Who may run models outside the sandbox, with `engine = "native"` in space.toml
    #[arg(long, env = "VITRINE_NATIVE_INFERENCE", default_value = "trusted-owners", value_name = "POLICY")]
    pub(crate) native_inference: NativePolicy,

    /// The owners whose models may run outside the sandbox, separated by commas
    #[arg(long, env = "VITRINE_TRUSTED_OWNERS", value_name = "OWNERS", value_delimiter = ',')]
    pub(crate) trusted_owners: Vec<String>,

    /// The library file of ONNX Runtime 1.17 or newer, to run them with; default: the built-in engine
    #[arg(long, env = "VITRINE_ONNXRUNTIME", value_name = "FILE")]
    pub(crate) onnxruntime: Option<PathBuf>,

    /// Threads that one run of ONNX Runtime may use
    #[arg(long, env = "VITRINE_ONNXRUNTIME_THREADS", default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub(crate) onnxruntime_threads: u32,

    /// Native runs at once; default: as many as processors
    #[arg(long, env = "VITRINE_NATIVE_THREADS", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub(crate) native_threads: Option<u32>,

    /// The most memory of all loaded native models together, in MiB
    #[arg(long, env = "VITRINE_NATIVE_MEMORY", default_value_t = 2048, value_name = "MIB", value_parser = clap::value_parser!(u32).range(1..=1_048_576))]
    pub(crate) native_memory: u32,

    /// Milliseconds after which a native run is given up; the invocation's own deadline may come first
    #[arg(long, env = "VITRINE_NATIVE_DEADLINE", default_value_t = 10_000, value_name = "MILLISECONDS", value_parser = clap::value_parser!(u64).range(1..=3_600_000))]
    pub(crate) native_deadline: u64,
}

/// Where traces go.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Traces")]
pub(crate) struct TraceArgs {
    /// The base URL of a collector of OpenTelemetry traces that takes OTLP over HTTP, such as `http://127.0.0.1:4318`;
    /// default: none, and nothing is traced
    #[arg(long, env = "VITRINE_OTLP_ENDPOINT", value_name = "URL")]
    pub(crate) otlp_endpoint: Option<BaseUrl>,

    /// The part of the requests to trace, 0 to 1, of those whose callers have not decided
    #[arg(long, env = "VITRINE_TRACE_SAMPLE", default_value_t = 1.0, value_name = "RATIO", value_parser = ratio)]
    pub(crate) trace_sample: f64,
}

fn ratio(text: &str) -> Result<f64, String> {
    let ratio: f64 = text.parse().map_err(|_| "give a number such as 0.1".to_owned())?;
    if (0.0..=1.0).contains(&ratio) { Ok(ratio) } else { Err("give a number from 0 to 1".to_owned()) }
}

/// A text that is never printed.
#[derive(Clone)]
pub(crate) struct Secret(String);

impl Secret {
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
