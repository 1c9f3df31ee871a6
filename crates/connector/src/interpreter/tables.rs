//! What is read beside the list: tables at the beginning of a pull, and rows about the users of
//! one page.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_manifest::{Join, Lookup, Paging, Pointer, RequestTemplate};
use serde_json::Value;

use super::call::Call;
use super::cursor::{Cursor, Position, Tables, Trail};
use super::paging::{self, PageFacts};
use super::{ManifestConnector, records};
use crate::{Access, ConnectorError, ErrorClass};

/// Tables up to this size, in bytes, are carried along in the cursor; greater ones are read again
/// with every page.
const CARRIED: usize = 32 * 1024;

/// Where rows are read from.
struct Rows<'a> {
    request: &'a RequestTemplate,
    items: &'a Pointer,
    paging: &'a Paging,
    what: String,
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
        let rows = Rows {
            request: &join.request,
            items: &join.items,
            paging: &join.paging,
            what: format!("reading {}", join.name.replace('_', " ")),
        };
        let rows = match self
            .rows(access, &rows, &[("keys", Value::from(keys))])
            .await
        {
            Err(error) if join.optional && can_be_missed(&error) => {
                tracing::debug!(join = join.name, code = %error.code(), "left out");
                return Ok(());
            }
            rows => rows?,
        };
        let mut by_key: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for row in rows {
            if let Some(key) = join.key.text(&row) {
                by_key.entry(key).or_default().push(row);
            }
        }
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

    /// All rows of a request, page after page.
    async fn rows(
        &self,
        access: &Access<'_>,
        source: &Rows<'_>,
        inputs: &[(&str, Value)],
    ) -> Result<Vec<Value>, ConnectorError> {
        let page_size = self.manifest.users.page_size;
        let mut all = Vec::new();
        let mut trail = Trail::default();
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
                template: source.request,
                extras: &extras,
                next: next.as_ref(),
                what: &source.what,
            };
            let Some(body) = self.call(access, call).await?.json else {
                return Ok(all);
            };
            let rows = source
                .items
                .find(&body)
                .and_then(Value::as_array)
                .ok_or_else(|| {
                    ConnectorError::new(
                        ErrorClass::Malformed,
                        format!(
                            "{}: the answer has no list at `{}`",
                            source.what, source.items
                        ),
                    )
                })?;
            let facts = PageFacts {
                body: &body,
                rows: rows.len() as u64,
                page_size,
                greatest: None,
                began: position.as_ref(),
            };
            let next = paging::next(source.paging, &facts)?;
            let content: Vec<_> = rows.iter().map(Value::to_string).collect();
            trail.note(&content, next.as_ref())?;
            all.extend(rows.iter().cloned());
            match next {
                Some(next) => position = Some(next),
                None => return Ok(all),
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
