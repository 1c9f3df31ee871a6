//! Tickets and their comments.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::errors::{self, Problem};
use super::paging::page;
use super::users::{Someone, date_time, number};
use super::{GROUP_ID, Zendesk};
use crate::answer::{Answer, ApiRequest};
use crate::contacts::NewContact;
use crate::records::Record;

/// Where the numbers of tickets start.
const FIRST_TICKET: usize = 4_001;

/// Where the ids of comments start.
const FIRST_COMMENT: usize = 31_640_155_000_001;

const STATUSES: &[&str] = &["new", "open", "pending", "hold", "solved", "closed"];
const PRIORITIES: &[&str] = &["urgent", "high", "normal", "low"];
const TYPES: &[&str] = &["problem", "incident", "question", "task"];

/// What a client may set and what is answered as it was sent.
const PLAIN: &[&str] = &[
    "subject",
    "status",
    "priority",
    "type",
    "external_id",
    "tags",
    "custom_fields",
    "due_at",
    "group_id",
    "problem_id",
    "brand_id",
    "ticket_form_id",
];

/// A ticket to make.
pub(crate) struct Draft<'a> {
    pub(crate) ticket: &'a Map<String, Value>,
    pub(crate) via: Value,
    /// The call it is of.
    pub(crate) voice: Option<&'a Value>,
}

/// The people of a ticket.
struct People {
    requester: String,
    submitter: String,
    assignee: Option<String>,
}

impl Zendesk {
    /// `POST /tickets` and `POST /imports/tickets`, body `{"ticket": {…}}`.
    pub(crate) fn create_ticket(
        &self,
        request: &ApiRequest,
        caller: &str,
    ) -> Result<Answer, Answer> {
        let key = request.header("idempotency-key").map(str::to_owned);
        if let Some(key) = &key
            && let Some(known) = self.idempotent(key, &request.body)?
        {
            return Ok(known.with("x-idempotency-lookup", "hit"));
        }
        let body: Value =
            serde_json::from_slice(&request.body).map_err(|_| errors::bad_body("ticket"))?;
        let Some(ticket) = body["ticket"].as_object() else {
            return Err(errors::bad_body("ticket"));
        };
        let mut ticket = ticket.clone();
        ticket
            .entry("submitter_id")
            .or_insert_with(|| number(caller));
        let via = json!({ "channel": "api", "source": { "from": {}, "to": {}, "rel": null } });
        let answer = self.create(&Draft {
            ticket: &ticket,
            via,
            voice: None,
        })?;
        match key {
            Some(key) => {
                self.keep_answer(key, &request.body, &answer);
                Ok(answer.with("x-idempotency-lookup", "miss"))
            }
            None => Ok(answer),
        }
    }

    /// Checks and keeps a ticket with its first comment.
    pub(crate) fn create(&self, draft: &Draft<'_>) -> Result<Answer, Answer> {
        let comment = draft.ticket.get("comment");
        let text = comment
            .and_then(body_of)
            .or_else(|| text(draft.ticket, "description"));
        let Some(text) = text.or_else(|| draft.voice.map(|_| "Phone call".to_owned())) else {
            let text = "Description: cannot be blank".to_owned();
            return Err(errors::invalid_record(&[("base", text, "BlankValue")]));
        };
        let people = self.people(draft.ticket)?;
        check_choices(draft.ticket)?;
        let now = self.core.clock.now();
        let number_of = self.core.records().count("ticket") + FIRST_TICKET;
        let id = number_of.to_string();
        let mut fields = json!({
            "id": number_of,
            "url": format!("{}/api/v2/tickets/{id}.json", self.core.base_url),
            "via": draft.via,
            "description": text,
            "requester_id": number(&people.requester),
            "submitter_id": number(&people.submitter),
            "assignee_id": people.assignee.as_deref().map(number),
            "group_id": people.assignee.as_ref().map(|_| GROUP_ID),
            "organization_id": null, "recipient": null, "collaborator_ids": [], "follower_ids": [],
            "subject": null, "priority": null, "type": null, "external_id": null, "tags": [],
            "status": if people.assignee.is_some() { "open" } else { "new" },
            "custom_fields": [], "fields": [], "due_at": null, "has_incidents": false,
            "is_public": true, "created_at": date_time(now), "updated_at": date_time(now),
        });
        copy_plain(draft.ticket, &mut fields);
        fields["raw_subject"] = fields["subject"].clone();
        let is_public = comment.is_none_or(|comment| comment["public"] != false);
        fields["is_public"] = json!(is_public);
        self.core.records().add(Record {
            kind: "ticket".to_owned(),
            id: id.clone(),
            owner: people.assignee,
            fields: fields.clone(),
            created: now,
            modified: now,
        });
        let author = comment.and_then(|comment| id_text(&comment["author_id"]));
        let author = author.unwrap_or(people.submitter);
        let comment = self.add_comment(&id, &author, &text, is_public, draft.voice);
        let location = fields["url"].as_str().unwrap_or_default().to_owned();
        let audit = json!({
            "id": comment["audit_id"], "ticket_id": number_of, "created_at": date_time(now),
            "author_id": comment["author_id"], "via": draft.via, "metadata": {}, "events": [comment],
        });
        let body = json!({ "ticket": fields, "audit": audit });
        let answer = Answer::json(StatusCode::CREATED, &body);
        Ok(answer.with("location", &location))
    }

