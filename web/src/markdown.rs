//! CommonMark to HTML that is safe to place in a page, whoever wrote the text.
//!
//! Raw HTML comes out as text, links keep only harmless schemes, and pictures are kept only where their bytes are
//! in the text itself: a picture from elsewhere would tell its server who reads the page.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::escape::escaped;

/// Headings of a text start below the page's own title and section headings.
const HEADING_OFFSET: usize = 2;

/// Renders `text` to HTML.
///
/// Maths (`$x$`, `$$x$$`) and code come out as custom elements that show their source until a browser has drawn them.
pub fn to_html(text: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_MATH;
    let mut open_pictures = Vec::new();
    let events = Parser::new_ext(text, options).flat_map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => [Some(Event::Text(raw)), None],
        Event::InlineMath(source) => [Some(maths(&source, "")), None],
        Event::DisplayMath(source) => [Some(maths(&source, " display=\"\"")), None],
        Event::Start(Tag::CodeBlock(kind)) => {
            let language = match &kind {
                CodeBlockKind::Fenced(info) => escaped(info.split([' ', ',']).next().unwrap_or_default()),
                CodeBlockKind::Indented => String::new(),
            };
            let element = Event::InlineHtml(format!("<vitrine-code language=\"{language}\">").into());
            [Some(element), Some(Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)))]
        }
        Event::End(TagEnd::CodeBlock) => [Some(event), Some(Event::InlineHtml(CowStr::Borrowed("</vitrine-code>")))],
        Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
            [Some(Event::Start(Tag::Heading { level: lowered(level), id: None, classes, attrs })), None]
        }
        Event::End(TagEnd::Heading(level)) => [Some(Event::End(TagEnd::Heading(lowered(level)))), None],
        Event::Start(Tag::Link { dest_url, .. }) => {
            let opening = match is_safe_link(&dest_url) {
                true => format!("<a href=\"{}\" rel=\"nofollow noopener\">", escaped(&dest_url)).into(),
                false => CowStr::Borrowed("<a>"),
            };
            [Some(Event::InlineHtml(opening)), None]
        }
        Event::End(TagEnd::Link) => [Some(Event::InlineHtml(CowStr::Borrowed("</a>"))), None],
        Event::Start(Tag::Image { ref dest_url, .. }) => {
            let kept = dest_url.starts_with("data:image/");
            open_pictures.push(kept);
            [kept.then_some(event), None]
        }
        Event::End(TagEnd::Image) => [open_pictures.pop().unwrap_or(false).then_some(event), None],
        other => [Some(other), None],
    });
    let mut out = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut out, events.flatten());
    out
}

fn maths(source: &str, attribute: &str) -> Event<'static> {
    Event::InlineHtml(format!("<vitrine-maths{attribute}>{}</vitrine-maths>", escaped(source)).into())
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
        check("$a<b$", "<p><vitrine-maths>a&lt;b</vitrine-maths></p>");
        check("$$x^2$$", "<p><vitrine-maths display=\"\">x^2</vitrine-maths></p>");
        check("It costs $5 or $6.", "<p>It costs $5 or $6.</p>");
        check(
            "```py\"> x\na < b\n```",
            "<vitrine-code language=\"py&quot;&gt;\">\n<pre><code>a &lt; b\n</code></pre>\n</vitrine-code>",
        );
        check("![alt](https://a.b/c.png)", "<p>alt</p>");
        check("![alt](data:image/png;base64,AA==)", "<p><img src=\"data:image/png;base64,AA==\" alt=\"alt\" /></p>");
    }
}
