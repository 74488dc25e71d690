//! Finds texts in Rust sources: enough of the language to know literals, comments, views and tests apart.

/// Attributes and properties of components that are read to somebody.
const READ: [&str; 9] = ["aria-label", "title", "placeholder", "alt", "label", "info", "legend", "button", "what"];

/// A literal that is a text.
pub(crate) struct Found {
    /// Counts from 1.
    pub(crate) line: usize,
    pub(crate) text: String,
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Sign(char),
    Literal(String),
}

/// The texts of `source`: in a view what begins with a capital letter or has words apart, elsewhere what begins like a
/// title, and what markup within a literal reads to somebody. Comments and tests are left out.
pub(crate) fn found(source: &str) -> Vec<Found> {
    let tokens = without_tests(tokens(source));
    let mut texts = Vec::new();
    let mut view_depth = None;
    let mut depth = 0_usize;
    for (index, (line, token)) in tokens.iter().enumerate() {
        let before = |n: usize| index.checked_sub(n).map(|at| &tokens[at].1);
        match token {
            Token::Sign('{') => {
                let opens_view = before(1) == Some(&Token::Sign('!')) && before(2) == Some(&word("view"));
                if view_depth.is_none() && opens_view {
                    view_depth = Some(depth);
                }
                depth += 1;
            }
            Token::Sign('}') => {
                depth = depth.saturating_sub(1);
                if view_depth == Some(depth) {
                    view_depth = None;
                }
            }
            Token::Literal(text) => {
                let attribute = attribute(&tokens[..index]);
                let is_read = attribute.is_none_or(|name| READ.contains(&name.as_str()));
                let is_drawn = before(1) == Some(&Token::Sign('(')) && before(2) == Some(&word("raw"));
                let is_shown = view_depth.is_some() || (is_drawn && !text.contains(['=', '<', '>']));
                if is_read && (is_title(text) || (is_shown && is_text(text))) {
                    texts.push(Found { line: *line, text: text.clone() });
                }
                texts.extend(in_markup(text).into_iter().map(|text| Found { line: *line, text }));
            }
            _ => {}
        }
    }
    texts
}

