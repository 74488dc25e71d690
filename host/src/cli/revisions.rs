//! `vitrine revisions` and `vitrine rollback`.

use clap::Args;
use clap::builder::BoolishValueParser;
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value as Json;
use spaces::SpaceId;
use spaces::view::RevisionView;

use super::client::{Client, ServerArgs};
use super::environment::Environment;
use super::error::CliError;
use super::output;

/// How many digits of a digest tell revisions apart.
const SHORT_DIGEST_DIGITS: usize = 12;

/// List the revisions of a space
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vitrine revisions alice/iris
  vitrine revisions alice/iris --json")]
pub(crate) struct RevisionsArgs {
    /// The space: owner/name
    space: SpaceId,

    /// Print the server's JSON
    #[arg(long, env = "VITRINE_JSON", value_parser = BoolishValueParser::new())]
    json: bool,

    #[command(flatten)]
    server: ServerArgs,
}

/// Make an older revision live again
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vitrine rollback alice/iris
  vitrine rollback alice/iris 3")]
pub(crate) struct RollbackArgs {
    /// The space: owner/name
    space: SpaceId,

    /// The revision's number; default: the one before the live one
    revision: Option<u64>,

    #[command(flatten)]
    server: ServerArgs,
}

#[derive(Deserialize)]
struct RevisionsAnswer {
    revisions: Vec<RevisionView>,
}

#[derive(Deserialize)]
struct RevisionAnswer {
    revision: RevisionView,
}

/// Prints the revisions.
pub(crate) async fn list(args: RevisionsArgs, environment: &Environment) -> Result<(), CliError> {
    let client = Client::new(&args.server, environment)?;
    if args.json {
        let url = client.space_url(&args.space, &["revisions"]);
        let answer: Json = client.send_json(client.request(Method::GET, url)).await?;
        return output::result(&answer.to_string());
    }
    let mut revisions = load(&client, &args.space).await?;
    revisions.sort_by_key(|revision| std::cmp::Reverse(revision.number));
    let row = |revision: &RevisionView| {
        let mut digest = revision.digest.to_string();
        digest.truncate(SHORT_DIGEST_DIGITS);
        vec![
            revision.number.to_string(),
            if revision.live { "live" } else { "" }.to_owned(),
            output::moment(&revision.created_at),
            revision.published_by.clone().unwrap_or_default(),
            output::size(revision.size_bytes),
            digest,
        ]
    };
    let rows: Vec<Vec<String>> = revisions.iter().map(row).collect();
    output::result(&output::table(&["REVISION", "", "PUBLISHED", "BY", "SIZE", "DIGEST"], &rows))
}

/// Makes another revision live.
pub(crate) async fn rollback(args: RollbackArgs, environment: &Environment) -> Result<(), CliError> {
    let client = Client::new(&args.server, environment)?;
    let number = match args.revision {
        Some(number) => number,
        None => before_live(&load(&client, &args.space).await?)?,
    };
    let url = client.space_url(&args.space, &["revisions", &number.to_string(), "activate"]);
    let answer: RevisionAnswer = client.send_json(client.request(Method::POST, url)).await?;
    output::note(&format!("revision {} of {} is live", answer.revision.number, args.space));
    Ok(())
}

async fn load(client: &Client, id: &SpaceId) -> Result<Vec<RevisionView>, CliError> {
    let url = client.space_url(id, &["revisions"]);
    let answer: RevisionsAnswer = client.send_json(client.request(Method::GET, url)).await?;
    Ok(answer.revisions)
}

fn before_live(revisions: &[RevisionView]) -> Result<u64, CliError> {
    let Some(live) = revisions.iter().find(|revision| revision.live) else {
        return Err(CliError::input("no revision is live: give the number of one"));
    };
    let older = revisions.iter().map(|revision| revision.number).filter(|number| *number < live.number).max();
    older.ok_or_else(|| CliError::input(format!("revision {} is live and there is none before it", live.number)))
}

#[cfg(test)]
mod tests {
    use spaces::Digest;

    use super::*;

    #[test]
    fn rollback_goes_to_the_one_before_the_live_one() {
        let check = |revisions: &[(u64, bool)], expected: Result<u64, &str>| {
            let view = |&(number, live): &(u64, bool)| RevisionView {
                number,
                live,
                digest: Digest::of(b""),
                size_bytes: 0,
                created_at: String::new(),
                published_by: None,
            };
            let revisions: Vec<RevisionView> = revisions.iter().map(view).collect();
            let found = before_live(&revisions).map_err(|error| error.to_string());
            assert_eq!(found, expected.map_err(str::to_owned));
        };
        check(&[(3, true), (2, false), (1, false)], Ok(2));
        check(&[(1, false), (4, false), (3, true)], Ok(1));
        check(&[(1, true)], Err("revision 1 is live and there is none before it"));
        check(&[(2, false), (1, true)], Err("revision 1 is live and there is none before it"));
        check(&[], Err("no revision is live: give the number of one"));
    }
}
