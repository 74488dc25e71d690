//! The HTTP client: one server, one token, errors in words.

use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use spaces::SpaceId;
use spaces::view::{ErrorBody, SpaceDetail};

use super::credentials::Credentials;
use super::environment::Environment;
use super::error::{CliError, root_cause};
use crate::base_url::BaseUrl;
use crate::config::Secret;

/// How long to wait for the TCP and TLS handshake.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Which server, and as whom.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ServerArgs {
    /// The server's URL
    #[arg(long, env = "VITRINE_SERVER", default_value = "http://127.0.0.1:7860", value_name = "URL")]
    pub(crate) server: BaseUrl,

    /// The token; default: the one stored by `vitrine login`
    #[arg(long, env = "VITRINE_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub(crate) token: Option<Secret>,
}

/// A server as one user sees it.
#[derive(Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    server: BaseUrl,
    token: Option<Secret>,
}

#[derive(Deserialize)]
struct ErrorAnswer {
    error: ErrorBody,
}

#[derive(Deserialize)]
struct SpaceAnswer {
    space: SpaceDetail,
}

impl Client {
    /// A client with the given token, else the stored one, else none.
    ///
    /// # Errors
    /// [`CliError`] where the stored tokens cannot be read.
    pub(crate) fn new(args: &ServerArgs, environment: &Environment) -> Result<Self, CliError> {
        // An empty variable is how some tools spell "not set".
        let given = args.token.clone().filter(|token| !token.expose().is_empty());
        let token = match given {
            Some(token) => Some(token),
            None if environment.config_dir.is_none() => None,
            None => Credentials::load(environment)?.token(&args.server).map(Secret::from),
        };
        Self::with_token(args.server.clone(), token)
    }

    /// A client with this token and no other.
    ///
    /// # Errors
    /// [`CliError`] where TLS is wanted and the machine has no root certificates.
    pub(crate) fn with_token(server: BaseUrl, token: Option<Secret>) -> Result<Self, CliError> {
        if let Some(token) = &token
            && !token.expose().bytes().all(|byte| byte.is_ascii_graphic())
        {
            return Err(CliError::input("the token contains spaces or other characters that no token has"));
        }
        let builder =
            server.client().user_agent(concat!("vitrine/", env!("CARGO_PKG_VERSION"))).connect_timeout(CONNECT_TIMEOUT);
        let http = builder.build().map_err(|source| CliError::connection(&source))?;
        Ok(Self { http, server, token })
    }

    pub(crate) fn server(&self) -> &BaseUrl {
        &self.server
    }

    /// `/api/v1/spaces/{owner}/{name}/…`
    pub(crate) fn space_url(&self, id: &SpaceId, rest: &[&str]) -> Url {
        self.server.join(&[&["api", "v1", "spaces", id.owner(), id.name()], rest].concat())
    }

    /// A request that carries the token.
    pub(crate) fn request(&self, method: Method, url: Url) -> RequestBuilder {
        let builder = self.http.request(method, url);
        match &self.token {
            Some(token) => builder.bearer_auth(token.expose()),
            None => builder,
        }
    }

    /// Sends a request.
    ///
    /// # Errors
    /// [`CliError`] saying what the server or the network has against it.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Response, CliError> {
        let response = request.send().await.map_err(|source| {
            if source.is_connect() {
                CliError::Unreachable { server: self.server.to_string(), reason: root_cause(&source) }
            } else {
                CliError::connection(&source)
            }
        })?;
        if response.status().is_success() { Ok(response) } else { Err(self.refused(response).await) }
    }

    /// Sends a request and reads the answer's JSON.
    ///
    /// # Errors
    /// As [`Client::send`], and where the answer is not of that form.
    pub(crate) async fn send_json<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, CliError> {
        let response = self.send(request).await?;
        let status = response.status().as_u16();
        let bytes = response.bytes().await.map_err(|source| CliError::connection(&source))?;
        serde_json::from_slice(&bytes).map_err(|error| {
            if error.is_data() {
                CliError::Answer { problem: format!("{error} (are `vitrine` here and on the server of one version?)") }
            } else {
                CliError::NotVitrine { server: self.server.to_string(), status }
            }
        })
    }

    /// A space with its interface.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub(crate) async fn space(&self, id: &SpaceId) -> Result<SpaceDetail, CliError> {
        let answer: SpaceAnswer = self.send_json(self.request(Method::GET, self.space_url(id, &[]))).await?;
        Ok(answer.space)
    }

    /// Checks the token.
    ///
    /// # Errors
    /// [`CliError::Refused`] where it is missing or wrong.
    pub(crate) async fn check_token(&self) -> Result<(), CliError> {
        self.send(self.request(Method::GET, self.server.join(&["api", "v1", "whoami"]))).await?;
        Ok(())
    }

    async fn refused(&self, response: Response) -> CliError {
        let status = response.status();
        let Ok(bytes) = response.bytes().await else {
            return CliError::NotVitrine { server: self.server.to_string(), status: status.as_u16() };
        };
        match serde_json::from_slice::<ErrorAnswer>(&bytes) {
            Ok(ErrorAnswer { mut error }) => {
                if status == StatusCode::UNAUTHORIZED
                    && self.token.is_none()
                    && !error.message.contains("vitrine login")
                {
                    error.message.push_str("; log in with `vitrine login`, or give --token");
                }
                CliError::Refused { body: error }
            }
            Err(_) => CliError::NotVitrine { server: self.server.to_string(), status: status.as_u16() },
        }
    }
}
