//! Users: one page of them, or one by its id.

use counterpart_manifest::One;
use serde_json::Value;

use super::call::Call;
use super::cursor::Cursor;
use super::list::Listing;
use super::{ManifestConnector, records};
use crate::{Access, ConnectorError, ErrorClass, ListScope, PulledUser, UserPage};
use counterpart_model::CrmUserId;

/// What listing users is called in messages.
pub(super) const LISTING: &str = "listing users";

impl ManifestConnector {
    /// One page of users, and where the next one begins.
    pub(super) async fn list_page(
        &self,
        access: &Access<'_>,
        scope: ListScope,
        cursor: Option<&str>,
    ) -> Result<UserPage, ConnectorError> {
        let listing = self.listing_of_users(scope)?;
        let mut cursor = match cursor {
            Some(text) => Cursor::parse(text, scope)?,
            None => Cursor::start(scope),
        };
        let tables = self.tables(access, &mut cursor).await?;
        let mut page = self.read_page(access, listing, scope, &mut cursor).await?;
        self.join(access, &mut page.rows).await?;
        let restriction = self.restriction(access.settings, &tables);
        let read = records::read(self, restriction.as_ref(), &tables, &page.rows)?;
        let total = cursor.total.filter(|_| restriction.is_none());
        Ok(UserPage {
            server_time: cursor.server_time,
            next: page.advance(cursor, listing)?,
            users: read.users,
            failures: read.failures,
            total,
        })
    }

    /// The list of users of a scope.
    pub(super) fn listing_of_users(&self, scope: ListScope) -> Result<Listing<'_>, ConnectorError> {
        let users = &self.manifest.users;
        let list = match scope {
            ListScope::Full => &users.full,
            ListScope::ChangedSince(_) => users.changed.as_ref().ok_or_else(|| {
                ConnectorError::new(
                    ErrorClass::Unsupported,
                    format!(
                        "{} cannot say which {} changed; list all of them",
                        self.manifest.title, self.manifest.vocabulary.user.1
                    ),
                )
            })?,
        };
        Ok(Listing {
            list,
            id: &users.id,
            page_size: users.page_size,
            since: users.since,
            what: LISTING,
            hooked: true,
        })
    }

    /// One user by its id; `None` when there is no such user.
    pub(super) async fn one_user(
        &self,
        access: &Access<'_>,
        id: &CrmUserId,
    ) -> Result<Option<PulledUser>, ConnectorError> {
        let Some(one) = &self.manifest.users.one else {
            return Err(self.cannot("read a single user; list all of them"));
        };
        let mut cursor = Cursor::start(ListScope::Full);
        let tables = self.tables(access, &mut cursor).await?;
        let id_type = self.manifest.users.id.id_type;
        let extras = [("user_id", id_value(&id.0, id_type))];
        let mut found = None;
        let places = std::iter::once(one).chain(&self.manifest.users.one_of_those_who_left);
        for place in places {
            let call = Call {
                extras: &extras,
                may_be_empty: true,
                ..Call::of(&place.request, "reading a user")
            };
            found = self.one(access, call, place, &id.0).await?;
            if found.is_some() {
                break;
            }
        }
        let Some(row) = found else {
            return Ok(None);
        };
        let mut rows = [row];
        self.join(access, &mut rows).await?;
        let mut read = records::read(self, None, &tables, &rows)?;
        match (read.users.pop(), read.failures.pop()) {
            (Some(user), _) => Ok(Some(user)),
            (None, Some(failure)) => Err(ConnectorError::with_code(
                ErrorClass::Malformed,
                failure.code,
                format!("reading a user: {}", failure.message),
            )),
            (None, None) => Ok(None),
        }
    }

    /// The record of this id that a request asks for; `None` when there is none.
    pub(super) async fn one(
        &self,
        access: &Access<'_>,
        call: Call<'_>,
        described: &One,
        id: &str,
    ) -> Result<Option<Value>, ConnectorError> {
        let answer = match self.call(access, call).await {
            Err(error) if *error.class() == ErrorClass::NotFound => return Ok(None),
            answer => answer?,
        };
        let body = answer.json.as_ref();
        let found = body.and_then(|body| described.item.find(body));
        let is_it = |item: &&Value| match &described.id {
            Some(pointer) => pointer.text(item).as_deref() == Some(id),
            None => true,
        };
        Ok(match found {
            Some(Value::Array(items)) => items.iter().find(is_it).cloned(),
            Some(Value::Bool(_)) | None => None,
            Some(record) => Some(record.clone()),
        })
    }

    /// The error of something that the provider, or its manifest, does not know.
    pub(super) fn cannot(&self, what: &str) -> ConnectorError {
        let title = &self.manifest.title;
        ConnectorError::new(ErrorClass::Unsupported, format!("{title} cannot {what}"))
    }
}

/// An id in the JSON type that the provider gives it.
pub(super) fn id_value(id: &str, id_type: counterpart_manifest::IdType) -> Value {
    match id.parse::<i64>() {
        Ok(number) if id_type == counterpart_manifest::IdType::Integer => Value::from(number),
        _ => Value::from(id),
    }
}
