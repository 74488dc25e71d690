//! `vitrine publish`: sends a bundle and shows each step as it happens.

mod events;
mod source;
mod upload;

use std::path::PathBuf;

use clap::Args;
use clap::builder::BoolishValueParser;
use reqwest::Method;
use spaces::SpaceId;
use spaces::manifest::Visibility;

use super::client::{Client, ServerArgs};
use super::environment::Environment;
use super::error::CliError;
use super::{curl, output, visibility};
use events::Outcome;
use source::Source;

/// Publish a model or an app
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vitrine publish iris.onnx --to alice/iris
  vitrine publish app.wasm --to alice/word-count --visibility private
  vitrine publish ./digits            (a folder with space.toml; `space = \"alice/digits\"` there replaces --to)

Without --to and without `space` in space.toml the space is YOUR-LOGIN-NAME/FILE-NAME.
Of a folder, `target`, `node_modules`, `__pycache__` and names that begin with a dot are left out.")]
pub(crate) struct PublishArgs {
    /// A .onnx file, a .wasm component, a .zip, or a folder with space.toml
    path: PathBuf,

    /// Where it goes: owner/name; default: `space` in space.toml
    #[arg(long, env = "VITRINE_TO", value_name = "OWNER/NAME")]
    to: Option<SpaceId>,

    /// Who sees the space; default: what space.toml says, or what it was
    #[arg(long, env = "VITRINE_VISIBILITY", value_parser = visibility::parser())]
    visibility: Option<Visibility>,

    /// Print the server's events as JSON, one object a line
    #[arg(long, env = "VITRINE_JSON", value_parser = BoolishValueParser::new())]
    json: bool,

    #[command(flatten)]
    server: ServerArgs,
}

/// Publishes and prints the page's URL and a line that calls the API.
pub(crate) async fn run(args: PublishArgs, environment: &Environment) -> Result<(), CliError> {
    let source = Source::open(&args.path)?;
    let id = match &args.to {
        Some(id) => id.clone(),
        None => source.default_target(environment.user.as_deref())?,
    };
    let client = Client::new(&args.server, environment)?;
    // A wrong token is known before the first megabyte travels.
    client.check_token().await?;
    output::note(&format!("publishing {} to {id} on {}", source.summary(), client.server()));

    let mut url = client.space_url(&id, &["revisions"]);
    url.query_pairs_mut().append_pair("filename", source.file_name());
    if let Some(visibility) = args.visibility {
        url.query_pairs_mut().append_pair("visibility", output::visibility_name(visibility));
    }
    let response = upload::send(&client, client.request(Method::POST, url), source).await?;
    let live = match events::follow(response, args.json).await? {
        Outcome::Live(live) => live,
        Outcome::Failed { step, error } => return Err(CliError::Publish { step, error }),
        Outcome::Cut { step } => return Err(CliError::PublishCut { step }),
    };

    if args.json {
        return Ok(());
    }
    let space = client.space(&live.space).await?;
    output::note(&format!(
        "{} revision {} is live ({})",
        live.space,
        live.revision,
        output::visibility_name(space.summary.visibility)
    ));
    output::result(&live.page_url(client.server()))?;
    match curl::command(client.server(), &space) {
        Some(command) => output::result(&command),
        None => Ok(()),
    }
}
