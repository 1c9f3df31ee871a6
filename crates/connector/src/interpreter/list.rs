//! One page of a list, and where the next one begins.

use counterpart_manifest::{IdField, IdType, List, Paging, RequestTemplate, Since};
use counterpart_outbound::{Client, Url};
use serde_json::Value;

use super::ManifestConnector;
use super::call::Call;
use super::classify::Answer;
use super::cursor::{Cursor, Position};
use super::inputs::{Inputs, spell};
use super::paging::{self, PageFacts};
use super::render;
use crate::{Access, ConnectorError, ErrorClass, ListScope};

/// A list that is read page by page, whatever stands in it.
#[derive(Clone, Copy)]
pub(super) struct Listing<'a> {
    /// Its requests, rows and pages.
    pub(super) list: &'a List,
    /// The id of its rows.
    pub(super) id: &'a IdField,
    /// How many rows to ask for at a time.
    pub(super) page_size: u64,
    /// How an instant is written into its requests.
    pub(super) since: Option<Since>,
    /// What reading it is called in messages.
    pub(super) what: &'a str,
    /// Whether the hook finds its next page.
    pub(super) hooked: bool,
}

/// The rows of one page.
pub(super) struct RowsPage {
    /// The rows.
    pub(super) rows: Vec<Value>,
    /// The ids of all that stood on it, by which a page that was there before is known.
    ids: Vec<String>,
    /// Where the next page of the same request begins.
    next: Option<Position>,
}

impl ManifestConnector {
    /// Reads the page at a cursor, and notes in the cursor what it says of the list as a whole.
    pub(super) async fn read_page(
        &self,
        access: &Access<'_>,
        listing: Listing<'_>,
        scope: ListScope,
        cursor: &mut Cursor,
    ) -> Result<RowsPage, ConnectorError> {
        let mut answer = self.page(access, listing, scope, cursor).await?;
        cursor.server_time = cursor.server_time.or(answer.server_time);
        let mut rows = self.take_rows(listing, &mut answer)?;
        if cursor.position.is_none()
            && let Some(announced) = self.announced(access, listing, cursor, &answer).await?
        {
            cursor.total = Some(cursor.total.unwrap_or(0) + announced);
        }
        let next = self.next_position(listing, &answer, &rows, cursor.position.as_ref())?;
        let id = &listing.id.pointer;
        let ids = rows.iter().filter_map(|row| id.text(row)).collect();
        rows.retain(|row| listing.list.only.iter().all(|only| only.holds(row)));
        Ok(RowsPage { rows, ids, next })
    }

    async fn page(
        &self,
        access: &Access<'_>,
        listing: Listing<'_>,
        scope: ListScope,
        cursor: &Cursor,
    ) -> Result<Answer, ConnectorError> {
        let template = listing.list.requests.get(cursor.request).ok_or_else(|| {
            ConnectorError::new(
                ErrorClass::Malformed,
                "the cursor is none of this connector",
            )
        })?;
        let mut extras = vec![("page_size", Value::from(listing.page_size))];
        extras.extend(paging::input(
            &listing.list.paging,
            cursor.position.as_ref(),
        ));
        if let (ListScope::ChangedSince(instant), Some(since)) = (scope, listing.since) {
            let from = instant.plus_seconds(-i64::from(since.overlap_seconds));
            extras.push(("since", Value::from(spell(from, since.format))));
        }
        let next = match &cursor.position {
            Some(Position::Url(address)) => {
                Some(self.next_address(access, &template.host, address).await?)
            }
            _ => None,
        };
        let call = Call {
            extras: &extras,
            next: next.as_ref(),
            ..Call::of(template, listing.what)
        };
        match self.reading_ahead(access, listing, template) {
            Some(client) => {
                let client = &client;
                self.call(&Access { client, ..*access }, call).await
            }
            None => self.call(access, call).await,
        }
    }

