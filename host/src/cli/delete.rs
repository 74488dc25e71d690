//! `vitrine delete`.

use clap::Args;
use clap::builder::BoolishValueParser;
use reqwest::Method;
use spaces::SpaceId;

use super::client::{Client, ServerArgs};
use super::environment::Environment;
use super::error::CliError;
use super::{output, prompt};

/// Delete a space with all its revisions
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vitrine delete alice/iris
  vitrine delete alice/iris --yes")]
pub(crate) struct DeleteArgs {
    /// The space: owner/name
    space: SpaceId,

    /// Do not ask
    #[arg(short, long, env = "VITRINE_YES", value_parser = BoolishValueParser::new())]
    yes: bool,

    #[command(flatten)]
    server: ServerArgs,
}

/// Deletes the space once its name was typed.
pub(crate) async fn run(args: DeleteArgs, environment: &Environment) -> Result<(), CliError> {
    let client = Client::new(&args.server, environment)?;
    if !args.yes {
        let question = format!(
            "This deletes {} and its revisions on {} for good. Type its name to go on:",
            args.space,
            client.server()
        );
        match prompt::line(&question)? {
            Some(typed) if typed == args.space.to_string() || typed == args.space.name() => {}
            Some(_) => return Err(CliError::input("that is not its name: nothing was deleted")),
            None => {
                return Err(CliError::input("nobody is there to confirm: give --yes to delete without asking"));
            }
        }
    }
    client.send(client.request(Method::DELETE, client.space_url(&args.space, &[]))).await?;
    output::note(&format!("deleted {}", args.space));
    Ok(())
}
