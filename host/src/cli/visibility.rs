//! `vitrine visibility`.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use reqwest::Method;
use serde_json::json;
use spaces::SpaceId;
use spaces::manifest::Visibility;

use super::client::{Client, ServerArgs};
use super::environment::Environment;
use super::error::CliError;
use super::output;

/// Choose who sees a space
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vitrine visibility alice/iris private
  vitrine visibility alice/iris public

public: listed, for everybody; unlisted: for everybody who knows the URL; private: with a token only.")]
pub(crate) struct VisibilityArgs {
    /// The space: owner/name
    space: SpaceId,

    /// Who sees it
    #[arg(value_parser = parser())]
    visibility: Visibility,

    #[command(flatten)]
    server: ServerArgs,
}

/// Reads a visibility from the command line.
pub(crate) fn parser() -> impl TypedValueParser<Value = Visibility> {
    PossibleValuesParser::new(["public", "unlisted", "private"]).map(|word| match word.as_str() {
        "unlisted" => Visibility::Unlisted,
        "private" => Visibility::Private,
        _ => Visibility::Public,
    })
}

/// Sets the visibility.
pub(crate) async fn run(args: VisibilityArgs, environment: &Environment) -> Result<(), CliError> {
    let client = Client::new(&args.server, environment)?;
    set(&client, &args.space, args.visibility).await?;
    output::note(&format!("{} is now {}", args.space, output::visibility_name(args.visibility)));
    Ok(())
}

/// Asks the server to set the visibility.
pub(crate) async fn set(client: &Client, id: &SpaceId, visibility: Visibility) -> Result<(), CliError> {
    let request = client.request(Method::PATCH, client.space_url(id, &[]));
    client.send(request.json(&json!({ "visibility": visibility }))).await?;
    Ok(())
}
