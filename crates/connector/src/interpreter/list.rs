//! One page of users.

use counterpart_manifest::{IdType, Paging, RequestTemplate, TimeFormat, UserList};
use counterpart_model::Timestamp;
use counterpart_outbound::{Client, Url};
use serde_json::Value;

use super::call::Call;
use super::classify::Answer;
use super::cursor::{Cursor, Position};
use super::paging::{self, PageFacts};
use super::render::{self, Inputs};
use super::{ManifestConnector, records};
use crate::{Access, ConnectorError, ErrorClass, UserPage, UserScope};

/// What listing users is called in messages.
pub(super) const LISTING: &str = "listing users";

impl ManifestConnector {
    /// One page of users, and where the next one begins.
    pub(super) async fn list_page(
        &self,
        access: &Access<'_>,
        scope: UserScope,
        cursor: Option<&str>,
    ) -> Result<UserPage, ConnectorError> {
        let list = self.list(scope)?;
        let mut cursor = match cursor {
            Some(text) => Cursor::parse(text, scope)?,
            None => Cursor::start(scope),
        };
        let template = list.requests.get(cursor.request).ok_or_else(|| {
            ConnectorError::new(
                ErrorClass::Malformed,
                "the cursor is none of this connector",
            )
        })?;
        let tables = self.tables(access, &mut cursor).await?;
        let mut answer = self.page(access, scope, list, template, &cursor).await?;
        cursor.server_time = cursor.server_time.or(answer.server_time);
        let mut rows = self.take_rows(list, &mut answer)?;
        if cursor.position.is_none()
            && let Some(announced) = self.announced(access, list, &cursor, &answer).await?
        {
            cursor.total = Some(cursor.total.unwrap_or(0) + announced);
        }
        self.join(access, &mut rows).await?;
        let restriction = self.restriction(access.settings, &tables);
        let read = records::read(self, restriction.as_ref(), &tables, &rows)?;
        let next = self.next_position(list, &answer, &rows, cursor.position.as_ref())?;
        let mut ids: Vec<_> = read.users.iter().map(|user| user.id.0.as_str()).collect();
        ids.extend(
            read.failures
                .iter()
                .filter_map(|failure| failure.id.as_deref()),
        );
        cursor.trail.note(&ids, next.as_ref())?;
        let total = cursor.total.filter(|_| restriction.is_none());
        Ok(UserPage {
            server_time: cursor.server_time,
            next: advance(cursor, next, list.requests.len()),
            users: read.users,
            failures: read.failures,
            total,
        })
    }

    fn list(&self, scope: UserScope) -> Result<&UserList, ConnectorError> {
        let users = &self.manifest.users;
        match scope {
            UserScope::Full => Ok(&users.full),
            UserScope::ChangedSince(_) => users.changed.as_ref().ok_or_else(|| {
                ConnectorError::new(
                    ErrorClass::Unsupported,
                    format!(
                        "{} cannot say which {} changed; list all of them",
                        self.manifest.title, self.manifest.vocabulary.user.1
                    ),
                )
            }),
        }
    }

