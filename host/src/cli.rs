//! The command line: what can be typed, and who answers.
//!
//! Each command is one file that holds its options and its `run`. All but `serve`, `worker`, `new` and `build` are
//! clients of a server, over the HTTP API that everybody else uses.
//!
//! **Invariant**: no command reads the server's data folder, and none reads the environment except through clap
//! and [`environment`].

mod build;
mod bundle;
mod call;
mod client;
mod credentials;
mod curl;
mod delete;
mod environment;
mod error;
mod lines;
mod list;
mod login;
mod logs;
mod new;
pub(crate) mod output;
mod prompt;
mod publish;
mod revisions;
mod visibility;

use std::future::Future;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use environment::Environment;
use error::CliError;

/// Publish a model, get a page and an API.
#[derive(Debug, Parser)]
#[command(
    name = "vitrine",
    version,
    after_help = "\
Examples:
  vitrine serve --data ./vitrine-data
  vitrine publish iris.onnx --to alice/iris
  vitrine call alice/iris --input sepal_length=5.1 --input sepal_width=3.5

`vitrine COMMAND --help` shows the options of a command, with examples.
Each option can also be given as the environment variable shown beside it."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server
    #[command(after_help = "\
Examples:
  vitrine serve
  vitrine serve --data /var/lib/vitrine --listen 0.0.0.0:7860 --public-url https://demo.example.org

The first start prints the admin token once; give it to `vitrine login`.")]
    Serve(Box<crate::config::ServeArgs>),
    /// Prepare one upload in a process of its own (started by the server)
    #[command(hide = true)]
    Worker(crate::worker::Confinement),
    Publish(publish::PublishArgs),
    Call(call::CallArgs),
    List(list::ListArgs),
    Logs(logs::LogsArgs),
    Revisions(revisions::RevisionsArgs),
    Rollback(revisions::RollbackArgs),
    Visibility(visibility::VisibilityArgs),
    Delete(delete::DeleteArgs),
    Login(login::LoginArgs),
    Logout(login::LogoutArgs),
    New(new::NewArgs),
    Build(build::BuildArgs),
}

/// The exit code of a start-up mistake of the server: `EX_USAGE` of sysexits.h.
const START_UP_FAILED: u8 = 64;

/// Parses the command line and does what it says.
pub(crate) fn run() -> ExitCode {
    let environment = Environment::from_env();
    let result = match Cli::parse().command {
        Command::Serve(args) => return serve(*args),
        Command::Worker(confinement) => return crate::worker::run(confinement),
        Command::New(args) => new::run(&args),
        Command::Build(args) => build::run(&args),
        Command::Publish(args) => block_on(publish::run(args, &environment)),
        Command::Call(args) => block_on(call::run(args, &environment)),
        Command::List(args) => block_on(list::run(args, &environment)),
        Command::Logs(args) => block_on(logs::run(args, &environment)),
        Command::Revisions(args) => block_on(revisions::list(args, &environment)),
        Command::Rollback(args) => block_on(revisions::rollback(args, &environment)),
        Command::Visibility(args) => block_on(visibility::run(args, &environment)),
        Command::Delete(args) => block_on(delete::run(args, &environment)),
        Command::Login(args) => block_on(login::login(args, &environment)),
        Command::Logout(args) => login::logout(args, &environment),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // The reader has gone (`vitrine list | head -1`): nobody is left to tell.
        Err(CliError::StdoutClosed) => ExitCode::SUCCESS,
        Err(error) => {
            output::error(&error);
            ExitCode::FAILURE
        }
    }
}

fn serve(args: crate::config::ServeArgs) -> ExitCode {
    match crate::serve::run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::error(error.as_ref());
            ExitCode::from(START_UP_FAILED)
        }
    }
}

/// Runs a client command on this thread: it waits for one server and computes nothing.
fn block_on(command: impl Future<Output = Result<(), CliError>>) -> Result<(), CliError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|source| CliError::Io { action: "cannot start".to_owned(), source })?.block_on(command)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn definitions_hold_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_option_is_an_environment_variable_too() {
        for command in Cli::command().get_subcommands() {
            for option in command.get_arguments().filter(|argument| !argument.is_positional()) {
                let variable = option.get_env().and_then(|name| name.to_str()).unwrap_or("none");
                assert!(variable.starts_with("VITRINE_"), "{} --{}: {variable}", command.get_name(), option.get_id());
            }
        }
    }

    #[test]
    fn every_visible_command_shows_examples() {
        for command in Cli::command().get_subcommands().filter(|command| !command.is_hide_set()) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.starts_with("Example"), "{}", command.get_name());
            assert!(command.get_about().is_some(), "{}", command.get_name());
        }
    }
}
