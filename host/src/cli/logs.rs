//! `vitrine logs`.

use clap::Args;
use clap::builder::BoolishValueParser;
use reqwest::Method;
use spaces::SpaceId;
use spaces::view::LogLine;

use super::client::{Client, ServerArgs};
use super::environment::Environment;
use super::error::CliError;
use super::lines::Lines;
use super::output;

/// Show what a space wrote to its log
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vitrine logs alice/iris
  vitrine logs alice/iris -f")]
pub(crate) struct LogsArgs {
    /// The space: owner/name
    space: SpaceId,

    /// Go on with new lines until interrupted
    #[arg(short, long, env = "VITRINE_FOLLOW", value_parser = BoolishValueParser::new())]
    follow: bool,

    /// The most lines shown of what is there already
    #[arg(long, env = "VITRINE_LIMIT", default_value_t = 100, value_name = "N")]
    limit: u32,

    /// Print the server's JSON, one object a line
    #[arg(long, env = "VITRINE_JSON", value_parser = BoolishValueParser::new())]
    json: bool,

    #[command(flatten)]
    server: ServerArgs,
}

/// Prints the log's lines.
pub(crate) async fn run(args: LogsArgs, environment: &Environment) -> Result<(), CliError> {
    let client = Client::new(&args.server, environment)?;
    let mut url = client.space_url(&args.space, &["logs"]);
    url.query_pairs_mut()
        .append_pair("follow", if args.follow { "true" } else { "false" })
        .append_pair("limit", &args.limit.to_string());
    let mut lines = Lines::new(client.send(client.request(Method::GET, url)).await?);
    while let Some(line) = lines.next().await? {
        if line.is_empty() {
            continue;
        }
        if args.json {
            output::result(&line)?;
            continue;
        }
        let line: LogLine = serde_json::from_str(&line)
            .map_err(|error| CliError::Answer { problem: format!("a line of the log: {error}") })?;
        output::result(&format!(
            "{}  {}  {}",
            output::moment(&line.at),
            output::level_name(line.level),
            output::indented(&line.message, "                            ")
        ))?;
    }
    Ok(())
}
