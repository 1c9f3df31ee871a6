//! What is read beside the list: tables at the beginning of a pull, and rows about the users of
//! one page.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_manifest::{Join, Lookup, Paging, Pointer, RequestTemplate};
use futures::StreamExt as _;
use serde_json::Value;

use super::call::Call;
use super::cursor::{Cursor, Position, Tables, Trail};
use super::paging::{self, PageFacts};
use super::{ManifestConnector, records};
use crate::{Access, ConnectorError, ErrorClass};

/// Tables up to this size, in bytes, are carried along in the cursor; greater ones are read again
/// with every page.
const CARRIED: usize = 32 * 1024;

/// How many requests for single rows are under way at the same time; the connection's pace may
/// allow fewer.
const AT_ONCE: usize = 4;

/// What may stand where rows are looked for. A `null` is always no row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A list.
    List,
    /// A list, or one row alone.
    ListOrRow,
    /// A list, one row alone, or nothing at all.
    Anything,
}

/// Where rows are read from.
pub(super) struct Rows<'a> {
    pub(super) request: &'a RequestTemplate,
    pub(super) items: &'a Pointer,
    pub(super) paging: &'a Paging,
    /// How many rows to ask for at a time.
    pub(super) page_size: u64,
    /// What may stand where the rows do.
    pub(super) shape: Shape,
    /// More pages are not read.
    pub(super) most_pages: Option<usize>,
    /// What is being done, for messages.
    pub(super) what: String,
}

impl ManifestConnector {
    /// The tables of a pull.
    pub(super) async fn tables(
        &self,
        access: &Access<'_>,
        cursor: &mut Cursor,
    ) -> Result<Tables, ConnectorError> {
        if let Some(tables) = &cursor.tables {
            return Ok(tables.clone());
        }
        let mut tables = Tables::new();
        let acts = self.scope_acts(access.settings);
        for lookup in &self.manifest.users.lookups {
            if lookup.for_scope && !acts {
                continue;
            }
            tables.insert(lookup.name.clone(), self.table(access, lookup).await?);
        }
        let size = serde_json::json!(tables).to_string().len();
        if !tables.is_empty() && size <= CARRIED {
            cursor.tables = Some(tables.clone());
        }
        Ok(tables)
    }

    /// One table, read to its end.
    pub(super) async fn table(
        &self,
        access: &Access<'_>,
        lookup: &Lookup,
    ) -> Result<BTreeMap<String, String>, ConnectorError> {
        let rows = Rows {
            request: &lookup.request,
            items: &lookup.items,
            paging: &lookup.paging,
            page_size: self.manifest.users.page_size,
            shape: Shape::ListOrRow,
            most_pages: None,
            what: format!("looking up {}", lookup.name.replace('_', " ")),
        };
        let mut rows = match self.rows(access, &rows, &[]).await {
            Err(error) if lookup.optional && can_be_missed(&error) => {
                tracing::debug!(table = lookup.name, code = %error.code(), "left out");
                return Ok(BTreeMap::new());
            }
            rows => rows?,
        };
        if let Some(pick) = &lookup.pick {
            rows = rows
                .into_iter()
                .find(|row| pick.pointer.text(row).as_ref() == Some(&pick.equals))
                .and_then(|row| pick.items.find(&row)?.as_array().cloned())
                .unwrap_or_default();
        }
        Ok(rows
            .iter()
            .filter(|row| lookup.only.iter().all(|only| only.holds(row)))
            .filter_map(|row| Some((lookup.key.text(row)?, lookup.value.text(row)?)))
            .collect())
    }

    /// Puts the rows of every join at `/@name` of the users they are about.
    pub(super) async fn join(
        &self,
        access: &Access<'_>,
        users: &mut [Value],
    ) -> Result<(), ConnectorError> {
        let acts = self.scope_acts(access.settings);
        for join in &self.manifest.users.joins {
            if !join.for_scope || acts {
                self.join_one(access, join, users).await?;
            }
        }
        Ok(())
    }