    /// A client that asks for the next page as soon as an answer says where it is, where that is
    /// certain to be the request that follows: hooks may want another one, and a provider that
    /// counts calls is asked for nothing before its time.
    fn reading_ahead(
        &self,
        access: &Access<'_>,
        listing: Listing<'_>,
        template: &RequestTemplate,
    ) -> Option<Client> {
        // Where the last page has an address as well, it is not asked for ahead.
        let Paging::NextUrl {
            pointer,
            last: None,
        } = &listing.list.paging
        else {
            return None;
        };
        let hooks = &self.hooks;
        if access.pace.is_some()
            || (hooks.sign_request.is_some() && template.signed)
            || hooks.decode_page.is_some()
            || (listing.hooked && hooks.next_page.is_some())
        {
            return None;
        }
        let pointer = pointer.clone();
        access.client.along(move |asked, answer| {
            let address = answer.peek_text(pointer.as_str())?;
            // A relative one is relative to the base of the list, which is not known here.
            let is_whole = address.starts_with('/') || address.contains("://");
            paging::next_url(asked, &address).ok().filter(|_| is_whole)
        })
    }

    /// The whole address of a next page, on the host that the list is on.
    pub(super) async fn next_address(
        &self,
        access: &Access<'_>,
        host: &str,
        address: &str,
    ) -> Result<Url, ConnectorError> {
        let session = self.session_if_any(access).await?;
        let inputs = Inputs::new(&self.manifest, access, session.as_ref());
        let base = render::base_address(&self.manifest, host, &inputs)?;
        paging::next_url(&base, address)
    }

    /// Takes the rows out of an answer. That the place of the rows is missing does not mean that
    /// there are none: it means that this is another answer.
    pub(super) fn take_rows(
        &self,
        listing: Listing<'_>,
        answer: &mut Answer,
    ) -> Result<Vec<Value>, ConnectorError> {
        let Some(body) = &mut answer.json else {
            return Ok(Vec::new());
        };
        let rows = body.pointer_mut(listing.list.items.as_str());
        // A hook that finds the next page may want to see the rows.
        let rows = if listing.hooked && self.hooks.next_page.is_some() {
            rows.cloned()
        } else {
            rows.map(Value::take)
        };
        match rows {
            Some(Value::Array(rows)) => Ok(rows),
            _ => Err(ConnectorError::new(
                ErrorClass::Malformed,
                format!(
                    "{}: the answer has no list at `{}`",
                    listing.what, listing.list.items
                ),
            )),
        }
    }

    /// How many rows the list says it has: by a request of its own, once, or by the first page
    /// of each request.
    async fn announced(
        &self,
        access: &Access<'_>,
        listing: Listing<'_>,
        cursor: &Cursor,
        page: &Answer,
    ) -> Result<Option<u64>, ConnectorError> {
        let Some(count) = &listing.list.count else {
            return Ok(announced(listing.list, page));
        };
        if cursor.request > 0 {
            return Ok(None);
        }
        let call = Call::of(count, "counting");
        let answer = self.call(access, call).await?;
        Ok(announced(listing.list, &answer))
    }

    fn next_position(
        &self,
        listing: Listing<'_>,
        answer: &Answer,
        rows: &[Value],
        began: Option<&Position>,
    ) -> Result<Option<Position>, ConnectorError> {
        let Some(body) = &answer.json else {
            return Ok(None);
        };
        if let Some(hook) = self.hooks.next_page.filter(|_| listing.hooked) {
            return Ok(hook(body, began));
        }
        let ids = rows.iter().filter_map(|row| listing.id.pointer.find(row));
        let greatest = match listing.id.id_type {
            IdType::Integer => ids.filter_map(Value::as_i64).max().map(Position::Last),
            IdType::Text => ids
                .filter_map(Value::as_str)
                .max()
                .map(|id| Position::LastText(id.to_owned())),
        };
        let facts = PageFacts {
            answer,
            rows: rows.len() as u64,
            page_size: listing.page_size,
            greatest,
            began,
        };
        paging::next(&listing.list.paging, &facts)
    }
}

impl RowsPage {
    /// The cursor of the next page, of this request or of the list's next one; `None` behind the
    /// last. A page that was there before is an error.
    pub(super) fn advance(
        self,
        mut cursor: Cursor,
        listing: Listing<'_>,
    ) -> Result<Option<String>, ConnectorError> {
        cursor.trail.note(&self.ids, self.next.as_ref())?;
        if self.next.is_none() {
            cursor.request += 1;
            if cursor.request >= listing.list.requests.len() {
                return Ok(None);
            }
            cursor.trail.begin_request();
        }
        cursor.position = self.next;
        Ok(Some(cursor.to_text()))
    }
}

fn announced(list: &List, answer: &Answer) -> Option<u64> {
    if let Some(name) = &list.total_header {
        return answer.header(name)?.trim().parse().ok();
    }
    let value = list.total.as_ref()?.find(answer.json.as_ref()?)?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}
