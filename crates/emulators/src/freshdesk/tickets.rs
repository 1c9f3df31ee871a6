//! Tickets: made, changed, listed.

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Map, Value, json};

use super::Freshdesk;
use super::agents::{date_time, number};
use super::contacts::{find, former_agents};
use super::errors::{Problem, invalid, not_found};
use super::fields::{body, page, parameters, time};
use super::ticket_fields::{CUSTOM_FIELD, FIELDS, missing};
use crate::answer::{Answer, ApiRequest};
use crate::directory::User;
use crate::records::Record;

/// Where the numbers of tickets start.
const FIRST_TICKET: usize = 1_204;

/// The furthest page of the list of tickets.
const LAST_PAGE: usize = 300;

/// What is answered as it was written.
const PLAIN: &[&str] = &[
    "subject",
    "type",
    "status",
    "priority",
    "source",
    "group_id",
    "tags",
    "due_by",
    "fr_due_by",
    "product_id",
    "cc_emails",
    "email_config_id",
];

impl Freshdesk {
    /// `POST /tickets`.
    pub(crate) fn create_ticket(&self, request: &ApiRequest) -> Result<Answer, Answer> {
        let fields = body(request, FIELDS)?;
        let mut problems = missing(&fields);
        problems.extend(self.wrong(&fields));
        if !problems.is_empty() {
            return Err(invalid(&problems));
        }
        let requester = self.requester(&fields)?;
        let responder = self.responder(&fields);
        let now = self.core.clock.now();
        let number_of = {
            let records = self.core.records();
            let last = records.of("ticket").last();
            let last = last.and_then(|ticket| ticket.id.parse::<usize>().ok());
            last.map_or(FIRST_TICKET, |last| last + 1)
        };
        let due = |hours| {
            let due = now.checked_add(SignedDuration::from_hours(hours));
            due.map_or(Value::Null, |due| json!(date_time(due)))
        };
        let html = fields["description"].as_str().unwrap_or_default();
        let mut row = json!({
            "id": number_of, "cc_emails": [], "fwd_emails": [], "reply_cc_emails": [],
            "email_config_id": null, "fr_escalated": false, "group_id": null, "priority": 1,
            "requester_id": number(&requester),
            "responder_id": responder.as_deref().map(number),
            "source": 2, "spam": false, "status": 2, "subject": null, "company_id": null,
            "to_emails": null, "product_id": null, "type": null, "due_by": due(72),
            "fr_due_by": due(24), "is_escalated": false, "nr_due_by": null, "nr_escalated": false,
            "description": html, "description_text": plain(html),
            "custom_fields": { CUSTOM_FIELD: null }, "tags": [], "attachments": [],
            "created_at": date_time(now), "updated_at": date_time(now),
        });
        copy(&fields, &mut row);
        self.core.records().add(Record {
            kind: "ticket".to_owned(),
            id: number_of.to_string(),
            owner: responder,
            fields: row.clone(),
            created: now,
            modified: now,
        });
        let location = format!("{}/api/v2/tickets/{number_of}", self.core.base_url);
        Ok(Answer::json(StatusCode::CREATED, &row).with("location", &location))
    }

    /// Who gets the ticket. An agent who is switched off is no error: nobody gets it.
    fn responder(&self, fields: &Map<String, Value>) -> Option<String> {
        let id = fields.get("responder_id")?.as_u64()?.to_string();
        let directory = self.core.directory();
        directory
            .find(&id)
            .filter(|user| user.is_active())
            .map(|user| user.id.clone())
    }

    /// Who asks: a contact that is there, or one that is made.
    fn requester(&self, fields: &Map<String, Value>) -> Result<String, Answer> {
        if let Some(id) = fields.get("requester_id").and_then(Value::as_u64) {
            return Ok(id.to_string());
        }
        let text = |name: &str| fields.get(name).and_then(Value::as_str);
        let known = {
            let (directory, contacts) = (self.core.directory(), self.core.contacts());
            let former = former_agents(&directory);
            let mut all = contacts.all().iter().chain(&former);
            let same = |own: Option<&str>, wanted: Option<&str>| own.is_some() && own == wanted;
            let found = all.find(|contact| {
                let external = text("unique_external_id")
                    .is_some_and(|wanted| self.external_id(&contact.id).as_deref() == Some(wanted));
                let email = contact.email.as_deref().zip(text("email"));
                external
                    || email.is_some_and(|(own, wanted)| own.eq_ignore_ascii_case(wanted))
                    || same(contact.phone.as_deref(), text("phone"))
                    || same(contact.mobile.as_deref(), text("phone"))
            });
            let agent = || {
                let mut users = directory.users().iter();
                let email = text("email")?;
                users
                    .find(|user| user.email.eq_ignore_ascii_case(email))
                    .map(|user| user.id.clone())
            };
            found.map(|contact| contact.id.clone()).or_else(agent)
        };
        if let Some(known) = known {
            return Ok(known);
        }
        if text("email").is_none() && text("name").is_none() {
            let message = "Mandatory attribute missing";
            return Err(invalid(&[Problem::new("name", message, "missing_field")]));
        }
        let mut new = fields.clone();
        if text("name").is_none() {
            let local = text("email").and_then(|email| email.split('@').next());
            new.insert("name".to_owned(), json!(local));
        }
        Ok(self.add(&new).id)
    }

