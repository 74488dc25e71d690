//! `vitrine list`.

use clap::Args;
use clap::builder::BoolishValueParser;
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value as Json;
use spaces::view::SpaceSummary;

use super::client::{Client, ServerArgs};
use super::environment::Environment;
use super::error::CliError;
use super::output;

/// List the spaces, newest first
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vitrine list
  vitrine list flowers
  vitrine list --json | jq -r '.spaces[].id'")]
pub(crate) struct ListArgs {
    /// Words that the id, title, summary or tags must contain
    query: Vec<String>,

    /// The most spaces shown
    #[arg(long, env = "VITRINE_LIMIT", default_value_t = 100, value_name = "N")]
    limit: u32,

    /// Print the server's JSON
    #[arg(long, env = "VITRINE_JSON", value_parser = BoolishValueParser::new())]
    json: bool,

    #[command(flatten)]
    server: ServerArgs,
}

#[derive(Deserialize)]
struct SpacesAnswer {
    spaces: Vec<SpaceSummary>,
    meta: Meta,
}

#[derive(Deserialize)]
struct Meta {
    total: u64,
}

/// Prints the spaces that fit the query.
pub(crate) async fn run(args: ListArgs, environment: &Environment) -> Result<(), CliError> {
    let client = Client::new(&args.server, environment)?;
    let mut url = client.server().join(&["api", "v1", "spaces"]);
    url.query_pairs_mut().append_pair("q", &args.query.join(" ")).append_pair("limit", &args.limit.to_string());
    let answer: Json = client.send_json(client.request(Method::GET, url)).await?;
    if args.json {
        return output::result(&answer.to_string());
    }
    let SpacesAnswer { spaces, meta } =
        serde_json::from_value(answer).map_err(|error| CliError::Answer { problem: error.to_string() })?;
    if spaces.is_empty() {
        output::note("no spaces found");
        return Ok(());
    }
    output::result(&output::table(&["SPACE", "TITLE", "VISIBILITY", "REVISION", "UPDATED"], &rows(&spaces)))?;
    let n_shown = spaces.len() as u64;
    if meta.total > n_shown {
        output::note(&format!("{n_shown} of {} spaces; --limit shows more", meta.total));
    }
    Ok(())
}

fn rows(spaces: &[SpaceSummary]) -> Vec<Vec<String>> {
    let row = |space: &SpaceSummary| {
        vec![
            space.id.to_string(),
            output::one_line(&space.title, 48),
            output::visibility_name(space.visibility).to_owned(),
            space.revision.to_string(),
            output::moment(&space.updated_at),
        ]
    };
    spaces.iter().map(row).collect()
}
