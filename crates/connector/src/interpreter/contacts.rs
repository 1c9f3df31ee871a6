//! The customers' records: found by phone or e-mail, listed, read one by one.

use counterpart_manifest::{Contacts, Search, Source};
use counterpart_model::CrmUserId;
use counterpart_model::contact::{Contact, ContactKind};
use serde_json::Value;

use super::ManifestConnector;
use super::call::Call;
use super::cursor::{Cursor, Tables};
use super::list::Listing;
use super::phones::Wanted;
use super::records::{self, first_of, instant, texts, whole_name};
use super::tables::{Rows, Shape};
use super::users::id_value;
use crate::{
    Access, ConnectorError, ContactPage, ContactQuery, ErrorClass, ListScope, RecordFailure,
};
use counterpart_model::Code;

/// How many pages of a search are read at most: who is found on the first few is found.
const MOST_PAGES: usize = 3;
/// How many records are read one by one for a search at most: a number of more is a switchboard's.
const MOST_READ: usize = 20;
/// What listing contacts is called in messages.
const LISTING: &str = "listing contacts";

impl ManifestConnector {
    /// Every record of every kind that a number or an address leads to, those of one kind
    /// together, each once.
    pub(super) async fn search_contacts(
        &self,
        access: &Access<'_>,
        query: &ContactQuery,
    ) -> Result<Vec<Contact>, ConnectorError> {
        let mut found = Vec::new();
        let mut can = false;
        for contacts in &self.manifest.contacts {
            let search = match query {
                ContactQuery::Phone(_) => &contacts.by_phone,
                ContactQuery::Email(_) => &contacts.by_email,
            };
            if let Some(search) = search {
                can = true;
                found.extend(self.search(access, contacts, search, query).await?);
            }
        }
        if can {
            Ok(found)
        } else {
            Err(self.cannot(match query {
                ContactQuery::Phone(_) => "be searched by phone",
                ContactQuery::Email(_) => "be searched by e-mail",
            }))
        }
    }

    async fn search(
        &self,
        access: &Access<'_>,
        contacts: &Contacts,
        search: &Search,
        query: &ContactQuery,
    ) -> Result<Vec<Contact>, ConnectorError> {
        match query {
            ContactQuery::Email(address) => {
                let address = address.trim();
                let input = ("email_address", Value::from(address));
                let mut found = self.attempt(access, contacts, search, input).await?;
                if search.verify {
                    found.retain(|contact| {
                        let mut emails = contact.emails.iter();
                        emails.any(|email| email.eq_ignore_ascii_case(address))
                    });
                }
                Ok(found)
            }
            ContactQuery::Phone(number) => {
                let wanted = Wanted::new(number);
                for spelled in attempts(&wanted, search) {
                    let input = ("phone", Value::from(spelled));
                    let mut found = self.attempt(access, contacts, search, input).await?;
                    if search.verify {
                        found.retain(|contact| contact.phones.iter().any(|phone| wanted.is(phone)));
                    }
                    if !found.is_empty() {
                        return Ok(found);
                    }
                }
                Ok(Vec::new())
            }
        }
    }

    /// What all requests of a search bring for one value, each record once.
    async fn attempt(
        &self,
        access: &Access<'_>,
        contacts: &Contacts,
        search: &Search,
        input: (&str, Value),
    ) -> Result<Vec<Contact>, ConnectorError> {
        let mut found: Vec<Contact> = Vec::new();
        for request in &search.requests {
            let source = Rows {
                request,
                items: &search.items,
                paging: &search.paging,
                page_size: contacts.page_size,
                shape: Shape::List,
                most_pages: Some(MOST_PAGES),
                what: format!("searching {}s", contacts.kind.as_str()),
            };
            let rows = match self
                .rows(access, &source, std::slice::from_ref(&input))
                .await
            {
                // Some vendors answer a search that finds nothing with 404.
                Err(error) if *error.class() == ErrorClass::NotFound => Vec::new(),
                rows => rows?,
            };
            for row in rows.iter().filter_map(|row| search.row.find(row)) {
                let contact = match &search.record_id {
                    None => self.contact(access, contacts, row),
                    Some(_) if found.len() >= MOST_READ => None,
                    Some(pointer) => match pointer.text(row) {
                        Some(id) if found.iter().all(|known| known.id != id) => {
                            self.one_contact(access, contacts.kind, &id).await?
                        }
                        _ => None,
                    },
                };
                if let Some(contact) = contact
                    && !found.iter().any(|known| known.id == contact.id)
                {
                    found.push(contact);
                }
            }
        }
        Ok(found)
    }

