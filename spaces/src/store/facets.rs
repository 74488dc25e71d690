//! The words that spaces are filtered by.

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row as _, Sqlite};

use crate::catalog::{Audience, Facet, Facets};

use super::Store;
use super::error::ReadError;
use super::listing::{FROM_LIVE, push_audience};
use super::revisions::to_u64;

/// The most tasks and the most tags that are told: more are no choice, but a list to search in.
const MAX_FACETS: u32 = 24;

impl Store {
    /// The most frequent tasks and tags of the spaces of `owner`, or of all, that `audience` may find.
    ///
    /// # Errors
    /// [`ReadError`] when the database cannot be read.
    pub async fn facets(&self, owner: Option<&str>, audience: Audience) -> Result<Facets, ReadError> {
        let tasks = [("r.task", FROM_LIVE.replace(" WHERE TRUE", " WHERE r.task IS NOT NULL"))];
        let joined = |tags: &str| FROM_LIVE.replace(" WHERE TRUE", &format!(" JOIN {tags} WHERE TRUE"));
        let tags = [
            ("t.tag", joined("revision_tags t ON c.tags IS NULL AND t.revision_id = r.id")),
            // What a space's settings say instead.
            ("lower(t.value)", joined("json_each(c.tags) t")),
        ];
        Ok(Facets {
            tasks: self.count(&tasks, owner, audience).await?,
            tags: self.count(&tags, owner, audience).await?,
        })
    }

    /// How often there is each word of these columns of these rows.
    async fn count(
        &self,
        columns: &[(&str, String)],
        owner: Option<&str>,
        audience: Audience,
    ) -> Result<Vec<Facet>, ReadError> {
        let mut select = QueryBuilder::<Sqlite>::new("SELECT name, COUNT(*) AS n_spaces FROM (");
        for (index, (column, from)) in columns.iter().enumerate() {
            select.push(if index == 0 { "" } else { " UNION ALL " });
            select.push(format!("SELECT {column} AS name{from}"));
            push_audience(&mut select, owner, audience);
        }
        select.push(format!(") GROUP BY name ORDER BY 2 DESC, 1 LIMIT {MAX_FACETS}"));
        let rows = select.build().fetch_all(self.inner.database.reader()).await?;
        let facet = |row: &SqliteRow| Facet { name: row.get("name"), n_spaces: to_u64(row.get("n_spaces")) };
        Ok(rows.iter().map(facet).collect())
    }
}
