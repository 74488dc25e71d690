//! What the gallery shows: search, and one space with its interface.

use std::collections::BTreeSet;

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row as _, Sqlite};

use crate::SpaceId;
use crate::catalog::{Audience, Search, SearchPage, Sort};
use crate::interface::Interface;
use crate::limits::LimitPolicy;
use crate::manifest::{Accent, Manifest};
use crate::view::{SpaceDetail, SpaceSummary};

use super::Store;
use super::error::ReadError;
use super::revisions::{from_micros, parse_column, parse_json, parse_visibility, rfc3339, to_i64, to_u64};

/// Further words of a query are left out: each costs a pass over the texts.
const MAX_WORDS: usize = 16;

/// The longest summary on a card, in characters.
const MAX_SUMMARY_CHARS: usize = 280;

/// What the gallery shows of a revision.
#[derive(Debug)]
pub(super) struct Card {
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) emoji: Option<String>,
    pub(super) thumbnail: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) task: Option<String>,
}

const SELECT_SUMMARY: &str = "SELECT s.owner, s.name, s.visibility, s.featured_at, r.number, r.kind, r.created_at,
     COALESCE(c.title, r.title) AS title, COALESCE(c.summary, r.summary) AS summary, r.emoji, r.thumbnail, r.accent,
     COALESCE(c.tags, r.tags) AS tags, r.task";

/// Each space with its live revision and what its settings say over it.
pub(super) const FROM_LIVE: &str = " FROM spaces s JOIN revisions r ON r.space_id = s.id AND r.number = s.live_number
     LEFT JOIN space_settings c ON c.space_id = s.id WHERE TRUE";

/// The same rows, but `CROSS JOIN` makes SQLite walk the revisions by age and stop at the limit, without sorting.
const FROM_NEWEST: &str = " FROM revisions r CROSS JOIN spaces s ON s.id = r.space_id AND r.number = s.live_number
     LEFT JOIN space_settings c ON c.space_id = s.id WHERE TRUE";

/// The same rows with the calls of the last seven days on which anything was called.
const FROM_CALLED: &str = " FROM spaces s JOIN revisions r ON r.space_id = s.id AND r.number = s.live_number
     LEFT JOIN (SELECT space_id, SUM(requests) AS calls FROM usage
                WHERE step = 86400 AND at > (SELECT MAX(at) FROM usage WHERE step = 86400) - 7 * 86400
                GROUP BY space_id) u ON u.space_id = s.id
     LEFT JOIN space_settings c ON c.space_id = s.id WHERE TRUE";

impl Store {
    /// Finds spaces with a live revision.
    ///
    /// # Errors
    /// [`ReadError`] when the database cannot be read.
    pub async fn search(&self, search: &Search<'_>) -> Result<SearchPage, ReadError> {
        let mut count = QueryBuilder::<Sqlite>::new("SELECT COUNT(*)");
        count.push(FROM_LIVE);
        push_filter(&mut count, search);
        let total: i64 = count.build_query_scalar().fetch_one(self.inner.database.reader()).await?;
        if total == 0 {
            return Ok(SearchPage { spaces: Vec::new(), total: 0 });
        }

        let mut select = QueryBuilder::<Sqlite>::new(SELECT_SUMMARY);
        select.push(match search.sort {
            Sort::Trending => FROM_CALLED,
            // Few are featured: they are found by their index, and then sorted.
            Sort::Newest if !search.featured => FROM_NEWEST,
            Sort::Newest | Sort::Name => FROM_LIVE,
        });
        push_filter(&mut select, search);
        select.push(match search.sort {
            Sort::Newest if search.featured => " ORDER BY s.featured_at DESC",
            Sort::Newest => " ORDER BY r.created_at DESC, r.id DESC",
            Sort::Trending => " ORDER BY COALESCE(u.calls, 0) DESC, r.created_at DESC, r.id DESC",
            Sort::Name => " ORDER BY COALESCE(c.title, r.title) COLLATE NOCASE, r.id",
        });
        select.push(" LIMIT ").push_bind(to_i64(search.limit as u64));
        select.push(" OFFSET ").push_bind(to_i64(search.offset as u64));
        let rows = select.build().fetch_all(self.inner.database.reader()).await?;
        let spaces = rows.iter().map(summary).collect::<Result<_, _>>()?;
        Ok(SearchPage { spaces, total: to_u64(total) })
    }