    async fn page(
        &self,
        access: &Access<'_>,
        scope: UserScope,
        list: &UserList,
        template: &RequestTemplate,
        cursor: &Cursor,
    ) -> Result<Answer, ConnectorError> {
        let mut extras = vec![("page_size", Value::from(self.manifest.users.page_size))];
        extras.extend(paging::input(&list.paging, cursor.position.as_ref()));
        if let (UserScope::ChangedSince(instant), Some(since)) = (scope, self.manifest.users.since)
        {
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
            template,
            extras: &extras,
            next: next.as_ref(),
            what: LISTING,
        };
        match self.reading_ahead(access, list, template) {
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
        list: &UserList,
        template: &RequestTemplate,
    ) -> Option<Client> {
        let Paging::NextUrl { pointer } = &list.paging else {
            return None;
        };
        let hooks = &self.hooks;
        if access.pace.is_some()
            || (hooks.sign_request.is_some() && template.signed)
            || hooks.decode_page.is_some()
            || hooks.next_page.is_some()
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
        list: &UserList,
        answer: &mut Answer,
    ) -> Result<Vec<Value>, ConnectorError> {
        let Some(body) = &mut answer.json else {
            return Ok(Vec::new());
        };
        let rows = body.pointer_mut(list.items.as_str());
        // A hook that finds the next page may want to see the rows.
        let rows = match self.hooks.next_page {
            Some(_) => rows.cloned(),
            None => rows.map(Value::take),
        };
        match rows {
            Some(Value::Array(rows)) => Ok(rows),
            _ => Err(ConnectorError::new(
                ErrorClass::Malformed,
                format!("{LISTING}: the answer has no list at `{}`", list.items),
            )),
        }
    }

    /// How many users the list says it has: by a request of its own, once, or by the first page
    /// of each request.
    async fn announced(
        &self,
        access: &Access<'_>,
        list: &UserList,
        cursor: &Cursor,
        page: &Answer,
    ) -> Result<Option<u64>, ConnectorError> {
        let Some(count) = &list.count else {
            return Ok(announced(list, page));
        };
        if cursor.request > 0 {
            return Ok(None);
        }
        let call = Call {
            template: count,
            extras: &[],
            next: None,
            what: "counting users",
        };
        let answer = self.call(access, call).await?;
        Ok(announced(list, &answer))
    }

    fn next_position(
        &self,
        list: &UserList,
        answer: &Answer,
        rows: &[Value],
        began: Option<&Position>,
    ) -> Result<Option<Position>, ConnectorError> {
        let Some(body) = &answer.json else {
            return Ok(None);
        };
        if let Some(hook) = self.hooks.next_page {
            return Ok(hook(body, began));
        }
        let id = &self.manifest.users.id;
        let greatest = match id.id_type {
            IdType::Integer => rows
                .iter()
                .filter_map(|row| id.pointer.find(row)?.as_i64())
                .max(),
            IdType::Text => None,
        };
        let facts = PageFacts {
            body,
            rows: rows.len() as u64,
            page_size: self.manifest.users.page_size,
            greatest,
            began,
        };
        paging::next(&list.paging, &facts)
    }
}

/// The cursor of the next page: the next of this request, or the first of the next one.
fn advance(mut cursor: Cursor, next: Option<Position>, requests: usize) -> Option<String> {
    if next.is_none() {
        cursor.request += 1;
        if cursor.request >= requests {
            return None;
        }
        cursor.trail.begin_request();
    }
    cursor.position = next;
    Some(cursor.to_text())
}

fn announced(list: &UserList, answer: &Answer) -> Option<u64> {
    let value = list.total.as_ref()?.find(answer.json.as_ref()?)?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// An instant as the provider wants it written. Instants before 1970 and the sentinels are
/// written as its beginning.
fn spell(instant: Timestamp, format: TimeFormat) -> String {
    let epoch = Timestamp::from_micros(0);
    let instant = instant.max(epoch);
    let at = instant.to_jiff().unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let pattern = match format {
        TimeFormat::UnixSeconds => return at.as_second().to_string(),
        TimeFormat::UnixMillis => return at.as_millisecond().to_string(),
        TimeFormat::Rfc3339 => "%Y-%m-%dT%H:%M:%SZ",
        TimeFormat::Rfc3339Millis => "%Y-%m-%dT%H:%M:%S.%3fZ",
        TimeFormat::Rfc3339Offset => "%Y-%m-%dT%H:%M:%S+00:00",
        TimeFormat::HttpDate => "%a, %d %b %Y %H:%M:%S GMT",
    };
    at.strftime(pattern).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_spelled_as_each_vendor_wants_them() {
        let at: Timestamp = "2026-01-05T10:11:12.345Z".parse().expect("a time");
        for (format, expected) in [
            (TimeFormat::Rfc3339, "2026-01-05T10:11:12Z"),
            (TimeFormat::Rfc3339Millis, "2026-01-05T10:11:12.345Z"),
            (TimeFormat::Rfc3339Offset, "2026-01-05T10:11:12+00:00"),
            (TimeFormat::HttpDate, "Mon, 05 Jan 2026 10:11:12 GMT"),
            (TimeFormat::UnixSeconds, "1767607872"),
            (TimeFormat::UnixMillis, "1767607872345"),
        ] {
            assert_eq!(spell(at, format), expected);
        }
        assert_eq!(
            spell(Timestamp::ALWAYS, TimeFormat::Rfc3339),
            "1970-01-01T00:00:00Z"
        );
    }
}
