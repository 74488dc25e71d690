//! The HTTP client: one server, one token, errors in words.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use spaces::SpaceId;
use spaces::view::{ErrorBody, SpaceDetail};

use super::credentials::Credentials;
use super::environment::Environment;
use super::error::{CliError, root_cause};
use crate::config::Secret;

/// How long to wait for the TCP and TLS handshake.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Which server, and as whom.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ServerArgs {
    /// The server's URL
    #[arg(long, env = "VITRINE_SERVER", default_value = "http://127.0.0.1:7860", value_name = "URL")]
    pub(crate) server: ServerUrl,

    /// The token; default: the one stored by `vitrine login`
    #[arg(long, env = "VITRINE_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub(crate) token: Option<Secret>,
}

/// The base URL of a server, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServerUrl {
    text: String,
    url: Url,
}

impl ServerUrl {
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The URL of a path below the server; each part is escaped.
    pub(crate) fn join(&self, parts: &[&str]) -> Url {
        let mut url = self.url.clone();
        url.path_segments_mut().expect("http URLs have a path").pop_if_empty().extend(parts);
        url
    }

    fn is_loopback(&self) -> bool {
        let host = self.url.host_str().unwrap_or("");
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }
}

impl FromStr for ServerUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim().trim_end_matches('/');
        let url = Url::parse(text).map_err(|error| error.to_string())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("begin it with http:// or https://".to_owned());
        }
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
            return Err("give the address alone, without a user, `?` or `#`".to_owned());
        }
        // `Url` has lower-cased the host and dropped a default port, so that stored tokens are found again.
        Ok(Self { text: url.as_str().trim_end_matches('/').to_owned(), url })
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A server as one user sees it.
#[derive(Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    server: ServerUrl,
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
    pub(crate) fn with_token(server: ServerUrl, token: Option<Secret>) -> Result<Self, CliError> {
        if let Some(token) = &token
            && !token.expose().bytes().all(|byte| byte.is_ascii_graphic())
        {
            return Err(CliError::input("the token contains spaces or other characters that no token has"));
        }
        // Fails only where one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("vitrine/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none());
        if server.url.scheme() == "http" {
            // Without this, machines without root certificates (slim containers) could not even talk to themselves.
            builder = builder.tls_certs_only([]);
        }
        if server.is_loopback() {
            // A proxy has another loopback than we.
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|source| CliError::connection(&source))?;
        Ok(Self { http, server, token })
    }

    pub(crate) fn server(&self) -> &ServerUrl {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn server_urls_are_normalised_or_refused() {
        let check = |text: &str, expected: Result<&str, &str>| {
            let parsed = text.parse::<ServerUrl>().map(|server| server.to_string());
            assert_eq!(parsed, expected.map(str::to_owned).map_err(str::to_owned), "{text}");
        };
        check("http://127.0.0.1:7860", Ok("http://127.0.0.1:7860"));
        check("https://Demo.Example.org:443/", Ok("https://demo.example.org"));
        check("https://example.org/vitrine/", Ok("https://example.org/vitrine"));
        check("localhost:7860", Err("begin it with http:// or https://"));
        check("127.0.0.1:7860", Err("relative URL without a base"));
        check("http://x/?a=b", Err("give the address alone, without a user, `?` or `#`"));
    }

    #[test]
    fn paths_are_escaped_below_the_base() {
        let server: ServerUrl = "https://example.org/base/".parse().expect("a URL");
        assert_eq!(server.join(&["api", "a b/c"]).as_str(), "https://example.org/base/api/a%20b%2Fc");
    }

    #[test]
    fn loopback_is_recognised() {
        let check = |text: &str, expected: bool| {
            assert_eq!(text.parse::<ServerUrl>().expect("a URL").is_loopback(), expected, "{text}");
        };
        check("http://127.0.0.1:7860", true);
        check("http://[::1]:7860", true);
        check("http://localhost", true);
        check("http://example.org", false);
    }
}