/// The attribute whose value comes next, be it as it is or by `format!`.
fn attribute(before: &[(usize, Token)]) -> Option<String> {
    let signs = |tokens: &[(usize, Token)], expected: &[Token]| {
        tokens.iter().map(|(_, token)| token).rev().zip(expected.iter().rev()).all(|(token, other)| token == other)
    };
    let format = [word("format"), Token::Sign('!'), Token::Sign('(')];
    let before = match signs(before, &format) && before.len() >= format.len() {
        true => &before[..before.len() - format.len()],
        false => before,
    };
    let (last, name) = before.split_last()?;
    if last.1 != Token::Sign('=') {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for (_, token) in name.iter().rev() {
        match token {
            Token::Word(part) if parts.last().is_none_or(|part| *part == "-") => parts.push(part),
            Token::Sign('-') if parts.last().is_some_and(|part| *part != "-") => parts.push("-"),
            _ => break,
        }
    }
    parts.reverse();
    // `const NAME: &str = "…"` has a type before the sign; it is no attribute, but its text may be one all the same.
    let is_const = name.len() > parts.len() && name[name.len() - parts.len() - 1].1 == Token::Sign('&');
    (!parts.is_empty() && !is_const).then(|| parts.concat())
}

/// Whether a literal of a view is read by people: it begins with a capital letter, or a word has a blank beside it.
fn is_text(text: &str) -> bool {
    let text = without_values(text);
    let words = text.split(' ').filter(|part| part.chars().filter(char::is_ascii_alphabetic).count() >= 2);
    text.starts_with(|c: char| c.is_ascii_uppercase()) || (text.contains(' ') && words.count() > 0)
}

/// Whether a literal begins as sentences and titles do, with a capital letter and small ones; names of constants and
/// methods go on with capital letters, and code has signs where sentences have none.
fn is_title(text: &str) -> bool {
    let text = without_values(text);
    let first = text.split(' ').next().unwrap_or_default();
    let mut letters = first.chars();
    let begins = letters.next().is_some_and(|c| c.is_ascii_uppercase());
    let goes_on = letters.next().is_some_and(|c| c.is_ascii_lowercase()) || first == "A";
    begins && goes_on && !text.contains(['=', '<', ';', '('])
}

/// What markup in a literal reads to somebody: attributes, and what stands between tags. A literal may begin or end
/// within a tag.
fn in_markup(text: &str) -> Vec<String> {
    let attributes = ["aria-label=\"", "title=\"", "placeholder=\"", "alt=\""];
    let values = attributes.into_iter().flat_map(|start| text.split(start).skip(1));
    let values = values.filter_map(|rest| rest.split('"').next());
    let first = text.split_once('<').map_or(text, |(first, _)| first);
    let begins_inside = text.contains('>') && first.contains('>');
    let pieces = text.split('>').skip(usize::from(begins_inside));
    let pieces = pieces.filter(|_| text.contains(['<', '>'])).map(|piece| piece.split('<').next().unwrap_or_default());
    values.chain(pieces).filter(|value| is_text(value)).map(str::to_owned).collect()
}

/// Without what `format!` fills in.
fn without_values(text: &str) -> String {
    let pieces = text.split('{').enumerate();
    pieces
        .map(|(index, piece)| if index == 0 { piece } else { piece.split_once('}').map_or("", |(_, rest)| rest) })
        .collect()
}

fn word(text: &str) -> Token {
    Token::Word(text.to_owned())
}

/// Takes each item away that is compiled for tests only.
fn without_tests(tokens: Vec<(usize, Token)>) -> Vec<(usize, Token)> {
    let mark = [Token::Sign('#'), Token::Sign('['), word("cfg"), Token::Sign('('), word("test"), Token::Sign(')')];
    let mut kept = Vec::with_capacity(tokens.len());
    let mut rest = tokens.as_slice();
    while let Some((first, behind)) = rest.split_first() {
        if rest.len() < mark.len() || !rest.iter().zip(&mark).all(|((_, token), mark)| token == mark) {
            kept.push(first.clone());
            rest = behind;
            continue;
        }
        rest = &rest[mark.len() + 1..];
        let mut depth = 0_usize;
        let end = rest.iter().position(|(_, token)| match token {
            Token::Sign('{') => {
                depth += 1;
                false
            }
            Token::Sign('}') => {
                depth -= 1;
                depth == 0
            }
            token => depth == 0 && *token == Token::Sign(';'),
        });
        rest = &rest[end.map_or(rest.len(), |end| end + 1)..];
    }
    kept
}

/// Words, signs and literals with their lines; no comments.
fn tokens(source: &str) -> Vec<(usize, Token)> {
    let mut tokens = Vec::new();
    let (mut rest, mut line) = (source, 1);
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '/' if rest.starts_with("//") => (None, rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => (None, rest.find("*/").map_or(rest.len(), |end| end + 2)),
            '"' => {
                let length = quoted(rest);
                (Some(Token::Literal(unescaped(&rest[1..length - 1]))), length)
            }
            'r' if raw_hashes(rest).is_some() => {
                let hashes = raw_hashes(rest).unwrap_or_default();
                let (start, end) = (hashes + 2, format!("\"{}", "#".repeat(hashes)));
                let length = rest[start..].find(&end).map_or(rest.len(), |at| start + at + end.len());
                (Some(Token::Literal(rest[start..length - end.len()].to_owned())), length)
            }
            '\'' => (None, character(rest)),
            first if first.is_alphanumeric() || first == '_' => {
                let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                (Some(word(&rest[..length])), length)
            }
            first if first.is_whitespace() => (None, first.len_utf8()),
            first => (Some(Token::Sign(first)), first.len_utf8()),
        };
        tokens.extend(token.map(|token| (line, token)));
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    tokens
}

/// The length of the literal at the beginning, with its quotes.
fn quoted(source: &str) -> usize {
    let mut escaped = false;
    for (at, c) in source.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    source.len()
}

/// How many signs stand before the quote of a raw literal; none where there is no such literal.
fn raw_hashes(source: &str) -> Option<usize> {
    let behind = source.strip_prefix('r')?;
    let hashes = behind.len() - behind.trim_start_matches('#').len();
    behind[hashes..].starts_with('"').then_some(hashes)
}

/// The length of a character, or of the sign before the name of a lifetime.
fn character(source: &str) -> usize {
    let mut characters = source.char_indices().skip(1);
    match characters.next() {
        Some((_, '\\')) => source[2..].char_indices().skip(1).find(|(_, c)| *c == '\'').map_or(1, |(at, _)| at + 3),
        Some(_) => characters.next().filter(|(_, c)| *c == '\'').map_or(1, |(at, _)| at + 1),
        None => 1,
    }
}

/// With its quotes and line ends as they are read.
fn unescaped(literal: &str) -> String {
    let mut lines = literal.split("\\\n");
    let first = lines.next().unwrap_or_default().to_owned();
    lines.fold(first, |text, line| text + line.trim_start()).replace("\\\"", "\"").replace("\\n", "\n")
}