    fn people(&self, ticket: &Map<String, Value>) -> Result<People, Answer> {
        let mut problems: Vec<Problem> = Vec::new();
        let submitter = ticket.get("submitter_id").and_then(id_text);
        let fallback = submitter.clone().or_else(|| {
            let directory = self.core.directory();
            directory.connecting().map(|user| user.id.clone())
        });
        let requester = match (
            ticket.get("requester_id").and_then(id_text),
            ticket.get("requester"),
        ) {
            (Some(id), _) => id,
            (None, Some(requester)) => self.requester(requester)?,
            (None, None) => fallback.clone().unwrap_or_default(),
        };
        let assignee = match ticket.get("assignee_id") {
            None | Some(Value::Null) => None,
            Some(id) => Some(id_text(id).unwrap_or_default()),
        };
        let (directory, contacts) = (self.core.directory(), self.core.contacts());
        match Someone::find(&directory, &contacts, &requester) {
            None => {
                problems.push((
                    "requester",
                    "Requester: is invalid".to_owned(),
                    "InvalidValue",
                ));
            }
            Some(someone) if someone.is_suspended() || someone.is_deleted() => {
                let text = format!("Requester: {} is suspended.", someone.full_name());
                problems.push(("requester", text, "UserSuspended"));
            }
            Some(_) => {}
        }
        let takes = |id: &String| {
            directory
                .find(id)
                .is_some_and(crate::directory::User::is_active)
        };
        if assignee.as_ref().is_some_and(|id| !takes(id)) {
            problems.push((
                "assignee",
                "Assignee: is invalid".to_owned(),
                "InvalidValue",
            ));
        }
        if !problems.is_empty() {
            return Err(errors::invalid_record(&problems));
        }
        Ok(People {
            submitter: fallback.unwrap_or_else(|| requester.clone()),
            requester,
            assignee,
        })
    }

