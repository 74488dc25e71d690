//! What an address asks of the gallery.

use spaces::catalog::{Audience, Search, Sort};

use super::PAGE_SIZE;

/// The longest search that is looked up, in characters.
const MAX_QUERY_CHARS: usize = 200;

/// The last page that is looked up: more spaces than any server holds.
const MAX_PAGE: usize = 1_000_000;

/// A page of the gallery, or of one owner's spaces.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GalleryRequest {
    pub owner: Option<String>,
    pub text: String,
    pub tag: Option<String>,
    pub task: Option<String>,
    pub sort: Sort,
    /// Counts from 0.
    pub page: usize,
}

impl GalleryRequest {
    /// Reads an address; `query` gives the value of a parameter. What is no order or page is as if it were not there.
    pub fn read(owner: Option<&str>, query: impl Fn(&str) -> Option<String>) -> Self {
        let short = |text: String| text.trim().chars().take(MAX_QUERY_CHARS).collect::<String>();
        let word = |name: &str| query(name).map(short).filter(|text| !text.is_empty());
        let page = query("page").and_then(|page| page.parse::<usize>().ok()).unwrap_or(1);
        Self {
            owner: owner.map(str::to_owned),
            text: word("q").unwrap_or_default(),
            tag: word("tag"),
            task: word("task"),
            sort: query("sort").and_then(|sort| sort.parse().ok()).unwrap_or_default(),
            page: page.clamp(1, MAX_PAGE) - 1,
        }
    }

    /// The same as a question to the catalog.
    pub fn search(&self, audience: Audience) -> Search<'_> {
        Search {
            text: &self.text,
            owner: self.owner.as_deref(),
            tag: self.tag.as_deref(),
            task: self.task.as_deref(),
            featured: false,
            sort: self.sort,
            audience,
            offset: self.page.saturating_mul(PAGE_SIZE),
            limit: PAGE_SIZE,
        }
    }

    /// Whether it asks for all spaces, in whatever order.
    pub fn is_plain(&self) -> bool {
        self.text.is_empty() && self.tag.is_none() && self.task.is_none()
    }

    /// Without the address's query.
    pub fn path(&self) -> String {
        format!("/{}", self.owner.as_deref().unwrap_or_default())
    }

    /// The address of this page.
    pub fn url(&self) -> String {
        let page = (self.page + 1).to_string();
        let sort = self.sort.as_str();
        let pairs = [
            ("q", (!self.text.is_empty()).then_some(self.text.as_str())),
            ("task", self.task.as_deref()),
            ("tag", self.tag.as_deref()),
            ("sort", (self.sort != Sort::default()).then_some(sort)),
            ("page", (self.page > 0).then_some(page.as_str())),
        ];
        let mut url = self.path();
        let mut separator = '?';
        for (name, value) in pairs.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            url.push(separator);
            url.push_str(&format!("{name}={}", encoded(value)));
            separator = '&';
        }
        url
    }

    /// Another one, from its first page.
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut changed = Self { page: 0, ..self.clone() };
        change(&mut changed);
        changed
    }

    /// Another page of the same.
    pub fn at(&self, page: usize) -> Self {
        Self { page, ..self.clone() }
    }
}

fn encoded(text: &str) -> String {
    crate::state::picked::escaped(text).replace('/', "%2F")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(pairs: &[(&str, &str)]) -> GalleryRequest {
        let value = |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        GalleryRequest::read(None, value)
    }

    #[test]
    fn an_address_holds_all_of_it() {
        let check = |pairs: &[(&str, &str)], url: &str| assert_eq!(request(pairs).url(), url, "{pairs:?}");
        check(&[], "/");
        check(&[("q", "  "), ("tag", ""), ("sort", "newest"), ("page", "1")], "/");
        check(&[("q", "a & b/c"), ("sort", "name"), ("page", "3")], "/?q=a%20%26%20b%2Fc&sort=name&page=3");
        check(&[("tag", "ünlü"), ("task", "image-classification")], "/?task=image-classification&tag=%C3%BCnl%C3%BC");
        check(&[("sort", "best"), ("page", "-1")], "/");
        check(&[("page", "99999999999999999999")], "/");
        assert_eq!(request(&[("q", &"x".repeat(500))]).text.len(), MAX_QUERY_CHARS);
    }

    #[test]
    fn a_filter_begins_at_the_first_page() {
        let third = request(&[("q", "x"), ("page", "3")]);
        assert_eq!(third.with(|changed| changed.tag = Some("t".to_owned())).url(), "/?q=x&tag=t");
        assert_eq!(third.at(0).url(), "/?q=x");
        assert_eq!(GalleryRequest { owner: Some("ada".to_owned()), ..third }.url(), "/ada?q=x&page=3");
    }
}