    /// `PUT /tickets/{id}`.
    pub(crate) fn update_ticket(&self, request: &ApiRequest, id: &str) -> Result<Answer, Answer> {
        let fields = body(request, FIELDS)?;
        if self.core.records().find("ticket", id).is_none() {
            return Err(not_found());
        }
        let problems = self.wrong(&fields);
        if !problems.is_empty() {
            return Err(invalid(&problems));
        }
        let responder = self.responder(&fields);
        let now = self.core.clock.now();
        let mut records = self.core.records();
        let record = records.find_mut("ticket", id).ok_or_else(not_found)?;
        copy(&fields, &mut record.fields);
        if fields.contains_key("responder_id") {
            record.fields["responder_id"] = json!(responder.as_deref().map(number));
            record.owner = responder;
        }
        if let Some(id) = fields.get("requester_id") {
            record.fields["requester_id"] = id.clone();
        }
        if let Some(html) = fields.get("description").and_then(Value::as_str) {
            record.fields["description"] = json!(html);
            record.fields["description_text"] = json!(plain(html));
        }
        record.fields["updated_at"] = json!(date_time(now));
        record.modified = now;
        Ok(Answer::json(StatusCode::OK, &record.fields))
    }

    /// `GET /tickets/{id}`, with what `include` names.
    pub(crate) fn ticket(&self, request: &ApiRequest, id: &str) -> Result<Answer, Answer> {
        parameters(request, &["include"])?;
        let wanted = includes(request, &["conversations", "requester", "company", "stats"])?;
        let records = self.core.records();
        let ticket = records.find("ticket", id).ok_or_else(not_found)?;
        let mut row = ticket.fields.clone();
        for what in wanted {
            row[what] = match what {
                "conversations" => records
                    .of("note")
                    .filter(|note| note.fields["ticket_id"] == row["id"])
                    .take(10)
                    .map(|note| note.fields.clone())
                    .collect(),
                "requester" => self.requester_of(&row),
                "stats" => stats(&row),
                _ => json!({}),
            };
        }
        Ok(Answer::json(StatusCode::OK, &row))
    }

    fn requester_of(&self, ticket: &Value) -> Value {
        let id = ticket["requester_id"].to_string();
        let (directory, contacts) = (self.core.directory(), self.core.contacts());
        let contact = find(&directory, &contacts, &id);
        let user = |user: &User| json!({ "id": number(&user.id), "name": user.full_name(), "email": user.email });
        contact.map_or_else(
            || directory.find(&id).map_or(Value::Null, user),
            |contact| {
                json!({
                    "id": number(&contact.id), "name": contact.full_name(), "email": contact.email,
                    "mobile": contact.mobile, "phone": contact.phone,
                })
            },
        )
    }