    /// A space with a live revision, whoever may see it: compare its visibility. `limits` are the server's.
    ///
    /// # Errors
    /// [`ReadError`] when the database cannot be read.
    pub async fn space(&self, id: &SpaceId, limits: &LimitPolicy) -> Result<Option<SpaceDetail>, ReadError> {
        let mut select = QueryBuilder::<Sqlite>::new(SELECT_SUMMARY);
        select.push(
            ", r.license,
             (SELECT interface FROM revision_documents d WHERE d.revision_id = r.id) AS interface,
             (SELECT manifest FROM revision_documents d WHERE d.revision_id = r.id) AS manifest",
        );
        select.push(FROM_LIVE);
        select.push(" AND s.owner = ").push_bind(id.owner());
        select.push(" AND s.name = ").push_bind(id.name());
        let row = select.build().fetch_optional(self.inner.database.reader()).await?;
        let Some(row) = row else { return Ok(None) };
        let mut manifest: Manifest = parse_json("manifest", id, row.get("manifest"))?;
        let mut interface: Interface = parse_json("interface", id, row.get("interface"))?;
        let settings = self.settings(id).await?;
        settings.apply(&mut manifest, &mut interface);
        Ok(Some(SpaceDetail {
            summary: summary(&row)?,
            license: row.get("license"),
            limits: limits.clamp(&manifest.limits),
            flagging: manifest.flagging(),
            interface,
            frame_origins: settings.frame_origins.iter().map(ToString::to_string).collect(),
        }))
    }
}

fn push_filter(query: &mut QueryBuilder<Sqlite>, search: &Search<'_>) {
    push_audience(query, search.owner, search.audience);
    if let Some(tag) = search.tag {
        let tag = tag.to_lowercase();
        query.push(
            " AND CASE WHEN c.tags IS NULL THEN r.id IN (SELECT t.revision_id FROM revision_tags t WHERE t.tag = ",
        );
        query.push_bind(tag.clone()).push(") ELSE EXISTS (SELECT 1 FROM json_each(c.tags) t WHERE lower(t.value) = ");
        query.push_bind(tag).push(") END");
    }
    if let Some(task) = search.task {
        query.push(" AND r.task = ").push_bind(task.to_owned());
    }
    if search.featured {
        query.push(" AND s.featured_at IS NOT NULL");
    }
    // `instr`, not LIKE: a `%` in a query is a `%`.
    for word in search.text.to_lowercase().split_whitespace().take(MAX_WORDS) {
        query.push(" AND instr(COALESCE(c.search_text, r.search_text), ").push_bind(word.to_owned()).push(") > 0");
    }
}

/// Only what this audience may find, of one owner or of all.
pub(super) fn push_audience(query: &mut QueryBuilder<Sqlite>, owner: Option<&str>, audience: Audience) {
    match audience {
        Audience::Anyone => {
            query.push(" AND s.visibility = 'public'");
        }
        Audience::Admin => {}
    }
    if let Some(owner) = owner {
        query.push(" AND s.owner = ").push_bind(owner.to_owned());
    }
}

