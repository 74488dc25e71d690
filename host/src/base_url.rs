//! The base URLs of other servers, and how they are talked to.

use std::fmt;
use std::str::FromStr;

use reqwest::{ClientBuilder, Url};

/// A base URL, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BaseUrl {
    text: String,
    url: Url,
}

impl BaseUrl {
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The URL of a path below the server; each part is escaped.
    pub(crate) fn join(&self, parts: &[&str]) -> Url {
        let mut url = self.url.clone();
        url.path_segments_mut().expect("http URLs have a path").pop_if_empty().extend(parts);
        url
    }

    /// A client for this server, which follows no redirections.
    pub(crate) fn client(&self) -> ClientBuilder {
        // Fails only where one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        if self.url.scheme() == "http" {
            // Without this, machines without root certificates (slim containers) could not even talk to themselves.
            builder = builder.tls_certs_only([]);
        }
        if self.is_loopback() {
            // A proxy has another loopback than we.
            builder = builder.no_proxy();
        }
        builder
    }

    fn is_loopback(&self) -> bool {
        let host = self.url.host_str().unwrap_or("");
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }
}

impl FromStr for BaseUrl {
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

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn server_urls_are_normalised_or_refused() {
        let check = |text: &str, expected: Result<&str, &str>| {
            let parsed = text.parse::<BaseUrl>().map(|server| server.to_string());
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
        let server: BaseUrl = "https://example.org/base/".parse().expect("a URL");
        assert_eq!(server.join(&["api", "a b/c"]).as_str(), "https://example.org/base/api/a%20b%2Fc");
    }

    #[test]
    fn loopback_is_recognised() {
        let check = |text: &str, expected: bool| {
            assert_eq!(text.parse::<BaseUrl>().expect("a URL").is_loopback(), expected, "{text}");
        };
        check("http://127.0.0.1:7860", true);
        check("http://[::1]:7860", true);
        check("http://localhost", true);
        check("http://example.org", false);
    }
}