    /// `GET /tickets`. Without `updated_since` only those of the last thirty days; never the
    /// description, unless it is asked for.
    pub(crate) fn tickets(&self, request: &ApiRequest) -> Result<Answer, Answer> {
        let names = [
            "filter",
            "requester_id",
            "email",
            "unique_external_id",
            "company_id",
            "updated_since",
            "order_by",
            "order_type",
            "include",
        ];
        parameters(request, &names)?;
        let since = time(request, "updated_since")?;
        let wanted = includes(request, &["description", "requester", "company", "stats"])?;
        let order = choice(
            request,
            "order_by",
            &["created_at", "due_by", "updated_at", "status"],
        )?;
        let direction = choice(request, "order_type", &["desc", "asc"])?;
        let page_number = request.parameter("page").and_then(|page| page.parse().ok());
        if page_number.is_some_and(|page: usize| page > LAST_PAGE) {
            let text = "You cannot access tickets beyond the 300th page";
            return Err(invalid(&[Problem::new("page", text, "invalid_value")]));
        }
        let requester = self.wanted_requester(request);
        let month = SignedDuration::from_hours(24 * 30);
        let now = self.core.clock.now();
        let records = self.core.records();
        let mut found: Vec<&Record> = records
            .of("ticket")
            .filter(|ticket| {
                let recent = match since {
                    Some(since) => ticket.modified >= since,
                    None => now.duration_since(ticket.created) <= month,
                };
                let of = requester
                    .as_ref()
                    .is_none_or(|id| ticket.fields["requester_id"] == *id);
                recent && of
            })
            .collect();
        found.sort_by_cached_key(|ticket| ticket.fields[order].to_string());
        if direction == "desc" {
            found.reverse();
        }
        let page = page(&self.core, request, found.len())?;
        let rows = found[page.span.rows.clone()].iter().map(|ticket| {
            let mut row = ticket.fields.clone();
            if let Some(row) = row.as_object_mut() {
                if !wanted.contains(&"description") {
                    row.remove("description");
                    row.remove("description_text");
                }
                row.remove("attachments");
            }
            for what in &wanted {
                match *what {
                    "requester" => row["requester"] = self.requester_of(&row),
                    "stats" => row["stats"] = stats(&row),
                    _ => {}
                }
            }
            row
        });
        let rows = rows.collect();
        Ok(page.answer(rows))
    }

    /// Whose tickets are asked for; null for somebody who is not there.
    fn wanted_requester(&self, request: &ApiRequest) -> Option<Value> {
        if let Some(id) = request.parameter("requester_id") {
            return Some(number(id));
        }
        let (email, external) = (
            request.parameter("email"),
            request.parameter("unique_external_id"),
        );
        if email.is_none() && external.is_none() {
            return None;
        }
        let contacts = self.core.contacts();
        let mut all = contacts.all().iter();
        let found = all.find(|contact| match (email, external) {
            (Some(email), _) => contact
                .email
                .as_deref()
                .is_some_and(|own| own.eq_ignore_ascii_case(email)),
            _ => self.external_id(&contact.id).as_deref() == external,
        });
        Some(found.map_or(json!(-1), |contact| number(&contact.id)))
    }

    /// `DELETE /tickets/{id}`.
    pub(crate) fn delete_ticket(&self, id: &str) -> Answer {
        if self.core.records().remove("ticket", id) {
            Answer::empty(StatusCode::NO_CONTENT)
        } else {
            not_found()
        }
    }
}

fn copy(from: &Map<String, Value>, to: &mut Value) {
    for name in PLAIN {
        if let Some(value) = from.get(*name) {
            to[*name] = value.clone();
        }
    }
    let custom = from.get("custom_fields").and_then(Value::as_object);
    for (name, value) in custom.into_iter().flatten() {
        to["custom_fields"][name] = value.clone();
    }
}

/// The parts that `include` names, each of them known.
fn includes<'a>(request: &'a ApiRequest, known: &[&str]) -> Result<Vec<&'a str>, Answer> {
    let wanted: Vec<&str> = request
        .parameter("include")
        .map(|include| include.split(',').collect())
        .unwrap_or_default();
    if wanted.iter().all(|what| known.contains(what)) {
        return Ok(wanted);
    }
    let text = format!("It should be one of these values: '{}'", known.join(","));
    Err(invalid(&[Problem::new("include", text, "invalid_value")]))
}

/// One of a few words; the first when none is given.
fn choice(
    request: &ApiRequest,
    name: &str,
    known: &[&'static str],
) -> Result<&'static str, Answer> {
    let given = request.parameter(name).unwrap_or(known[0]);
    let found = known.iter().find(|word| **word == given).copied();
    found.ok_or_else(|| {
        let text = format!("It should be one of these values: '{}'", known.join(","));
        invalid(&[Problem::new(name, text, "invalid_value")])
    })
}

fn stats(row: &Value) -> Value {
    json!({
        "agent_responded_at": null, "requester_responded_at": null, "first_responded_at": null,
        "status_updated_at": row["updated_at"], "reopened_at": null, "resolved_at": null,
        "closed_at": null, "pending_since": null,
    })
}

/// HTML without its tags.
pub(crate) fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut inside = false;
    for letter in html.chars() {
        match letter {
            '<' => inside = true,
            '>' if inside => inside = false,
            _ if !inside => text.push(letter),
            _ => {}
        }
    }
    text
}
