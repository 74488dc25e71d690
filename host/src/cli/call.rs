//! `vitrine call`: one request into a space, from the shell.

mod answer;
mod inputs;
mod sse;
mod stream;

use std::path::PathBuf;

use clap::Args;
use clap::builder::BoolishValueParser;
use reqwest::{Method, RequestBuilder, header};
use serde_json::Value as Json;
use spaces::SpaceId;
use spaces::interface::{Endpoint, Interface};
use spaces::suggest::closest;
use spaces::view::CallAnswer;

use super::client::{Client, ServerArgs};
use super::environment::Environment;
use super::error::CliError;
use super::output;
use inputs::{Assignment, Body};

/// Call a space
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vitrine call alice/iris --input sepal_length=5.1 --input sepal_width=3.5
  vitrine call alice/flowers classify -i image=@daisy.jpg --json
  vitrine call alice/painter -i prompt=\"a blue door\" --out pictures/

KEY=@FILE sends a file; KEY=@@text sends a text that begins with `@`; KEY=asset:NAME takes a file of the space itself.
Inputs that are left out take their defaults. A key given several times makes a list, where the input takes one.")]
pub(crate) struct CallArgs {
    /// The space: owner/name
    space: SpaceId,

    /// The endpoint; default: the first
    endpoint: Option<String>,

    /// An input: its name and value, or its name and @FILE
    #[arg(short, long = "input", env = "VITRINE_INPUT", value_name = "KEY=VALUE")]
    inputs: Vec<Assignment>,

    /// Print the server's JSON
    #[arg(long, env = "VITRINE_JSON", value_parser = BoolishValueParser::new())]
    json: bool,

    /// The folder for pictures and other files in the answer; default: they are only described
    #[arg(long, env = "VITRINE_OUT", value_name = "DIR")]
    out: Option<PathBuf>,

    #[command(flatten)]
    server: ServerArgs,
}

/// Calls the space and prints its outputs.
pub(crate) async fn run(args: CallArgs, environment: &Environment) -> Result<(), CliError> {
    let client = Client::new(&args.server, environment)?;
    let interface = client.space(&args.space).await?.interface;
    let endpoint = choose(&interface, args.endpoint.as_deref())?;
    let body = inputs::resolve(endpoint, args.inputs)?;

    let url = client.server().join(&["spaces", args.space.owner(), args.space.name(), "api", &endpoint.name]);
    let request = with_body(client.request(Method::POST, url), body)?;
    if args.json {
        let answer: Json = client.send_json(request.header(header::ACCEPT, "application/json")).await?;
        return output::result(&answer.to_string());
    }
    let answer: CallAnswer = if endpoint.streams {
        let response = client.send(request.header(header::ACCEPT, "text/event-stream")).await?;
        stream::follow(response, endpoint).await?
    } else {
        client.send_json(request.header(header::ACCEPT, "application/json")).await?
    };
    if answer.data.len() != endpoint.outputs.len() {
        let problem = format!("{} outputs instead of {}", answer.data.len(), endpoint.outputs.len());
        return Err(CliError::Answer { problem });
    }
    for (field, value) in endpoint.outputs.iter().zip(&answer.data) {
        output::result(&answer::render(field, value, args.out.as_deref())?)?;
    }
    let timings = answer.timings;
    output::note(&format!(
        "{} (waited {}, instance {}, call {})",
        output::duration(timings.total_ms),
        output::duration(timings.queue_ms),
        output::duration(timings.instantiate_ms),
        output::duration(timings.call_ms),
    ));
    Ok(())
}

fn choose<'a>(interface: &'a Interface, name: Option<&str>) -> Result<&'a Endpoint, CliError> {
    let Some(name) = name else {
        return interface.endpoints.first().ok_or_else(|| CliError::input("the space has no endpoints"));
    };
    interface.endpoint(name).ok_or_else(|| {
        let names = || interface.endpoints.iter().map(|endpoint| endpoint.name.as_str());
        let hint = match closest(name, names()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("it has {}", inputs::listed(names())),
        };
        CliError::input(format!("there is no endpoint `{name}`: {hint}"))
    })
}

fn with_body(request: RequestBuilder, body: Body) -> Result<RequestBuilder, CliError> {
    match body {
        Body::Json(object) => Ok(request.json(&object)),
        Body::Multipart(parts) => {
            let mut form = reqwest::multipart::Form::new();
            for part in parts {
                let mut sent = reqwest::multipart::Part::bytes(part.bytes);
                if let Some(file_name) = part.file_name {
                    sent = sent.file_name(file_name);
                }
                form = form.part(part.name, sent);
            }
            Ok(request.multipart(form))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_found_or_suggested() {
        let endpoint = |name: &str| Endpoint {
            name: name.to_owned(),
            title: String::new(),
            documentation: String::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            examples: Vec::new(),
            streams: false,
        };
        let interface = Interface { endpoints: vec![endpoint("predict"), endpoint("embed")], ..Interface::default() };
        let check = |name: Option<&str>, expected: Result<&str, &str>| {
            let found = choose(&interface, name).map(|endpoint| endpoint.name.as_str()).map_err(|e| e.to_string());
            assert_eq!(found, expected.map_err(str::to_owned));
        };
        check(None, Ok("predict"));
        check(Some("embed"), Ok("embed"));
        check(Some("predcit"), Err("there is no endpoint `predcit`: did you mean `predict`?"));
        check(Some("x"), Err("there is no endpoint `x`: it has `predict`, `embed`"));
    }
}