    /// One page of the records of a kind.
    pub(super) async fn contacts_page(
        &self,
        access: &Access<'_>,
        kind: ContactKind,
        scope: ListScope,
        cursor: Option<&str>,
    ) -> Result<ContactPage, ConnectorError> {
        let contacts = self.contacts_of(kind)?;
        let list = match scope {
            ListScope::Full => contacts.full.as_ref(),
            ListScope::ChangedSince(_) => contacts.changed.as_ref(),
        };
        let list = list.ok_or_else(|| {
            self.cannot(match scope {
                ListScope::Full => "list such records",
                ListScope::ChangedSince(_) => "say which of these records changed",
            })
        })?;
        let listing = Listing {
            list,
            id: &contacts.id,
            page_size: contacts.page_size,
            since: contacts.since,
            what: LISTING,
            hooked: false,
        };
        let mut cursor = match cursor {
            Some(text) => Cursor::parse(text, scope)?,
            None => Cursor::start(scope),
        };
        let page = self.read_page(access, listing, scope, &mut cursor).await?;
        let (mut read, mut failures) = (Vec::new(), Vec::new());
        for (index, row) in page.rows.iter().enumerate() {
            match self.contact(access, contacts, row) {
                Some(contact) => read.push(contact),
                None => failures.push(RecordFailure {
                    record: index + 1,
                    id: None,
                    code: Code::ConnectionIdInvalid,
                    message: format!(
                        "record {} has no id at `{}`",
                        index + 1,
                        contacts.id.pointer
                    ),
                }),
            }
        }
        let server_time = cursor.server_time;
        Ok(ContactPage {
            contacts: read,
            failures,
            next: page.advance(cursor, listing)?,
            server_time,
        })
    }

    /// One record by its id; `None` when there is none.
    pub(super) async fn one_contact(
        &self,
        access: &Access<'_>,
        kind: ContactKind,
        id: &str,
    ) -> Result<Option<Contact>, ConnectorError> {
        let contacts = self.contacts_of(kind)?;
        let Some(one) = &contacts.one else {
            return Err(self.cannot("read such a record by its id"));
        };
        let extras = [("record_id", id_value(id, contacts.id.id_type))];
        let call = Call {
            extras: &extras,
            may_be_empty: true,
            ..Call::of(&one.request, "reading a contact")
        };
        let row = self.one(access, call, one, id).await?;
        Ok(row.and_then(|row| self.contact(access, contacts, &row)))
    }

    fn contacts_of(&self, kind: ContactKind) -> Result<&Contacts, ConnectorError> {
        let mut all = self.manifest.contacts.iter();
        all.find(|contacts| contacts.kind == kind)
            .ok_or_else(|| self.cannot("read such records"))
    }

    /// A row as a record; `None` when it has no id.
    fn contact(&self, access: &Access<'_>, contacts: &Contacts, row: &Value) -> Option<Contact> {
        let id = contacts.id.pointer.text(row)?;
        let fields = &contacts.fields;
        let none = Tables::new();
        let first = |sources: &[Source]| first_of(sources, &none, row);
        let emails = texts(&fields.emails, &none, row);
        let display_name = first(&fields.display_name)
            .or_else(|| {
                whole_name(
                    first(&fields.given_name).as_deref(),
                    first(&fields.family_name).as_deref(),
                )
            })
            .or_else(|| emails.first().cloned())
            .unwrap_or_else(|| id.clone());
        Some(Contact {
            kind: contacts.kind,
            display_name,
            emails,
            phones: texts(&fields.phones, &none, row),
            company: first(&fields.company),
            company_id: first(&fields.company_id),
            owner: first(&fields.owner).map(|owner| {
                let form = records::one_form(self, &owner);
                CrmUserId(form.unwrap_or(owner))
            }),
            link: self.linked(contacts.link.as_ref(), access.settings, "record_id", &id),
            changed_at: first(&fields.changed_at).and_then(|text| instant(&text)),
            gone: contacts
                .gone
                .iter()
                .any(|rule| rule.holds(row, |_, _| None)),
            id,
        })
    }
}

/// What `{phone}` is, one attempt after the other, none of them twice.
fn attempts(wanted: &Wanted<'_>, search: &Search) -> Vec<String> {
    let mut attempts: Vec<String> = Vec::new();
    for spelling in &search.spellings {
        let Some(spelled) = wanted.spelled(*spelling) else {
            continue;
        };
        let spelled = match &search.between {
            Some(between) => apart(&spelled, between),
            None => spelled,
        };
        if !attempts.contains(&spelled) {
            attempts.push(spelled);
        }
    }
    match &search.joined_by {
        Some(joined_by) if !attempts.is_empty() => vec![attempts.join(joined_by)],
        _ => attempts,
    }
}

/// A number with something between all its digits, so that what people put there may be
/// anything.
fn apart(number: &str, between: &str) -> String {
    let digits: Vec<_> = number.chars().map(String::from).collect();
    digits.join(between)
}

#[cfg(test)]
mod tests {
    use counterpart_manifest::{Paging, PhoneSpelling, Pointer};

    use super::*;

    fn search(spellings: &[PhoneSpelling], joined_by: Option<&str>) -> Search {
        Search {
            spellings: spellings.to_vec(),
            between: None,
            joined_by: joined_by.map(str::to_owned),
            requests: Vec::new(),
            items: Pointer::default(),
            row: Pointer::default(),
            record_id: None,
            paging: Paging::None {
                because: "a test".to_owned(),
            },
            verify: true,
        }
    }

    #[test]
    fn spellings_are_tried_in_order_each_once_or_all_together() {
        let wanted = Wanted::new("+442079460107");
        let spellings = [
            PhoneSpelling::Significant,
            PhoneSpelling::Last10,
            PhoneSpelling::Digits,
        ];
        let apart = attempts(&wanted, &search(&spellings, None));
        assert_eq!(apart, ["2079460107", "442079460107"]);
        let together = attempts(&wanted, &search(&spellings, Some(" OR ")));
        assert_eq!(together, ["2079460107 OR 442079460107"]);
        let none = attempts(&Wanted::new("9"), &search(&spellings[..2], Some(" OR ")));
        assert!(none.is_empty(), "there is nothing to ask for");
    }
}
