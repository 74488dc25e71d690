//! `vitrine login` and `vitrine logout`.

use clap::Args;

use super::client::Client;
use super::credentials::Credentials;
use super::environment::Environment;
use super::error::CliError;
use super::{output, prompt};
use crate::base_url::BaseUrl;
use crate::config::Secret;

/// Store the token for a server
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vitrine login
  vitrine login --server https://demo.example.org
  echo \"$TOKEN\" | vitrine login

The token is checked with the server and stored in ~/.config/vitrine/config.toml (mode 600).")]
pub(crate) struct LoginArgs {
    /// The server's URL
    #[arg(long, env = "VITRINE_SERVER", default_value = "http://127.0.0.1:7860", value_name = "URL")]
    server: BaseUrl,

    /// The token; default: asked for, or the first line of stdin
    #[arg(long, env = "VITRINE_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    token: Option<Secret>,
}

/// Forget the stored token for a server
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vitrine logout
  vitrine logout --server https://demo.example.org")]
pub(crate) struct LogoutArgs {
    /// The server's URL
    #[arg(long, env = "VITRINE_SERVER", default_value = "http://127.0.0.1:7860", value_name = "URL")]
    server: BaseUrl,
}

/// Asks for a token, checks it and stores it.
pub(crate) async fn login(args: LoginArgs, environment: &Environment) -> Result<(), CliError> {
    let token = match args.token {
        Some(token) if !token.expose().is_empty() => token,
        _ => Secret::from(prompt::secret(&format!("Token for {} (it is not shown):", args.server))?),
    };
    if token.expose().is_empty() {
        return Err(CliError::input("no token was given"));
    }
    // Before the token travels: a place to keep it must be there.
    let mut credentials = Credentials::load(environment)?;
    Client::with_token(args.server.clone(), Some(token.clone()))?.check_token().await?;
    let path = credentials.store(&args.server, token.expose())?;
    output::note(&format!("logged in to {}; the token is in {}", args.server, path.display()));
    Ok(())
}

/// Forgets a token.
pub(crate) fn logout(args: LogoutArgs, environment: &Environment) -> Result<(), CliError> {
    if Credentials::load(environment)?.forget(&args.server)? {
        output::note(&format!("logged out of {}", args.server));
    } else {
        output::note(&format!("no token was stored for {}", args.server));
    }
    Ok(())
}
