//! Statements put together from conditions, and the pages of lists.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use counterpart_model::{Cursor, Page, PageRequest};
use rusqlite::types::Value;
use rusqlite::{Connection, Row, ToSql};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::fault::{Fault, Result};

/// The 16 bytes of an id.
pub(crate) fn key(id: impl Into<Uuid>) -> [u8; 16] {
    *id.into().as_bytes()
}

/// Ids as one parameter, for `IN (SELECT unhex(value) FROM json_each(?))`.
pub(crate) fn keys<I: Copy + Into<Uuid>>(ids: &[I]) -> String {
    let ids = ids.iter().map(|id| {
        let id: Uuid = (*id).into();
        format!("\"{}\"", id.simple())
    });
    format!("[{}]", ids.collect::<Vec<_>>().join(","))
}

/// What [`keys`] made, as a set of ids.
pub(crate) const KEYS: &str = "(SELECT unhex(value) FROM json_each(?))";

/// A number as SQLite keeps it. Nothing here is ever counted up to 2⁶³.
pub(crate) fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// A statement that grows by conditions, with its parameters. The text never holds a value, so
/// that there are few of them and each is prepared once.
pub(crate) struct Query {
    sql: String,
    parameters: Vec<Value>,
}

impl Query {
    /// A statement whose first parameters are `parameters`.
    pub(crate) fn new(sql: &str) -> Self {
        Self {
            sql: sql.to_owned(),
            parameters: Vec::new(),
        }
    }

    /// Adds text without a parameter.
    pub(crate) fn text(&mut self, sql: &str) -> &mut Self {
        self.sql.push(' ');
        self.sql.push_str(sql);
        self
    }

    /// Adds text with one parameter.
    pub(crate) fn with(&mut self, sql: &str, value: impl Into<Value>) -> &mut Self {
        self.text(sql);
        self.bind(value)
    }

    /// Gives the next parameter of a text that is there already.
    pub(crate) fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.parameters.push(value.into());
        self
    }

    /// Every row, read by `read`.
    pub(crate) fn all<T>(
        &self,
        db: &Connection,
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        all(
            db,
            &self.sql,
            rusqlite::params_from_iter(&self.parameters),
            read,
        )
    }

    /// The only number of the only row.
    pub(crate) fn count(&self, db: &Connection) -> Result<u64> {
        let mut statement = db.prepare_cached(&self.sql)?;
        let parameters = rusqlite::params_from_iter(&self.parameters);
        let counted: i64 = statement.query_row(parameters, |row| row.get(0))?;
        Ok(u64::try_from(counted).unwrap_or(0))
    }

    /// Runs it; how many rows it changed.
    pub(crate) fn execute(&self, db: &Connection) -> Result<usize> {
        let mut statement = db.prepare_cached(&self.sql)?;
        Ok(statement.execute(rusqlite::params_from_iter(&self.parameters))?)
    }
}

/// Every row of a statement, read by `read`.
pub(crate) fn all<T>(
    db: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
    mut read: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        items.push(read(row)?);
    }
    Ok(items)
}

/// The first row of a statement, read by `read`.
pub(crate) fn first<T>(
    db: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
    read: impl FnOnce(&Row<'_>) -> Result<T>,
) -> Result<Option<T>> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    rows.next()?.map(read).transpose()
}

/// Whether a statement has a row.
pub(crate) fn exists(
    db: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
) -> Result<bool> {
    Ok(db.prepare_cached(sql)?.exists(parameters)?)
}

/// Runs a statement; how many rows it changed.
pub(crate) fn execute(
    db: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
) -> Result<usize> {
    Ok(db.prepare_cached(sql)?.execute(parameters)?)
}

/// Runs a statement that must change a row of `what`.
pub(crate) fn execute_one(
    db: &Connection,
    sql: &str,
    parameters: &[&dyn ToSql],
    what: &str,
) -> Result<()> {
    match execute(db, sql, parameters)? {
        0 => Err(Fault::misuse(format!("{what} does not exist here"))),
        _ => Ok(()),
    }
}

/// The place behind which a page begins; `None` for the first page.
pub(crate) fn after<K: DeserializeOwned>(page: &PageRequest) -> Result<Option<K>> {
    let Some(cursor) = &page.after else {
        return Ok(None);
    };
    URL_SAFE_NO_PAD
        .decode(&cursor.0)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .map(Some)
        .ok_or_else(|| Fault::misuse("the cursor is not one that this list gave out"))
}

/// How many rows to ask for: one more than wanted shows whether there is another page.
pub(crate) fn limit(page: &PageRequest) -> i64 {
    i64::from(page.limit()) + 1
}

/// The page made of `items`, of which there may be one more than wanted; `key` is what they are
/// sorted by.
pub(crate) fn page<T, K: Serialize>(
    request: &PageRequest,
    mut items: Vec<T>,
    key: impl Fn(&T) -> K,
) -> Result<Page<T>> {
    let wanted = usize::try_from(request.limit()).unwrap_or(usize::MAX);
    let more = items.len() > wanted;
    items.truncate(wanted);
    let next = match items.last() {
        Some(last) if more => {
            let bytes = serde_json::to_vec(&key(last))?;
            Some(Cursor(URL_SAFE_NO_PAD.encode(bytes)))
        }
        _ => None,
    };
    Ok(Page { items, next })
}

/// Adds the condition that every word occurs in `search_text` of `table`, whose search index is
/// `{table}_search`. The index knows parts of three characters and more.
pub(crate) fn search(query: &mut Query, table: &str, words: &[String]) {
    for word in words {
        match indexed(word) {
            Some(phrase) => query.with(
                &format!(
                    "AND {table}.search_id IN \
                     (SELECT rowid FROM {table}_search WHERE {table}_search MATCH ?)"
                ),
                phrase,
            ),
            None => query.with(
                &format!("AND instr({table}.search_text, ?) > 0"),
                word.clone(),
            ),
        };
    }
}

/// The query by which the search index finds a word as it is; `None` when it cannot.
pub(crate) fn indexed(word: &str) -> Option<String> {
    let findable = word.chars().nth(2).is_some() && !word.contains('\0');
    findable.then(|| format!("\"{}\"", word.replace('"', "\"\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forged_cursor_is_refused() {
        let page = PageRequest::new(Some(Cursor("' OR 1=1 --".into())), 10);
        assert!(after::<(String, Uuid)>(&page).is_err());
    }

    #[test]
    fn a_page_ends_where_the_list_does() {
        let request = PageRequest::first(2);
        let more = page(&request, vec![1, 2, 3], |n| *n).expect("a page");
        assert_eq!(more.items, [1, 2]);
        let next = PageRequest::new(more.next, 2);
        assert_eq!(after::<i32>(&next).expect("our own"), Some(2));
        let last = page(&request, vec![3, 4], |n| *n).expect("a page");
        assert_eq!(last.next, None);
    }

    #[test]
    fn words_are_quoted_for_the_index() {
        assert_eq!(indexed("ab"), None);
        assert_eq!(indexed("a\"b*"), Some("\"a\"\"b*\"".into()));
        assert_eq!(indexed("łód"), Some("\"łód\"".into()));
    }
}