    /// A requester by name and address, made when there is none.
    fn requester(&self, requester: &Value) -> Result<String, Answer> {
        let email = requester["email"].as_str();
        let name = requester["name"].as_str();
        let known = {
            let (directory, contacts) = (self.core.directory(), self.core.contacts());
            Someone::all(&directory, &contacts)
                .find(|someone| {
                    let own = someone.email().zip(email);
                    own.is_some_and(|(own, email)| own.eq_ignore_ascii_case(email))
                })
                .map(|someone| someone.id().to_owned())
        };
        if let Some(known) = known {
            return Ok(known);
        }
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            let text = "Requester: Name: is too short (minimum is 1 characters)".to_owned();
            return Err(errors::invalid_record(&[(
                "requester",
                text,
                "ValueTooShort",
            )]));
        };
        let (given, family) = name.rsplit_once(' ').unwrap_or(("", name));
        let new = NewContact {
            given: given.to_owned(),
            family: family.to_owned(),
            email: email.map(str::to_owned),
            ..NewContact::default()
        };
        let now = self.core.clock.now();
        Ok(self.core.contacts().add(new, now).id)
    }

    fn add_comment(
        &self,
        ticket: &str,
        author: &str,
        text: &str,
        public: bool,
        voice: Option<&Value>,
    ) -> Value {
        let now = self.core.clock.now();
        let mut records = self.core.records();
        let id = records.count("comment") + FIRST_COMMENT;
        let mut fields = json!({
            "id": id, "audit_id": id + 1_000_000, "author_id": number(author), "body": text,
            "plain_body": text, "html_body": format!("<div class=\"zd-comment\"><p>{text}</p></div>"),
            "public": public, "type": if voice.is_some() { "VoiceComment" } else { "Comment" },
            "attachments": [], "created_at": date_time(now),
            "via": { "channel": if voice.is_some() { "voice" } else { "api" } },
        });
        if let Some(voice) = voice {
            fields["data"] = voice.clone();
        }
        let mut kept = fields.clone();
        kept["ticket_id"] = number(ticket);
        records.add(Record {
            kind: "comment".to_owned(),
            id: id.to_string(),
            owner: Some(author.to_owned()),
            fields: kept,
            created: now,
            modified: now,
        });
        fields
    }

    /// `PUT /tickets/{id}`.
    pub(crate) fn update_ticket(
        &self,
        request: &ApiRequest,
        id: &str,
        caller: &str,
    ) -> Result<Answer, Answer> {
        let body: Value =
            serde_json::from_slice(&request.body).map_err(|_| errors::bad_body("ticket"))?;
        let Some(ticket) = body["ticket"].as_object() else {
            return Err(errors::bad_body("ticket"));
        };
        if self.core.records().find("ticket", id).is_none() {
            return Err(errors::not_found());
        }
        check_choices(ticket)?;
        let people = self.people(ticket)?;
        let now = self.core.clock.now();
        let fields = {
            let mut records = self.core.records();
            let Some(record) = records.find_mut("ticket", id) else {
                return Err(errors::not_found());
            };
            if record.fields["status"] == "closed" {
                let text = "Status: closed prevents ticket update".to_owned();
                return Err(errors::invalid_record(&[("status", text, "InvalidValue")]));
            }
            copy_plain(ticket, &mut record.fields);
            if ticket.contains_key("assignee_id") {
                record.fields["assignee_id"] = json!(people.assignee.as_deref().map(number));
                record.owner = people.assignee;
            }
            if ticket.contains_key("requester_id") {
                record.fields["requester_id"] = number(&people.requester);
            }
            record.fields["updated_at"] = json!(date_time(now));
            record.modified = now;
            record.fields.clone()
        };
        let mut events = Vec::new();
        if let Some((comment, text)) = ticket
            .get("comment")
            .and_then(|comment| Some((comment, body_of(comment)?)))
        {
            let author = id_text(&comment["author_id"]).unwrap_or_else(|| caller.to_owned());
            events.push(self.add_comment(id, &author, &text, comment["public"] != false, None));
        }
        let audit = json!({
            "ticket_id": number(id), "created_at": date_time(now), "author_id": number(caller),
            "via": { "channel": "api" }, "metadata": {}, "events": events,
        });
        let body = json!({ "ticket": fields, "audit": audit });
        Ok(Answer::json(StatusCode::OK, &body))
    }

    /// `GET /tickets`, by external id when one is given.
    pub(crate) fn tickets(&self, request: &ApiRequest) -> Result<Answer, Answer> {
        let wanted = request.parameter("external_id");
        self.records_of(request, "ticket", "tickets", |fields| {
            wanted.is_none_or(|wanted| fields["external_id"] == wanted)
        })
    }

    /// `GET /tickets/{id}/comments`.
    pub(crate) fn comments(&self, request: &ApiRequest, ticket: &str) -> Result<Answer, Answer> {
        if self.core.records().find("ticket", ticket).is_none() {
            return Err(errors::not_found());
        }
        let ticket = number(ticket);
        self.records_of(request, "comment", "comments", |fields| {
            fields["ticket_id"] == ticket
        })
    }

    /// `GET /tickets/{id}`.
    pub(crate) fn ticket(&self, id: &str) -> Answer {
        match self.core.records().find("ticket", id) {
            Some(ticket) => Answer::json(StatusCode::OK, &json!({ "ticket": ticket.fields })),
            None => errors::not_found(),
        }
    }

    fn records_of(
        &self,
        request: &ApiRequest,
        kind: &str,
        name: &str,
        wanted: impl Fn(&Value) -> bool,
    ) -> Result<Answer, Answer> {
        let records = self.core.records();
        let found: Vec<&Value> = records
            .of(kind)
            .map(|record| &record.fields)
            .filter(|fields| wanted(fields))
            .collect();
        let page = page(&self.core, request, found.len())?;
        let rows = found[page.rows.clone()].iter();
        let rows = rows.map(|fields| (*fields).clone()).collect();
        Ok(page.answer(name, rows))
    }
}

fn copy_plain(from: &Map<String, Value>, to: &mut Value) {
    for name in PLAIN {
        if let Some(value) = from.get(*name) {
            to[*name] = match (*name, value) {
                // An external id is a text, whatever was sent.
                ("external_id", Value::Number(number)) => json!(number.to_string()),
                _ => value.clone(),
            };
        }
    }
}

fn check_choices(ticket: &Map<String, Value>) -> Result<(), Answer> {
    for (name, choices) in [
        ("status", STATUSES),
        ("priority", PRIORITIES),
        ("type", TYPES),
    ] {
        let given = ticket.get(name).filter(|value| !value.is_null());
        let known =
            given.is_none_or(|value| value.as_str().is_some_and(|value| choices.contains(&value)));
        if !known {
            let label = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
            let text = format!("{label}: is not included in the list");
            return Err(errors::invalid_record(&[(name, text, "InvalidValue")]));
        }
    }
    Ok(())
}

fn text(ticket: &Map<String, Value>, name: &str) -> Option<String> {
    let text = ticket.get(name)?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

fn body_of(comment: &Value) -> Option<String> {
    let text = comment["body"]
        .as_str()
        .or_else(|| comment["html_body"].as_str())?;
    (!text.is_empty()).then(|| text.to_owned())
}

/// An id as text; the vendor takes numbers and their texts.
pub(crate) fn id_text(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        _ => None,
    }
}
