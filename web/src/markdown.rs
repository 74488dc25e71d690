//! CommonMark to HTML that is safe to place in a page, whoever wrote the text.
//!
//! Raw HTML comes out as text, links keep only harmless schemes, and pictures are kept only where their bytes are
//! in the text itself: a picture from elsewhere would tell its server who reads the page.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Headings of a text start below the page's own title and section headings.
const HEADING_OFFSET: usize = 2;

/// Renders `text` to HTML.
pub fn to_html(text: &str) -> String {
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let mut open_pictures = Vec::new();
    let events = parser.map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
            Event::Start(Tag::Heading { level: lowered(level), id: None, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lowered(level))),
        Event::Start(Tag::Link { dest_url, .. }) => Event::InlineHtml(match is_safe_link(&dest_url) {
            true => format!("<a href=\"{}\" rel=\"nofollow noopener\">", escaped(&dest_url)).into(),
            false => CowStr::Borrowed("<a>"),
        }),
        Event::End(TagEnd::Link) => Event::InlineHtml(CowStr::Borrowed("</a>")),
        Event::Start(Tag::Image { ref dest_url, .. }) => {
            let kept = dest_url.starts_with("data:image/");
            open_pictures.push(kept);
            if kept { event } else { Event::Text(CowStr::Borrowed("")) }
        }
        Event::End(TagEnd::Image) => match open_pictures.pop() {
            Some(true) => event,
            _ => Event::Text(CowStr::Borrowed("")),
        },
        other => other,
    });
    let mut out = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut out, events);
    out
}

fn lowered(level: HeadingLevel) -> HeadingLevel {
    HeadingLevel::try_from((level as usize + HEADING_OFFSET).min(6)).unwrap_or(HeadingLevel::H6)
}

/// True for web and mail addresses and for addresses without a scheme.
fn is_safe_link(url: &str) -> bool {
    let Some(colon) = url.find(':') else {
        return true;
    };
    if url.find(['/', '?', '#']).is_some_and(|first| first < colon) {
        return true;
    }
    ["http", "https", "mailto"].iter().any(|scheme| url[..colon].eq_ignore_ascii_case(scheme))
}

/// `text` as markup that shows it, in a text or in a quoted attribute.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_rendered_and_made_harmless() {
        let check = |text: &str, expected: &str| assert_eq!(to_html(text).trim_end(), expected, "{text}");
        check("a *b*", "<p>a <em>b</em></p>");
        check("# T", "<h3>T</h3>");
        check("##### T", "<h6>T</h6>");
        check("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;");
        check("a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>");
        check(
            "[x](https://a.b/?c=\"d\")",
            "<p><a href=\"https://a.b/?c=&quot;d&quot;\" rel=\"nofollow noopener\">x</a></p>",
        );
        check("[x](javascript:alert(1))", "<p><a>x</a></p>");
        check("[x](JaVaScRiPt:alert(1))", "<p><a>x</a></p>");
        check("[x](data:text/html,y)", "<p><a>x</a></p>");
        check("[x](/a:b)", "<p><a href=\"/a:b\" rel=\"nofollow noopener\">x</a></p>");
        check("![alt](https://a.b/c.png)", "<p>alt</p>");
        check("![alt](data:image/png;base64,AA==)", "<p><img src=\"data:image/png;base64,AA==\" alt=\"alt\" /></p>");
    }
}