    async fn join_one(
        &self,
        access: &Access<'_>,
        join: &Join,
        users: &mut [Value],
    ) -> Result<(), ConnectorError> {
        let mut seen = BTreeSet::new();
        let keys: Vec<_> = users
            .iter()
            .flat_map(|user| records::each(user, &join.on))
            .filter(|key| seen.insert(key.to_string()))
            .cloned()
            .collect();
        if keys.is_empty() {
            return Ok(());
        }
        let source = Rows {
            request: &join.request,
            items: &join.items,
            paging: &join.paging,
            page_size: self.manifest.users.page_size,
            shape: Shape::Anything,
            most_pages: None,
            what: format!("reading {}", join.name.replace('_', " ")),
        };
        let by_key = match self.joined_rows(access, join, &source, keys).await {
            Err(error) if join.optional && can_be_missed(&error) => {
                tracing::debug!(join = join.name, code = %error.code(), "left out");
                return Ok(());
            }
            by_key => by_key?,
        };
        for user in users {
            let joined: Vec<_> = records::each(user, &join.on)
                .filter_map(records::scalar_text)
                .filter_map(|key| by_key.get(&key))
                .flatten()
                .cloned()
                .collect();
            if let Some(members) = user.as_object_mut() {
                members.insert(format!("@{}", join.name), Value::from(joined));
            }
        }
        Ok(())
    }

    /// The rows of a join by their keys: all at once, or with a request for each key, a few at
    /// the same time.
    async fn joined_rows(
        &self,
        access: &Access<'_>,
        join: &Join,
        source: &Rows<'_>,
        keys: Vec<Value>,
    ) -> Result<BTreeMap<String, Vec<Value>>, ConnectorError> {
        let mut by_key: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        let Some(own_key) = join.key.as_ref() else {
            let requests = keys.into_iter().map(|key| async move {
                let rows = self.rows(access, source, &[("key", key.clone())]).await;
                // Somebody may have gone between the list and this.
                let rows = match rows {
                    Err(error) if *error.class() == ErrorClass::NotFound => Vec::new(),
                    rows => rows?,
                };
                Ok::<_, ConnectorError>((records::scalar_text(&key), rows))
            });
            let mut requests = futures::stream::iter(requests).buffered(AT_ONCE);
            while let Some(answered) = requests.next().await {
                let (key, rows) = answered?;
                by_key
                    .entry(key.unwrap_or_default())
                    .or_default()
                    .extend(rows);
            }
            return Ok(by_key);
        };
        let rows = self
            .rows(access, source, &[("keys", Value::from(keys))])
            .await?;
        for row in rows {
            if let Some(key) = own_key.text(&row) {
                by_key.entry(key).or_default().push(row);
            }
        }
        Ok(by_key)
    }

    /// All rows of a request, page after page.
    pub(super) async fn rows(
        &self,
        access: &Access<'_>,
        source: &Rows<'_>,
        inputs: &[(&str, Value)],
    ) -> Result<Vec<Value>, ConnectorError> {
        let page_size = source.page_size;
        let mut all = Vec::new();
        let mut trail = Trail::default();
        let mut pages = 0;
        let mut position: Option<Position> = None;
        loop {
            let mut extras = inputs.to_vec();
            extras.push(("page_size", Value::from(page_size)));
            extras.extend(paging::input(source.paging, position.as_ref()));
            let next = match &position {
                Some(Position::Url(address)) => Some(
                    self.next_address(access, &source.request.host, address)
                        .await?,
                ),
                _ => None,
            };
            let call = Call {
                extras: &extras,
                next: next.as_ref(),
                ..Call::of(source.request, &source.what)
            };
            let answer = self.call(access, call).await?;
            let Some(body) = &answer.json else {
                return Ok(all);
            };
            let rows = match source.items.find(body) {
                Some(Value::Array(rows)) => rows.as_slice(),
                Some(row) if source.shape != Shape::List => std::slice::from_ref(row),
                None if source.shape == Shape::Anything => &[],
                // Said outright; that the place is not there at all is another matter.
                None if body.pointer(source.items.as_str()).is_some() => &[],
                _ => {
                    return Err(ConnectorError::new(
                        ErrorClass::Malformed,
                        format!(
                            "{}: the answer has no list at `{}`",
                            source.what, source.items
                        ),
                    ));
                }
            };
            let facts = PageFacts {
                answer: &answer,
                rows: rows.len() as u64,
                page_size,
                greatest: None,
                began: position.as_ref(),
            };
            let next = paging::next(source.paging, &facts)?;
            let content: Vec<_> = rows.iter().map(Value::to_string).collect();
            trail.note(&content, next.as_ref())?;
            all.extend(rows.iter().cloned());
            pages += 1;
            match next {
                Some(next) if source.most_pages.is_none_or(|most| pages < most) => {
                    position = Some(next);
                }
                _ => return Ok(all),
            }
        }
    }
}

/// Whether a pull can do without what failed so: it is hidden, or not there at all.
pub(super) fn can_be_missed(error: &ConnectorError) -> bool {
    matches!(
        error.class(),
        ErrorClass::Forbidden { .. }
            | ErrorClass::NotFound
            | ErrorClass::Permanent
            | ErrorClass::Unsupported
    )
}