fn summary(row: &SqliteRow) -> Result<SpaceSummary, ReadError> {
    let (owner, name): (&str, &str) = (row.get("owner"), row.get("name"));
    let id: SpaceId = parse_column("id", &format_args!("{owner}/{name}"), &format!("{owner}/{name}"))?;
    Ok(SpaceSummary {
        title: row.get("title"),
        summary: row.get("summary"),
        emoji: row.get("emoji"),
        accent: accent(row),
        thumbnail: row.get("thumbnail"),
        task: row.get("task"),
        app: parse_column("kind", &id, row.get("kind"))?,
        featured: row.get::<Option<i64>, _>("featured_at").is_some(),
        tags: parse_json("tags", &id, row.get("tags"))?,
        visibility: parse_visibility(&id, row.get("visibility"))?,
        revision: to_u64(row.get("number")),
        updated_at: rfc3339(from_micros(row.get("created_at"))),
        id,
    })
}

/// None too for a word of a later version.
fn accent(row: &SqliteRow) -> Option<Accent> {
    row.get::<Option<&str>, _>("accent")?.parse().ok()
}

impl Card {
    /// The manifest's words, else the app's own, else the space's name.
    pub(super) fn of(id: &SpaceId, manifest: &Manifest, interface: &Interface) -> Self {
        let title = manifest.title.as_deref().filter(|title| !title.is_empty()).unwrap_or(&interface.title);
        let title = if title.is_empty() { id.name() } else { title };
        let description = manifest.description.as_deref().unwrap_or(&interface.documentation);
        Self {
            title: title.to_owned(),
            summary: first_paragraph(description),
            emoji: manifest.emoji.clone(),
            thumbnail: manifest.thumbnail.clone(),
            tags: manifest.tags.clone(),
            task: manifest.task.clone(),
        }
    }

    /// The tags as filters compare them.
    pub(super) fn distinct_tags(&self) -> BTreeSet<String> {
        self.tags.iter().map(|tag| tag.to_lowercase()).collect()
    }

    /// What words are looked for in, in lower case. A line break keeps a word from matching across two parts.
    pub(super) fn search_text(&self, id: &SpaceId) -> String {
        let task = self.task.as_deref().unwrap_or("");
        format!("{id}\n{}\n{}\n{}\n{task}", self.title, self.summary, self.tags.join("\n")).to_lowercase()
    }
}

/// The first paragraph of a Markdown text that is not a heading, without the marks of emphasis, code and links.
///
/// A card wants one readable line, not a rendering, so this knows only the marks that are common there.
fn first_paragraph(markdown: &str) -> String {
    let mut lines = Vec::new();
    for line in markdown.lines().map(str::trim) {
        match line {
            "" if lines.is_empty() => {}
            "" => break,
            heading if heading.starts_with('#') && lines.is_empty() => {}
            line => lines.push(line),
        }
    }
    let mut plain = String::new();
    let mut rest = lines.join(" ");
    // `[text](target)` → `text`
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before.strip_suffix('!').unwrap_or(before));
        match after.split_once("](").and_then(|(text, tail)| Some((text, tail.split_once(')')?.1))) {
            Some((text, tail)) if !text.contains('[') => {
                plain.push_str(text);
                rest = tail.to_owned();
            }
            _ => {
                plain.push('[');
                rest = after.to_owned();
            }
        }
    }
    plain.push_str(&rest);
    plain.retain(|c| !matches!(c, '*' | '`'));
    if plain.chars().count() > MAX_SUMMARY_CHARS {
        plain = plain.chars().take(MAX_SUMMARY_CHARS - 1).collect();
        plain.truncate(plain.trim_end().len());
        plain.push('…');
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_are_the_first_paragraph_without_marks() {
        let check = |markdown: &str, expected: &str| assert_eq!(first_paragraph(markdown), expected);
        check("", "");
        check("# Iris\n\nTells *irises*\napart by `size`.\n\nMore.", "Tells irises apart by size.");
        check("See [the card](https://x.y/z) and a[0] [here].", "See the card and a[0] [here].");
        check("![logo](a.png) Hello", "logo Hello");
        check(&"x".repeat(400), &format!("{}…", "x".repeat(279)));
    }
}
