//! What a page depends on besides the catalog: who asks, and how.

use http::header;
use http::request::Parts;

use spaces::catalog::Audience;

use crate::components::THEME_COOKIE;

/// The theme that a visitor chose; without a choice the system's counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

impl Theme {
    /// The value of the cookie and of `data-theme`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The parts of a request that pages read.
#[derive(Debug)]
pub(super) struct Visitor {
    pub(super) theme: Option<Theme>,
    pub(super) audience: Audience,
    /// Whether the page is for a frame of another site.
    pub(super) embedded: bool,
    /// Scheme and host as the visitor sees them.
    pub(super) origin: String,
    path: String,
    query: String,
}

impl Visitor {
    pub(super) fn new(parts: &Parts, audience: Audience) -> Self {
        let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let host = text("x-forwarded-host")
            .or(text(header::HOST.as_str()))
            .or(parts.uri.authority().map(|host| host.as_str()));
        let scheme = match text("x-forwarded-proto") {
            Some("https") => "https",
            _ => "http",
        };
        Self {
            audience,
            embedded: false,
            path: parts.uri.path().to_owned(),
            theme: text(header::COOKIE.as_str()).and_then(theme),
            origin: format!("{scheme}://{}", host.filter(|host| is_host(host)).unwrap_or("localhost")),
            query: parts.uri.query().unwrap_or_default().to_owned(),
        }
    }

    /// Somebody who looks into a frame of another site: nobody in particular, in the theme that its address asks for.
    pub(super) fn in_frame(parts: &Parts) -> Self {
        let visitor = Self::new(parts, Audience::Anyone);
        let theme = visitor.query("theme").as_deref().and_then(named_theme);
        Self { embedded: true, theme, ..visitor }
    }

    /// Where one signs in, and comes back to this page.
    pub(super) fn login_url(&self) -> String {
        let query = if self.query.is_empty() { String::new() } else { format!("?{}", self.query) };
        let next: String = format!("{}{query}", self.path)
            .bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            })
            .collect();
        format!("/login?next={next}")
    }

    /// The decoded value of a query parameter.
    pub(super) fn query(&self, name: &str) -> Option<String> {
        let pairs = self.query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        pairs.filter(|(key, _)| *key == name).map(|(_, value)| decoded(value)).next()
    }
}

fn theme(cookies: &str) -> Option<Theme> {
    let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    named_theme(pairs.find(|(name, _)| *name == THEME_COOKIE)?.1)
}

fn named_theme(name: &str) -> Option<Theme> {
    match name {
        "light" => Some(Theme::Light),
        "dark" => Some(Theme::Dark),
        _ => None,
    }
}

/// True for what may stand in a `curl` line: the header is the visitor's to choose.
fn is_host(host: &str) -> bool {
    !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte))
}

/// Undoes the percent encoding of forms; what is not valid stays as it is.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(&byte) = bytes.get(index) {
        let hex =
            text.get(index + 1..index + 3).filter(|_| byte == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        index += if hex.is_some() { 3 } else { 1 };
        out.push(hex.unwrap_or(if byte == b'+' { b' ' } else { byte }));
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visitor(uri: &str, headers: &[(&str, &str)]) -> Visitor {
        let mut request = http::Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Visitor::new(&request.body(()).expect("a valid request").into_parts().0, Audience::Anyone)
    }

    #[test]
    fn query_parameters_are_decoded() {
        let check =
            |uri: &str, expected: Option<&str>| assert_eq!(visitor(uri, &[]).query("q").as_deref(), expected, "{uri}");
        check("/", None);
        check("/?q=", Some(""));
        check("/?a=b&q=cats+%26%20d%C3%B6gs", Some("cats & dögs"));
        check("/?q=100%", Some("100%"));
        check("/?q=%zz%e9", Some("%zz\u{fffd}"));
    }

    #[test]
    fn the_origin_is_the_one_that_the_visitor_sees() {
        let check = |headers: &[(&str, &str)], expected: &str| {
            assert_eq!(visitor("/", headers).origin, expected, "{headers:?}")
        };
        check(&[("host", "h:7860")], "http://h:7860");
        check(
            &[("host", "inner"), ("x-forwarded-host", "demo.example"), ("x-forwarded-proto", "https")],
            "https://demo.example",
        );
        check(&[("host", "'; rm -rf ~")], "http://localhost");
    }

    #[test]
    fn one_comes_back_after_signing_in() {
        let login = visitor("/spaces/a/b?tab=logs&q=%22", &[]).login_url();
        assert_eq!(login, "/login?next=/spaces/a/b%3Ftab%3Dlogs%26q%3D%2522");
        assert_eq!(visitor(&login, &[]).query("next").as_deref(), Some("/spaces/a/b?tab=logs&q=%22"));
    }

    #[test]
    fn the_theme_is_read_from_the_cookie() {
        let check =
            |cookie: &str, expected: Option<Theme>| assert_eq!(visitor("/", &[("cookie", cookie)]).theme, expected);
        check("a=b; vitrine_theme=dark", Some(Theme::Dark));
        check("vitrine_theme=pink", None);
    }
}
